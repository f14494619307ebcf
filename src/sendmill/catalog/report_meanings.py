"""What a carrier's reports mean: words that nobody knows, and reports read again once somebody said it."""

from __future__ import annotations

import asyncio

import structlog

from sendmill.carriers.message_ids import IdForm, normalise_id
from sendmill.carriers.protocol import Report
from sendmill.carriers.report_words import ReportWords, report_words
from sendmill.carriers.smpp.report import read_fields
from sendmill.carriers.status_mapping import reported
from sendmill.catalog.models import Carrier
from sendmill.jobs import deferral
from sendmill.message_store.engine.report_candidates import ReportToMatch
from sendmill.message_store.engine.report_matching import match
from sendmill.message_store.queries import report_words as store
from sendmill.message_store.queries.report_words import KeptReport, Word
from sendmill.postgres.connections import connect
from sendmill.postgres.embedded.server import database_dsn
from sendmill.runtime.settings import ENV

AT_ONCE = 500

log = structlog.get_logger(__name__)


def words_of(carrier: Carrier) -> ReportWords:
    """The tables of a carrier."""
    return report_words(carrier.report_words, carrier.report_errors)


def unknown_words(carrier: Carrier) -> list[Word]:
    """Words that came in reports of a carrier and of which nobody has said what they mean, the commonest first."""
    words = words_of(carrier)
    return [one for one in store.words_of(carrier.pk) if not words.is_known(one.word)]


def begin(carrier: Carrier) -> None:
    """Have the reports that were kept as not final read again in the background."""
    deferral.READ_REPORTS_AGAIN.defer(carrier_id=carrier.pk)


def run(carrier_id: int) -> int:
    """Settle the messages whose kept reports are final by the tables of today; return how many reports matched."""
    carrier = Carrier.objects.filter(pk=carrier_id).first()
    if carrier is None:
        return 0
    words, form = words_of(carrier), carrier.id_form
    again = [_again(one, words, form) for one in store.not_final(carrier_id)]  # type: ignore[arg-type]
    final = [one for one in again if one.result is not None]
    matched = asyncio.run(_match(carrier_id, final)) if final else 0
    log.info("reports read again", carrier=carrier_id, final=len(final), matched=matched)
    return matched


def _again(kept: KeptReport, words: ReportWords, form: IdForm) -> ReportToMatch:
    fields = read_fields(kept.raw)
    report = Report("report", None, kept.code, False, fields.get("err"), None, None, kept.raw, 0)
    (told,) = words.translate([report])
    key = normalise_id(kept.message_id, form).replace("\n", " ")
    stat = told.stat or kept.code
    return ReportToMatch(
        key, reported(stat, told.final), stat, kept.raw, submitted=fields.get("submit date", "")
    )


async def _match(carrier_id: int, reports: list[ReportToMatch]) -> int:
    matched = 0
    async with await connect(database_dsn(ENV), "reports again") as conn:
        for at in range(0, len(reports), AT_ONCE):
            matched += len(await match(conn, carrier_id, reports[at : at + AT_ONCE]))
    return matched
