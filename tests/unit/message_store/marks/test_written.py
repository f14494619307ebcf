"""What a killed sender's file says of its open batches, and when it says nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from sendmill.message_store.marks import written
from sendmill.message_store.marks.written import ALL, PARTS, SUFFIX, WrittenFile, read_written

ONE, OTHER = (7, 0, 1), (7, 1, 3)
MARKS = {1: 10, 2: 10}


@pytest.fixture
def run() -> UUID:
    return uuid4()


@pytest.fixture
def file(tmp_path: Path, run: UUID) -> WrittenFile:
    return WrittenFile(tmp_path / f"{run}{SUFFIX}", "store", run)


def killed(file: WrittenFile) -> Path:
    """As the kernel leaves the file of a process that was killed: its lock is gone, what it says is there."""
    file._memory.close()
    os.close(file._descriptor)
    return file.path


def begin(file: WrittenFile, lease: tuple[int, int, int], seqs: list[int], mark: int = 1) -> written.Slot:
    slot = file.take()
    assert slot is not None
    slot.begin(lease, 1, mark, seqs)
    return slot


def test_what_was_written_may_have_left_and_the_rest_has_not(file: WrittenFile, run: UUID) -> None:
    begin(file, ONE, [3, 4, 5, 6]).note(2)
    begin(file, ONE, [10, 11, 11, 11]).note(3)
    begin(file, OTHER, [1_000, 1_001])
    assert read_written(killed(file), run, MARKS) == {ONE: {3, 4, 10, 11}, OTHER: set()}


def test_while_its_run_lives_it_says_nothing(file: WrittenFile, run: UUID) -> None:
    begin(file, ONE, [3]).note(1)
    assert read_written(file.path, run, MARKS) is None


def test_about_a_store_that_lacks_an_intent_it_says_nothing(file: WrittenFile, run: UUID) -> None:
    """An older copy of the store may have batches open that were recorded since, and whose slots were used again."""
    slot = begin(file, ONE, [3], mark=10)
    slot.note(1)
    file.give_back(slot)
    begin(file, OTHER, [1_000], mark=11)
    path = killed(file)
    assert read_written(path, run, MARKS) is None
    assert read_written(path, run, {1: 11}) == {OTHER: set()}
    assert read_written(path, run, {}) is None


def test_after_a_restart_of_the_machine_it_says_nothing(
    file: WrittenFile, run: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(file, ONE, [3])
    path = killed(file)
    for other in ("another", ""):
        monkeypatch.setattr(written, "boot_id", lambda other=other: other)
        assert read_written(path, run, MARKS) is None


def test_a_file_of_another_run_or_that_is_no_such_file_says_nothing(
    file: WrittenFile, run: UUID, tmp_path: Path
) -> None:
    path = killed(file)
    assert read_written(path, uuid4(), MARKS) is None
    assert read_written(tmp_path / "none", run, MARKS) is None
    path.write_bytes(b"\0" * 100)
    assert read_written(path, run, MARKS) is None


def test_a_batch_too_large_for_its_slot_may_have_left_as_a_whole(file: WrittenFile, run: UUID) -> None:
    begin(file, ONE, list(range(PARTS + 1)))
    assert ALL < 0
    assert read_written(killed(file), run, MARKS) == {ONE: None}


def test_without_a_slot_for_a_batch_it_says_nothing_any_more(
    file: WrittenFile, run: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(file, ONE, [3])
    while file.take() is not None:
        pass
    assert read_written(killed(file), run, MARKS) is None


def test_a_clean_end_leaves_no_file(file: WrittenFile) -> None:
    file.end()
    assert not file.path.exists()


def test_what_a_process_noted_before_kill_9_is_there(tmp_path: Path, run: UUID) -> None:
    program = textwrap.dedent(
        f"""
        import os, signal, pathlib, uuid
        from sendmill.message_store.marks.written import WrittenFile
        file = WrittenFile(pathlib.Path({str(tmp_path / f"{run}{SUFFIX}")!r}), "store", uuid.UUID({str(run)!r}))
        slot = file.take()
        slot.begin((7, 0, 1), 1, 1, list(range(250)))
        slot.note(100)
        os.kill(os.getpid(), signal.SIGKILL)
        """
    )
    ended = subprocess.run([sys.executable, "-c", program], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert read_written(tmp_path / f"{run}{SUFFIX}", run, MARKS) == {ONE: set(range(100))}
