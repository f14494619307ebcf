"""What a task sends with, copied when it is confirmed, so that later edits change nothing."""

from __future__ import annotations

from typing import Any

from sendmill.catalog.models import Application, Signature, Template
from sendmill.catalog.pricing import as_text, price_list


def snapshot(application: Application, signature: Signature | None, template: Template) -> dict[str, Any]:
    """Everything that sending needs, as plain JSON values.

    Keys: application_type, service_type, content, attributes, signature (without brackets, or None), source
    (the channel number of the signature, else the sender ID of the application, else that of its carrier),
    number_rules, carrier_id, prices (region → decimal as text, those of today), currency.
    """
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
    }


def source(application: Application, signature: Signature | None) -> str:
    """The sender that recipients see; empty when the carrier puts its own."""
    if signature is not None:
        return signature.channel_number
    if application.sender_id:
        return application.sender_id
    return application.carrier.default_source if application.carrier else ""
