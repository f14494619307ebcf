"""The snapshot of what a task is sent with, made when it is confirmed: later edits do not change the task."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sendmill.billing.price_list import as_text, price_list
from sendmill.catalog import routes
from sendmill.catalog.models import Application, Carrier, Signature, Template


def snapshot(application: Application, signature: Signature | None, template: Template) -> dict[str, Any]:
    """Everything that sending needs, as plain JSON values.

    Keys: application_type, service_type, content, attributes, signature (without brackets, or None), source
    (the channel number of the signature, else the sender ID of the application, else that of its carrier),
    number_rules, carrier_id, prices (region → decimal as text, those of today), currency. Where more than one
    carrier may take messages also routes ([prefix, [carrier ids]], …), and where no sender is named sources
    (carrier id as text → the sender ID of that carrier).
    """
    rules = routes.rules(application)
    return {
        "application_type": application.type,
        "service_type": template.type,
        "content": template.content,
        "attributes": dict(template.attributes),
        "signature": signature.name if signature else None,
        "source": source(application, signature),
        "number_rules": {
            "add_86": application.add_86,
            "delete_unusual": application.delete_unusual,
            "allow_landlines": application.allow_landlines,
        },
        "carrier_id": application.carrier_id,
        "prices": as_text(price_list(application.account, template.type)),
        "currency": application.account.currency,
        **({"routes": [[prefix, list(keys)] for prefix, keys in rules.items()]} if rules else {}),
        **_sources(application, signature, rules),
    }


def source(application: Application, signature: Signature | None) -> str:
    """The sender that recipients see; empty when the carrier puts its own."""
    if signature is not None:
        return signature.channel_number
    if application.sender_id:
        return application.sender_id
    return application.carrier.default_source if application.carrier else ""


def _sources(
    application: Application, signature: Signature | None, rules: Mapping[str, tuple[int, ...]]
) -> dict[str, dict[str, str]]:
    if signature is not None or application.sender_id or not rules:
        return {}
    keys = {key for carriers in rules.values() for key in carriers}
    rows = Carrier.objects.filter(pk__in=keys).order_by("pk")
    return {"sources": {str(row.pk): row.default_source for row in rows}}
