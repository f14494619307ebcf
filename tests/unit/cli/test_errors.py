"""Each kind of error ends a command with its sentence and its status, never with a traceback."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest
from tests.rig.shell import Shell


def _errors() -> list[tuple[Callable[[], Exception], int, str]]:
    """Made late: their classes need the settings."""
    from django.db.utils import InterfaceError, OperationalError

    from sendmill.accounts.models import Member
    from sendmill.accounts.permissions import Action, NotAllowed, NotYours
    from sendmill.backup.errors import BackupRefused, DamagedError
    from sendmill.carriers.protocol import BindError, ConnectError
    from sendmill.catalog.association import NO_APPLICATION
    from sendmill.catalog.association_by_name import SelectionError
    from sendmill.catalog.manifest import ManifestError
    from sendmill.cli.errors import CommandError, NotRunningError, RefusedError
    from sendmill.domain.review import IllegalMove
    from sendmill.domain.violations import FieldError, FormError, Refused, Violation
    from sendmill.postgres.embedded.server import PostgresError
    from sendmill.spreadsheets.errors import SpreadsheetError

    return [
        (lambda: CommandError("It failed."), 1, "It failed."),
        (lambda: RefusedError("No."), 3, "No."),
        (lambda: NotRunningError("Start it."), 4, "Start it."),
        (lambda: DamagedError("It is cut off."), 1, "It is cut off."),
        (lambda: BackupRefused("Not empty."), 3, "Not empty."),
        (
            lambda: Refused(Violation("a", "One %(n)s.", {"n": 1}), Violation("b", "Two.")),
            3,
            "One 1.\nTwo.",
        ),
        (
            lambda: IllegalMove("draft", "approve"),
            3,
            "It is a draft, so it cannot be approved. Submit it first.",
        ),
        (lambda: IllegalMove("deleted", "change"), 3, "It was deleted, so it cannot be changed."),
        (lambda: NotAllowed(Action.REVIEW), 3, "Your role does not allow this."),
        (NotYours, 3, "There is no such thing in your account."),
        (lambda: ManifestError(["templates[1].name: a.", "b."]), 3, "templates[1].name: a.\nb."),
        (lambda: SelectionError("None.", NO_APPLICATION), 3, "None. Look with `sendmill application list`."),
        (
            lambda: FormError([FieldError("a", "Name it.", field="name"), FieldError("b", "Now.", field="")]),
            3,
            "Name it.\nNow.",
        ),
        (lambda: Refused(Violation("a", "Too late.")), 3, "Too late."),
        (lambda: SpreadsheetError("a", "Row %(row)s.", row=2), 3, "Row 2."),
        (lambda: ConnectError("Nobody answers."), 1, "Nobody answers."),
        (lambda: BindError(13, "It refused."), 1, "It refused."),
        (lambda: PostgresError("No room."), 4, "No room."),
        (lambda: OperationalError("gone\nmore"), 4, "The database does not answer."),
        (lambda: InterfaceError("closed"), 4, "sendmill up"),
        (Member.DoesNotExist, 3, "somebody deleted it meanwhile"),
        (lambda: PermissionError(errno.EACCES, "Permission denied", "/a"), 1, "/a: Permission denied."),
        (lambda: ValueError("the unexpected"), 1, "This is a fault of Sendmill (ValueError)."),
    ]


def test_an_error_ends_a_command_with_sentence_and_status(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for make, status, sentence in _errors():

        def fail(make: Callable[[], Exception] = make) -> None:
            raise make()

        monkeypatch.setattr("sendmill.cli.commands.account.ready", fail)
        assert sentence in shell.refuse("account", "list", status=status)


def test_every_error_of_the_table_is_tried() -> None:
    from sendmill.cli.errors import STATUSES

    tried = {
        f"{kind.__module__}.{kind.__qualname__}" for make, _, _ in _errors() for kind in type(make()).__mro__
    }
    assert set(STATUSES) <= tried


def test_every_illegal_move_has_words() -> None:
    from sendmill.cli.errors import illegal
    from sendmill.domain.review import SIGNATURE_MOVES, TEMPLATE_MOVES

    actions = {action for _, action in [*SIGNATURE_MOVES, *TEMPLATE_MOVES]} | {"delete"}
    for state in ("draft", "pending", "approved", "rejected"):
        for action in actions:
            sentence = illegal(state, action)
            assert sentence.startswith("It ")
            assert "_" not in sentence


def test_debugging_shows_where(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ValueError("the unexpected")

    monkeypatch.setenv("SENDMILL_DEBUG", "true")
    monkeypatch.setattr("sendmill.cli.commands.account.ready", fail)
    with pytest.raises(ValueError, match="the unexpected"):
        shell.run("account", "list")


@pytest.mark.parametrize(
    "words",
    [
        ("nonsense",),
        ("application", "create", "Name"),
        ("application", "create", "Name", "--type", "lunar"),
        ("member", "role", "name", "king"),
        ("task", "show", "one"),
        ("task", "list", "--limit", "0"),
    ],
)
def test_wrong_usage_has_status_2(shell: Shell, words: tuple[str, ...]) -> None:
    assert "Usage:" in shell.refuse(*words, status=2)
