"""A store that may be older than what was sent from it is held: nothing goes twice, whatever was put back.

Each of these sent numbers twice before holds were built: 300 of 300 from a cold backup, 2,942 of 6,000 from a dump,
2,587 of 5,000 from a copied folder.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.acceptance.older_store import Household

from sendmill.dispatch import sender, store_guard
from sendmill.message_store.engine.store_holds import begin_hold
from sendmill.message_store.marks.judgement import RULES, Ground, HoldKind
from sendmill.postgres.embedded.binaries import INSTALL, wheel_base
from sendmill.simulator.faults import Faults
from sendmill.simulator.server import Smsc

SENT = 300


@pytest.fixture
async def home(server_folder: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Household]:
    monkeypatch.setattr(sender, "LOOK", 0.05)
    monkeypatch.setattr(sender, "CARRIERS", 0.2)
    monkeypatch.setattr(store_guard, "AGAIN", 0.2)
    smsc = Smsc(log_path=server_folder / "journal")
    await smsc.start()
    household = Household(server_folder / "home", smsc, server_folder / "journal")
    household.start()
    household.furnish()
    yield household
    household.stop()
    await smsc.stop()


async def send_one(home: Household, task: int, count: int = SENT) -> None:
    async with home.sender():
        await home.until(lambda: home.count(task, 1) == count, "the task")
    assert home.held() is None


async def stays_held(home: Household, kind: str, *, bound: bool) -> None:
    """Under a living sender the store is held, and nothing leaves; the carrier is bound, or never was."""
    before = home.accepted()
    async with home.sender() as process:
        await home.until(lambda: home.held() == kind, f"the hold {kind}")
        if bound:
            await home.until(home.bound, "the bind")
        looks = process.guard.examinations
        await home.until(lambda: process.guard.examinations > looks + 3, "further looks")
        assert home.bound() == bound
    assert home.accepted() == before


async def test_a_cold_copy_put_back_is_held_and_released_by_a_person(
    home: Household, server_folder: Path
) -> None:
    task = home.add(SENT)
    home.copy(server_folder / "backup")
    await send_one(home, task)
    assert len(home.accepted()) == SENT
    home.put_back(server_folder / "backup")
    await stays_held(home, "older", bound=True)

    shown = json.loads(home.run("held", "show", "--json").stdout)
    assert shown["held"]
    assert [(one["id"], one["unsent"]) for one in shown["tasks"]] == [(task, SENT)]
    released = home.run("held", "release", "--as", "uncertain", "--yes")
    assert released.returncode == 0, released.stderr
    assert home.count(task, 3) == SENT
    async with home.sender():
        other = home.add(10)
        await home.until(lambda: home.count(other, 1) == 10, "a task after the release")
    assert home.held() is None
    assert len(home.accepted()) == SENT + 10


async def test_what_is_released_to_be_sent_is_sent_and_holds_no_more(
    home: Household, server_folder: Path
) -> None:
    task = home.add(SENT)
    home.copy(server_folder / "backup")
    await send_one(home, task)
    home.put_back(server_folder / "backup")
    await stays_held(home, "older", bound=True)
    assert home.run("held", "release", "--as", "send", "--yes").returncode == 0
    for _ in range(2):
        async with home.sender():
            await home.until(lambda: home.count(task, 1) == SENT, "the task once more")
        assert home.held() is None
    assert len(home.accepted()) == 2 * SENT


async def test_the_same_backup_put_back_again_after_a_release_is_held_again(
    home: Household, server_folder: Path
) -> None:
    task = home.add(SENT)
    home.copy(server_folder / "backup")
    await send_one(home, task)
    for _ in range(2):
        home.put_back(server_folder / "backup")
        await stays_held(home, "older", bound=True)
        assert home.run("held", "release", "--as", "end", "--yes").returncode == 0
        other = home.add(10)
        async with home.sender():
            await home.until(lambda other=other: home.count(other, 1) == 10, "another task")


async def test_a_backup_from_before_the_first_task_is_held(home: Household, server_folder: Path) -> None:
    home.copy(server_folder / "backup")
    task = home.add(SENT)
    await send_one(home, task)
    home.put_back(server_folder / "backup")
    await stays_held(home, "older", bound=True)


async def test_a_copied_folder_at_another_place_opens_no_bind(home: Household, server_folder: Path) -> None:
    task = home.add(SENT)
    await send_one(home, task)
    home.add(50)
    home.copy(server_folder / "clone" / "data")
    clone = Household(
        server_folder / "clone", home.smsc, home.journal, state=(home.home / "state",), carrier=home.carrier
    )
    clone.start()
    try:
        await stays_held(clone, "elsewhere", bound=False)
        refused = clone.run("held", "release", "--as", "send", "--yes")
        assert refused.returncode == 1
        assert "--only-one" in refused.stderr
        # Without a bind of the clone's the original goes on undisturbed.
        async with home.sender():
            await home.until(lambda: len(home.accepted()) == SENT + 50, "the rest at the original")
        assert home.held() is None
    finally:
        clone.stop()


async def test_another_machine_opens_no_bind_until_a_person_says_it_is_the_only_one(
    home: Household, server_folder: Path
) -> None:
    task = home.add(SENT)
    await send_one(home, task)
    late = home.add(20)
    home.copy(server_folder / "other" / "data")
    home.stop()
    other = Household(
        server_folder / "other", home.smsc, home.journal, machine="another", carrier=home.carrier
    )
    other.start()
    try:
        await stays_held(other, "elsewhere", bound=False)
        assert other.run("held", "release", "--only-one", "--as", "send", "--yes").returncode == 0
        async with other.sender():
            await other.until(lambda: other.count(late, 1) == 20, "the rest at the new machine")
        assert other.held() is None
    finally:
        other.stop()
    assert len(home.accepted()) == len(set(home.accepted())) == SENT + 20


async def test_a_machine_rolled_back_is_told_by_the_second_folder(
    home: Household, server_folder: Path
) -> None:
    home.state = (home.home / "state", server_folder / "elsewhere")
    home.state[1].mkdir()
    first = home.add(10)
    await send_one(home, first, 10)
    task = home.add(SENT)
    home.copy(server_folder / "backup")
    shutil.copytree(home.home / "state", server_folder / "state of then")
    await send_one(home, task)
    home.put_back(server_folder / "backup")
    shutil.rmtree(home.home / "state")
    shutil.copytree(server_folder / "state of then", home.home / "state")
    await stays_held(home, "older", bound=True)


async def test_a_machine_rolled_back_alone_is_told_by_reports_of_what_it_never_sent(
    home: Household, server_folder: Path
) -> None:
    first = home.add(10)
    await send_one(home, first, 10)
    task = home.add(SENT)
    home.copy(server_folder / "backup")
    shutil.copytree(home.home / "state", server_folder / "state of then")
    home.smsc.faults = Faults(report_delay=(4.0, 4.0))
    async with home.sender():
        await home.until(lambda: len(home.accepted()) == SENT + 10, "the task at the carrier")
    home.put_back(server_folder / "backup")
    shutil.rmtree(home.home / "state")
    shutil.copytree(server_folder / "state of then", home.home / "state")
    with home.rows() as rows:
        # Waits for its turn: what was sent before the carrier spoke cannot be taken back.
        rows.execute("UPDATE task SET paused = true WHERE id = %s", (task,))
    await stays_held(home, "reports", bound=True)


async def test_lost_marks_hold_once(home: Household) -> None:
    task = home.add(SENT)
    await send_one(home, task)
    shutil.rmtree(home.home / "state")
    await stays_held(home, "lost", bound=True)
    assert home.run("held", "release", "--as", "send", "--yes").returncode == 0
    other = home.add(10)
    await send_one(home, other, 10)


async def test_marks_lost_before_anything_was_sent_hold_nothing(home: Household) -> None:
    async with home.sender():
        await home.until(home.bound, "the bind")
    shutil.rmtree(home.home / "state")
    task = home.add(SENT)
    await send_one(home, task)


async def test_a_killed_server_is_no_reason_to_hold(home: Household) -> None:
    task = home.add(20_000)
    async with home.sender():
        for kill in range(3):
            await home.until(lambda kill=kill: len(home.accepted()) > kill * 5_000 + 500, "some of it")
            assert home.server is not None
            pid = home.server.status().pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
            await asyncio.to_thread(home.server.start)
        await home.until(
            lambda: home.count(task, 1) + home.count(task, 3) == 20_000, "all of it, or Uncertain"
        )
    assert home.held() is None
    accepted = home.accepted()
    assert len(accepted) == len(set(accepted))


async def test_marks_that_cannot_be_noted_stop_the_sending_and_say_why(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sendmill.message_store.marks.files import MarkFile

    task = home.add(SENT)
    note = MarkFile.note

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(MarkFile, "note", full)
    async with home.sender() as process:
        await home.until(lambda: process.guard.fault is not None, "the fault")
        assert "No space left" in str(process.guard.fault)
        assert home.accepted() == []
        monkeypatch.setattr(MarkFile, "note", note)
        await home.until(lambda: home.count(task, 1) == SENT, "the task")
    assert len(home.accepted()) == SENT


async def test_a_place_that_is_confirmed_opens_binds_and_stays_held(
    home: Household, server_folder: Path
) -> None:
    task = home.add(SENT)
    home.copy(server_folder / "clone" / "data")
    await send_one(home, task)
    clone = Household(
        server_folder / "clone", home.smsc, home.journal, state=(home.home / "state",), carrier=home.carrier
    )
    clone.start()
    try:
        # It is both: a copy elsewhere, and older than what was sent; the weightier is said.
        await stays_held(clone, "elsewhere", bound=False)
        assert clone.run("held", "here", "--yes").returncode == 0
        await stays_held(clone, "restored", bound=True)
        assert clone.run("held", "release", "--as", "end", "--yes").returncode == 0
        assert clone.held() is None
        assert clone.count(task, 4) == SENT
    finally:
        clone.stop()


async def test_a_dump_put_back_into_the_same_folder_is_at_home_and_older(
    home: Household, server_folder: Path
) -> None:
    """As `sendmill restore` does: the embedded server is made anew, and its identity with it."""
    task = home.add(SENT)
    dump = server_folder / "dump"
    programs = wheel_base() / INSTALL / "bin"
    subprocess.run([programs / "pg_dump", "-Fc", "-f", dump, home.dsn], check=True)
    await send_one(home, task)
    home.stop()
    shutil.rmtree(home.data)
    home.start()
    subprocess.run([programs / "pg_restore", "-d", home.dsn, dump], check=True)
    with home.rows() as rows, rows.cursor() as cursor:
        begin_hold(cursor, Ground(HoldKind.RESTORED, RULES["restored"], {"taken_at": "yesterday"}))
    await stays_held(home, "restored", bound=True)
    with home.rows() as rows:
        said, missing = rows.execute(
            "SELECT parameters, missing FROM hold WHERE released_at IS NULL"
        ).fetchone() or (None, None)
    assert said == {"taken_at": "yesterday"}
    assert missing
