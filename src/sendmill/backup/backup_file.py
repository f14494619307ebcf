"""The backup file on disk: written under a temporary name until it is whole, and opened by `tar`."""

from __future__ import annotations

import errno
import fcntl
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sendmill.backup.encryption import DecryptingReader, EncryptingWriter, Opening, Sealing, identities_for
from sendmill.backup.errors import BackupRefused, DamagedError
from sendmill.runtime.folders import sync_folder

READ_ME, KEY, CONTENT = "READ-ME.txt", "key.age", "content.tar.age"
_PARTIAL = (".", ".partial")  # before and after the name of a backup that is being written
_BLOCK = 512
_LARGEST_KEY = 64 * 1024

READ_ME_TEXT = b"""This is a backup of Sendmill. `sendmill restore` reads it; without Sendmill it is opened so:

    tar xf BACKUP                                   # key.age is there when it was made with a passphrase
    age -d -i key.age content.tar.age > content.tar # or: -i the key file that was kept apart
    tar xf content.tar && sha256sum -c SHA256SUMS
    cat database/* > database.dump                  # for pg_restore

https://age-encryption.org - https://www.postgresql.org/docs/current/app-pgrestore.html
"""


@contextmanager
def new_file(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file of mode 600 that gets the name ``path``, whole and on disk, once the block has ended well.

    Until then it lies beside it under a temporary name, and is removed when the block fails. What a killed process
    left there is removed first. Raises `BackupRefused` when the name is taken.
    """
    if path.exists():
        raise BackupRefused(f"{path} exists; choose another name, or a folder.")
    _remove_abandoned(path.parent)
    partial = path.with_name(f"{_PARTIAL[0]}{path.name}{_PARTIAL[1]}")
    descriptor = os.open(partial, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"Another backup to {path} is under way.") from None
        try:
            os.fchmod(descriptor, 0o600)
            file.truncate(0)
            yield file
            file.flush()
            os.fsync(descriptor)
            _give_name(partial, path)
        except FileExistsError:
            raise BackupRefused(f"{path} exists; choose another name, or a folder.") from None
        finally:
            with suppress(OSError):
                partial.unlink()
    sync_folder(path.parent)


def _give_name(partial: Path, path: Path) -> None:
    try:
        # Unlike a rename, a link never replaces a file that was created meanwhile.
        os.link(partial, path)
    except OSError as error:
        # Memory sticks and network shares have no links.
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS) or path.exists():
            raise
        partial.rename(path)


def write_content(file: IO[bytes], sealing: Sealing) -> EncryptedContent:
    """Begin a backup in ``file``; return the stream that encrypts its content."""
    members = [(READ_ME, READ_ME_TEXT), *([(KEY, sealing.locked_key)] if sealing.locked_key else [])]
    for name, data in members:
        file.write(_header(name, len(data)) + data + _padding(len(data)))
    return EncryptedContent(file, sealing)


class EncryptedContent(EncryptingWriter):
    """The encrypted member of a backup file. `complete` writes its size into its header, and the file's end."""

    def __init__(self, file: IO[bytes], sealing: Sealing) -> None:
        self._file = file
        self._start = file.tell()
        file.write(_header(CONTENT, 0))
        super().__init__(file, sealing)

    def complete(self) -> None:
        """End the content. Without this the file is not a backup."""
        self.close()
        size = self._file.tell() - self._start - _BLOCK
        self._file.write(_padding(size) + bytes(2 * _BLOCK))
        end = self._file.tell()
        self._file.seek(self._start)
        self._file.write(_header(CONTENT, size))
        self._file.seek(end)


@dataclass(frozen=True)
class Container:
    """The layout of a backup file: its protected key, and where its encrypted content lies, in bytes.

    ``locked_key`` is empty when the key is kept apart from the backup.
    """

    path: Path
    locked_key: bytes
    offset: int
    size: int

    @contextmanager
    def content(self, opening: Opening) -> Iterator[DecryptingReader]:
        """Yield the decrypted content, as a stream. Raises `WrongKeyError`; see `DecryptingReader`."""
        identities = identities_for(opening, self.locked_key)
        with self.path.open("rb") as file:
            file.seek(self.offset)
            reader = DecryptingReader(_Window(file, self.size), identities)  # type: ignore[arg-type]
            try:
                yield reader
            finally:
                reader.close()


def read_container(path: Path) -> Container:
    """Read the layout of a backup file.

    Raises `DamagedError` for a file that is not a backup or is cut off, or an `OSError`.
    """
    locked_key, found = b"", []
    try:
        with tarfile.open(path, "r:") as tar:
            for member in tar:
                found.append(member.name)
                if member.name == READ_ME and _small(tar, member) != READ_ME_TEXT:
                    raise DamagedError(f"{path} is damaged: its {READ_ME} was changed; take another backup.")
                if member.name == KEY:
                    locked_key = _small(tar, member)
                if member.name == CONTENT:
                    break
    except tarfile.TarError as error:
        raise DamagedError(f"{path} is no backup of Sendmill, or is damaged; take another one.") from error
    if found not in ([READ_ME, CONTENT], [READ_ME, KEY, CONTENT]):
        raise DamagedError(f"{path} is no backup of Sendmill.")
    if path.stat().st_size < member.offset_data + member.size + 2 * _BLOCK:
        raise DamagedError(f"{path} is cut off; take another backup.")
    return Container(path, locked_key, member.offset_data, member.size)


class _Window(io.RawIOBase):
    """A source of the next ``size`` bytes of a file."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self._file, self._left = file, size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._file.read(wanted)
        self._left -= len(data)
        return data


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    return member.tobuf(tarfile.GNU_FORMAT)


def _padding(size: int) -> bytes:
    return bytes(-size % _BLOCK)


def _small(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = tar.extractfile(member)
    return b"" if file is None else file.read(_LARGEST_KEY)


def _remove_abandoned(folder: Path) -> None:
    """Remove backups that a killed process did not finish: nobody holds the lock on them."""
    for path in folder.glob(f"{_PARTIAL[0]}*{_PARTIAL[1]}"):
        if not path.name.endswith(f"{SUFFIX}{_PARTIAL[1]}"):
            continue
        with suppress(OSError), path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()


SUFFIX = ".sendmill"  # of the names of backups
