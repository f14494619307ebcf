"""The one error that catalog functions raise when a rule of the resources is broken."""

from __future__ import annotations

from collections.abc import Sequence

from sendmill.domain.violations import Violation


class RuleBroken(Exception):  # noqa: N818
    """What was asked for breaks rules; `violations` names each in one sentence. Nothing was changed."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(" ".join(str(violation) for violation in violations))
        self.violations = list(violations)


def refuse_if(violations: Sequence[Violation]) -> None:
    """Raise RuleBroken when there is anything to name."""
    if violations:
        raise RuleBroken(violations)
