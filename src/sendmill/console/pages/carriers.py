"""Carriers: list with the state of their binds, page of one, switch, delete."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.accounts import audit
from sendmill.catalog import carriers, listing
from sendmill.catalog.carrier_fields import CARRIER_FIELDS
from sendmill.catalog.models import Carrier
from sendmill.catalog.report_health import find_report_trouble
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import attempt
from sendmill.console.history import tell
from sendmill.console.listing import SIZE, row_page, whole
from sendmill.console.pages.carrier_form import title_of, words_of
from sendmill.console.pages.carrier_live import fill_binds, panel

IN_ADDRESS = ("name", "host", "port", "tls", "tls_verify")


def show_list(request: MemberRequest) -> HttpResponse:
    """All carriers of the account with the state of their binds."""
    rows = listing.carriers(request.user.account, text=request.GET.get("q", "").strip())
    page = row_page(rows, request.GET)
    fill_binds(page.rows)
    context = {"page": page, "live": ",".join(str(row.pk) for row in page.rows)}
    return render(request, "console/carriers/list.html", context)


def show_live(request: MemberRequest) -> HttpResponse:
    """The states of the binds on the screen, as they are now."""
    keys = [
        key for text in request.GET.get("shown", "").split(",")[:SIZE] if (key := whole(text)) is not None
    ]
    rows = list(listing.carriers(request.user.account, keys=keys))
    fill_binds(rows)
    context = {"rows": rows, "live": ",".join(str(row.pk) for row in rows)}
    return render(request, "console/carriers/list_update.html", context)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """A carrier: its settings without the password, the state of its binds, its applications and its history."""
    carrier = owned(request, Carrier, pk=pk)
    fill_binds([carrier])
    context = {
        "carrier": carrier,
        "panel": panel(carrier),
        "trouble": find_report_trouble(carrier),
        "applications": listing.applications_over(carrier),
        "facts": _facts(carrier),
        "history": tell(audit.history(carrier)[:50]),
    }
    return render(request, "console/carriers/show.html", context)


def switch(request: MemberRequest, pk: int) -> HttpResponse:
    """Switches a carrier on, off, or lets it drain."""
    carrier = owned(request, Carrier, pk=pk)
    to = request.POST.get("to")
    if to == "on":
        carriers.switch(request.user, carrier, "on")
        done = _("“%(name)s” is switched on.")
    elif to == "draining":
        carriers.switch(request.user, carrier, "draining")
        done = _("“%(name)s” is being drained: nothing new goes over it, and reports still come.")
    elif to == "off":
        carriers.switch(request.user, carrier, "off")
        done = _("“%(name)s” is switched off. What waits is sent when it is on again.")
    else:
        return redirect("console:carrier", pk=pk)
    messages.success(request, done % {"name": carrier.name})
    return redirect("console:carrier", pk=pk)


def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Deletes a carrier that no application or task refers to."""
    carrier = owned(request, Carrier, pk=pk)
    gone = attempt(
        request,
        lambda: carriers.delete(request.user, carrier),
        _("“%(name)s” was deleted.") % {"name": carrier.name},
    )
    return redirect("console:carriers") if gone else redirect("console:carrier", pk=pk)


def _facts(carrier: Carrier) -> list[tuple[str, str]]:
    """The settings of a carrier in words, but for its address."""
    facts = []
    for field in CARRIER_FIELDS:
        if not field.section or field.kind == "secret" or field.name in IN_ADDRESS:
            continue
        value = getattr(carrier, field.name)
        if value is None:
            shown = _("automatic")
        elif isinstance(value, bool):
            shown = _("yes") if value else _("no")
        elif field.zero and not value:
            shown = _(field.zero)
        elif isinstance(value, int):
            shown = f"{value:,}"
        else:
            shown = words_of(field, value) or "–"
        facts.append((title_of(field), shown))
    return facts
