"""kill -9 of a sender in the middle of its batches: what it had not written is sent by the next one."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.acceptance.test_several_senders import Rows, until
from tests.rig.processes import SenderProcess, SimulatorProcess
from tests.rig.store import add_account, add_carrier, add_task, check_books

from sendmill.message_store.marks.written import SUFFIX
from sendmill.simulator.journal import audit, read_journal

FIRST, COUNT, WINDOW = 12020000000, 3_000, 100


class Killed:
    """A task whose sender was killed with a full window, and goes on with the next one until all is handed over."""

    def __init__(self, store_url: str, rows: Rows, folder: Path, *, between: Callable[[], None]) -> None:
        journal = folder / "journal"
        with ExitStack() as stack:
            faults = {"answer_time": 1.0, "drop_reports": 1.0}  # a report would settle what is Uncertain
            simulator = stack.enter_context(SimulatorProcess(journal, faults=faults))
            account = add_account(rows, folder.name)
            carrier = add_carrier(rows, account, port=simulator.port, window=WINDOW)
            sender = SenderProcess(store_url, folder, folder / "log")
            stack.callback(sender.kill)
            sender.start()
            self.task = add_task(rows, account, carrier, range(FIRST, FIRST + COUNT))
            until(lambda: len(list(read_journal(journal))) > 6 * WINDOW, "the window is full")
            sender.kill()
            between()
            simulator.tell(faults={"drop_reports": 1.0})
            sender.start()
            until(lambda: not self._left(rows), "an end of sending")
        self.books = check_books(rows, self.task)
        self.taken = {entry.destination for entry in read_journal(journal)}
        told = audit(journal)
        assert (told.parts_twice, told.numbers_twice) == ([], [])

    def _left(self, rows: Rows) -> int:
        """Chunks that are not done."""
        query = "SELECT count(*) FROM chunk WHERE task_id = %s AND state <> 2"
        row = rows.execute(query, (self.task,)).fetchone()
        return int(row[0]) if row else 0


@pytest.mark.crash
def test_what_a_killed_sender_had_not_written_is_sent(store_url: str, rows: Rows, tmp_path: Path) -> None:
    killed = Killed(store_url, rows, tmp_path, between=lambda: None)
    # What was unanswered, and what was answered in the last quarter of a second and not recorded yet.
    assert 0 < killed.books.uncertain <= 1.5 * WINDOW
    unsure = rows.execute("SELECT number FROM message WHERE task_id = %s AND result = 3", (killed.task,))
    assert killed.taken | {number for (number,) in unsure} == set(range(FIRST, FIRST + COUNT))


@pytest.mark.crash
def test_without_its_file_all_that_was_open_is_uncertain(store_url: str, rows: Rows, tmp_path: Path) -> None:
    """Nobody knows then what had left, so nothing of it is sent again."""

    def lose() -> None:
        files = list(Path(os.environ["SENDMILL_STATE_DIR"]).rglob(f"*{SUFFIX}"))
        assert files
        for path in files:
            path.unlink()

    killed = Killed(store_url, rows, tmp_path, between=lose)
    assert WINDOW / 2 < killed.books.uncertain <= 2 * WINDOW
    assert killed.books.uncertain > COUNT - len(killed.taken) > 0, "some of it had never left"
