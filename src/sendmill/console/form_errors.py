"""Broken rules as a form shows them: each sentence beside the field it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from sendmill.console.translated import explain
from sendmill.domain.review import IllegalMove
from sendmill.domain.violations import Refused, Violation

Errors = dict[str, list[str]]


def by_field(violations: Iterable[Violation], fields: Mapping[str, str], default: str = "form") -> Errors:
    """Each violation's sentence under the field that its code names; under `default` when it names none."""
    errors: Errors = {}
    for violation in violations:
        errors.setdefault(fields.get(violation.code, default), []).append(explain(violation))
    return errors


def complete(errors: Errors, fields: Iterable[str]) -> Errors:
    """The errors of each of these fields, also of those that have none: what a check of a form answers."""
    return {name: errors.get(name, []) for name in dict.fromkeys((*fields, *errors))}


def attempt(request: HttpRequest, step: Callable[[], object], done: str) -> bool:
    """Do a step of a resource's life and tell on the next page what came of it; whether it was done."""
    try:
        step()
    except Refused as broken:
        for violation in broken.violations:
            messages.error(request, explain(violation))
    except IllegalMove:
        messages.error(
            request, _("This is not possible any more: it changed meanwhile. Look at it as it is now.")
        )
    else:
        messages.success(request, done)
        return True
    return False
