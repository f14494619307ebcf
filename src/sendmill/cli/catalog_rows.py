"""What commands about applications, signatures, templates and carriers share: changing and deleting a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sendmill.cli.errors import RefusedError
from sendmill.cli.output import make_sure
from sendmill.schemas.deleted import DeletedSchema

if TYPE_CHECKING:
    from sendmill.accounts.models import Member
    from sendmill.cli.caller import Caller


def named_changes(options: Mapping[str, Any], advice: str) -> dict[str, Any]:
    """The fields whose option was given. Raises RefusedError with the advice when none was."""
    changes = {field: value for field, value in options.items() if value is not None}
    if not changes:
        raise RefusedError(f"Nothing to change was named: give {advice}.")
    return changes


def delete_row(caller: Caller, noun: str, row: Any, delete: Callable[[Member, Any], Any], yes: bool) -> None:
    """Ask, delete a row that has a name, and tell so."""
    make_sure(f"Delete the {noun} “{row.name}”?", yes)
    answer = DeletedSchema.of(row)
    delete(caller.member, row)
    caller.tell(answer, f"{noun.capitalize()} “{row.name}” was deleted.")
