"""The form of a carrier's ids, proposed from reports that matched nothing, and taken with one click."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.carriers.message_ids import ID_FORMS
from sendmill.catalog import carriers, message_id_form
from sendmill.catalog.carrier_fields import FIELD
from sendmill.catalog.models import Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.pages.carrier_form import words_of


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """A proposal, if there is one; POST takes it and has the reports matched."""
    carrier = owned(request, Carrier, pk=pk)
    if request.method != "POST":
        found = message_id_form.proposal(carrier)
        words = words_of(FIELD["id_form"], found.form) if found else ""
        context = {"carrier": carrier, "proposal": found, "words": words}
        return render(request, "console/carriers/id_proposal.html", context)
    form = next((form for form in ID_FORMS if form == request.POST.get("form")), None)
    if form is not None:
        carriers.edit(request.user, carrier, id_form=form)
        messages.success(request, _("The reports are being matched; it takes some seconds."))
    return redirect("console:carrier", pk=pk)
