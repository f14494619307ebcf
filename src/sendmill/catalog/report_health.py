"""What is wrong with a carrier's reports, in sentences that name the setting which mends it.

The carrier's page, `sendmill carrier show`, `sendmill doctor` and the alarms say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_noop as _

from sendmill.catalog import long_reports, message_id_form, report_meanings
from sendmill.catalog.models import Carrier
from sendmill.message_store.queries.report_health import report_counts

UNMATCHED, STOPPED, WORDS, ONCE = "reports_unmatched", "reports_stopped", "report_words", "reported_once"
ALARMING: Final = (UNMATCHED, STOPPED)
"""The findings that are alarms: nobody may find out after three days."""

LEAST_UNMATCHED = 20  # reports of an hour
LEAST_ACCEPTED = 20  # messages of an hour, none of which was reported
NAMED = 10  # words that a sentence names


@dataclass(frozen=True)
class ReportFinding:
    """One thing that is wrong: a translation key, what fills its places, and the name of the setting that mends it."""

    code: str
    message: str
    setting: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        """The sentence in English."""
        return self.message % self.parameters


def find_report_trouble(carrier: Carrier) -> list[ReportFinding]:
    """Return what is wrong with the reports of a carrier, the worst first."""
    found: list[ReportFinding] = []
    known = {"carrier": carrier.name, "carrier_id": carrier.pk}
    counts = report_counts(carrier.pk)
    if counts.unmatched >= LEAST_UNMATCHED:
        found.append(_unmatched(carrier, known | {"count": counts.unmatched}))
    if _are_awaited(carrier) and counts.accepted >= LEAST_ACCEPTED and not counts.reports:
        sentence = HAVE_STOPPED if counts.usual else NEVER_COME
        found.append(ReportFinding(STOPPED, sentence, "reports", known | {"accepted": counts.accepted}))
    if words := report_meanings.unknown_words(carrier):
        named = ", ".join(f"{one.word} ({one.reports:,})" for one in words[:NAMED])
        found.append(ReportFinding(WORDS, UNKNOWN_WORDS, "report_words", known | {"words": named}))
    if once := long_reports.proposal(carrier):
        counted = known | {"once": once.once, "sampled": once.sampled}
        found.append(ReportFinding(ONCE, REPORTED_ONCE, "long_reports", counted))
    return found


def _unmatched(carrier: Carrier, known: Mapping[str, Any]) -> ReportFinding:
    proposal = message_id_form.proposal(carrier)
    if proposal is None:
        return ReportFinding(UNMATCHED, MATCH_NOTHING, "reports", known)
    matching = {**known, "matching": proposal.matching, "form": proposal.form}
    return ReportFinding(UNMATCHED, MATCH_OTHERWISE, "id_form", matching)


def _are_awaited(carrier: Carrier) -> bool:
    """Return whether every message that this carrier accepts should be reported on."""
    asked = carrier.reports != "accepted" and carrier.registered_delivery == "final"
    return carrier.enabled and asked and carrier.bind != "transmitter"


MATCH_NOTHING = _(
    "“%(carrier)s”: %(count)s reports of the last hour matched no message. If their ids cannot be those of its "
    "responses, set “its reports” (reports) to by number and time, or to accepted is final."
)
MATCH_OTHERWISE = _(
    "“%(carrier)s”: %(count)s reports of the last hour matched no message; %(matching)s would, if the form of their "
    "ids (id_form) were %(form)s."
)
HAVE_STOPPED = _(
    "“%(carrier)s”: reports have stopped coming; none came of %(accepted)s messages that it accepted more than half an "
    "hour ago. Ask the carrier; if none will come, set “its reports” (reports) to accepted is final."
)
NEVER_COME = _(
    "“%(carrier)s”: no report comes; none came of %(accepted)s messages that it accepted more than half an hour ago. "
    "Ask the carrier to switch reports on. If they come as plain messages, set plain_reports; if it sends none, set "
    "“its reports” (reports) to accepted is final."
)
UNKNOWN_WORDS = _(
    "“%(carrier)s”: its reports have words that nobody knows, and their messages wait for another report: %(words)s. "
    "Ask the carrier what they mean, and say so in “words in its reports” (report_words)."
)
REPORTED_ONCE = _(
    "“%(carrier)s”: of %(sampled)s long messages with a report, %(once)s had one for a single part. Set “reports of "
    "long messages” (long_reports) to one for the message."
)
