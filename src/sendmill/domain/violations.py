"""Broken rules: what each says, and the errors that carry them to whoever asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class FieldError(Violation):
    """A violation that is about one field of a form; `field` is empty when it is about none of them."""

    field: str = ""

    @classmethod
    def of(cls, field: str, violation: Violation) -> FieldError:
        """The error of a field that breaks a rule."""
        return cls(violation.code, violation.message, violation.parameters, field)


class Refused(Exception):  # noqa: N818
    """What was asked breaks rules; `violations` names each of them, at least one. Nothing was changed."""

    def __init__(self, *violations: Violation) -> None:
        super().__init__(" ".join(map(str, violations)))
        self.violations = violations

    @property
    def violation(self) -> Violation:
        """The first broken rule, for callers that break one at a time."""
        return self.violations[0]


class FormError(Exception):
    """A form that cannot be taken; `errors` names everything wrong at once. Nothing was created."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(map(str, errors)))
        self.errors = list(errors)


def refuse_if(violations: Sequence[Violation]) -> None:
    """Raise Refused when there is anything to name."""
    if violations:
        raise Refused(*violations)
