"""Schemas of carriers: their settings, what they do now, and what came from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, create_model

from sendmill.catalog.carrier_fields import CARRIER_FIELDS, Kind

if TYPE_CHECKING:
    from sendmill.catalog.message_id_form import Proposal
    from sendmill.catalog.models import Carrier
    from sendmill.catalog.report_health import ReportFinding
    from sendmill.domain.carrier_warnings import CarrierWarning
    from sendmill.message_store.queries.bind_samples import Lately, Now
    from sendmill.message_store.queries.carrier_backlog import Backlog
    from sendmill.message_store.queries.carrier_states import BindState
    from sendmill.message_store.queries.orphans import Received
    from sendmill.message_store.queries.report_words import Word

_TYPES: dict[Kind, type] = {
    "text": str,
    "ascii": str,
    "sender": str,
    "statuses": str,
    "number": int,
    "choice": str,
    "flag": bool,
    "table": str,
}
_SETTINGS: dict[str, Any] = {
    field.name: (_TYPES[field.kind] | None if field.default is None else _TYPES[field.kind], ...)
    for field in CARRIER_FIELDS
    if field.kind != "secret"
}


class CarrierSchema(create_model("CarrierSettings", id=(int, ...), **_SETTINGS)):  # type: ignore[misc]
    """A carrier: its id and its settings without the password."""

    @classmethod
    def of(cls, row: Carrier) -> Self:
        """Return the schema of a carrier."""
        return cls(id=row.pk, **{name: getattr(row, name) for name in _SETTINGS})


class ReportFindingSchema(BaseModel):
    """What is wrong with a carrier's reports, and the setting that mends it."""

    code: str
    setting: str
    sentence: str


class CarrierLiveSchema(BaseModel):
    """What a carrier does now, and in the last five minutes; seconds from submit to report.

    `binds` has what each bind says of itself, `warnings` what was wrong for long, each in an English sentence.
    """

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
    tasks_refused: int
    failure_rate: float | None
    seconds_median: float | None
    seconds_95: float | None
    binds: list[str]
    warnings: list[str]
    unknown_words: dict[str, int]
    report_findings: list[ReportFindingSchema]

    @classmethod
    def of(
        cls,
        row: Carrier,
        now: Now,
        lately: Lately,
        owes: Backlog,
        binds: Sequence[BindState],
        warnings: Sequence[CarrierWarning],
        tasks_refused: int,
        words: Sequence[Word],
        trouble: Sequence[ReportFinding],
    ) -> Self:
        """Return the schema of a carrier: samples, backlog, what its binds say, and what is wrong with it."""
        return cls(
            id=row.pk,
            name=row.name,
            standing=row.standing,
            binds_bound=now.bound,
            parts_per_second=round(now.rate, 1),
            in_flight=now.in_flight,
            unsent=owes.unsent,
            reports_outstanding=owes.reports,
            refused=lately.refused,
            failed=lately.failed,
            throttled=lately.throttled,
            tasks_refused=tasks_refused,
            failure_rate=lately.failure_rate,
            seconds_median=lately.median,
            seconds_95=lately.late,
            unknown_words={one.word: one.reports for one in words},
            report_findings=[
                ReportFindingSchema(code=one.code, setting=one.setting, sentence=str(one)) for one in trouble
            ],
            binds=[bind.sentence or bind.state for bind in binds],
            warnings=[str(warning) for warning in warnings],
        )


class IdFormSchema(BaseModel):
    """The form of ids that unmatched reports propose (null: none), and how many of the newest would match."""

    id: int
    name: str
    id_form: str
    proposed: str | None
    matching: int
    sampled: int

    @classmethod
    def of(cls, row: Carrier, proposal: Proposal | None) -> Self:
        """Return the schema of a carrier and what `catalog.message_id_form` proposes for it."""
        return cls(
            id=row.pk,
            name=row.name,
            id_form=row.id_form,
            proposed=proposal.form if proposal else None,
            matching=proposal.matching if proposal else 0,
            sampled=proposal.sampled if proposal else 0,
        )


class ReceivedSchema(BaseModel):
    """What a carrier sent that belongs to no message; `kind` is report, reply or unreadable."""

    id: int
    received_at: datetime
    kind: str
    number: str | None
    message_id: str | None
    code: str | None
    text: str

    @classmethod
    def of(cls, row: Received) -> Self:
        """Return the schema of a row of `message_store.queries.orphans.received`."""
        return cls(
            id=row.id,
            received_at=row.received_at,
            kind=row.kind,
            number=None if row.number is None else f"+{row.number}",
            message_id=row.message_id,
            code=row.code,
            text=row.raw,
        )


class BoundSchema(BaseModel):
    """What a carrier answered to a bind; `tested` is false where a living bind made another needless."""

    id: int
    name: str
    tested: bool
    sentence: str
