"""What services refuse, in the reader's language: beside the fields of a form, or as messages on the next page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sendmill.accounts.accounts import AccountError
from sendmill.accounts.members import MemberError
from sendmill.accounts.second_factor import SecondFactorError
from sendmill.billing.ledger import MoneyRefused
from sendmill.catalog.errors import RuleBroken
from sendmill.console.translated import explain, say
from sendmill.domain.kinds import Violation
from sendmill.domain.states import IllegalMove
from sendmill.tasks.errors import Refused

Errors = dict[str, list[str]]
Result = TypeVar("Result")

REFUSALS = (RuleBroken, MoneyRefused, Refused, MemberError, AccountError, SecondFactorError)


def by_field(violations: Iterable[Violation], fields: Mapping[str, str], default: str = "form") -> Errors:
    """Each violation's sentence under the field that its code names; under `default` when it names none."""
    errors: Errors = {}
    for violation in violations:
        errors.setdefault(fields.get(violation.code, default), []).append(explain(violation))
    return errors


def complete(errors: Errors, fields: Iterable[str]) -> Errors:
    """The errors of each of these fields, also of those that have none: what a check of a form answers."""
    return {name: errors.get(name, []) for name in dict.fromkeys((*fields, *errors))}


def refusals(error: Exception) -> list[tuple[str, str]]:
    """What one of the REFUSALS or an IllegalMove says: the code and the translated sentence of each."""
    match error:
        case RuleBroken():
            return [(broken.code, explain(broken)) for broken in error.violations]
        case MoneyRefused() | Refused():
            return [(error.violation.code, explain(error.violation))]
        case SecondFactorError():
            return [(error.code, say(error.sentence, error.params))]
        case MemberError() | AccountError():
            return [(error.code, say(str(error)))]
        case _:
            gone = _("This is not possible any more: it changed meanwhile. Look at it as it is now.")
            return [("changed", gone)]


def show_refusal(request: HttpRequest, error: Exception) -> None:
    """Let the next page say why it was refused."""
    for _code, sentence in refusals(error):
        messages.error(request, sentence)


def attempt(request: HttpRequest, step: Callable[[], Result], done: str | Callable[[Result], str]) -> bool:
    """Call a service and let the next page say what came of it; whether it was done.

    `done` is the sentence of success, or makes it of what the service returned.
    """
    try:
        result = step()
    except (*REFUSALS, IllegalMove) as error:
        show_refusal(request, error)
        return False
    messages.success(request, done if isinstance(done, str) else done(result))
    return True
