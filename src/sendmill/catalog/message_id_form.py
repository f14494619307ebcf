"""Proposes the form of a carrier's message ids when its reports match nothing, and matches them again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial

import structlog

from sendmill.carriers.message_ids import IdForm, matching, normalise_ids
from sendmill.catalog.models import Carrier
from sendmill.jobs import deferral
from sendmill.message_store.engine.orphans import AT_ONCE, retry_orphans
from sendmill.message_store.queries import orphans
from sendmill.postgres.connections import connect
from sendmill.postgres.embedded.server import database_dsn
from sendmill.runtime.settings import ENV

LEAST = 3  # reports that must match before a form is proposed
ONCE_MORE = 15  # seconds: by then senders write and read ids in the new form

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Proposal:
    """A form of ids under which `matching` of the `sampled` newest unmatched reports would match."""

    form: IdForm
    matching: int
    sampled: int


def proposal(carrier: Carrier) -> Proposal | None:
    """The form under which most unmatched reports would match; None when none is better than the present one."""
    reported, accepted = orphans.unmatched(carrier.pk)
    if not reported or not accepted:
        return None
    found = matching(accepted, reported)
    best = max(found, key=lambda form: found[form])
    if best == carrier.id_form or found[best] < LEAST or found[best] <= found.get(carrier.id_form, 0):  # type: ignore[call-overload]
        return None
    return Proposal(best, found[best], len(reported))


def begin(carrier: Carrier) -> None:
    """Have the unmatched reports of a carrier matched in the background: now, and when senders have followed."""
    deferral.REMATCH_REPORTS.defer(carrier_id=carrier.pk)
    deferral.REMATCH_REPORTS.defer(after_seconds=ONCE_MORE, carrier_id=carrier.pk)


def run(carrier_id: int) -> int:
    """Bring the ids of the last days into the carrier's form and try its unmatched reports; how many matched."""
    carrier = Carrier.objects.filter(pk=carrier_id).first()
    if carrier is None:
        return 0
    form: IdForm = carrier.id_form  # type: ignore[assignment]
    changed = orphans.rehash(carrier_id, partial(normalise_ids, form=form), ENV.report_hours)
    waiting = orphans.due_again(carrier_id)
    matched = asyncio.run(_match(carrier_id, form, waiting)) if waiting else 0
    log.info("reports matched again", carrier=carrier_id, ids=changed, waiting=waiting, matched=matched)
    return matched


async def _match(carrier_id: int, form: IdForm, waiting: int) -> int:
    matched = 0
    async with await connect(database_dsn(ENV), "reports again") as conn:
        for _turn in range(waiting // AT_ONCE + 1):
            keys_of = partial(normalise_ids, form=form, reported=True)
            matched += (await retry_orphans(conn, carrier_id, keys_of)).found
    return matched
