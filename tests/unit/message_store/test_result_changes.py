"""One module changes the results of messages, and says in a table which changes there are."""

from __future__ import annotations

import re
from pathlib import Path

import sendmill
from sendmill.message_store import result_changes

SOURCE = Path(sendmill.__file__).parent
OWNER = Path(result_changes.__file__)
CHANGE = re.compile(
    r"UPDATE\s+<?(message|part|failure)>?\s|SET\s+result\b|(INTO|FROM)\s+<?failure>?\s*(\(|f USING)",
    re.IGNORECASE,
)
STATEMENTS = {
    name for name, value in vars(result_changes).items() if name.isupper() and isinstance(value, str)
}


def test_no_other_module_changes_a_result() -> None:
    found = {
        f"{path.relative_to(SOURCE)}: {match[0]}"
        for path in SOURCE.rglob("*")
        if path.suffix in (".py", ".sql") and path != OWNER
        for match in CHANGE.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_every_change_has_a_row_in_the_table() -> None:
    in_table = set(re.findall(r"\| `([A-Z_]+)` \|", result_changes.__doc__ or ""))
    assert in_table == {name for name in STATEMENTS if not name.startswith("_")}


def test_every_change_is_counted() -> None:
    for name in STATEMENTS - {"SENT"}:
        text = getattr(result_changes, name)
        if "UPDATE <message>" in text:
            assert "UPDATE <tally>" in text, name
            fails = "INSERT INTO <failure>" in text
            assert fails is (
                name not in ("DELIVERED", "LEFT_OPEN", "UNSENT", "SENT_AGAIN", "REPORTED_ONCE", "ACCEPTED")
            ), name
            assert ("DELETE FROM <failure>" in text) is (name in ("REPORTED", "PARTS_REPORTED")), name
