"""The words that every rule shares: kinds of applications and messages, and what a broken rule says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Violation:
    """One broken rule: a stable `code` for programs and an English sentence for people.

    `message` is a translation key with `%(name)s` places; `parameters` fills them. `str()` is the English
    sentence.
    """

    code: str
    message: str
    parameters: Mapping[str, object] = field(default_factory=dict, hash=False)

    def __str__(self) -> str:
        return self.message % self.parameters if self.parameters else self.message
