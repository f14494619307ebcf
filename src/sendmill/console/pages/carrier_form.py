"""The form of a carrier, made from the table of its settings: add and edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from sendmill.accounts import audit
from sendmill.catalog import carriers
from sendmill.catalog.carrier_fields import CARRIER_FIELDS, FIELD, CarrierField, Section
from sendmill.catalog.models import Carrier
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import Errors
from sendmill.console.form_fields import FormField
from sendmill.console.history import FIELDS as LABELS
from sendmill.console.listing import whole
from sendmill.console.translated import say
from sendmill.domain.violations import Refused, Violation

FIELDS = [field for field in CARRIER_FIELDS if field.section]
SHOWN = [field.name for field in FIELDS if field.kind != "secret"]


def new(request: MemberRequest) -> HttpResponse:
    """The form of a new carrier."""
    if request.method != "POST":
        return _form(request, None, audit.values(Carrier(), SHOWN))
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
    return _form(request, None, request.POST, errors)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The form of a carrier; an empty password leaves the one there is."""
    carrier = owned(request, Carrier, pk=pk)
    if request.method != "POST":
        return _form(request, carrier, audit.values(carrier, SHOWN))
    settings, errors = _settings(request)
    settings = {name: value for name, value in settings.items() if value or FIELD[name].kind != "secret"}
    if not errors:
        try:
            carriers.edit(request.user, carrier, **settings)
        except Refused as broken:
            errors = _errors(broken.violations)
        else:
            messages.success(request, _("“%(name)s” was saved.") % {"name": settings["name"].strip()})
            return redirect("console:carrier", pk=pk)
    return _form(request, carrier, request.POST, errors)


def title_of(field: CarrierField) -> str:
    """What a form and a page call a setting, in the member's language."""
    return _(field.title) if field.title else capfirst(_(field.label))


def words_of(field: CarrierField, value: Any) -> str:
    """A chosen value in the member's language."""
    return _(field.choices[value]) if value in field.choices else str(value)


def _settings(request: MemberRequest) -> tuple[dict[str, Any], Errors]:
    """The form as the catalogue takes it, and the fields that should hold a number and do not."""
    settings: dict[str, Any] = {}
    errors: Errors = {}
    for field in FIELDS:
        text = request.POST.get(field.name, "")
        if field.kind == "flag":
            settings[field.name] = field.name in request.POST
        elif field.kind == "number":
            settings[field.name] = number = whole(text.strip())
            if number is None and (field.default is not None or text.strip()):
                errors[field.name] = [_("Enter a whole number.")]
        else:
            settings[field.name] = text
    return settings, errors


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
    request: MemberRequest, carrier: Carrier | None, values: Mapping[str, Any], errors: Errors | None = None
) -> HttpResponse:
    """The form with what is saved, or with what was typed and why it was not taken."""
    special = _rows("special", carrier)
    context = {
        "carrier": carrier,
        "values": {name: values.get(name) for name in SHOWN},
        "errors": errors or {},
        "connection": _rows("connection", carrier),
        "traffic": _rows("traffic", carrier),
        "special": special,
        "unfold": any(field.name in (errors or {}) for row in special for field in row),
    }
    return render(request, "console/carriers/form.html", context, status=422 if errors else 200)


def _rows(section: Section, carrier: Carrier | None) -> list[list[FormField]]:
    """The fields of a section, one or two in a row."""
    rows: list[list[FormField]] = []
    for field in FIELDS:
        if field.section != section:
            continue
        if field.beside:
            rows[-1].append(_form_field(field, carrier))
        else:
            rows.append([_form_field(field, carrier)])
    return rows


def _form_field(field: CarrierField, carrier: Carrier | None) -> FormField:
    hint = _(field.hint) if field.hint else ""
    if field.kind == "secret" and carrier is not None:
        hint = _("Empty: stays as it is. It is never shown.")
    if field.kind == "flag":
        return FormField("check", field.name, title_of(field), hint)
    if field.kind == "choice":
        options = [(value, words_of(field, value)) for value in field.choices]
        return FormField("select", field.name, title_of(field), hint, options)
    attributes: dict[str, Any] = {
        "required": field.required,
        "optional": field.kind in ("text", "ascii", "sender", "statuses", "table") and not field.required,
        "maxlength": field.length or None,
        "placeholder": field.example or None,
    }
    if field.kind == "number":
        attributes |= {"inputmode": "numeric", "required": field.default is not None}
    elif field.kind == "secret":
        attributes |= {"type": "password", "autocomplete": "new-password"}
    elif field.config:
        # A name of the carrier's: nothing corrects its spelling.
        attributes |= {"spellcheck": "false", "autocapitalize": "none"}
    return FormField("text", field.name, title_of(field), hint, attributes=attributes)
