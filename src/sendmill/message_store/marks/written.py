"""Which messages of open batches may have left: a file that outlives a killed sender, but no restart of its machine.

A sender commits an intent for a whole batch, and writes its parts as the carrier takes them. This file says how far it
came, ahead of each write, in memory that the kernel keeps when the process is killed. So what never left is known, and
is sent when the chunk goes on, instead of becoming Uncertain. The file says nothing at all when that is not sure: after
a restart of the machine, while its run lives, on another machine, or about a store that lacks an intent of it.

A slot stands for one open batch. It is chosen before the intent of that batch is committed, among those whose batch was
recorded, and keeps what it said until then: a store that holds the intent holds those records too.
"""

from __future__ import annotations

import fcntl
import json
import mmap
import os
import struct
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from sendmill.message_store.sender_locks import SENDER_LOCK
from sendmill.postgres.connections import Connection

SUFFIX: Final = ".written"
HEADER: Final = 4096  # bytes of a line of JSON, filled up with blanks
SLOTS: Final = 4096
PARTS: Final = 512  # parts of a batch that a slot can tell apart

_BATCH: Final = struct.Struct("<qiiiiqii")  # task_id, n, attempt, lane, count, mark, written, reserved
_WRITTEN: Final = struct.Struct("<i")
_WRITTEN_AT: Final = _BATCH.size - 2 * _WRITTEN.size
SIZE: Final = _BATCH.size + 4 * PARTS
Lease = tuple[int, int, int]  # task_id, n, attempt of a leased chunk

ALL: Final = -1  # instead of a count: every message of the chunk may have left

# The runs that hold these leases, and the marks of their lanes.
RUNS = """
SELECT c.task_id, c.n, c.attempt, s.run
FROM unnest(%(task_ids)s::bigint[], %(ns)s::int[], %(attempts)s::int[]) AS u (task_id, n, attempt)
JOIN chunk c ON c.task_id = u.task_id AND c.n = u.n AND c.attempt = u.attempt AND c.state = 1
JOIN sender s ON s.id = c.owner
WHERE s.run IS NOT NULL AND s.id NOT IN (
    SELECT objid::integer FROM pg_locks
    WHERE locktype = 'advisory' AND classid = %(lock)s::bigint::oid AND objsubid = 2 AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
"""
MARKS = "SELECT lane, count FROM stamp WHERE run = %s"
LEASED = (
    "SELECT EXISTS (SELECT FROM chunk c JOIN sender s ON s.id = c.owner WHERE c.state = 1 AND s.run = %s)"
)


def boot_id() -> str:
    """Return what tells one start of this machine from another; empty where nothing does."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""


class Slot:
    """The slot of one batch."""

    __slots__ = ("_at", "_memory")

    def __init__(self, memory: mmap.mmap, at: int) -> None:
        self._memory = memory
        self._at = at

    def begin(self, lease: Lease, lane: int, mark: int, seqs: Sequence[int]) -> None:
        """Note the batch whose intent is committed: the seq of each of its parts, none of which has left."""
        count = len(seqs) if len(seqs) <= PARTS else ALL
        self._memory[self._at : self._at + _BATCH.size] = _BATCH.pack(*lease, lane, 0, mark, 0, 0)
        if count != ALL:
            start = self._at + _BATCH.size
            self._memory[start : start + 4 * count] = struct.pack(f"<{count}i", *seqs)
        # Last, for a kill may come at any time: until here the slot says that nothing has left, which is so.
        self._memory[self._at : self._at + _BATCH.size] = _BATCH.pack(*lease, lane, count, mark, 0, 0)

    def note(self, written: int) -> None:
        """Note that so many parts, from the first on, may have left from now on. Call it before they are written."""
        _WRITTEN.pack_into(self._memory, self._at + _WRITTEN_AT, written)


class WrittenFile:
    """The file of the run that writes it."""

    def __init__(self, path: Path, store: str, run: UUID) -> None:
        """Make it. Raises OSError."""
        self.path = path
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.truncate(descriptor, HEADER + SLOTS * SIZE)
            header = {"store": store, "run": str(run), "boot": boot_id()}
            os.pwrite(descriptor, json.dumps(header).encode().ljust(HEADER), 0)
            self._memory = mmap.mmap(descriptor, HEADER + SLOTS * SIZE)
        except BaseException:
            os.close(descriptor)
            with suppress(OSError):
                path.unlink()
            raise
        self._descriptor = descriptor
        self._unused = [Slot(self._memory, HEADER + at * SIZE) for at in reversed(range(SLOTS))]

    def take(self) -> Slot | None:
        """Return a slot for a batch whose intent is to be committed; None when there is none, and then never again.

        Without a slot of one batch the file says nothing about any.
        """
        if not self._unused:
            self.void()
            return None
        return self._unused.pop()

    def give_back(self, slot: Slot) -> None:
        """Let a slot be used again: its batch was recorded, or nothing of it was submitted."""
        self._unused.append(slot)

    def void(self) -> None:
        """Let the file say nothing any more."""
        self._memory[:HEADER] = b" " * HEADER
        self._unused = []

    def end(self) -> None:
        """Remove the file: its run ends with nothing open."""
        with suppress(OSError):
            self.path.unlink()
        self._memory.close()
        os.close(self._descriptor)


async def written_messages(
    conn: Connection, folders: Collection[Path], leases: Collection[Lease]
) -> dict[Lease, set[int]]:
    """Return, of each lease of a killed sender about which that is sure, the messages that may have left."""
    columns = list(map(list, zip(*leases, strict=True))) if leases else [[], [], []]
    named = dict(zip(("task_ids", "ns", "attempts"), columns, strict=True))
    rows = await (await conn.execute(RUNS, {**named, "lock": SENDER_LOCK})).fetchall()
    of_run: dict[UUID, list[Lease]] = {}
    for *lease, run in rows:
        of_run.setdefault(run, []).append((lease[0], lease[1], lease[2]))
    found: dict[Lease, set[int]] = {}
    for run, own in of_run.items():
        marks = {
            int(lane): int(count) for lane, count in await (await conn.execute(MARKS, (run,))).fetchall()
        }
        for folder in folders:
            told = read_written(folder / f"{run}{SUFFIX}", run, marks)
            if told is not None:
                for held in own:
                    seqs = told.get(held, set())
                    if seqs is not None:
                        found[held] = seqs
                break
    return found


def read_written(path: Path, run: UUID, marks: Mapping[int, int]) -> dict[Lease, set[int] | None] | None:
    """Return the messages that may have left by lease, None for all of them; None when the file says nothing.

    `marks` are those of the run's lanes in the store: it must hold every intent that the file knows of.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        content = os.pread(descriptor, HEADER + SLOTS * SIZE, 0)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    try:
        header = json.loads(content[:HEADER])
    except ValueError:
        return None
    if not boot_id() or header.get("boot") != boot_id() or header.get("run") != str(run):
        return None
    found: dict[Lease, set[int] | None] = {}
    for at in range(HEADER, len(content) - SIZE + 1, SIZE):
        task_id, n, attempt, lane, count, mark, written, _ = _BATCH.unpack_from(content, at)
        if not task_id:
            continue
        if mark > marks.get(lane, -1):
            return None
        lease = task_id, n, attempt
        if count == ALL:
            found[lease] = None
            continue
        seqs = struct.unpack_from(f"<{min(written, count)}i", content, at + _BATCH.size)
        known = found.setdefault(lease, set())
        if known is not None:
            known.update(seqs)
    return found


async def remove_unneeded(conn: Connection, folders: Collection[Path]) -> None:
    """Remove the files of runs that have ended and hold no lease any more."""
    for folder in folders:
        for path in folder.glob(f"*{SUFFIX}"):
            try:
                run = UUID(path.name.removesuffix(SUFFIX))
            except ValueError:
                continue
            row = await (await conn.execute(LEASED, (run,))).fetchone()
            if row and not row[0] and not _is_locked(path):
                path.unlink(missing_ok=True)


def _is_locked(path: Path) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False
