"""Association: which application, signature and template can be chosen together, and why none can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext_noop as _

from sendmill.accounts.models import Account
from sendmill.catalog import routes
from sendmill.catalog.models import Application, Signature, Template
from sendmill.domain.review import ReviewState
from sendmill.domain.templates import LONGEST_CONTENT, opening
from sendmill.domain.types import ApplicationType
from sendmill.domain.violations import Violation

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Reason(Violation):
    """Why something cannot be chosen, and where to mend that.

    `link_name` is the name of a page of the console, empty when there is nothing to mend, and `query` narrows that
    page to the rows in question.
    """

    link_name: str = ""
    query: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Choices(Generic[Row]):
    """What can be chosen; when that is nothing, `reason` tells why, else it is None."""

    items: list[Row]
    reason: Reason | None = None


def applications(account: Account) -> Choices[Application]:
    """All applications of an account, by name."""
    items = list(Application.objects.filter(account=account).select_related("carrier").order_by("name"))
    return Choices(items, None if items else NO_APPLICATION)


def signatures(application: Application) -> Choices[Signature]:
    """The usable signatures of an application: approved, with a channel number. International has none."""
    if application.type == ApplicationType.INTERNATIONAL:
        return Choices([], NO_SIGNATURE_NEEDED)
    everything = Signature.objects.filter(application=application).order_by("name", "type")
    items = [row for row in everything if unusable_signature(application, row) is None]
    return Choices(items, None if items else _why_no_signature(application, everything))


def templates(application: Application, signature: Signature | None) -> Choices[Template]:
    """The usable templates: approved, activated, and for mainland of the signature or universal of its type.

    Mainland without a signature: none, because the signature is chosen first.
    """
    if application.type == ApplicationType.MAINLAND and signature is None:
        return Choices([], _signature_first(application))
    everything = Template.objects.filter(application=application).order_by("name")
    items = [row for row in everything if unusable_template(row, signature) is None]
    return Choices(items, None if items else _why_no_template(application, signature, everything))


def unusable(application: Application, signature: Signature | None, template: Template) -> Reason | None:
    """Why no task can be built from these three, or started; None when one can.

    Asks the rows as they are given: pass freshly read ones.
    """
    return (
        unusable_application(application)
        or unusable_signature(application, signature)
        or _of_another_application(application, template)
        or unusable_template(template, signature)
    )


def unusable_application(application: Application) -> Reason | None:
    """Why the application cannot send: no carrier takes its messages, or those that would are switched off."""
    named = {"application": application.name}
    carriers = routes.carriers_of(application)
    if not carriers:
        return Reason("no_carrier", NO_CARRIER, named, link_name="applications")
    if any(carrier.standing == "on" for carrier in carriers):
        return None
    draining = next((carrier for carrier in carriers if carrier.standing == "draining"), None)
    named["carrier"] = (draining or carriers[0]).name
    if draining is not None:
        return Reason("carrier_draining", CARRIER_DRAINING, named, link_name="carriers")
    return Reason("carrier_disabled", CARRIER_DISABLED, named, link_name="carriers")


def unusable_signature(application: Application, signature: Signature | None) -> Reason | None:
    """Why the signature cannot be used with the application; None also for an international one without."""
    if application.type == ApplicationType.INTERNATIONAL:
        return None if signature is None else Reason("signature_not_allowed", NOT_ALLOWED, link_name="")
    if signature is None:
        return _signature_first(application)
    named = {"signature": signature.name}
    query = _in(application)
    if signature.application_id != application.pk:
        return Reason(
            "signature_of_another_application", OTHER_SIGNATURE, named, link_name="signatures", query=query
        )
    if signature.state != ReviewState.APPROVED:
        return Reason(
            "signature_not_approved", SIGNATURE_NOT_APPROVED, named, link_name="signatures", query=query
        )
    if not signature.channel_number:
        return Reason(
            "signature_without_channel", SIGNATURE_NO_CHANNEL, named, link_name="signatures", query=query
        )
    return None


def unusable_template(template: Template, signature: Signature | None) -> Reason | None:
    """Why the template cannot be used with the signature (None: an international message)."""
    named: dict[str, object] = {"template": template.name}
    query = {"application": str(template.application_id)}
    if template.state != ReviewState.APPROVED:
        return Reason(
            "template_not_approved", TEMPLATE_NOT_APPROVED, named, link_name="templates", query=query
        )
    if not template.active:
        return Reason("template_deactivated", TEMPLATE_DEACTIVATED, named, link_name="templates", query=query)
    if signature is None:
        return None
    named["signature"] = signature.name
    if template.type != signature.type:
        return Reason("template_of_another_type", OTHER_TYPE, named, link_name="templates", query=query)
    if not template.universal and template.signature_id != signature.pk:
        return Reason(
            "template_of_another_signature", OTHER_TEMPLATE, named, link_name="templates", query=query
        )
    if len(opening(ApplicationType.MAINLAND, signature.name) + template.content) > LONGEST_CONTENT:
        return Reason("template_too_long", TOO_LONG, named, link_name="templates", query=query)
    return None


def _why_no_signature(application: Application, everything: QuerySet[Signature]) -> Reason:
    named, query = {"application": application.name}, _in(application)
    states = list(everything.values_list("state", flat=True))
    if not states:
        return Reason("no_signature", NO_SIGNATURE, named, link_name="signatures", query=query)
    if ReviewState.APPROVED in states:
        return Reason(
            "no_signature_with_channel", NONE_WITH_CHANNEL, named, link_name="signatures", query=query
        )
    return Reason(
        "no_signature_approved",
        NONE_APPROVED,
        {**named, **_counts(states)},
        link_name="signatures",
        query=query,
    )


def _why_no_template(
    application: Application, signature: Signature | None, everything: QuerySet[Template]
) -> Reason:
    """The reason of the templates that come nearest to being usable."""
    named: dict[str, object] = {"application": application.name}
    query = _in(application)
    rows = list(everything)
    if not rows:
        return Reason("no_template", NO_TEMPLATE, named, link_name="templates", query=query)
    if signature is not None:
        rows = [
            row
            for row in rows
            if row.type == signature.type and (row.universal or row.signature_id == signature.pk)
        ]
        named["signature"] = signature.name
        if not rows:
            return Reason(
                "no_template_of_signature", NONE_OF_SIGNATURE, named, link_name="templates", query=query
            )
    if any(row.state == ReviewState.APPROVED for row in rows):
        return Reason("no_template_activated", NONE_ACTIVATED, named, link_name="templates", query=query)
    counts = _counts([row.state for row in rows])
    return Reason(
        "no_template_approved", NO_TEMPLATE_APPROVED, {**named, **counts}, link_name="templates", query=query
    )


def _of_another_application(application: Application, template: Template) -> Reason | None:
    if template.application_id == application.pk:
        return None
    return Reason(
        "template_of_another_application",
        OTHER_APPLICATION,
        {"template": template.name},
        link_name="templates",
        query=_in(application),
    )


def _signature_first(application: Application) -> Reason:
    return Reason(
        "signature_required",
        CHOOSE_SIGNATURE,
        {"application": application.name},
        link_name="signatures",
        query=_in(application),
    )


def _in(application: Application) -> dict[str, str]:
    return {"application": str(application.pk)}


def _counts(states: list[str]) -> dict[str, object]:
    return {state.value: states.count(state.value) for state in ReviewState}


NO_CARRIER = _("Application “%(application)s” has no carrier. Choose one for it.")
CARRIER_DRAINING = _(
    "Carrier “%(carrier)s” of application “%(application)s” is being drained and takes nothing new. "
    "Switch it on or choose another one."
)
CARRIER_DISABLED = _(
    "Carrier “%(carrier)s” of application “%(application)s” is switched off. "
    "Switch it on or choose another one."
)
NOT_ALLOWED = _("International messages carry no signature. Leave it empty.")
CHOOSE_SIGNATURE = _("Messages of application “%(application)s” need a signature. Choose one first.")
OTHER_SIGNATURE = _("Signature “%(signature)s” belongs to another application.")
SIGNATURE_NOT_APPROVED = _("Signature “%(signature)s” is not approved.")
SIGNATURE_NO_CHANNEL = _("Signature “%(signature)s” has no channel number. A reviewer sets it.")
TEMPLATE_NOT_APPROVED = _("Template “%(template)s” is not approved.")
TEMPLATE_DEACTIVATED = _("Template “%(template)s” is deactivated.")
OTHER_TYPE = _("Template “%(template)s” is of another type than signature “%(signature)s”.")
OTHER_TEMPLATE = _("Template “%(template)s” belongs to another signature than “%(signature)s”.")
TOO_LONG = _(
    "Universal template “%(template)s” is too long together with signature “%(signature)s”: "
    "at most 500 characters."
)
OTHER_APPLICATION = _("Template “%(template)s” belongs to another application.")
NO_SIGNATURE = _("Application “%(application)s” has no signature. Create one and submit it for review.")
NONE_WITH_CHANNEL = _(
    "No approved signature of application “%(application)s” has a channel number. A reviewer sets it."
)
NONE_APPROVED = _(
    "No signature of application “%(application)s” is approved: "
    "%(draft)s draft, %(pending)s waiting for review, %(rejected)s rejected."
)
NO_TEMPLATE = _("Application “%(application)s” has no template. Create one and submit it for review.")
NONE_OF_SIGNATURE = _(
    "Application “%(application)s” has no template of signature “%(signature)s” "
    "and no universal one of its type."
)
NONE_ACTIVATED = _(
    "The approved templates of application “%(application)s” are deactivated. A reviewer activates them."
)
NO_TEMPLATE_APPROVED = _(
    "No fitting template of application “%(application)s” is approved: "
    "%(draft)s draft, %(pending)s waiting for review, %(rejected)s rejected."
)
NO_APPLICATION = Reason(
    "no_application", _("There is no application yet. Create one first."), link_name="applications"
)
NO_SIGNATURE_NEEDED = Reason(
    "signature_not_needed", _("International messages carry no signature."), link_name=""
)
