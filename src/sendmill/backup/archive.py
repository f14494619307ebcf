"""The content of a backup: a tar of members with the SHA-256 of each, written and read as a stream."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from sendmill.backup.errors import BackupError, DamagedError

MANIFEST, COUNTS, SUMS = "manifest.json", "counts.json", "SHA256SUMS"
FILES, DATABASE = "data/", "database/"
PIECE = 8 << 20  # bytes of one member of a stream whose length is not known before its end
_BUFFER = 1 << 20
_LARGEST_TEXT = 64 << 20  # manifest, counts and sums are read into memory


class ArchiveWriter:
    """Writes members one after another into a stream that cannot be rewound; `finish` ends the archive."""

    def __init__(self, stream: IO[bytes]) -> None:
        # Not through tarfile's own stream, which writes its buffer even when the archive is abandoned.
        self._stream = stream
        self._sums: dict[str, str] = {}

    def add_bytes(self, name: str, data: bytes) -> None:
        """Add a member that is in memory."""
        self._add(name, io.BytesIO(data), len(data))

    def add_file(self, name: str, file: IO[bytes], size: int) -> None:
        """Add ``size`` bytes of an open file. One that shrinks meanwhile is padded with zeros."""
        self._add(name, _Padded(file, size), size)  # type: ignore[arg-type]

    def add_stream(self, folder: str, stream: IO[bytes]) -> int:
        """Add a whole stream as numbered members of ``folder``; return how many bytes it had."""
        total, number = 0, 0
        while data := _read_full(stream, PIECE):
            self.add_bytes(f"{folder}{number:08d}", data)
            total, number = total + len(data), number + 1
        return total

    def finish(self) -> None:
        """Add the SHA-256 sums of all members, and end the archive."""
        text = "".join(f"{digest}  {name}\n" for name, digest in self._sums.items())
        self._add(SUMS, io.BytesIO(text.encode()), len(text.encode()))
        self._stream.write(bytes(tarfile.RECORDSIZE))

    def _add(self, name: str, source: IO[bytes], size: int) -> None:
        if name in self._sums or "\n" in name or "\\" in name:
            raise BackupError(f"A file cannot be backed up under the name {name!r}; rename it.")
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._stream.write(member.tobuf(tarfile.PAX_FORMAT))
        digest = hashlib.sha256()
        while data := source.read(_BUFFER):
            digest.update(data)
            self._stream.write(data)
        self._stream.write(bytes(-size % tarfile.BLOCKSIZE))
        self._sums[name] = digest.hexdigest()


class ArchiveReader:
    """Reads members in their order. Once the iteration has ended without an error, every one was as it was written.

    Raises `DamagedError` as soon as one is not, which can be after members were yielded.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.sums: dict[str, str] = {}

    def __iter__(self) -> Iterator[tuple[str, IO[bytes]]]:
        try:
            with tarfile.open(fileobj=self._stream, mode="r|", bufsize=_BUFFER) as tar:
                yield from self._members(tar)
            # Only the end of the encrypted stream proves that nothing was cut off.
            while self._stream.read(_BUFFER):
                pass
        except tarfile.TarError as error:
            raise DamagedError(
                f"The content of the backup cannot be read ({error}); take another one."
            ) from error

    def _members(self, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
        listed: dict[str, str] | None = None
        for member in tar:
            source = tar.extractfile(member) if member.isreg() else None
            if listed is not None or source is None or not _is_safe(member.name) or member.name in self.sums:
                raise DamagedError(f"The backup has a member that it should not have: {member.name!r}.")
            if member.name == SUMS:
                listed = _parse_sums(read_text(source))
                continue
            hashed = _Hashed(source)
            yield member.name, hashed  # type: ignore[misc]
            while hashed.read(_BUFFER):
                pass
            self.sums[member.name] = hashed.digest.hexdigest()
        if listed is None:
            raise DamagedError("The backup has no sums at its end: it was never finished. Take another one.")
        if listed != self.sums:
            wrong = sorted({*listed.items()} ^ {*self.sums.items()})
            raise DamagedError(f"The backup is damaged: {wrong[0][0]} is not as it was written.")


def read_text(source: IO[bytes]) -> str:
    """Return the text of a small member. Raises `DamagedError` when it is too long or no UTF-8."""
    data = source.read(_LARGEST_TEXT + 1)
    try:
        if len(data) <= _LARGEST_TEXT:
            return data.decode()
    except UnicodeDecodeError:
        pass
    raise DamagedError("The backup is damaged: a member that should be text is none.")


def stored_name(name: str) -> PurePosixPath:
    """Return the path of a member of `data/`, relative to the data folder."""
    return PurePosixPath(name.removeprefix(FILES))


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name and str(path) == name


def _parse_sums(text: str) -> dict[str, str]:
    sums = {}
    for line in text.split("\n")[:-1]:
        digest, _, name = line.partition("  ")
        sums[name] = digest
    return sums


def _read_full(stream: IO[bytes], size: int) -> bytes:
    """Read ``size`` bytes; fewer only at the end of the stream."""
    pieces, left = [], size
    while left and (data := stream.read(left)):
        pieces.append(data)
        left -= len(data)
    return b"".join(pieces)


class _Hashed:
    """A source that is hashed as it is read."""

    def __init__(self, source: IO[bytes]) -> None:
        self._source, self.digest = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        return data


class _Padded:
    """A source of exactly ``size`` bytes of a file, padded with zeros."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted)
        if len(data) < wanted:
            data += bytes(wanted - len(data))
        self._left -= len(data)
        return data


def copy_to(source: IO[bytes], path: Path) -> None:
    """Write a member to a new file of mode 600, and create its folders with mode 700."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as target:
        path.chmod(0o600)
        while data := source.read(_BUFFER):
            target.write(data)
