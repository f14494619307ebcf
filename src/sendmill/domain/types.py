"""Kinds of applications, messages and prices, which many rules and faces name."""

from __future__ import annotations

from enum import StrEnum

from sendmill.domain.violations import Violation

RULES: dict[str, str] = {"service_type": "The type is verification, notification or promotion."}


class ApplicationType(StrEnum):
    """Where an application sends to; it decides number rules, alphabet and signature."""

    INTERNATIONAL = "international"
    MAINLAND = "mainland"


class ServiceType(StrEnum):
    """What a message is for; signatures, templates and prices are of one service type."""

    VERIFICATION = "verification"
    NOTIFICATION = "notification"
    PROMOTION = "promotion"


class PriceStanding(StrEnum):
    """Whether a price of the list holds on a day, does not yet, or was replaced by a later one."""

    HOLDING = "holding"
    COMING = "coming"
    REPLACED = "replaced"


def check_service_type(text: str) -> Violation | None:
    """Return why a text is no service type."""
    return None if text in tuple(ServiceType) else Violation("service_type", RULES["service_type"])
