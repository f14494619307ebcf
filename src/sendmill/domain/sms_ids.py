"""The SMS ID of a message, derived from its task and its ordinal there, and never stored."""

from __future__ import annotations


def sms_id(task_id: int, seq: int) -> str:
    """The SMS ID of a message: task 12, first message → `12-0000001`."""
    return f"{task_id}-{seq + 1:07d}"
