"""A draft: the progress of its file's check, what the check found, what it costs, and OK."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from sendmill.console.access import MemberRequest, owned
from sendmill.console.translated import explain, explain_all, explain_reason, say
from sendmill.domain.row_check import Counts, announce
from sendmill.domain.violations import FormError
from sendmill.tasks import charging, drafts, listing, quiet_hours
from sendmill.tasks.models import Draft

MOST_REGIONS = 6
COUNTED = tuple(field.name for field in dataclasses.fields(Counts))
MOST_LINES = 8


def show(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """The draft; once it became a task, the task."""
    draft = owned(request, listing.detailed_drafts(), key=key)
    if draft.task_id is not None:
        return redirect("console:task", pk=draft.task_id)
    return render(request, "console/drafts/show.html", _context(request, draft))


def show_state(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """The part of the page that changes while the file is checked."""
    draft = owned(request, listing.detailed_drafts(), key=key)
    if draft.task_id is not None:
        return HttpResponseClientRedirect(reverse("console:task", kwargs={"pk": draft.task_id}))
    return render(request, "console/drafts/state.html", _context(request, draft))


def confirm(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """OK: the draft becomes a task; pressed twice, it is the same task."""
    draft = owned(request, listing.detailed_drafts(), key=key)
    try:
        task = drafts.confirm(draft, request.user)
    except FormError as refused:
        draft.refresh_from_db()
        context = _context(request, draft) | {"errors": explain_all(refused.errors)}
        return render(request, "console/drafts/show.html", context, status=422)
    return redirect("console:task", pk=task.pk)


def _context(request: MemberRequest, draft: Draft) -> dict[str, Any]:
    context: dict[str, Any] = {"draft": draft, "time_zone": request.user.account.time_zone}
    if draft.refusal:
        context["refusal"] = say(draft.refusal["message"], draft.refusal["parameters"])
    if draft.outcome:
        context |= _outcome(draft, draft.outcome)
    return context


def _outcome(draft: Draft, outcome: dict[str, Any]) -> dict[str, Any]:
    counts = Counts(**{name: outcome[name] for name in COUNTED})
    # The largest first: JSON in the database keeps no order.
    regions = sorted(outcome["regions"].items(), key=lambda item: (-item[1][0], item[0]))
    shown = [f"{region} {messages:,}" for region, (messages, _parts) in regions[:MOST_REGIONS]]
    if len(regions) > MOST_REGIONS:
        rest = sum(messages for _region, (messages, _parts) in regions[MOST_REGIONS:])
        shown.append(_("others %(count)s") % {"count": f"{rest:,}"})
    return {
        "deleted": counts.deleted,
        "sentence": explain(announce(counts)),
        "reasons": [
            (explain_reason(reason), count)
            for reason, count in outcome["reasons"].items()
            if reason not in ("duplicate", "unfit")
        ],
        "encoding": "UCS-2" if outcome["ucs2"] and outcome["ucs2"] == outcome["accepted"] else "GSM-7",
        "mixed": 0 < outcome["ucs2"] < outcome["accepted"],
        "forcing": _forcing(outcome["forcing"]),
        "cost": _cost(draft) if outcome["accepted"] else None,
        "regions": " · ".join(shown),
        "advice": _advice(list(outcome["regions"]), draft.scheduled_at or timezone.now()),
    }


def _advice(regions: list[str], at: datetime) -> str:
    """The advice when some recipients are outside of the hours in which messages are welcome."""
    closed = quiet_hours.closed_regions(regions, at)
    if not closed:
        return ""
    shown = ", ".join(closed[:MOST_REGIONS]) + (" …" if len(closed) > MOST_REGIONS else "")
    sentence = _("At that time it is not between 08:00 and 22:00 everywhere in: %(regions)s.")
    return sentence % {"regions": shown}


def _forcing(forcing: dict[str, Any] | None) -> str:
    if forcing is None:
        return ""
    shown = {
        "character": forcing["character"],
        "code": f"U+{ord(forcing['character'][0]):04X}",
        "row": forcing["row"],
    }
    if forcing["in_template"]:
        return _("The template's character “%(character)s” (%(code)s) makes every message UCS-2.") % shown
    return _("The character “%(character)s” (%(code)s), first in row %(row)s, makes messages UCS-2.") % shown


def _cost(draft: Draft) -> dict[str, Any]:
    """What OK would cost now: the dearest destinations one by one, the rest together, how it is paid."""
    lines, quote = charging.quote_draft(draft)
    lines.sort(key=lambda line: (line.cost is not None, -(line.cost or Decimal(0))))
    shown, rest = lines[:MOST_LINES], lines[MOST_LINES:]
    prices = [line.price for line in lines if line.price is not None]
    refusal = quote.refusal
    return {
        "quote": quote,
        "lines": shown,
        "others": {
            "countries": len(rest),
            "messages": sum(line.messages for line in rest),
            "parts": sum(line.parts for line in rest),
            "cost": sum((line.cost or Decimal(0) for line in rest), Decimal(0)),
        },
        "known": refusal is None or refusal.code != "no_price",
        "low": min(prices, default=None),
        "high": max(prices, default=None),
        "used": [{"name": name, "parts": parts} for name, parts in quote.used],
        "refusal": "" if refusal is None else explain(refusal),
        "mend": "" if refusal is None else MENDS.get(refusal.code, "console:budgets"),
    }


# The page that mends what a quote is refused for; budgets for all the others.
MENDS = {"no_price": "console:prices", "no_balance": "console:billing"}
