"""The kinds of applications and of messages, which decide most other rules."""

from __future__ import annotations

from enum import StrEnum


class ApplicationType(StrEnum):
    """Where an application sends to; it decides number rules, alphabet and signature."""

    INTERNATIONAL = "international"
    MAINLAND = "mainland"


class ServiceType(StrEnum):
    """What a message is for; signatures, templates and prices are of one service type."""

    VERIFICATION = "verification"
    NOTIFICATION = "notification"
    PROMOTION = "promotion"
