"""Samples of the binds: what each one did in some seconds. `queries.bind_samples` and fail-over read them."""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields

from sendmill.postgres.connections import Connection


@dataclass(frozen=True, kw_only=True)
class Sample:
    """What a bind did in `span` seconds: parts submitted, messages by their answers, reports by their results.

    `pace` is in parts per second, None without a limit; `seconds` has times from submit to report.
    """

    carrier_id: int
    slot: int
    bound: bool
    span: float
    submitted: int
    accepted: int
    refused: int
    unknown: int
    throttled: int
    delivered: int
    failed: int
    in_flight: int
    pace: float | None
    seconds: list[float]


_NAMES = [field.name for field in fields(Sample)]
KEEP = f"INSERT INTO carrier_sample ({', '.join(_NAMES)}) VALUES ({', '.join(['%s'] * len(_NAMES))})"


async def keep(conn: Connection, sample: Sample) -> None:
    """Write a sample; committed when it returns."""
    await conn.execute(KEEP, astuple(sample))
