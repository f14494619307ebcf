"""The journal: written before the response, read with a torn end, and what it says was accepted twice."""

from pathlib import Path

import pytest
from tests.rig.smpp_client import bound, long_parts, message
from tests.unit.simulator.conftest import Start

from sendmill.simulator.faults import Faults
from sendmill.simulator.journal import Entry, Journal, JournalError, Twice, audit, digest, read_journal

NUMBER = 8613112345678


def line(serial: int, number: int = NUMBER, text: bytes = b"Hello", part: int = 1, total: int = 1) -> str:
    return f"1\t{serial}\t{serial:x}\tdemo\tSendmill\t{number}\t7\t{total}\t{part}\t{digest(text)}\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def write(path: Path, *lines: str) -> None:
    journal = Journal(path)
    journal.append(list(lines))
    journal.close()


async def test_every_accepted_part_is_a_line(start: Start, path: Path) -> None:
    smsc = await start(log_path=path)
    async with bound(smsc.port) as client:
        _, first = await client.submit(message(NUMBER, b"One"))
        assert [entry.carrier_id for entry in read_journal(path)] == [first]
        await client.submit(message("wrong"))
        ids = [(await client.submit(part))[1] for part in long_parts(NUMBER, [b"a", b"b"])]
    entries = list(read_journal(path))
    assert [entry.carrier_id for entry in entries] == [first, *ids]
    assert entries[0]._replace(nanoseconds=0, serial=0) == Entry(
        0, 0, first, "demo", "Sendmill", NUMBER, 0, 1, 1, digest(b"One"), "DELIVERED"
    )
    assert [(entry.reference, entry.total, entry.number) for entry in entries[1:]] == [(7, 2, 1), (7, 2, 2)]
    assert entries[2].digest == digest(b"b")
    assert path.stat().st_mode & 0o777 == 0o600


async def test_ids_go_on_where_the_journal_ended(start: Start, path: Path) -> None:
    ids = []
    for _ in range(2):
        smsc = await start(Faults(), log_path=path, first_id=1000)
        async with bound(smsc.port) as client:
            ids.append((await client.submit(message()))[1])
        await smsc.stop()
    assert ids == ["1000", "1001"]


def test_the_digest_is_the_start_of_sha1() -> None:
    assert digest(b"abc") == "a9993e364706816a"


def test_a_torn_last_line_is_no_part(path: Path) -> None:
    write(path, line(1), line(2))
    with path.open("a") as file:
        file.write(line(3)[:30])
    assert [entry.serial for entry in read_journal(path)] == [1, 2]
    assert audit(path).parts == 2


@pytest.mark.parametrize("kept", [1, 30, -1])
def test_a_torn_line_is_closed_by_the_next_writer(path: Path, kept: int) -> None:
    write(path, line(1), line(2))
    with path.open("a") as file:
        file.write(line(3)[:kept])
    journal = Journal(path)
    assert journal.last_serial == 2
    journal.append([line(3), line(4)])
    journal.close()
    assert [entry.serial for entry in read_journal(path)] == [1, 2, 3, 4]


def test_an_empty_journal_and_one_that_is_all_torn(path: Path) -> None:
    assert Journal(path).last_serial is None
    path.write_text("12\t3")
    write(path, line(9))
    assert [entry.serial for entry in read_journal(path)] == [9]


def test_a_journal_that_something_else_wrote_into_is_refused(path: Path) -> None:
    write(path, line(1))
    with path.open("a") as file:
        file.write("hello\n")
    with pytest.raises(JournalError, match="Line 2"):
        list(read_journal(path))
    path.write_text(line(1).replace("8613", "x613"))
    with pytest.raises(JournalError, match="Line 1"):
        list(read_journal(path))


def test_an_audit_finds_what_was_accepted_twice(path: Path) -> None:
    write(
        path,
        line(1),
        line(2, NUMBER + 1),
        line(3, NUMBER + 1),
        line(4, NUMBER + 2, b"one text"),
        line(5, NUMBER + 2, b"another"),
        line(6, NUMBER + 3, b"a", 1, 2),
        line(7, NUMBER + 3, b"b", 2, 2),
        line(8, NUMBER + 3, b"b", 2, 2).replace("\t7\t", "\t8\t"),
    )
    found = audit(path)
    assert (found.parts, found.messages, found.numbers) == (8, 6, 4)
    assert found.parts_twice == [
        Twice(NUMBER + 1, digest(b"Hello"), 1, 2),
        Twice(NUMBER + 3, digest(b"b"), 2, 2),
    ]
    assert found.numbers_twice == [Twice(NUMBER + 1, "", 1, 2), Twice(NUMBER + 2, "", 1, 2)]


def test_a_clean_journal_has_nothing_twice(path: Path) -> None:
    write(path, *[line(at, NUMBER + at) for at in range(500)])
    found = audit(path)
    assert (found.parts, found.numbers, found.parts_twice, found.numbers_twice) == (500, 500, [], [])
