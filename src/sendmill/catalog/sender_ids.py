"""What can stand as the sender of a message: a sender ID or a signature's channel number."""

from __future__ import annotations

import re

from django.utils.translation import gettext_noop as _

from sendmill.domain.violations import Violation

DIGITS = re.compile(r"[0-9]{3,20}", re.ASCII)
ALPHANUMERIC = re.compile(r"[A-Za-z0-9 ._&-]{1,11}", re.ASCII)


def sender_violations(sender: str) -> list[Violation]:
    """Whether a sender ID is digits or a short name, as SMPP 3.4 §5.2.8 can carry it."""
    if DIGITS.fullmatch(sender.removeprefix("+")):
        return []
    if ALPHANUMERIC.fullmatch(sender) and re.search("[A-Za-z]", sender) and sender == sender.strip():
        return []
    return [
        Violation(
            "sender_id",
            _("A sender ID is 3–20 digits, or at most 11 letters, digits, spaces and . _ & - with a letter."),
        )
    ]


def channel_violations(channel_number: str) -> list[Violation]:
    """Whether a channel number is 3–20 digits."""
    if DIGITS.fullmatch(channel_number):
        return []
    return [Violation("channel_number", _("A channel number is 3–20 digits."))]
