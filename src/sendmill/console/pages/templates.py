"""Templates: list, the editor with its live preview, and each step of their life."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from sendmill.accounts import audit
from sendmill.billing.models import SERVICE_TYPES
from sendmill.catalog import listing, review, templates
from sendmill.catalog.models import (
    REVIEW_STATES,
    Application,
    Template,
)
from sendmill.console.access import MemberRequest, owned
from sendmill.console.allowed_actions import review_actions, review_context
from sendmill.console.form_errors import Errors, attempt, by_field, complete, show_refusal
from sendmill.console.history import tell
from sendmill.console.listing import pick, row_page, whole
from sendmill.console.template_editor import MEANINGS, sample
from sendmill.domain.review import IllegalMove, ReviewState
from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.domain.variables import MAINLAND_ATTRIBUTES
from sendmill.domain.violations import Refused

UNIVERSAL = "universal"
FIELDS = {
    "name_required": "name",
    "name_too_long": "name",
    "name_taken": "name",
    "service_type": "type",
    "signature_not_allowed": "belongs",
    "universal_with_signature": "belongs",
    "signature_required": "belongs",
    "signature_of_another_application": "belongs",
    "signature_of_another_type": "belongs",
    "missing_attribute": "variables",
    "unknown_attribute": "variables",
}
CHECKED = ("name", "type", "belongs", "content", "variables")
NOT_TYPED_YET = ("name_required", "content_empty")


def show_list(request: MemberRequest) -> HttpResponse:
    """All templates of the account, by name or text, application, type and state."""
    state, kind = request.GET.get("state", ""), request.GET.get("type", "")
    application = whole(request.GET.get("application"))
    rows = listing.templates(
        request.user.account,
        text=request.GET.get("q", "").strip(),
        state=state if state in tuple(ReviewState) else "",
        type=kind if kind in tuple(ServiceType) else "",
        application=application,
    )
    choices = _applications(request)
    of = next((row for row in choices if row.pk == application), None)
    context = {
        "page": row_page(rows, request.GET),
        "states": REVIEW_STATES,
        "types": SERVICE_TYPES,
        "applications": choices,
        "empty_of": of if set(request.GET) == {"application"} else None,
    }
    return render(request, "console/templates/list.html", context)


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """A template: its text with sample values, its state, the next step, and its history."""
    template = owned(request, listing.detailed_templates(), pk=pk)
    context = {
        "template": template,
        "sample": sample(template),
        "history": tell(audit.history(template)[:50]),
        **review_context(template, request.user),
    }
    return render(request, "console/templates/show.html", context)


def new(request: MemberRequest) -> HttpResponse:
    """The editor of a new template: kept as a draft, or handed to the reviewers at once."""
    if request.method != "POST":
        return _editor(request, _typed(request, None, request.GET))
    typed = _typed(request, None, request.POST)
    if typed is None:
        return _editor(request, None, {"application": [_("Choose an application.")]}, status=422)
    try:
        row = templates.create(request.user, typed.application, **_changes(typed))
    except Refused as broken:
        return _editor(request, typed, by_field(broken.violations, FIELDS, "content"), status=422)
    return _saved(request, row)


def edit(request: MemberRequest, pk: int) -> HttpResponse:
    """The editor of a draft or a rejected template."""
    template = owned(request, listing.detailed_templates(), pk=pk)
    if "edit" not in review_actions(template, request.user):
        messages.error(request, _("Only a draft or a rejected template can be edited. Withdraw it first."))
        return redirect("console:template", pk=pk)
    if request.method != "POST":
        return _editor(request, template)
    typed = _typed(request, template, request.POST)
    try:
        row = templates.edit(request.user, template, **_changes(typed or template))
    except Refused as broken:
        return _editor(request, typed, by_field(broken.violations, FIELDS, "content"), status=422)
    except IllegalMove as changed:
        show_refusal(request, changed)
        return redirect("console:template", pk=pk)
    return _saved(request, row)


def check(request: MemberRequest) -> HttpResponse:
    """The preview and what is wrong with the template as it is being typed."""
    existing = None
    if (besides := whole(request.POST.get("besides"))) is not None:
        existing = owned(request, listing.detailed_templates(), pk=besides)
    typed = _typed(request, existing, request.POST)
    errors: Errors = {}
    if typed is not None:
        broken = [one for one in templates.violations(typed) if one.code not in NOT_TYPED_YET]
        errors = by_field(broken, FIELDS, "content")
    shown = CHECKED if existing is not None else ("application", *CHECKED)
    context = _context(request, typed, errors) | {"checked": complete(errors, shown)}
    return render(request, "console/templates/checked.html", context)


def submit(request: MemberRequest, pk: int) -> HttpResponse:
    """Hands a draft to the reviewers."""
    return _move(request, pk, review.submit, _("“%(name)s” waits for review."))


def withdraw(request: MemberRequest, pk: int) -> HttpResponse:
    """Takes back what waits for review."""
    return _move(request, pk, review.withdraw, _("“%(name)s” was withdrawn."))


def activate(request: MemberRequest, pk: int) -> HttpResponse:
    """Lets tasks be built from an approved template."""
    return _move(request, pk, review.activate, _("“%(name)s” is activated."))


def deactivate(request: MemberRequest, pk: int) -> HttpResponse:
    """Lets no task be built or started from an approved template."""
    return _move(request, pk, review.deactivate, _("“%(name)s” is deactivated."))


def delete(request: MemberRequest, pk: int) -> HttpResponse:
    """Deletes a template where its state allows and no task refers to it."""
    row = owned(request, listing.detailed_templates(), pk=pk)
    gone = attempt(
        request,
        lambda: templates.delete(request.user, row),
        _("“%(name)s” was deleted.") % {"name": row.name},
    )
    return redirect("console:templates") if gone else redirect("console:template", pk=pk)


def _move(request: MemberRequest, pk: int, step: Callable[..., Template], done: str) -> HttpResponse:
    row = owned(request, listing.detailed_templates(), pk=pk)
    attempt(request, lambda: step(request.user, row), done % {"name": row.name})
    return redirect("console:template", pk=pk)


def _saved(request: MemberRequest, row: Template) -> HttpResponse:
    if "submit" in request.POST:
        done = _("“%(name)s” waits for review.") % {"name": row.name}
        attempt(request, lambda: review.submit(request.user, row), done)
    else:
        messages.success(request, _("“%(name)s” was saved as a draft.") % {"name": row.name})
    return redirect("console:template", pk=row.pk)


def _typed(request: MemberRequest, existing: Template | None, typed: Any) -> Template | None:
    """The template as it stands in the form, not saved; None while no application is chosen."""
    applications = _applications(request)
    wanted = whole(typed.get("application"))
    if existing is not None:
        application: Application | None = existing.application
    elif wanted is None and request.method == "GET" and len(applications) == 1:
        application = applications[0]
    else:
        application = next((row for row in applications if row.pk == wanted), None)
    if application is None:
        return None
    kind, belongs = typed.get("type", ServiceType.NOTIFICATION.value), typed.get("belongs", "")
    mainland = application.type == ApplicationType.MAINLAND
    signature = pick(listing.signatures_by_name(application, kind), belongs) if mainland else None
    names = [key for key in typed if key.startswith("attribute-")]
    return Template(
        pk=existing.pk if existing is not None else None,
        account_id=request.user.account_id,
        application=application,
        signature=signature,
        universal=mainland and belongs == UNIVERSAL,
        name=typed.get("name", "").strip(),
        type=kind,
        content=typed.get("content", "").replace("\r\n", "\n").replace("\r", "\n"),
        attributes={key.removeprefix("attribute-"): typed[key] for key in names if typed[key]}
        if mainland
        else {},
    )


def _changes(typed: Template) -> dict[str, Any]:
    """The fields as the catalogue takes them: attributes only of variables that are in the content."""
    used = {variable.name for variable in sample(typed).variables}
    return {
        "name": typed.name,
        "type": typed.type,
        "content": typed.content,
        "attributes": {name: value for name, value in typed.attributes.items() if name in used},
        "signature": typed.signature,
        "universal": typed.universal,
    }


def _editor(
    request: MemberRequest, typed: Template | None, errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    return render(
        request, "console/templates/editor.html", _context(request, typed, errors or {}), status=status
    )


def _context(request: MemberRequest, typed: Template | None, errors: Errors) -> dict[str, Any]:
    applications = _applications(request)
    form = request.POST if request.method == "POST" else request.GET
    values: dict[str, Any] = {
        "name": form.get("name", ""),
        "type": ServiceType.NOTIFICATION.value,
        "content": form.get("content", ""),
    }
    belongs: list[tuple[str, str]] = []
    if typed is not None:
        chosen = UNIVERSAL if typed.universal else typed.signature_id
        values = {"name": typed.name, "type": typed.type, "content": typed.content, "belongs": chosen or ""}
        values["application"] = typed.application_id
        if typed.application.type == ApplicationType.MAINLAND:
            belongs = _belongs(typed)
    return {
        "typed": typed,
        "values": values,
        "errors": errors,
        "sample": sample(typed) if typed is not None else None,
        "applications": [(row.pk, f"{row.name} · {row.get_type_display()}") for row in applications],
        "types": SERVICE_TYPES,
        "belongs": belongs,
        "attributes": [(name.value, f"{name.value} · {MEANINGS[name]}") for name in MAINLAND_ATTRIBUTES],
        "mainland": bool(belongs),
    }


def _belongs(typed: Template) -> list[tuple[str, str]]:
    """What a mainland template can be of: every signature of its type, or one that is not usable yet."""
    rows = listing.signatures_by_name(typed.application, typed.type)
    names = [
        (
            str(row.pk),
            f"【{row.name}】"
            + ("" if row.state == ReviewState.APPROVED else f" · {row.get_state_display()}"),
        )
        for row in rows
    ]
    return [(UNIVERSAL, _("Universal: every signature of this type")), *names]


def _applications(request: MemberRequest) -> list[Application]:
    return listing.applications_by_name(request.user.account)
