"""What services refuse, in the reader's language: beside the fields of a form, or as messages on the next page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sendmill.console.translated import explain
from sendmill.domain.review import IllegalMove
from sendmill.domain.violations import Refused, Violation

Errors = dict[str, list[str]]
Done = TypeVar("Done")


def by_field(violations: Iterable[Violation], fields: Mapping[str, str], default: str = "form") -> Errors:
    """Each violation's sentence under the field that its code names; under `default` when it names none."""
    errors: Errors = {}
    for violation in violations:
        errors.setdefault(fields.get(violation.code, default), []).append(explain(violation))
    return errors


def complete(errors: Errors, fields: Iterable[str]) -> Errors:
    """The errors of each of these fields, also of those that have none: what a check of a form answers."""
    return {name: errors.get(name, []) for name in dict.fromkeys((*fields, *errors))}


def refusals(error: Refused | IllegalMove) -> list[tuple[str, str]]:
    """Return the code and the translated sentence of each broken rule."""
    if isinstance(error, Refused):
        return [(broken.code, explain(broken)) for broken in error.violations]
    return [("changed", _("This is not possible any more: it changed meanwhile. Look at it as it is now."))]


def show_refusal(request: HttpRequest, error: Refused | IllegalMove) -> None:
    """Let the next page say why it was refused."""
    for _code, sentence in refusals(error):
        messages.error(request, sentence)


def attempt(request: HttpRequest, step: Callable[[], Done], done: str | Callable[[Done], str]) -> bool:
    """Call a service and let the next page say what came of it; whether it was done.

    `done` is the sentence of success, or makes it of what the service returned.
    """
    try:
        result = step()
    except (Refused, IllegalMove) as error:
        show_refusal(request, error)
        return False
    messages.success(request, done if isinstance(done, str) else done(result))
    return True
