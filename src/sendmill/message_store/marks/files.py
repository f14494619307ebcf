"""The files outside of the store that hold the newest marks: one for each run of a sender.

A file begins with a line of JSON (`Header`) and goes on with lines ``run lane count checksum``; the newest of a run and
lane counts. It is filled with zeros ahead, so that a note changes no size, and its run holds a lock on it while it
lives. A line that was torn by a crash is passed over: its batch had not left yet.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import zlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self
from uuid import UUID

from sendmill.runtime.folders import sync_folder

SUFFIX = ".stamps"
SIZE = 256 * 1024  # bytes of a file; when it is full, it is written anew with the newest marks only
ALIVE = 5.0  # seconds since a run last touched its file after which it counts as stuck

Mark = tuple[UUID, int]  # run and lane
Counts = dict[Mark, int]


@dataclass(frozen=True)
class Header:
    """Who writes a file: the store, the run, its place, and what helps a person to find it."""

    store: str
    run: str
    place: str
    host: str
    pid: int


@dataclass(frozen=True)
class Noted:
    """What one file says. `alive`: its run lives and was well a moment ago; `locked`: its run has not ended.

    `damaged`: it is one of ours and cannot be read, so nobody knows what it said.
    """

    path: Path
    run: UUID | None
    counts: Counts = field(default_factory=dict)
    locked: bool = False
    alive: bool = False
    touched: float = 0.0
    pid: int = 0
    place: str = ""
    damaged: bool = False


class MarkFile:
    """The file of the run that writes it; used by one thread at a time. Every method may raise OSError."""

    def __init__(self, path: Path, descriptor: int, header: bytes, *, parents: bool = True) -> None:
        self.path = path
        self._parents = parents
        self._descriptor = descriptor
        self._header = header
        self._offset = len(header)
        self._size = SIZE
        self._newest: Counts = {}

    @classmethod
    def create(
        cls, folder: Path, header: Header, counts: Mapping[Mark, int], *, parents: bool = True
    ) -> Self:
        """A new file with these marks, durable and locked when this returns.

        Without `parents` the folder above must be there: one that is mounted is not made up while it is not.
        """
        head = json.dumps(asdict(header)).encode() + b"\n"
        path = folder / f"{header.run}{SUFFIX}"
        made = cls(path, -1, head, parents=parents)
        made._newest = dict(counts)
        made._write_anew()
        return made

    def note(self, counts: Mapping[Mark, int]) -> None:
        """Add marks; they are on the disk when this returns."""
        for mark, count in counts.items():
            self._newest[mark] = max(count, self._newest.get(mark, count))
        lines = b"".join(line_of(mark, self._newest[mark]) for mark in counts)
        if self._offset + len(lines) > self._size or not self.in_place:
            self._write_anew()
            return
        os.pwrite(self._descriptor, lines, self._offset)
        os.fdatasync(self._descriptor)
        self._offset += len(lines)

    @property
    def in_place(self) -> bool:
        """Whether the file is still found under its name: a folder may be removed, or unmounted, under us."""
        return _is_at(self.path, self._descriptor)

    def touch(self) -> None:
        """Say that the run is well."""
        os.utime(self._descriptor)

    def close(self) -> None:
        """Let go of the lock; the file stays, for the next run to check."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _write_anew(self) -> None:
        """Write all marks into a file beside this one and let it take this one's name."""
        self.path.parent.mkdir(parents=self._parents, exist_ok=True, mode=0o700)
        body = self._header + b"".join(line_of(mark, count) for mark, count in self._newest.items())
        draft = self.path.with_suffix(".draft")
        draft.unlink(missing_ok=True)
        descriptor = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            size = max(SIZE, 2 * len(body))  # room ahead, also for a run that knows of very many lanes
            os.pwrite(descriptor, body + bytes(size - len(body)), 0)
            os.fsync(descriptor)
            draft.replace(self.path)
            sync_folder(self.path.parent)
        except BaseException:
            os.close(descriptor)
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise
        self.close()
        self._descriptor, self._offset, self._size = descriptor, len(body), size


def line_of(mark: Mark, count: int) -> bytes:
    """One line of a file."""
    text = f"{mark[0].hex} {mark[1]} {count}"
    return f"{text} {zlib.crc32(text.encode()):08x}\n".encode()


def read_files(folder: Path) -> list[Noted]:
    """What every file of a store's folder says; empty when there is none. Raises OSError but for a missing folder."""
    try:
        paths = sorted(path for path in folder.iterdir() if path.suffix == SUFFIX)
    except FileNotFoundError:
        return []
    found = [read_file(path) for path in paths]
    return [one for one in found if one is not None]


def read_file(path: Path) -> Noted | None:
    """What one file says; None when it is gone by now."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        touched = os.fstat(descriptor).st_mtime
        locked = _is_locked(descriptor)
        if not locked and not _is_at(path, descriptor):
            return read_file(path)  # written anew by its run at this moment: that one is locked
        content = os.pread(descriptor, 64 * SIZE, 0)
    finally:
        os.close(descriptor)
    head, _, rest = content.partition(b"\n")
    try:
        header = Header(**json.loads(head))
        run = UUID(header.run)
    except (ValueError, KeyError, TypeError):
        return Noted(path, None, locked=locked, touched=touched, damaged=True)
    alive = locked and time.time() - touched < ALIVE
    return Noted(
        path, run, _counts(rest.split(b"\0", 1)[0]), locked, alive, touched, header.pid, header.place
    )


def newest(files: Iterable[Noted]) -> Counts:
    """The newest count of each mark in several files."""
    counts: Counts = {}
    for one in files:
        for mark, count in one.counts.items():
            counts[mark] = max(count, counts.get(mark, count))
    return counts


def remove_ended(files: Iterable[Noted]) -> list[UUID]:
    """Remove the files of runs that had ended when they were read; return those runs."""
    ended = [one for one in files if not one.locked and not one.damaged]
    for one in ended:
        with suppress(OSError):
            one.path.unlink()
    return [one.run for one in ended if one.run is not None]


def set_damaged_aside(files: Iterable[Noted]) -> None:
    """Rename files that cannot be read, once the store is held for them: they would hold it for ever."""
    for one in files:
        if one.damaged:
            with suppress(OSError):
                one.path.rename(one.path.with_suffix(".damaged"))


def _counts(text: bytes) -> Counts:
    counts: Counts = {}
    for line in text.split(b"\n"):
        words = line.rsplit(b" ", 1)
        if len(words) != 2 or f"{zlib.crc32(words[0]):08x}".encode() != words[1]:
            continue
        run, lane, count = words[0].split(b" ")
        counts[UUID(hex=run.decode()), int(lane)] = int(count)
    return counts


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether an open file is the one of that name."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except OSError:
        return False


def _is_locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
