"""Gathers the facts about the store and the files beside it, from which `judgement` tells an older store."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sendmill.message_store.marks.files import Noted, newest, read_files
from sendmill.message_store.marks.judgement import RULES, Facts, Ground, HoldKind, judge
from sendmill.message_store.marks.place import Place, machine_name
from sendmill.message_store.marks.queries import COUNTS, EXCUSED, MOVED, NOTE_PLACE, PLACES, RUNS, STORE
from sendmill.message_store.marks.surroundings import Surroundings
from sendmill.message_store.sender_locks import SENDER_LOCK
from sendmill.postgres.connections import Connection, connect


@dataclass(frozen=True)
class Examination:
    """What was found.

    `postmaster` is when the server was started; `strangers` are the files of runs that live and are no senders of this
    store just now.
    """

    store: UUID
    postmaster: datetime
    place: Place
    files: tuple[Noted, ...]
    facts: Facts
    strangers: tuple[Noted, ...]
    folder: str

    @property
    def at_home(self) -> bool:
        """Whether this place is one of the store's."""
        return any(place.key == self.place.key for place in self.facts.places)

    def judge(self, twin: int | None = None) -> list[Ground]:
        """Every reason to hold; `twin` is the process of a stranger that is sure to be one."""
        noted = _moment(self.files)
        return judge(self.facts, list(self.files), self.place, folder=self.folder, noted=noted, twin=twin)


async def examine(conn: Connection, around: Surroundings, own: UUID | None = None) -> Examination:
    """Gather the facts. Changes nothing. Raises OSError when the files cannot be read.

    `own` is the run that asks: it is no stranger, and confirms nothing to itself. Files are read before the store:
    what they say was committed before, so a store that lacks it is older.
    """
    here = await _store_here(conn, around)
    folders = [one / str(here.store) for one in around.folders]
    files = [found for one in folders for found in read_files(one)]
    facts = await _facts(conn, here, files, own)
    strangers = tuple(one for one in files if one.alive and one.run != own and one.run not in facts.living)
    return Examination(
        here.store, here.postmaster, here.place, tuple(files), facts, strangers, str(folders[0])
    )


async def is_at_home(conn: Connection, around: Surroundings) -> bool:
    """Whether this place is one of the store's; asks no file."""
    place = (await _store_here(conn, around)).place
    places = await (await conn.execute(PLACES)).fetchall()
    return any(Place(*row).key == place.key for *row, _ in places)


async def note_place(conn: Connection, place: Place, noted_by: str) -> None:
    """Make a place one of the store's."""
    named = {"key": place.key, "host": socket.gethostname(), "noted_by": noted_by}
    own = {
        "machine": place.machine,
        "folder": place.folder,
        "server": place.server,
        "database": place.database,
    }
    await conn.execute(NOTE_PLACE, named | own)


async def confirm_place(dsn: str, around: Surroundings) -> None:
    """Make this place, and those of the living senders, places of the store, as a person decided; holds stay open.

    The person has said that no other Sendmill with this store runs.
    """
    async with await connect(dsn, "place") as conn:
        await note_place(conn, (await _store_here(conn, around)).place, "person")
        # Whoever gives the command may have other settings than the senders that it is about.
        living = await (await conn.execute(RUNS, {"lock": SENDER_LOCK})).fetchall()
        for key in {key for _, _, key, _ in living if key}:
            await note_place(conn, Place.of_key(key), "person")
        await conn.execute(MOVED, (str(HoldKind.RESTORED), RULES["moved"], str(HoldKind.ELSEWHERE)))


@dataclass(frozen=True)
class _Here:
    """A store, the start of its server and the place of this process.

    `sent` tells whether anything was sent from it, `tasks` whether it has any.
    """

    store: UUID
    postmaster: datetime
    place: Place
    sent: bool
    tasks: bool


async def _store_here(conn: Connection, around: Surroundings) -> _Here:
    row = await (await conn.execute(STORE)).fetchone()
    if row is None:
        raise LookupError("the store has no identity; run `sendmill migrate`")
    store, postmaster, server, database, sent, tasks = row
    data = "" if around.data_dir is None else str(around.data_dir.resolve())
    machine = machine_name(around.machine)
    # In a data folder of a machine that has a name there is one embedded server, which a restore makes anew.
    place = Place(machine, data, "" if machine and data else server or "", database)
    return _Here(store, postmaster, place, bool(sent), bool(tasks))


async def _facts(conn: Connection, here: _Here, files: Sequence[Noted], own: UUID | None) -> Facts:
    runs = sorted({run for run, _ in newest(files)})
    counts = await (await conn.execute(COUNTS, (runs,))).fetchall() if runs else []
    excused = await (await conn.execute(EXCUSED)).fetchall()
    places = await (await conn.execute(PLACES)).fetchall()
    living = await (await conn.execute(RUNS, {"lock": SENDER_LOCK})).fetchall()
    known = [Place(*row) for *row, _ in places]
    return Facts(
        here.store,
        here.sent,
        {(run, lane): count for run, lane, count in counts},
        {(run, lane): count for run, lane, count in excused},
        known,
        frozenset(place.key for place, (*_, ran) in zip(known, places, strict=True) if ran),
        frozenset(run for _, run, _, _ in living),
        any(verified and run != own for _, run, _, verified in living),
        here.tasks,
    )


def _moment(files: Sequence[Noted]) -> str:
    """When the newest of the files was written, for a person."""
    latest = max((one.touched for one in files), default=0.0)
    return f"{datetime.fromtimestamp(latest, UTC):%Y-%m-%d %H:%M:%S} UTC"
