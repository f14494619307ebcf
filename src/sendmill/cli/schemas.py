"""What commands about carriers and routes answer for what they deleted."""

from __future__ import annotations

from typing import TypedDict


class DeletedAnswer(TypedDict):
    """What is no longer there."""

    deleted: int
    name: str
