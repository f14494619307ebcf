"""The answers of commands about carriers: what `--json` prints, as types."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from sendmill.catalog.carrier_fields import CARRIER_FIELDS, Kind

if TYPE_CHECKING:
    from sendmill.catalog.models import Carrier


_TYPES: dict[Kind, type] = {
    "text": str,
    "ascii": str,
    "sender": str,
    "number": int,
    "choice": str,
    "flag": bool,
}
_SHOWN = {
    field.name: _TYPES[field.kind] | None if field.default is None else _TYPES[field.kind]
    for field in CARRIER_FIELDS
    if field.kind != "secret"
}
CarrierAnswer = TypedDict("CarrierAnswer", {"id": int, **_SHOWN})  # type: ignore[misc]
"""A carrier: its id and its settings without the password."""


class CarrierLiveAnswer(TypedDict):
    """What a carrier does now, and in the last five minutes; seconds from submit to report."""

    id: int
    name: str
    standing: str
    binds_bound: int
    parts_per_second: float
    in_flight: int
    unsent: int
    reports_outstanding: int
    refused: int
    failed: int
    throttled: int
    failure_rate: float | None
    seconds_median: float | None
    seconds_95: float | None


class IdFormAnswer(TypedDict):
    """The form of ids that unmatched reports propose (null: none), and how many of the newest would match."""

    id: int
    name: str
    id_form: str
    proposed: str | None
    matching: int
    sampled: int


class ReceivedAnswer(TypedDict):
    """What a carrier sent that belongs to no message; `kind` is report, reply or unreadable."""

    id: int
    received_at: datetime
    kind: str
    number: str | None
    message_id: str | None
    code: str | None
    text: str


class BoundAnswer(TypedDict):
    """What a carrier answered to a bind; `tested` is false where a living bind made another needless."""

    id: int
    name: str
    tested: bool
    sentence: str


def of_carrier(row: Carrier) -> dict[str, Any]:
    """A carrier as CarrierAnswer."""
    return {"id": row.pk, **{name: getattr(row, name) for name in _SHOWN}}
