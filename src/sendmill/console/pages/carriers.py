"""Carriers: list with the state of their binds, add, edit, switch, delete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.accounts import audit
from sendmill.catalog import carriers
from sendmill.catalog.models import Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import Errors
from sendmill.console.history import FIELDS as LABELS
from sendmill.console.history import tell
from sendmill.console.listing import SIZE, whole, window
from sendmill.console.pages.carrier_live import fill_binds, panel
from sendmill.console.translated import explain, say
from sendmill.domain.violations import Refused, Violation

NUMBERS = ("port", "binds", "window", "rate", "source_ton", "source_npi", "dest_ton", "dest_npi")
OPTIONAL = ("source_ton", "source_npi")
SWITCHES = ("tls", "tls_verify", "queries")
TEXTS = (
    "name",
    "host",
    "system_id",
    "system_type",
    "bind",
    "default_alphabet",
    "long_messages",
    "id_form",
    "default_source",
)
BINDS = (
    ("transceiver", gettext_lazy("transceiver: sends and receives")),
    ("pair", gettext_lazy("pair: a transmitter and a receiver")),
    ("transmitter", gettext_lazy("transmitter: only sends, no reports")),
)
ALPHABETS = (("gsm7", "GSM-7"), ("latin1", "Latin-1"))
LONG = (
    ("udh", gettext_lazy("parts with a header (UDH)")),
    ("sar", gettext_lazy("parts with sar_* parameters")),
    ("payload", gettext_lazy("whole, as message_payload")),
)
ID_FORMS = (
    ("as_is", gettext_lazy("as they are")),
    ("hex_to_dec", gettext_lazy("response hexadecimal, report decimal")),
    ("dec_to_hex", gettext_lazy("response decimal, report hexadecimal")),
    ("strip_zeros", gettext_lazy("without leading zeros")),
    ("fold_case", gettext_lazy("upper and lower case alike")),
)


def show_list(request: MemberRequest) -> HttpResponse:
    """All carriers of the account with the state of their binds."""
    rows = Carrier.objects.filter(account_id=request.user.account_id)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(Q(name__icontains=text) | Q(host__icontains=text))
    page = window(rows, request.GET)
    fill_binds(page.rows)
    context = {"window": page, "live": ",".join(str(row.pk) for row in page.rows)}
    return render(request, "console/carriers/list.html", context)


def show_live(request: MemberRequest) -> HttpResponse:
    """The states of the binds on the screen, as they are now."""
    keys = [
        key for text in request.GET.get("shown", "").split(",")[:SIZE] if (key := whole(text)) is not None
    ]
    rows = list(Carrier.objects.filter(account_id=request.user.account_id, pk__in=keys))
    fill_binds(rows)
    context = {"rows": rows, "live": ",".join(str(row.pk) for row in rows)}
    return render(request, "console/carriers/states.html", context)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """A carrier: its settings without the password, the state of its binds, its applications and its history."""
    carrier = owned(request, Carrier, pk=pk)
    fill_binds([carrier])
    context = {
        "carrier": carrier,
        "panel": panel(carrier),
        "applications": carrier.applications.order_by("name")[:50],
        "words": {
            "bind": dict(BINDS).get(carrier.bind, carrier.bind),
            "alphabet": dict(ALPHABETS).get(carrier.default_alphabet, carrier.default_alphabet),
            "long": dict(LONG).get(carrier.long_messages, carrier.long_messages),
            "ids": dict(ID_FORMS).get(carrier.id_form, carrier.id_form),
        },
        "history": tell(audit.history(carrier)[:50]),
    }
    return render(request, "console/carriers/show.html", context)


def new(request: MemberRequest) -> HttpResponse:
    """The form of a new carrier."""
    if request.method != "POST":
        return _form(request, None, audit.values(Carrier(), [*TEXTS, *NUMBERS, *SWITCHES]))
    settings, errors = _settings(request)
    if not errors:
        try:
            carrier = carriers.create(request.user, **settings)
        except Refused as broken:
            errors = _errors(broken.violations)
        else:
            done = _("“%(name)s” was saved. Test it now: no message is sent.")
            messages.success(request, done % {"name": carrier.name})
            return redirect("console:carrier", pk=carrier.pk)
    return _form(request, None, _shown(request), errors, status=422)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The form of a carrier; an empty password leaves the one there is."""
    carrier = owned(request, Carrier, pk=pk)
    if request.method != "POST":
        return _form(request, carrier, audit.values(carrier, [*TEXTS, *NUMBERS, *SWITCHES]))
    settings, errors = _settings(request)
    if not settings["password"]:
        del settings["password"]
    if not errors:
        try:
            carriers.edit(request.user, carrier, **settings)
        except Refused as broken:
            errors = _errors(broken.violations)
        else:
            messages.success(request, _("“%(name)s” was saved.") % {"name": settings["name"].strip()})
            return redirect("console:carrier", pk=pk)
    return _form(request, carrier, _shown(request), errors, status=422)


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
    try:
        carriers.delete(request.user, carrier)
    except Refused as broken:
        for violation in broken.violations:
            messages.error(request, explain(violation))
        return redirect("console:carrier", pk=pk)
    messages.success(request, _("“%(name)s” was deleted.") % {"name": carrier.name})
    return redirect("console:carriers")


def _settings(request: MemberRequest) -> tuple[dict[str, Any], Errors]:
    """The form as the catalogue takes it, and the fields that should hold a number and do not."""
    settings: dict[str, Any] = {name: request.POST.get(name, "") for name in (*TEXTS, "password")}
    settings |= {name: name in request.POST for name in SWITCHES}
    errors: Errors = {}
    for name in NUMBERS:
        text = request.POST.get(name, "").strip()
        number = whole(text)
        if number is None and not (name in OPTIONAL and not text):
            errors[name] = [_("Enter a whole number.")]
        settings[name] = number
    return settings, errors


def _shown(request: MemberRequest) -> dict[str, Any]:
    """What was typed, without the password."""
    texts = {name: request.POST.get(name, "") for name in (*TEXTS, *NUMBERS)}
    return {**texts, **{name: name in request.POST for name in SWITCHES}}


def _errors(violations: Sequence[Violation]) -> Errors:
    """Each sentence under the field that its parameters name, and in the field's own words."""
    errors: Errors = {}
    places = {"sender_id": "default_source", "name_taken": "name"}
    for violation in violations:
        field = str(violation.parameters.get("field", "")) or places.get(violation.code, "form")
        words = {**violation.parameters, "field": str(LABELS.get(field, field))}
        errors.setdefault(field, []).append(say(violation.message, words))
    return errors


def _form(
    request: MemberRequest,
    carrier: Carrier | None,
    values: Mapping[str, Any],
    errors: Errors | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "carrier": carrier,
        "values": values,
        "errors": errors or {},
        "binds": BINDS,
        "alphabets": ALPHABETS,
        "long": LONG,
        "id_forms": ID_FORMS,
    }
    return render(request, "console/carriers/form.html", context, status=status)
