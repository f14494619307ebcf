"""The table of status codes: what each means, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sendmill.console.access import MemberRequest
from sendmill.console.translated import say
from sendmill.domain.status_codes import REFUSALS, TABLE, CodeMeaning, Source, meaning, refusal
from sendmill.domain.types import ApplicationType

LONGEST_CODE = 64


@dataclass(frozen=True)
class Row:
    """One code in the member's language. `result` is None for a temporary one."""

    code: str
    meaning: str
    advice: str
    result: int | None
    charged: tuple[bool, bool]


@dataclass(frozen=True)
class Group:
    """Codes of one origin, with what the origin is."""

    title: str | Promise
    text: str | Promise
    rows: list[Row]


def show(request: MemberRequest) -> HttpResponse:
    """All codes; the one that `code` in the query names comes first, known or not."""
    wanted = request.GET.get("code", "").strip()[:LONGEST_CODE]
    groups = [
        Group(title, text, [row_of(found) for found in TABLE.values() if found.source is source])
        for source, title, text in TITLES
    ]
    groups.append(Group(REFUSED, REFUSED_TEXT, [row_of(refusal(status)) for status in REFUSALS]))
    chosen = row_of(meaning(wanted)) if wanted else None
    return render(
        request, "console/status_codes/show.html", {"groups": groups, "chosen": chosen, "wanted": wanted}
    )


def row_of(found: CodeMeaning) -> Row:
    """A row of the table as the page shows it."""
    return Row(
        found.code,
        say(found.meaning, found.parameters),
        say(found.advice),
        None if found.result is None else int(found.result),
        (found.is_charged(ApplicationType.INTERNATIONAL), found.is_charged(ApplicationType.MAINLAND)),
    )


TITLES = (
    (
        Source.REPORT,
        _("What carriers report"),
        _("The state of a message in the carrier's delivery report."),
    ),
    (
        Source.PLATFORM,
        _("What Sendmill says itself"),
        _("Messages that were not handed to a carrier, or that were settled here. They are not charged."),
    ),
)
REFUSED = _("What carriers refuse")
REFUSED_TEXT = _(
    "The command status with which a carrier refused a message: SMPP- and the status. Not charged. "
    "Statuses from 0x00000400 to 0x000004FF are the carrier's own."
)
