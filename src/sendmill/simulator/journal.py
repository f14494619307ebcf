"""The journal: one line per accepted part, on disk before its response is sent.

Tests rely on it: whatever happened to the client, the journal has what the carrier accepted. It holds
whole phone numbers, so the file is readable by its owner only; keep it out of shipped systems.

A line is tab-separated: monotonic nanoseconds, serial number, message id, system_id, source, destination,
reference, total parts, part number, digest of the payload without its user data header (the first 16 hex
digits of SHA-1), and the final state that the part will have.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

_FIELDS = (10, 11)  # older journals have no state
_TORN = b"\t!torn\n"
_TAIL = 4096


class JournalError(Exception):
    """A line, other than a torn one, that no journal writer wrote."""


class Entry(NamedTuple):
    """One accepted part. `total` is 1 and `reference` 0 for a message of one part; `state` is the name of a State."""

    nanoseconds: int
    serial: int
    carrier_id: str
    system_id: str
    source: str
    destination: int
    reference: int
    total: int
    number: int
    digest: str
    state: str = ""


def digest(payload: bytes) -> str:
    """Return the first 16 hex digits of the SHA-1 of `payload`."""
    return hashlib.sha1(payload, usedforsecurity=False).hexdigest()[:16]


class Journal:
    """Appends lines to `path`.

    No kill of any process loses a line that :meth:`append` has returned from.
    """

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self.last_serial = self._seal()

    def _seal(self) -> int | None:
        """End a torn last line; return the serial number of the last whole one, None when there is none."""
        size = os.fstat(self._descriptor).st_size
        tail = os.pread(self._descriptor, _TAIL, max(0, size - _TAIL))
        if tail and not tail.endswith(b"\n"):
            self._write(_TORN)
        for line in reversed(tail.split(b"\n")[:-1]):
            fields = line.split(b"\t")
            if len(fields) in _FIELDS:
                return int(fields[1])
        return None

    def _write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._descriptor, view) :]

    def append(self, lines: list[str]) -> None:
        """Append lines, each with its newline; the kernel has them when this returns."""
        self._write("".join(lines).encode("latin-1"))

    def close(self) -> None:
        """Close the file. Does nothing when it is closed already."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def read_journal(path: Path) -> Iterator[Entry]:
    """Yield every accepted part in order; a torn line is skipped, because its response was never sent.

    Raises JournalError for any other line that cannot be read.
    """
    with path.open("rb") as file:
        for row, line in enumerate(file, start=1):
            if not line.endswith(b"\n") or line.endswith(_TORN):
                continue
            yield _read_line(line, row)


def _read_line(line: bytes, row: int) -> Entry:
    fields = line[:-1].decode("latin-1").split("\t")
    if len(fields) not in _FIELDS:
        raise JournalError(f"Line {row} of the journal has {len(fields)} fields instead of {_FIELDS[-1]}.")
    try:
        destination, reference, total, number = map(int, fields[5:9])
        return Entry(
            int(fields[0]),
            int(fields[1]),
            fields[2],
            fields[3],
            fields[4],
            destination,
            reference,
            total,
            number,
            fields[9],
            fields[10] if len(fields) == _FIELDS[-1] else "",
        )
    except ValueError as error:
        raise JournalError(f"Line {row} of the journal has a number that cannot be read.") from error


class Twice(NamedTuple):
    """A part or number that was accepted `times` times, more than once.

    `digest` and `number` are those of the part.
    """

    destination: int
    digest: str
    number: int
    times: int


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of an audit: parts and messages accepted, and what was accepted more than once.

    parts: accepted parts. messages: accepted first parts. numbers: distinct destinations.
    parts_twice: the same part (destination, payload, part number) more than once.
    numbers_twice: a destination that got more than one message, whatever its text; digest is empty.
    """

    parts: int
    messages: int
    numbers: int
    parts_twice: list[Twice]
    numbers_twice: list[Twice]


def audit(path: Path) -> Audit:
    """Read a journal and return what was accepted in it, and what more than once.

    It is read several times, so that memory is bounded by 64-bit hashes. The reference of a long message is left out
    on purpose: a part sent again under a new reference is the same part to the person who gets it.
    """
    parts = messages = 0
    for entry in read_journal(path):
        parts += 1
        messages += entry.number == 1
    same_part = _repeated(path, _part_key)
    same_number = _repeated(path, _number_key)
    numbers = len({entry.destination for entry in read_journal(path)})
    return Audit(
        parts,
        messages,
        numbers,
        [Twice(key[0], key[1], key[2], count) for key, count in same_part.items()],
        [Twice(key[0], "", 1, count) for key, count in same_number.items()],
    )


_Key = tuple[int, str, int]


def _part_key(entry: Entry) -> _Key:
    return entry.destination, entry.digest, entry.number


def _number_key(entry: Entry) -> _Key | None:
    return (entry.destination, "", 1) if entry.number == 1 else None


def _keys(entries: Iterable[Entry], key_of: Callable[[Entry], _Key | None]) -> Iterator[_Key]:
    for entry in entries:
        key = key_of(entry)
        if key is not None:
            yield key


def _repeated(path: Path, key_of: Callable[[Entry], _Key | None]) -> dict[_Key, int]:
    seen: set[int] = set()
    suspects: set[int] = set()
    for key in _keys(read_journal(path), key_of):
        mark = _mark(key)
        (suspects if mark in seen else seen).add(mark)
    if not suspects:
        return {}
    counts = Counter(key for key in _keys(read_journal(path), key_of) if _mark(key) in suspects)
    return {key: count for key, count in counts.items() if count > 1}


def _mark(key: Hashable) -> int:
    return hash(key)
