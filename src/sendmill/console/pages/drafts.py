"""A draft: the progress of its check, what the check found, and OK."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from sendmill.console.access import MemberRequest, owned
from sendmill.console.pages.creation import hours_advice
from sendmill.console.words import explain_all, explain_reason, say
from sendmill.tasks import drafts
from sendmill.tasks.check import NONE_VALID, SOME_DELETED
from sendmill.tasks.models import Draft
from sendmill.tasks.refusals import FormError

MOST_REGIONS = 6
DRAFTS = Draft.objects.select_related("application", "signature", "template", "task")


def show(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """The draft; once it became a task, the task."""
    draft = owned(request, DRAFTS.all(), key=key)
    if draft.task_id is not None:
        return redirect("console:task", pk=draft.task_id)
    return render(request, "console/draft.html", _context(request, draft))


def show_state(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """The part of the page that changes while the file is checked."""
    draft = owned(request, DRAFTS.all(), key=key)
    if draft.task_id is not None:
        return HttpResponseClientRedirect(reverse("console:task", kwargs={"pk": draft.task_id}))
    return render(request, "console/parts/draft.html", _context(request, draft))


def confirm(request: MemberRequest, key: uuid.UUID) -> HttpResponse:
    """OK: the draft becomes a task; pressed twice, it is the same task."""
    draft = owned(request, DRAFTS.all(), key=key)
    try:
        task = drafts.confirm(draft, request.user)
    except FormError as refused:
        draft.refresh_from_db()
        context = _context(request, draft) | {"errors": explain_all(refused.errors)}
        return render(request, "console/draft.html", context, status=422)
    return redirect("console:task", pk=task.pk)


def _context(request: MemberRequest, draft: Draft) -> dict[str, Any]:
    context: dict[str, Any] = {"draft": draft, "time_zone": request.user.account.time_zone}
    if draft.refusal:
        context["refusal"] = say(draft.refusal["message"], draft.refusal["parameters"])
    if draft.outcome:
        context |= _outcome(draft, draft.outcome)
    return context


def _outcome(draft: Draft, outcome: dict[str, Any]) -> dict[str, Any]:
    deleted = outcome["invalid"] + outcome["duplicate"] + outcome["unfit"]
    regions = list(outcome["regions"].items())
    shown = [f"{region} {messages:,}" for region, (messages, _parts) in regions[:MOST_REGIONS]]
    if len(regions) > MOST_REGIONS:
        rest = sum(messages for _region, (messages, _parts) in regions[MOST_REGIONS:])
        shown.append(_("others %(count)s") % {"count": f"{rest:,}"})
    return {
        "deleted": deleted,
        "sentence": _sentence(outcome["accepted"], deleted),
        "reasons": [
            (explain_reason(reason), count)
            for reason, count in outcome["reasons"].items()
            if reason not in ("duplicate", "unfit")
        ],
        "encoding": "UCS-2" if outcome["ucs2"] and outcome["ucs2"] == outcome["accepted"] else "GSM-7",
        "mixed": 0 < outcome["ucs2"] < outcome["accepted"],
        "forcing": _forcing(outcome["forcing"]),
        "price": _price(outcome["price"]),
        "regions": " · ".join(shown),
        "advice": hours_advice(draft.scheduled_at),
    }


def _sentence(accepted: int, deleted: int) -> str:
    """What became of the file, in the words that people know."""
    if not accepted:
        return say(NONE_VALID)
    if deleted:
        return say(SOME_DELETED, {"imported": accepted, "deleted": deleted})
    return _("%(imported)s phone number(s) imported.") % {"imported": accepted}


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


def _price(price: dict[str, Any] | None) -> dict[str, Any]:
    if price is None:
        return {"known": False}
    unpriced = ", ".join(price["unpriced"])
    return {**price, "unpriced": unpriced, "known": bool(float(price["total"])) or not price["unpriced"]}
