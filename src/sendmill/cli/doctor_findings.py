"""One finding of `sendmill doctor`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: fine or not, in a sentence that says what to do."""

    name: str
    fine: bool
    sentence: str
