"""What a broken rule says: a code for programs, a sentence for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


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
