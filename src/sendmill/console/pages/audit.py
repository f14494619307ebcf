"""The audit log: who did what, when, from where, and what it was before and after."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render

from sendmill.accounts import audit
from sendmill.accounts.members import members_by_name
from sendmill.console.access import MemberRequest
from sendmill.console.history import ACTIONS, OBJECTS, tell
from sendmill.console.listing import pick, row_page
from sendmill.console.typed_values import day, start


def show_list(request: MemberRequest) -> HttpResponse:
    """Entries of the account by words, member, action, kind of object, and days in the account's time zone."""
    members = members_by_name(request.user.account)
    action, kind = request.GET.get("action", ""), request.GET.get("object", "")
    last = day(request.GET.get("to"))
    entries = audit.search(
        request.user.account,
        text=request.GET.get("q", "").strip(),
        action=action if action in ACTIONS else "",
        object_type=kind if kind in OBJECTS else "",
        member=pick(members, request.GET.get("member")),
        since=start(day(request.GET.get("from"))),
        until=start(last + timedelta(days=1) if last else None),
    )
    page = row_page(entries, request.GET)
    context = {
        "page": page,
        "lines": tell(page.rows),
        "members": [(str(row.pk), row.username) for row in members],
        "actions": sorted(((key, str(text)) for key, text in ACTIONS.items()), key=lambda item: item[1]),
        "objects": [(key, label) for key, (label, _model) in OBJECTS.items()],
        "time_zone": request.user.account.time_zone,
    }
    return render(request, "console/audit/list.html", context)
