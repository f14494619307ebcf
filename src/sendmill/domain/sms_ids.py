"""The SMS ID: the name of a message, derived from its place and never stored."""

from __future__ import annotations

import re

_FORM = re.compile(r"([1-9][0-9]{0,17})-([0-9]{7})")


def sms_id(task_id: int, seq: int) -> str:
    """The SMS ID of a message: task 12, first message → `12-0000001`."""
    return f"{task_id}-{seq + 1:07d}"


def parse_sms_id(text: str) -> tuple[int, int] | None:
    """Task id and seq of an SMS ID; None when the text is none."""
    found = _FORM.fullmatch(text.strip())
    if found is None or not int(found[2]):
        return None
    return int(found[1]), int(found[2]) - 1
