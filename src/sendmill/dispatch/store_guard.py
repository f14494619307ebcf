"""Blocks all sending until the store was found to be no older than what was sent from it (spec.md 8).

The control connection examines the store when it connects and every two seconds. Every other connection that sends
must lead to the same life of the database server as the one that was examined: a server that was replaced, by a
backup or by a standby, has another life, and waits until it was examined too.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from uuid import UUID

import structlog
from psycopg import OperationalError
from psycopg.errors import UniqueViolation

from sendmill.dispatch.mark_writer import MarkWriter, NotNotedError
from sendmill.message_store.engine.store_holds import Hold, begin_hold_now, open_hold_now
from sendmill.message_store.marks.examination import Examination, examine, is_at_home, note_place
from sendmill.message_store.marks.files import SUFFIX, Counts, Header, remove_ended, set_damaged_aside
from sendmill.message_store.marks.judgement import RULES, Ground, HoldKind, weightiest
from sendmill.message_store.marks.queries import (
    ADD_LANE,
    AT,
    BEHIND,
    ENDED,
    ENDED_RUNS,
    RAN,
    RUNS,
    UNENDED,
    VERIFIED,
)
from sendmill.message_store.marks.reports_of_unsent import newest_orphan, stray_numbers
from sendmill.message_store.marks.surroundings import Surroundings
from sendmill.message_store.marks.written import SUFFIX as WRITTEN_SUFFIX
from sendmill.message_store.marks.written import WrittenFile
from sendmill.message_store.sender_locks import SENDER_LOCK
from sendmill.postgres.connections import Connection

log = structlog.get_logger(__name__)

AGAIN = 2.0  # seconds between examinations
TWIN_AFTER = 3.0  # seconds after which a run that lives beside us, and is not in this store, is another's
STRAY_UNTIL = 60.0  # seconds after the first look in which reports about nothing we sent tell an older store
OTHERS = 6.0  # seconds that senders on other machines have to come back after the server was lost


class StoreChangedError(OperationalError):
    """This connection leads to a server that was not examined yet."""


class StoreGuard:
    """What one sender process knows about its store."""

    def __init__(self, around: Surroundings) -> None:
        self.notes = MarkWriter()
        self.written: WrittenFile | None = None  # which parts of open batches may have left
        self.hold: Hold | None = None
        self.at_home = False  # binds may be opened
        self.fault: str | None = None  # why nothing may leave although nothing is held
        self.examinations = 0
        self._began = monotonic()
        self._newest_orphan: int | None = None
        self._weighs = False  # whether reports may still tell an older store
        self._around = around
        self._postmaster: datetime | None = None
        self._examined_at = float("-inf")
        self._folders: list[Path] = []
        self._seen_files: frozenset[tuple[Path, int]] = frozenset()
        self._others: frozenset[UUID] = frozenset()  # runs of other senders that live
        self._excused: Counts = {}  # marks that are missing, and that a hold has named
        self._twins: dict[UUID | None, tuple[float, float]] = {}  # first seen, and its file's time then

    def unwell(self) -> str | None:
        """Why nothing is submitted, for a person; None when sending may go on."""
        return str(self.hold) if self.hold is not None else self.fault

    def leave(self) -> None:
        """The control connection was lost: nothing more may be opened before the next examination."""
        self._postmaster = None

    def end(self) -> None:
        """This run ends; its files stay."""
        self.notes.end()
        if self.written is not None:
            self.written.end()

    @property
    def folders(self) -> Sequence[Path]:
        """Where the files of this store are; empty before the first examination."""
        return self._folders

    @property
    def open(self) -> bool:
        """Whether batches may be opened now: the store was examined, and marks can be noted."""
        return self._postmaster is not None and self.fault is None

    async def admit(self, conn: Connection) -> datetime:
        """The life of the server behind a connection on which batches are opened; asked once a connection.

        Raises `StoreChangedError` while that server was not examined, or when the store behind the connection lacks
        what was noted: another database of the same server may stand in the place of ours, or the memory of its
        machine was rolled back.
        """
        server: datetime | None = getattr(conn, "postmaster", None)
        if server is None:
            server, older = await self._behind(conn)
            if older:
                self.leave()
                raise StoreChangedError("the store behind this connection lacks our marks")
            conn.postmaster = server  # type: ignore[attr-defined]
        if server is None or not self.open or server != self._postmaster:
            raise StoreChangedError("the database server was not examined yet")
        return server

    async def _behind(self, conn: Connection) -> tuple[datetime | None, bool]:
        """The life of the server behind a connection, and whether its store lacks marks of this run."""
        # Before the store is asked: meanwhile lanes go on, and note marks that its answer cannot hold.
        noted = self.notes.own()
        row = await (await conn.execute(BEHIND, (self.notes.run,))).fetchone()
        if row is None:
            return None, True
        counts = {int(lane): count for lane, count in (row[1] or {}).items()}
        excused = {lane: count for (run, lane), count in self._excused.items() if run == self.notes.run}
        older = any(max(counts.get(lane, -1), excused.get(lane, -1)) < count for lane, count in noted.items())
        return row[0], older

    async def add_lane(self, conn: Connection, lane: int) -> None:
        """Make the mark of a lane, unless it is there."""
        await conn.execute(ADD_LANE, (self.notes.run, lane))

    async def look(self, conn: Connection, owner: int, *, fresh: bool) -> None:
        """Examine the store if it is time; `fresh`: the connection is new."""
        if not fresh and not self._twins and monotonic() - self._examined_at < AGAIN:
            return
        if fresh:
            self.leave()
        if self._postmaster is None or not await self._glance(conn):
            await self._examine(conn, owner)
        self.examinations += 1
        self._examined_at = monotonic()

    async def _glance(self, conn: Connection) -> bool:
        """The look of a sender that was verified and at which nothing has changed: two short statements.

        False when files of others have changed, or the store lacks our own marks, which asks for an examination.
        """
        try:
            files = await asyncio.to_thread(self._files_of_others)
            if files != self._seen_files:
                return False
            self.notes.touch()
            await self.notes.put_back()
        except OSError as error:
            self.stop(f"The files of the marks cannot be read: {error.filename}: {error.strerror}.")
            return True
        except NotNotedError as error:
            self.stop(str(error))
            return True
        server, older = await self._behind(conn)
        if older or server != self._postmaster:
            return False
        self.hold = await open_hold_now(conn)
        if self._weighs:
            await self._weigh_reports(conn)
        await self._note_others(conn)
        return True

    def _files_of_others(self) -> frozenset[tuple[Path, int]]:
        """The files beside ours, with the time of their last change.

        Those of living senders of this store are left out: their marks come from the store.
        """
        own = {one.name for one in self.notes.paths} | {f"{run}{SUFFIX}" for run in self._others}
        found = set()
        for folder in self._folders:
            for path in folder.iterdir() if folder.is_dir() else ():
                if path.suffix == SUFFIX and path.name not in own:
                    with suppress(FileNotFoundError):
                        found.add((path, path.stat().st_mtime_ns))
        return frozenset(found)

    async def _examine(self, conn: Connection, owner: int) -> None:
        try:
            found = await examine(conn, self._around, self.notes.run)
            self._folders = [folder / str(found.store) for folder in self._around.folders]
        except OSError as error:
            self.stop(f"The files of the marks cannot be read: {error.filename}: {error.strerror}.")
            # Reports are taken all the same where the store is known to be at home.
            self.at_home = self.at_home or await is_at_home(conn, self._around)
            self.hold = await open_hold_now(conn)
            return
        twin = self._find_twin(found)
        grounds = found.judge(twin)
        ground = weightiest(grounds)
        await self._hold_if_needed(conn, ground)
        self._excused = {**found.facts.excused, **(ground.missing if ground is not None else {})}
        self.hold = await open_hold_now(conn)
        if any(ground.kind is HoldKind.ELSEWHERE for ground in grounds):
            self.at_home = False
            self._postmaster = None
            here = {"owner": owner, "run": self.notes.run, "place": found.place.key}
            await conn.execute(AT, here)  # for whoever confirms it
        elif not self._twins:
            if not found.at_home:
                await note_place(conn, found.place, "system")
                log.info("place noted", place=found.place.key)
            await self._verify(conn, owner, found)

    async def _verify(self, conn: Connection, owner: int, found: Examination) -> None:
        """Nothing is missing, or a hold says so: this run is at home here, and others are waited for."""
        named = {"owner": owner, "run": self.notes.run, "place": found.place.key}
        await conn.execute(VERIFIED, named)
        await conn.execute(ADD_LANE, (self.notes.run, 0))
        self.at_home = True  # reports are taken also when nothing can be noted
        if not await self._begin_files(conn, found):
            return
        # Not before: whoever ran here and left no file lost it.
        await conn.execute(RAN, (found.place.key,))
        if self._postmaster != found.postmaster:
            await self._wait_for_others(conn, found)
            self._postmaster = found.postmaster
        self._weighs = found.facts.sent
        if self._weighs:
            await self._weigh_reports(conn)
        await self._note_others(conn)
        self._seen_files = await asyncio.to_thread(self._files_of_others)
        self.fault = None

    async def _weigh_reports(self, conn: Connection) -> None:
        """Right after the first bind: hold when a carrier reports on messages that this store never sent."""
        self._weighs = monotonic() - self._began <= STRAY_UNTIL
        if self.hold is not None:
            return
        if self._newest_orphan is None:
            self._newest_orphan = await newest_orphan(conn)
        elif count := await stray_numbers(conn, self._newest_orphan):
            ground = Ground(HoldKind.REPORTS, RULES["reports"], {"count": str(count)})
            await self._hold_if_needed(conn, ground)
            self.hold = await open_hold_now(conn)
            self._newest_orphan = await newest_orphan(conn)

    async def _begin_files(self, conn: Connection, found: Examination) -> bool:
        """Make the files of this run, and remove those of runs that have ended once theirs are checked."""
        try:
            if not self.notes.begun:
                header = Header(
                    str(found.store), str(self.notes.run), found.place.key, socket.gethostname(), os.getpid()
                )
                await asyncio.to_thread(self.notes.begin, self._folders, header)
                self.written = await asyncio.to_thread(self._begin_written, found.store)
            self.notes.touch()
            await self.notes.put_back()
            if self.hold is None:
                removed = await asyncio.to_thread(remove_ended, found.files)
                await conn.execute(ENDED_RUNS, (removed,))
            else:
                await asyncio.to_thread(set_damaged_aside, found.files)
        except OSError as error:
            self.stop(f"The marks cannot be noted in {error.filename}: {error.strerror}.")
            return False
        except NotNotedError as error:
            self.stop(str(error))
            return False
        return True

    def _begin_written(self, store: UUID) -> WrittenFile | None:
        """Make the file of what may have left; without it, what a killed run left open is Uncertain."""
        path = self._folders[0] / f"{self.notes.run}{WRITTEN_SUFFIX}"
        try:
            return WrittenFile(path, str(store), self.notes.run)
        except OSError as error:
            log.warning("what is written cannot be noted", file=str(path), reason=error.strerror)
            return None

    def stop(self, sentence: str) -> None:
        """Let nothing leave until an examination finds everything in order."""
        if self.fault != sentence:
            log.error("nothing is sent", reason=sentence)
        self.fault = sentence
        self._postmaster = None

    async def _hold_if_needed(self, conn: Connection, ground: Ground | None) -> None:
        """Begin a hold for what is new.

        Marks that no hold has named, another place, which closes the binds and clears nothing that was cleared
        before, or any ground while none is open.
        """
        if ground is None:
            return
        held = await open_hold_now(conn)
        moved = ground.kind is HoldKind.ELSEWHERE and held is not None and held.kind is not HoldKind.ELSEWHERE
        if held is not None and not (ground.missing or moved):
            return
        if held is not None and held.kind is HoldKind.RESTORED and ground.kind is HoldKind.OLDER:
            # Of course it is: the sentence that says which backup was put back tells a person more.
            said = {name: str(value) for name, value in held.parameters.items()}
            ground = replace(ground, kind=held.kind, message=held.message, parameters=said)
        log.error("the store is held", kind=str(ground.kind), reason=str(ground))
        with suppress(UniqueViolation):  # another process was quicker; what is missing is looked for again
            await begin_hold_now(conn, ground)

    def _find_twin(self, found: Examination) -> int | None:
        """The process of a run that lives beside us and is no sender of this store: seen twice, well both times.

        A run that is merely on its way back to its server either comes, or is not well. Whoever was verified on this
        life of the server was here first: the other one finds us.
        """
        if self._postmaster == found.postmaster:
            self._twins = {}
            return None
        now = monotonic()
        self._twins = {one.run: self._twins.get(one.run, (now, one.touched)) for one in found.strangers}
        for one in found.strangers:
            first, touched = self._twins[one.run]
            if now - first >= TWIN_AFTER and one.touched > touched:
                return one.pid
        return None

    async def _wait_for_others(self, conn: Connection, found: Examination) -> None:
        """Let senders whose files cannot be seen from here look for their own marks first."""
        visible = {one.run for one in found.files if one.run is not None} | {self.notes.run}
        deadline = monotonic() + OTHERS
        while True:
            rows = await (await conn.execute(UNENDED, (sorted(visible),))).fetchall()
            verified = {run for _, run, _, sure in await self._runs(conn) if sure}
            absent = [(owner, run) for owner, run in rows if run not in verified]
            if not absent:
                break
            if monotonic() > deadline:
                await conn.execute(ENDED, ([owner for owner, _ in absent],))
                break
            await asyncio.sleep(0.2)
        # What they have found may hold the store.
        self.hold = await open_hold_now(conn)

    async def _note_others(self, conn: Connection) -> None:
        """Note in our files how far the other senders are: whoever lives guards what the others sent."""
        others = [run for _, run, _, _ in await self._runs(conn) if run != self.notes.run]
        self._others = frozenset(others)
        if not others:
            return
        rows = await (
            await conn.execute("SELECT run, lane, count FROM stamp WHERE run = ANY(%s)", (others,))
        ).fetchall()
        try:
            await self.notes.note_others({(run, lane): count for run, lane, count in rows})
        except NotNotedError as error:
            self.stop(str(error))

    async def _runs(self, conn: Connection) -> Collection[tuple[int, UUID, str, bool]]:
        rows = await (await conn.execute(RUNS, {"lock": SENDER_LOCK})).fetchall()
        return [(owner, run, place, bool(sure)) for owner, run, place, sure in rows]
