"""How a carrier reports, proposed from what it reported, and taken with one click: the form of ids, long messages."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.carriers.message_ids import ID_FORMS
from sendmill.catalog import carriers, long_reports, message_id_form
from sendmill.catalog.carrier_fields import FIELD
from sendmill.catalog.models import Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.pages.carrier_form import words_of


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """Proposals, if there are any; POST takes one and has the messages concerned settled."""
    carrier = owned(request, Carrier, pk=pk)
    if request.method != "POST":
        found = message_id_form.proposal(carrier)
        words = words_of(FIELD["id_form"], found.form) if found else ""
        once = long_reports.proposal(carrier)
        context = {"carrier": carrier, "proposal": found, "words": words, "proposed": once}
        return render(request, "console/carriers/id_proposal.html", context)
    form = next((form for form in ID_FORMS if form == request.POST.get("form")), None)
    if form is not None:
        carriers.edit(request.user, carrier, id_form=form)
        messages.success(request, _("The reports are being matched; it takes some seconds."))
    elif request.POST.get("long_reports") == "one":
        carriers.edit(request.user, carrier, long_reports="one")
        done = _(
            "One report settles a long message from now on; those that have one are settled in some seconds."
        )
        messages.success(request, done)
    return redirect("console:carrier", pk=pk)
