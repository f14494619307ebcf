"""Proposes "one report for a long message" where a carrier reports so, and settles what such reports left open."""

from __future__ import annotations

from dataclasses import dataclass

import structlog

from sendmill.catalog.models import Carrier
from sendmill.jobs import deferral
from sendmill.message_store.queries import uncertain
from sendmill.message_store.queries.long_reports import told_of_long_messages, with_long_messages

LEAST = 3  # long messages that were reported once before it is proposed
SHARE = 10  # … for each one of which every part was reported

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class OneReport:
    """Of `sampled` long messages with a report, `once` had one for a single part."""

    once: int
    sampled: int


def proposal(carrier: Carrier) -> OneReport | None:
    """What tells that a carrier reports a long message once; None when nothing does, or it is set already."""
    if carrier.long_reports != "each" or carrier.long_messages == "payload":
        return None
    told = told_of_long_messages(carrier.pk)
    if told.once < LEAST or told.once < SHARE * told.whole:
        return None
    return OneReport(told.once, told.once + told.whole)


def begin(carrier: Carrier) -> None:
    """Have messages that were reported once settled in the background."""
    if carrier.long_reports == "one":
        deferral.SETTLE_REPORTED_ONCE.defer(carrier_id=carrier.pk)


def run(carrier_id: int) -> int:
    """Make Successful the long messages of a carrier that reports them once; return how many."""
    if not Carrier.objects.filter(pk=carrier_id, long_reports="one").exists():
        return 0
    settled = 0
    for task_id in with_long_messages(carrier_id):
        for lo, hi in uncertain.ranges_holding(task_id, "sending"):
            settled += uncertain.settle_reported_once(task_id, lo, hi, carrier_id=carrier_id)
    log.info("long messages settled that were reported once", carrier=carrier_id, messages=settled)
    return settled
