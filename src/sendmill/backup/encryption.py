"""Encrypts and decrypts a stream in the age format (age-encryption.org), with `pyrage`.

The content is always encrypted for public keys, piece by piece, whatever its size. A passphrase protects a private
key made for this one backup, which then lies beside the content: age's own program accepts such a protected key file
as it is.
"""

from __future__ import annotations

import io
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

from sendmill.backup.errors import BackupRefused, DamagedError, WrongKeyError

LEAST_PASSPHRASE = 12  # characters
_PIECE = 1 << 20


@dataclass(frozen=True)
class Sealing:
    """The public keys that a backup is encrypted for.

    ``locked_key`` is their private key, protected by a passphrase; empty when it is kept apart from the backup.
    """

    recipients: tuple[Any, ...]
    locked_key: bytes = b""


@dataclass(frozen=True)
class Opening:
    """The secrets that a person gives to open a backup: a passphrase, or private keys."""

    passphrase: str = ""
    identities: tuple[Any, ...] = ()


def new_key() -> tuple[str, str]:
    """Return a new private key and its public key, as age writes them."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def seal_with_passphrase(passphrase: str) -> Sealing:
    """Return a sealing for a new key that the passphrase protects.

    Takes about a second, which slows guessing down. Raises `BackupRefused` for a passphrase that is too short.
    """
    if len(passphrase) < LEAST_PASSPHRASE:
        raise BackupRefused(f"The passphrase is too short; it needs at least {LEAST_PASSPHRASE} characters.")
    secret, _ = new_key()
    identity = pyrage.x25519.Identity.from_str(secret)
    locked = pyrage.passphrase.encrypt(secret.encode() + b"\n", passphrase, armored=True)
    return Sealing((identity.to_public(),), locked)


def seal_for(recipients: Sequence[str]) -> Sealing:
    """Return a sealing for public keys (``age1…`` or ``ssh-ed25519 …``). Raises `BackupRefused` for an invalid one."""
    return Sealing(tuple(_recipient(text.strip()) for text in recipients))


def read_identities(path: Path) -> tuple[Any, ...]:
    """Read the private keys in a file written by age-keygen or ssh-keygen. Raises `BackupRefused` or `OSError`."""
    content = path.read_bytes()
    try:
        if content.startswith(b"-----BEGIN"):
            return (pyrage.ssh.Identity.from_buffer(content),)
        lines = [line.strip() for line in content.decode().splitlines()]
        found = [line for line in lines if line and not line.startswith("#")]
        identities = tuple(pyrage.x25519.Identity.from_str(line) for line in found)
    except (pyrage.IdentityError, UnicodeDecodeError) as error:
        raise BackupRefused(
            f"{path} holds no private key of age; it begins with AGE-SECRET-KEY-1."
        ) from error
    if not identities:
        raise BackupRefused(f"{path} holds no private key.")
    return identities


def identities_for(opening: Opening, locked_key: bytes) -> tuple[Any, ...]:
    """Return the private keys that open a backup whose protected key is ``locked_key`` (empty: kept apart).

    Raises `WrongKeyError` when the given passphrase or keys cannot open it.
    """
    if opening.identities:
        return opening.identities
    if not locked_key:
        raise WrongKeyError("This backup has its key kept apart; name the key file with --identity.")
    try:
        secret = pyrage.passphrase.decrypt(locked_key, opening.passphrase).decode().strip()
        return (pyrage.x25519.Identity.from_str(secret),)
    except (pyrage.DecryptError, pyrage.IdentityError, UnicodeDecodeError) as error:
        raise WrongKeyError("The passphrase does not open this backup, or its key was damaged.") from error


def _recipient(text: str) -> Any:
    try:
        return pyrage.ssh.Recipient.from_str(text) if text.startswith("ssh-") else _age_recipient(text)
    except pyrage.RecipientError as error:
        raise BackupRefused(f"“{text}” is no public key of age; it begins with age1.") from error


def _age_recipient(text: str) -> Any:
    return pyrage.x25519.Recipient.from_str(text)


class _Watched:
    """A file for pyrage that keeps its last OSError, which pyrage would replace by an error of its own."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.error: OSError | None = None

    def read(self, size: int = -1) -> bytes:
        with self._watching():
            return self._file.read(size)

    def write(self, data: bytes) -> int:
        with self._watching():
            return self._file.write(data)

    def flush(self) -> None:
        with self._watching():
            self._file.flush()

    @contextmanager
    def _watching(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.error = error
            raise


class EncryptingWriter(io.RawIOBase):
    """Encrypts everything that is written to it into ``target``; closing it ends the encrypted stream.

    An error of the target (a full disk) is raised by the next write or by `close`.
    """

    def __init__(self, target: IO[bytes], sealing: Sealing) -> None:
        reading, writing = os.pipe()
        self._target = _Watched(target)
        self._pipe = os.fdopen(writing, "wb", buffering=0)
        self._error: BaseException | None = None
        self._thread = threading.Thread(
            target=self._run, args=(reading, sealing), name="encrypt", daemon=True
        )
        self._thread.start()

    def writable(self) -> bool:
        """Return True."""
        return True

    def write(self, data: Any) -> int:
        """Encrypt `data`; return its length."""
        view, at = memoryview(data).cast("B"), 0
        try:
            while at < len(view):
                at += self._pipe.write(view[at : at + _PIECE]) or 0
        except BrokenPipeError:
            self._finish()
            raise
        return at

    def close(self) -> None:
        """End the encrypted stream. Raises the error of the target, if it had one."""
        if not self.closed:
            try:
                self._finish()
            finally:
                super().close()

    def _finish(self) -> None:
        self._pipe.close()
        self._thread.join()
        error, self._error = self._error, None
        if error is not None:
            raise self._target.error or error

    def _run(self, reading: int, sealing: Sealing) -> None:
        with os.fdopen(reading, "rb", buffering=0) as source:
            try:
                pyrage.encrypt_io(source, self._target, list(sealing.recipients))
            except BaseException as error:
                self._error = error


class DecryptingReader(io.RawIOBase):
    """Reads the plain bytes of an encrypted ``source``; every piece is authenticated before it can be read.

    Whether the stream is whole is known only at its end: the error is raised there. Raises `WrongKeyError`,
    `DamagedError` or an `OSError` of the source.
    """

    def __init__(self, source: IO[bytes], identities: Sequence[Any]) -> None:
        reading, writing = os.pipe()
        self._source = _Watched(source)
        self._pipe = os.fdopen(reading, "rb", buffering=0)
        self._error: BaseException | None = None
        self._thread = threading.Thread(
            target=self._run, args=(writing, list(identities)), name="decrypt", daemon=True
        )
        self._thread.start()

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read plain bytes into `buffer`; return how many, 0 at the end. Raises as the class says."""
        count = self._pipe.readinto(buffer) or 0
        if count == 0 and len(buffer):
            self._thread.join()
            if self._error is not None:
                raise self._explain(self._error)
        return count

    def close(self) -> None:
        """Stop decrypting."""
        if not self.closed:
            self._pipe.close()  # a decryption that still runs ends at its next write
            self._thread.join()
            super().close()

    def _explain(self, error: BaseException) -> BaseException:
        if self._source.error is not None:
            return self._source.error
        if isinstance(error, pyrage.DecryptError) and "keys" in str(error).lower():
            return WrongKeyError("The key does not open this backup; it was encrypted for another one.")
        return DamagedError(f"The backup is damaged and cannot be used ({error}); take another one.")

    def _run(self, writing: int, identities: list[Any]) -> None:
        with os.fdopen(writing, "wb", buffering=0) as target:
            try:
                pyrage.decrypt_io(self._source, _Whole(target), identities)
            except BaseException as error:
                self._error = error


class _Whole:
    """A pipe whose `write` returns only when everything was written."""

    def __init__(self, pipe: io.FileIO | Any) -> None:
        self._pipe = pipe

    def write(self, data: bytes) -> int:
        view, at = memoryview(data), 0
        while at < len(view):
            at += self._pipe.write(view[at:]) or 0
        return at

    def flush(self) -> None:
        self._pipe.flush()
