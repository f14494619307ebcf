"""What ends a command: one sentence for the person, an exit status for the program.

0 done · 1 failed · 2 wrong usage · 3 the input was refused, nothing was created · 4 a part of Sendmill
that is needed does not run · 5 Sendmill runs on this data folder already · 130 interrupted.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass

FAILED, USAGE, REFUSED, NOT_RUNNING, ALREADY_RUNNING, INTERRUPTED = 1, 2, 3, 4, 5, 130


class CommandError(Exception):
    """A command cannot go on; the text says what to do."""

    status = FAILED


class RefusedError(CommandError):
    """What was given cannot be used; nothing was created."""

    status = REFUSED


class NotRunningError(CommandError):
    """The database, or a process that is needed, does not run."""

    status = NOT_RUNNING


class AlreadyRunningError(CommandError):
    """Another process runs everything on this data folder."""

    status = ALREADY_RUNNING


# By name, because importing the classes would load Django for every command, `--help` included.
STATUSES: dict[str, int] = {
    "sendmill.accounts.permissions.NotAllowed": REFUSED,
    "sendmill.accounts.permissions.NotYours": REFUSED,
    "sendmill.catalog.manifest.ManifestError": REFUSED,
    "sendmill.catalog.association_by_name.SelectionError": REFUSED,
    "sendmill.domain.review.IllegalMove": REFUSED,
    "sendmill.domain.violations.FormError": REFUSED,
    "sendmill.domain.violations.Refused": REFUSED,
    "sendmill.spreadsheets.errors.SpreadsheetError": REFUSED,
    "sendmill.carriers.protocol.CarrierError": FAILED,
    "sendmill.backup.errors.BackupError": FAILED,
    "sendmill.backup.errors.BackupRefused": REFUSED,
    "sendmill.postgres.errors.PostgresError": NOT_RUNNING,
    "django.core.exceptions.ObjectDoesNotExist": REFUSED,
    "django.db.utils.OperationalError": NOT_RUNNING,
    "django.db.utils.InterfaceError": NOT_RUNNING,
}

_STATES = {
    "draft": "It is a draft",
    "pending": "It waits for review",
    "approved": "It is approved",
    "rejected": "It was rejected",
    "deleted": "It was deleted",
}
_ACTIONS = {
    "edit": "edited",
    "submit": "submitted",
    "withdraw": "withdrawn",
    "approve": "approved",
    "reject": "rejected",
    "activate": "activated",
    "deactivate": "deactivated",
    "set_channel": "given a channel number",
    "delete": "deleted",
    "change": "changed",
}
_ADVICE = {
    ("draft", "approve"): "Submit it first.",
    ("draft", "reject"): "Submit it first.",
    ("draft", "activate"): "It has to be submitted and approved first.",
    ("draft", "set_channel"): "It has to be submitted and approved first.",
    ("pending", "edit"): "Withdraw or reject it first.",
    ("pending", "set_channel"): "Approve it first, or give the number with the approval.",
    ("pending", "activate"): "Approve it first; that activates it.",
    ("pending", "delete"): "Withdraw it first.",
    ("rejected", "submit"): "Edit it first.",
    ("rejected", "approve"): "Its author edits it and it is reviewed again.",
    ("approved", "delete"): "A template can be deleted once it is deactivated; a signature stays.",
}


# The page that mends a reason, as a command.
_MENDS = {
    "applications": "sendmill application list",
    "signatures": "sendmill signature list",
    "templates": "sendmill template list",
    "carriers": "sendmill carrier list",
}


@dataclass(frozen=True)
class Ending:
    """How a command ends: what is said, and the exit status."""

    sentence: str
    status: int


def explain(error: BaseException) -> Ending | None:
    """How a command ends that raised `error`; None for an error that nobody expected."""
    if isinstance(error, CommandError):
        return Ending(str(error), error.status)
    names = [f"{kind.__module__}.{kind.__qualname__}" for kind in type(error).__mro__]
    for name in names:
        if name in STATUSES:
            return Ending(_sentence(name.rpartition(".")[2], error), STATUSES[name])
    if isinstance(error, OSError) and error.errno not in (None, errno.EPIPE):
        place = f"{error.filename}: " if error.filename else ""
        return Ending(f"{place}{error.strerror or error}.", FAILED)
    return None


def _sentence(kind: str, error: BaseException) -> str:
    if kind == "IllegalMove":
        return illegal(error.current, error.action)  # type: ignore[attr-defined]
    if kind == "Refused":
        return "\n".join(map(str, error.violations))  # type: ignore[attr-defined]
    if kind == "FormError":
        return "\n".join(map(str, error.errors))  # type: ignore[attr-defined]
    if kind == "SelectionError":
        reason = error.reason  # type: ignore[attr-defined]
        mend = _MENDS.get(reason.link_name) if reason is not None else None
        return f"{error} Look with `{mend}`." if mend else str(error)
    if kind in ("OperationalError", "InterfaceError"):
        said = (str(error).strip().splitlines() or ["no reason given"])[0]
        return (
            "The database does not answer. Start Sendmill with `sendmill up` or `sendmill demo`, "
            f"or check DATABASE_URL. ({said})"
        )
    if kind == "ObjectDoesNotExist":
        return "It is no longer there: somebody deleted it meanwhile."
    return str(error)


def illegal(state: str, action: str) -> str:
    """Why an action is not possible in a state of review, and what to do first."""
    known = _STATES.get(state, f"It is {state}")
    sentence = f"{known}, so it cannot be {_ACTIONS.get(action, action)}."
    advice = _ADVICE.get((state, action))
    return f"{sentence} {advice}" if advice else sentence
