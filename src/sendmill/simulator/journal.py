"""The journal: one line per accepted part, on disk before its response leaves.

It is the witness in tests: whatever happened to the client, the journal knows what the carrier took. It holds
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

_FIELDS = (10, 11)  # older journals tell no state
_TORN = b"\t!torn\n"
_TAIL = 4096


class JournalError(Exception):
    """A line in the middle of a journal that no journal writer wrote."""


class Entry(NamedTuple):
    """One accepted part. `total` is 1 and `reference` 0 for a message of one part; `state` is a name of State."""

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
    """The first 16 hex digits of the SHA-1 of `payload`."""
    return hashlib.sha1(payload, usedforsecurity=False).hexdigest()[:16]


class Journal:
    """Appends lines to `path`; a kill of any process never loses a line that :meth:`append` returned from."""

    def __init__(self, path: Path) -> None:
        self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        self.last_serial = self._seal()

    def _seal(self) -> int | None:
        """Close a torn last line and tell the serial number of the last whole one."""
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
        """Write whole lines, each with its newline; they are the kernel's when this returns."""
        self._write("".join(lines).encode("latin-1"))

    def close(self) -> None:
        """Close the file; harmless when closed already."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def read_journal(path: Path) -> Iterator[Entry]:
    """Every accepted part in order. A torn line is skipped: its response never left.

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
    """Something that was accepted `times` times; digest and number are those of the part."""

    destination: int
    digest: str
    number: int
    times: int


@dataclass(frozen=True, slots=True)
class Audit:
    """What a journal says: parts and messages accepted, and what was accepted more than once.

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
    """Read a journal twice, in memory bounded by 64-bit hashes, and tell what was accepted twice.

    The reference of a long message is left out on purpose: a part sent again under a new reference is
    the same part to the person who gets it.
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
