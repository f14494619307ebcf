"""The files of marks outside of the store: what was noted is read again, whatever happened in between."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.message_store.marks import files
from sendmill.message_store.marks.files import Header, MarkFile, newest, read_file, read_files, remove_ended


def header(run: UUID) -> Header:
    return Header("store", str(run), "here", "host", os.getpid())


def test_what_was_noted_is_read_again(tmp_path: Path) -> None:
    run, other = uuid4(), uuid4()
    made = MarkFile.create(tmp_path / "store", header(run), {(run, 0): 0})
    made.note({(run, 1): 1})
    made.note({(run, 1): 2, (run, 2): 7, (other, 1): 3})
    (found,) = read_files(tmp_path / "store")
    assert found.run == run
    assert found.counts == {(run, 0): 0, (run, 1): 2, (run, 2): 7, (other, 1): 3}
    assert found.locked
    assert found.alive
    made.close()
    (ended,) = read_files(tmp_path / "store")
    assert ended.counts == found.counts
    assert not ended.locked
    assert not ended.alive


def test_a_file_is_private_and_keeps_its_size(tmp_path: Path) -> None:
    run = uuid4()
    made = MarkFile.create(tmp_path / "store", header(run), {})
    made.note({(run, 1): 1})
    assert made.path.stat().st_mode & 0o777 == 0o600
    assert made.path.parent.stat().st_mode & 0o777 == 0o700
    assert made.path.stat().st_size == files.SIZE
    made.close()


def test_a_full_file_is_written_anew_under_its_name_and_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SIZE", 1000)
    run = uuid4()
    made = MarkFile.create(tmp_path, header(run), {})
    for count in range(1, 200):
        made.note({(run, count % 3): count})
        (found,) = read_files(tmp_path)
        assert found.counts[run, count % 3] == count
        assert found.locked
        assert found.path.stat().st_size <= 1000
    assert found.counts == {(run, 0): 198, (run, 1): 199, (run, 2): 197}
    assert [path.name for path in tmp_path.iterdir()] == [f"{run}.stamps"]
    made.close()


@given(cut=st.integers(0, 120), junk=st.binary(max_size=40))
def test_a_torn_end_hides_nothing_before_it(
    tmp_path_factory: pytest.TempPathFactory, cut: int, junk: bytes
) -> None:
    folder = tmp_path_factory.mktemp("torn")
    run = uuid4()
    made = MarkFile.create(folder, header(run), {})
    made.note({(run, 1): 5})
    end = made.path.read_bytes().index(b"\0")
    made.note({(run, 1): 6})
    made.close()
    content = bytearray(made.path.read_bytes())
    whole = content.index(b"\0")
    torn = min(end + cut, whole)
    content[torn:whole] = bytes(whole - torn)
    content[torn : torn + len(junk)] = junk.replace(b"\0", b"x")
    made.path.write_bytes(content)
    found = read_file(made.path)
    assert found is not None
    assert found.counts[run, 1] in ({6} if torn >= whole - 1 and not junk else {5, 6})
    assert found.counts[run, 1] >= 5


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"{}\n", b"not ours\n", b'{"run": 5}\n'])
def test_a_file_without_its_head_is_damaged_and_never_removed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.stamps"
    path.write_bytes(content)
    (found,) = read_files(tmp_path)
    assert found.damaged
    assert remove_ended([found]) == []
    assert path.exists()


def test_only_files_of_ended_runs_are_removed(tmp_path: Path) -> None:
    ended, living = uuid4(), uuid4()
    MarkFile.create(tmp_path, header(ended), {}).close()
    made = MarkFile.create(tmp_path, header(living), {})
    assert remove_ended(read_files(tmp_path)) == [ended]
    assert [one.run for one in read_files(tmp_path)] == [living]
    made.close()


def test_the_newest_of_several_files_counts() -> None:
    run = uuid4()
    one = files.Noted(Path("a"), run, {(run, 1): 5, (run, 2): 1})
    two = files.Noted(Path("b"), run, {(run, 1): 3, (run, 3): 9})
    assert newest([one, two]) == {(run, 1): 5, (run, 2): 1, (run, 3): 9}


def test_a_folder_that_is_not_there_holds_no_files(tmp_path: Path) -> None:
    assert read_files(tmp_path / "never") == []


def test_a_full_disk_is_an_error_and_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SIZE", 400)
    run = uuid4()
    made = MarkFile.create(tmp_path, header(run), {(run, 1): 1})

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    many = {(run, lane): 1 for lane in range(20)}
    with pytest.raises(OSError, match="No space"):
        made.note(many)
    (found,) = read_files(tmp_path)
    assert found.counts[run, 1] >= 1
    assert [path.suffix for path in tmp_path.iterdir()] == [".stamps"]
    made.close()


def test_a_run_that_knows_of_many_lanes_does_not_write_its_file_anew_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "SIZE", 1000)
    run = uuid4()
    made = MarkFile.create(tmp_path, header(run), {(run, lane): 1 for lane in range(100)})
    before = made.path.stat().st_ino
    for count in range(2, 12):
        made.note({(run, 1): count})
    assert made.path.stat().st_ino == before
    (found,) = read_files(tmp_path)
    assert found.counts[run, 1] == 11
    assert len(found.counts) == 100


def test_a_file_that_is_written_anew_while_it_is_read_is_that_of_a_living_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its old content has no lock any more; taken for ended, the new one would be removed."""
    run = uuid4()
    made = MarkFile.create(tmp_path, header(run), {(run, 1): 1})
    is_locked = files._is_locked

    def meanwhile(descriptor: int) -> bool:
        monkeypatch.setattr(files, "_is_locked", is_locked)
        made._write_anew()
        return is_locked(descriptor)

    monkeypatch.setattr(files, "_is_locked", meanwhile)
    found = read_file(made.path)
    assert found is not None
    assert found.locked
    remove_ended([found])
    assert made.path.exists()


def test_a_file_that_was_removed_under_its_run_is_there_again_with_the_next_note(tmp_path: Path) -> None:
    run = uuid4()
    made = MarkFile.create(tmp_path / "store", header(run), {(run, 1): 1})
    made.path.unlink()
    made.path.parent.rmdir()
    made.note({(run, 2): 1})
    (found,) = read_files(tmp_path / "store")
    assert found.counts == {(run, 1): 1, (run, 2): 1}
    assert found.locked


def test_a_folder_that_is_not_mounted_is_not_made_up(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        MarkFile.create(tmp_path / "mount" / "store", header(uuid4()), {}, parents=False)
    assert not (tmp_path / "mount").exists()
