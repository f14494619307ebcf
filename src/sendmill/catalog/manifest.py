"""The schema of a manifest, the file that describes resources."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from sendmill.catalog.carrier_fields import CARRIER_FIELDS, Kind
from sendmill.domain.types import ApplicationType, ServiceType


def _text(value: object) -> object:
    """YAML reads 1069 and 2024 as numbers where a name or a channel number is meant."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Text = Annotated[str, BeforeValidator(_text)]
Aim = Literal["draft", "pending", "approved"]


class Entry(BaseModel):
    """One thing in the file; a misspelt field is an error, not silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AccountEntry(Entry):
    """Settings of the member's account; those left out stay as they are."""

    time_zone: str | None = None
    currency: str | None = None
    four_eyes: bool | None = None


_KINDS: dict[Kind, Any] = {
    "text": Text | None,
    "ascii": Text | None,
    "secret": Text | None,
    "sender": Text | None,
    "statuses": Text | None,
    "table": Text | None,
    "number": int | None,
    "choice": str | None,
    "flag": bool | None,
}
_CARRIER_SETTINGS: dict[str, Any] = {
    field.name: (_KINDS[field.kind], Field(default=None, repr=field.kind != "secret"))
    for field in CARRIER_FIELDS
}


class CarrierEntry(create_model("CarrierSettings", __base__=Entry, **_CARRIER_SETTINGS)):  # type: ignore[misc]
    """The fields left out keep their value, or take the default when the carrier is new."""

    name: Text


class ApplicationEntry(Entry):
    """Fields left out stay as they are, or take the default when the application is new."""

    name: Text
    type: ApplicationType
    carrier: Text | None = None
    add_86: bool | None = None
    delete_unusual: bool | None = None
    allow_landlines: bool | None = None
    sender_id: Text | None = None


class RouteEntry(Entry):
    """Carriers of a prefix (none: every other number) in their order, or the fail-over ones of an application."""

    carriers: list[Text]
    prefix: Text = ""
    type: ApplicationType | None = None
    application: Text | None = None

    @property
    def name(self) -> str:
        """What a person calls it."""
        return self.application or (f"+{self.prefix.lstrip('+')}" if self.prefix else "any")


class SignatureEntry(Entry):
    """`state` is how far to take it; a further one stays where it is."""

    application: Text
    name: Text
    type: ServiceType
    state: Aim = "draft"
    channel_number: Text | None = None


class TemplateEntry(Entry):
    """`signature` is the name of a signature of the template's type; `active` only counts when approved."""

    application: Text
    name: Text
    type: ServiceType
    content: str
    attributes: dict[Text, str] = Field(default_factory=dict)
    signature: Text | None = None
    universal: bool = False
    state: Aim = "draft"
    active: bool = True


class PriceEntry(Entry):
    """The price of one part to a region (`*`: any other) from a day on."""

    type: ServiceType
    region: Text
    price: Decimal
    valid_from: date


class Manifest(Entry):
    """A whole file. Everything is optional."""

    account: AccountEntry | None = None
    carriers: list[CarrierEntry] = Field(default_factory=list)
    applications: list[ApplicationEntry] = Field(default_factory=list)
    routes: list[RouteEntry] = Field(default_factory=list)
    signatures: list[SignatureEntry] = Field(default_factory=list)
    templates: list[TemplateEntry] = Field(default_factory=list)
    prices: list[PriceEntry] = Field(default_factory=list)


class ManifestError(ValueError):
    """The file cannot be applied; `problems` says where and why, one sentence each. Nothing was changed."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read_manifest(document: Any) -> Manifest:
    """Take a parsed YAML or JSON document. Raises ManifestError naming every place that is wrong.

    Values are not repeated in an error: one of them may be a password.
    """
    if document is None:
        return Manifest()
    try:
        return Manifest.model_validate(document)
    except ValidationError as error:
        raise ManifestError(
            [f"{_place(problem['loc'])}: {problem['msg']}." for problem in error.errors(include_input=False)]
        ) from None


def _place(steps: tuple[int | str, ...]) -> str:
    """`templates[2].content`, as a person would write it."""
    place = ""
    for step in steps:
        place += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if place else step
    return place or "the file"
