"""The errors of tasks: a form with wrong fields, and a move that is not possible now."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sendmill.domain.violations import Violation


@dataclass(frozen=True)
class FieldError:
    """What is wrong with one field of the form (`field` is empty when it is none of them).

    `code` is stable, for programs; `message` is a translation key with `%(name)s` places that `parameters`
    fill. `str()` is the English sentence.
    """

    field: str
    code: str
    message: str
    parameters: Mapping[str, object] = dataclasses.field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.parameters if self.parameters else self.message

    @classmethod
    def of(cls, name: str, violation: Violation) -> FieldError:
        """The error of a field that breaks a rule."""
        return cls(name, violation.code, violation.message, violation.parameters)


class FormError(Exception):
    """A form that cannot be taken; `errors` names everything wrong at once. Nothing was created."""

    def __init__(self, errors: Sequence[FieldError]) -> None:
        super().__init__(" ".join(str(error) for error in errors))
        self.errors = list(errors)


class Refused(Exception):  # noqa: N818
    """A task cannot do now what was asked; `violation` says why. Nothing was changed."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation
