"""The answers of commands about carriers and routes: what `--json` prints, as types."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from sendmill.catalog.models import Carrier, Route


class CarrierAnswer(TypedDict):
    """A carrier without its password."""

    id: int
    name: str
    enabled: bool
    host: str
    port: int
    tls: bool
    tls_verify: bool
    system_id: str
    system_type: str
    bind: str
    binds: int
    window: int
    rate: int
    default_alphabet: str
    long_messages: str
    source_ton: int | None
    source_npi: int | None
    dest_ton: int
    dest_npi: int
    id_form: str
    default_source: str
    draining: bool
    queries: bool


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


class RouteAnswer(TypedDict):
    """A route; with an application it is one of its fail-over carriers."""

    id: int
    prefix: str
    type: str
    application: str | None
    position: int
    carrier: str


class TakerAnswer(TypedDict):
    """A carrier that would take a number."""

    id: int
    name: str
    standing: str


def of_carrier(row: Carrier) -> CarrierAnswer:
    return {
        "id": row.pk,
        "name": row.name,
        "enabled": row.enabled,
        "host": row.host,
        "port": row.port,
        "tls": row.tls,
        "tls_verify": row.tls_verify,
        "system_id": row.system_id,
        "system_type": row.system_type,
        "bind": row.bind,
        "binds": row.binds,
        "window": row.window,
        "rate": row.rate,
        "default_alphabet": row.default_alphabet,
        "long_messages": row.long_messages,
        "source_ton": row.source_ton,
        "source_npi": row.source_npi,
        "dest_ton": row.dest_ton,
        "dest_npi": row.dest_npi,
        "id_form": row.id_form,
        "default_source": row.default_source,
        "draining": row.draining,
        "queries": row.queries,
    }


def of_route(row: Route) -> RouteAnswer:
    return {
        "id": row.pk,
        "prefix": row.prefix,
        "type": row.type,
        "application": row.application.name if row.application else None,
        "position": row.position,
        "carrier": row.carrier.name,
    }
