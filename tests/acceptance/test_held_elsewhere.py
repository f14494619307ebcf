"""A held store that is copied, confirmed, or looked after badly: it is still not sent from by mistake."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from tests.acceptance.older_store import Household
from tests.acceptance.test_older_store import home as home
from tests.acceptance.test_older_store import send_one, stays_held

from sendmill.dispatch.store_guard import StoreChangedError
from sendmill.message_store.marks.surroundings import Surroundings
from sendmill.postgres.connections import connect

SENT = 300
# Not an autovacuum worker, which only a superuser may end.
END_OURS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user"
)


def clone_of(original: Household, folder: Path) -> Household:
    """The same store on another machine, with marks of its own."""
    smsc, journal, carrier = original.smsc, original.journal, original.carrier
    return Household(folder, smsc, journal, machine="another", carrier=carrier)


async def test_a_copy_of_a_held_store_says_that_it_is_elsewhere_and_clears_nothing(
    home: Household,
    server_folder: Path,
) -> None:
    task = home.add(SENT)
    home.copy(server_folder / "backup")
    await send_one(home, task)
    home.put_back(server_folder / "backup")
    await stays_held(home, "older", bound=True)
    with home.rows() as rows:
        # What an administrator decides about this one task, with the choice to send.
        rows.execute("UPDATE task SET cleared_hold = (SELECT id FROM hold WHERE released_at IS NULL)")
    home.copy(server_folder / "other" / "data")
    async with home.sender():
        await home.until(lambda: home.count(task, 1) == SENT, "the task that was released")
    home.stop()
    clone = clone_of(home, server_folder / "other")
    clone.start()
    try:
        await stays_held(clone, "elsewhere", bound=False)
        assert clone.run("held", "release", "--as", "send", "--yes").returncode == 1
        assert clone.run("held", "here", "--yes").returncode == 0
        await stays_held(clone, "restored", bound=True)
    finally:
        clone.stop()


async def test_a_copy_from_before_anything_was_sent_is_held_elsewhere(
    home: Household,
    server_folder: Path,
) -> None:
    """A sender ran at home, and the task went after the copy."""
    async with home.sender():
        await home.until(home.bound, "the bind")
    task = home.add(SENT)
    home.copy(server_folder / "other" / "data")
    await send_one(home, task)
    home.stop()
    clone = clone_of(home, server_folder / "other")
    clone.start()
    try:
        await stays_held(clone, "elsewhere", bound=False)
    finally:
        clone.stop()


async def test_a_connection_to_a_database_that_lacks_our_marks_opens_nothing(home: Household) -> None:
    """A database of the same server that was put in the other's place: the life of the server is the same."""
    first = home.add(10)
    async with home.sender() as process:
        await home.until(lambda: home.count(first, 1) == 10, "the first task")
        guard = process.guard
        await home.until(lambda: guard.open, "the examination")
        older = psycopg.conninfo.make_conninfo(home.dsn, dbname="older")
        with psycopg.connect(
            psycopg.conninfo.make_conninfo(home.dsn, dbname="postgres"), autocommit=True
        ) as conn:
            name = psycopg.conninfo.conninfo_to_dict(home.dsn)["dbname"]
            for _ in range(200):
                conn.execute(END_OURS, (name,))
                try:
                    conn.execute(
                        sql.SQL("CREATE DATABASE older TEMPLATE {}").format(sql.Identifier(str(name)))
                    )
                    break
                except psycopg.errors.ObjectInUse:
                    continue
        await home.until(lambda: guard.open, "the examination after the copy")
        second = home.add(SENT)
        await home.until(lambda: home.count(second, 1) == SENT, "the second task")
        conn = await connect(older, "test")
        async with conn:
            with pytest.raises(StoreChangedError):
                await guard.admit(conn)


async def test_state_folder_removed_under_a_living_sender_comes_back(home: Household) -> None:
    first = home.add(10)
    async with home.sender() as process:
        await home.until(lambda: home.count(first, 1) == 10, "the first task")
        shutil.rmtree(home.home / "state")
        looks = process.guard.examinations
        await home.until(lambda: process.guard.examinations > looks + 3, "further looks")
        second = home.add(SENT)
        await home.until(lambda: home.count(second, 1) == SENT, "the second task")
    await send_one(home, home.add(10), 10)


async def test_a_state_folder_that_cannot_be_used_keeps_no_bind_from_its_reports(home: Household) -> None:
    await send_one(home, home.add(10), 10)
    shutil.move(home.home / "state", home.home / "kept")
    (home.home / "state").write_text("")
    task = home.add(10)
    async with home.sender() as process:
        await home.until(lambda: process.guard.fault is not None, "the fault")
        await home.until(home.bound, "the bind")
        assert home.count(task, 1) == 0
        for command in (("held", "show"), ("held", "here", "--yes")):
            done = home.run(*command)
            assert "Traceback" not in done.stderr
        (home.home / "state").unlink()
        shutil.move(home.home / "kept", home.home / "state")
        await home.until(lambda: home.count(task, 1) == 10, "the task")
    assert home.held() is None


async def test_a_second_folder_that_is_not_mounted_is_said(home: Household, server_folder: Path) -> None:
    home.state = (home.home / "state", server_folder / "mount" / "second")
    home.state[1].mkdir(parents=True)
    await send_one(home, home.add(10), 10)
    shutil.move(server_folder / "mount" / "second", server_folder / "away")
    task = home.add(10)
    async with home.sender() as process:
        await home.until(lambda: process.guard.fault is not None, "the fault")
        assert str(server_folder / "mount" / "second") in str(process.guard.fault)
        shutil.move(server_folder / "away", server_folder / "mount" / "second")
        await home.until(lambda: home.count(task, 1) == 10, "the task")


async def test_the_doctor_says_that_nobody_looked_and_where_the_marks_would_be_copied_along(
    home: Household,
) -> None:
    def store() -> dict[str, Any]:
        found: dict[str, Any] = json.loads(home.run("doctor", "--json").stdout)["store"]
        return found

    await send_one(home, home.add(10), 10)
    assert store()["fine"]
    home.stop()
    home.start()
    assert "No sender has looked" in store()["sentence"]
    home.state = (home.data / "state",)
    shutil.copytree(home.home / "state", home.data / "state")
    await send_one(home, home.add(10), 10)
    assert "SENDMILL_STATE_DIR" in store()["sentence"]


async def test_tables_that_were_put_back_under_a_living_sender_are_held(home: Household) -> None:
    """As `pg_restore --clean` does it: no session of the sender ends."""
    task = home.add(SENT)
    async with home.sender() as process:
        await home.until(lambda: home.count(task, 1) == SENT, "the task")
        with home.rows() as rows:
            rows.execute("UPDATE stamp SET count = 0")
        await home.until(lambda: home.held() == "older", "the hold")
        await home.until(lambda: process.guard.hold is not None, "the sender's knowledge of it")
        other = home.add(10)
        looks = process.guard.examinations
        await home.until(lambda: process.guard.examinations > looks + 5, "further looks")
        assert len(home.accepted()) == SENT
        assert home.run("held", "release", "--as", "send", "--yes").returncode == 0
        await home.until(lambda: home.count(other, 1) == 10, "a task after the release")


class Bare(Household):
    """A server of one's own: its place names no data folder, so a clone beside the original has the same one."""

    @property
    def around(self) -> Surroundings:
        return replace(super().around, data_dir=None)


async def test_a_clone_with_the_same_place_opens_no_bind_beside_the_living_original(
    home: Household, server_folder: Path
) -> None:
    original = Bare(home.home, home.smsc, home.journal, server=home.server, carrier=home.carrier)
    original.account = home.account
    await send_one(original, original.add(10), 10)
    late = original.add(SENT)
    with original.rows() as rows:
        rows.execute("UPDATE task SET paused = true WHERE id = %s", (late,))
    original.copy(server_folder / "clone" / "data")
    home.server = original.server
    clone = Bare(
        server_folder / "clone", home.smsc, home.journal, state=(home.home / "state",), carrier=home.carrier
    )
    clone.start()
    try:
        with clone.rows() as rows:
            rows.execute("UPDATE task SET paused = false")
        async with original.sender():
            await original.until(original.bound, "the bind of the original")
            await stays_held(clone, "elsewhere", bound=False)
            assert clone.run("held", "here", "--yes").returncode == 0
            await stays_held(clone, "elsewhere", bound=False)
        assert original.held() is None
        # The original ends, and whoever runs the clone says so: it goes on there, and the original is held then.
        assert clone.run("held", "release", "--only-one", "--as", "send", "--yes").returncode == 0
        async with clone.sender():
            await clone.until(lambda: clone.count(late, 1) == SENT, "the rest at the clone")
        await stays_held(original, "older", bound=True)
    finally:
        clone.stop()
    assert len(home.accepted()) == len(set(home.accepted())) == SENT + 10


async def test_the_place_of_the_sender_is_confirmed_also_by_a_command_with_other_settings(
    home: Household, server_folder: Path
) -> None:
    await send_one(home, home.add(10), 10)
    home.copy(server_folder / "other" / "data")
    home.stop()
    clone = clone_of(home, server_folder / "other")
    clone.start()
    try:
        async with clone.sender():
            await clone.until(lambda: clone.held() == "elsewhere", "the hold")
            clone.machine = "as the operator's shell has it"
            assert clone.run("held", "here", "--yes").returncode == 0
            clone.machine = "another"
            await clone.until(clone.bound, "the bind")
            assert clone.held() == "restored"
    finally:
        clone.stop()
