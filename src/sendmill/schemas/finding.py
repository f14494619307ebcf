"""The schema of what `sendmill doctor` finds."""

from __future__ import annotations

from pydantic import BaseModel


class FindingSchema(BaseModel):
    """One thing that was looked at: fine or not, in a sentence that says what to do."""

    name: str
    fine: bool
    sentence: str
