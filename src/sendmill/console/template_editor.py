"""A template as its pages show it: the text with sample values, its length and parts, and its variables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sendmill.catalog.models import Template
from sendmill.catalog.templates import SHORTEST_SIGNATURE
from sendmill.domain import templates as rules
from sendmill.domain.segments import (
    GSM7_PART,
    GSM7_SINGLE,
    UCS2_PART,
    UCS2_SINGLE,
    Encoding,
    Measure,
    measure,
)
from sendmill.domain.templates import TemplateError, Variable
from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.domain.variables import LONGEST_VERIFICATION, MAINLAND_ATTRIBUTES, Attribute

Label = str | Promise

MEANINGS: dict[Attribute, Label] = {
    Attribute.PHONE: _("phone number: 4–15 of 0–9 + -"),
    Attribute.CHARDIGIT: _("letters, digits and _: 1–20"),
    Attribute.DATETIME: _("date or time: 1–20 characters"),
    Attribute.MONEY: _("amount: 1–20 characters"),
    Attribute.TEXT: _("text: 1–20 characters, without . 。 ' < > { }"),
    Attribute.TXT: _("text; a character beyond ASCII counts 2"),
    Attribute.NUM: _("digits"),
    Attribute.DATE: _("date as yyyy/MM/dd"),
    Attribute.TIME: _("time as HH:mm or HH:mm:ss"),
}
INTERNATIONAL = ("${TXT_20}", "${NUM_6}", "${DATE}", "${TIME}")


@dataclass(frozen=True)
class Stretch:
    """A stretch of the sample: `kind` is text, signature, value, or forcing for what needs UCS-2."""

    kind: str
    text: str


@dataclass(frozen=True)
class ShownVariable:
    """A variable: its name as typed, its attribute, what its values may be, and a sample.

    `longest` is None where the meaning tells it already.
    """

    name: str
    attribute: str
    meaning: Label
    longest: int | None
    sample: str

    @property
    def shown(self) -> str:
        """The variable as it stands in the content."""
        name, _space, again = self.name.partition(" ")
        return "${" + name + "}" + (f" {again}" if again else "")


@dataclass(frozen=True)
class Sample:
    """The message with sample values; `measure` is None while the variables are not understood."""

    stretches: list[Stretch]
    variables: list[ShownVariable]
    measure: Measure | None
    room: int
    length: int
    longest: int
    insert: tuple[str, ...]

    @property
    def encoding(self) -> str:
        """The alphabet in the words of the field."""
        return "UCS-2" if self.measure and self.measure.encoding is Encoding.UCS2 else "GSM-7"

    @property
    def code(self) -> str:
        """The code point of the character that needs UCS-2."""
        forcing = self.measure.forcing if self.measure else None
        return f"U+{ord(forcing):04X}" if forcing else ""


def sample(template: Template) -> Sample:
    """The template, saved or not, as a message with sample values. Attributes not chosen yet count as text."""
    kind = ApplicationType(template.application.type)
    signature = _signature(template)
    names = rules.variable_names(template.content, kind)
    chosen = dict(template.attributes or {})
    length = len(rules.opening(kind, signature)) + len(template.content)
    insert = _insert(kind, names)
    try:
        parsed = rules.parse(
            template.content,
            kind,
            {name: chosen.get(name) or Attribute.TEXT.value for name in names},
            service_type=_service_type(template.type),
        )
    except TemplateError:
        stretches = [Stretch("signature", rules.opening(kind, signature)), Stretch("text", template.content)]
        shown = [ShownVariable(name, chosen.get(name, ""), "", None, "") for name in dict.fromkeys(names)]
        return Sample(stretches, shown, None, 0, length, rules.LONGEST_CONTENT, insert)
    values = rules.sample_values(parsed)
    measured = measure(rules.render(parsed, values, signature), kind)
    stretches = [Stretch("signature", rules.opening(kind, signature))] if signature else []
    stretches += [
        Stretch("value", values[piece]) if isinstance(piece, int) else Stretch("text", piece)
        for piece in parsed.pieces
    ]
    return Sample(
        list(_mark(stretches, measured.forcing)),
        [_shown(*found, chosen) for found in zip(parsed.variables, values, strict=True)],
        measured,
        _room(measured),
        length,
        rules.LONGEST_CONTENT,
        insert,
    )


def _signature(template: Template) -> str | None:
    """The signature to measure with: a universal template stands behind the shortest there can be."""
    if template.application.type != ApplicationType.MAINLAND:
        return None
    return template.signature.name if template.signature is not None else SHORTEST_SIGNATURE


def _service_type(text: str) -> ServiceType | None:
    return ServiceType(text) if text in tuple(ServiceType) else None


def _shown(variable: Variable, value: str, chosen: Mapping[str, str]) -> ShownVariable:
    attribute = str(variable.attribute)
    if variable.attribute in MAINLAND_ATTRIBUTES:
        attribute = chosen.get(variable.name, "")
    meaning = MEANINGS[variable.attribute] if attribute else ""
    longest = variable.max_length
    told = variable.attribute in (Attribute.TXT, Attribute.NUM) or longest == LONGEST_VERIFICATION
    dated = variable.attribute in (Attribute.DATE, Attribute.TIME)
    return ShownVariable(variable.name, attribute, meaning, longest if told and not dated else None, value)


def _mark(stretches: Iterable[Stretch], forcing: str | None) -> Iterable[Stretch]:
    """The same stretches, with the first character that needs UCS-2 apart."""
    for stretch in stretches:
        if forcing is None or forcing not in stretch.text:
            yield stretch
            continue
        before, _mid, after = stretch.text.partition(forcing)
        forced, forcing = forcing, None
        yield Stretch(stretch.kind, before)
        yield Stretch("forcing", forced)
        yield Stretch(stretch.kind, after)


def _room(measured: Measure) -> int:
    """How many units the parts of the message hold in all."""
    ucs2 = measured.encoding is Encoding.UCS2
    if measured.parts == 1:
        return UCS2_SINGLE if ucs2 else GSM7_SINGLE
    return measured.parts * (UCS2_PART if ucs2 else GSM7_PART)


def _insert(kind: ApplicationType, names: Iterable[str]) -> tuple[str, ...]:
    """The variables that a button can put into the text."""
    if kind is not ApplicationType.MAINLAND:
        return INTERNATIONAL
    used = set(names)
    free = next((n for n in range(1, rules.MOST_VARIABLES + 1) if str(n) not in used), None)
    return ("${" + str(free) + "}",) if free else ()
