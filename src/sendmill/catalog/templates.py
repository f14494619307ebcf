"""Templates: the rules of their fields, and creating, editing and deleting them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog.models import Application, Signature, Template
from sendmill.catalog.review_moves import delete_row, locked, state_after
from sendmill.domain import templates as rules
from sendmill.domain.names import check_name
from sendmill.domain.types import ApplicationType, ServiceType, check_service_type
from sendmill.domain.violations import Refused, Violation, refuse_if

EDITABLE = ("name", "type", "content", "attributes", "signature", "universal")
SHOWN = ("application", *EDITABLE, "state", "active")
SHORTEST_SIGNATURE = "签名"


def violations(template: Template) -> list[Violation]:
    """Every rule that the fields of a template break, saved or not.

    The content of a universal one is measured with the shortest signature there can be; with which ones it is
    too long is a matter of association.
    """
    broken = []
    name = check_name(template.name)
    if name is not None:
        broken.append(name)
    same = Template.objects.filter(application=template.application, name=template.name)
    if same.exclude(pk=template.pk).exists():
        broken.append(_taken(template.name))
    if (unknown := check_service_type(template.type)) is not None:
        return [*broken, unknown]
    broken += _association_violations(template)
    signature = None
    if template.application.type == ApplicationType.MAINLAND:
        signature = template.signature.name if template.signature is not None else SHORTEST_SIGNATURE
    return broken + rules.violations(
        template.content,
        ApplicationType(template.application.type),
        ServiceType(template.type),
        signature,
        template.attributes,
    )


def create(
    member: Member,
    application: Application,
    *,
    name: str,
    type: str,
    content: str,
    attributes: Mapping[str, str] | None = None,
    signature: Signature | None = None,
    universal: bool = False,
) -> Template:
    """Create a template as a draft. Raises Refused.

    `attributes` gives each variable of a mainland template its attribute, by name.
    """
    require(member, Action.EDIT_TEMPLATE, application, signature)
    template = Template(account_id=application.account_id, application=application, created_by=member)
    fields = {
        "name": name,
        "type": type,
        "content": content,
        "attributes": dict(attributes or {}),
        "signature": signature,
        "universal": universal,
    }
    _assign(template, fields)
    refuse_if(violations(template))
    try:
        with transaction.atomic():
            template.save(force_insert=True)
            after = audit.values(template, SHOWN)
            audit.record(member=member, action="create", subject=template, after=after)
    except IntegrityError as error:
        raise Refused(_taken(template.name)) from error
    return template


def edit(member: Member, template: Template, **changes: Any) -> Template:
    """Change fields of EDITABLE where its state allows, and return it as saved.

    Raises Refused or IllegalMove.
    """
    unknown = set(changes) - set(EDITABLE)
    if unknown:
        raise TypeError(f"not editable: {', '.join(sorted(unknown))}")
    require(member, Action.EDIT_TEMPLATE, template, changes.get("signature"))
    try:
        with transaction.atomic():
            row = locked(template)
            state = state_after(row, "edit")
            before = audit.values(row, SHOWN)
            _assign(row, changes)
            row.state = state
            refuse_if(violations(row))
            was, now = audit.difference(before, audit.values(row, SHOWN))
            if now:
                row.save(update_fields=[*EDITABLE, "state"])
                audit.record(member=member, action="edit", subject=row, before=was, after=now)
    except IntegrityError as error:
        raise Refused(_taken(row.name)) from error
    return row


def delete(member: Member, template: Template) -> None:
    """Delete a template where its state allows and no task refers to it. Raises Refused or IllegalMove."""
    require(member, Action.EDIT_TEMPLATE, template)
    delete_row(member, template, SHOWN)


def _assign(template: Template, fields: Mapping[str, Any]) -> None:
    """Line breaks become plain ones, whatever a browser sends; the name loses spaces around it."""
    for name, value in fields.items():
        if name == "name":
            template.name = value.strip()
        elif name == "content":
            template.content = value.replace("\r\n", "\n").replace("\r", "\n")
        else:
            setattr(template, name, value)


def _association_violations(template: Template) -> list[Violation]:
    signature = template.signature
    if template.application.type == ApplicationType.INTERNATIONAL:
        if signature is not None or template.universal:
            return [Violation("signature_not_allowed", NO_SIGNATURE)]
        return []
    if template.universal:
        return [Violation("universal_with_signature", EITHER)] if signature is not None else []
    if signature is None:
        return [Violation("signature_required", SIGNATURE_REQUIRED)]
    if signature.application_id != template.application_id:
        return [Violation("signature_of_another_application", OTHER_APPLICATION)]
    if signature.type != template.type:
        return [Violation("signature_of_another_type", OTHER_TYPE)]
    return []


def _taken(name: str) -> Violation:
    return Violation("name_taken", TAKEN, {"name": name})


TAKEN = _("The application already has a template named “%(name)s”.")
NO_SIGNATURE = _("Templates of international applications have no signature.")
EITHER = _("A template is either universal or of one signature.")
SIGNATURE_REQUIRED = _("A mainland template belongs to a signature, or is universal.")
OTHER_APPLICATION = _("The signature belongs to another application.")
OTHER_TYPE = _("The type of a template is that of its signature.")
