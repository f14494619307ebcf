"""Checks an uploaded file before anything parses it: kind, size, zip directory, bounded inflating.

Nothing here trusts a number in the file. The directory is measured before `zipfile` builds an object per member, and
a member is inflated in small steps that stop at its declared size; `zipfile` compares the CRC.
"""

from __future__ import annotations

import mmap
import re
import struct
import zipfile
import zlib
from collections.abc import Generator
from pathlib import Path
from typing import IO, Literal

from sendmill.spreadsheets.errors import refusal
from sendmill.spreadsheets.limits import MIB, Limits

CHUNK = 2 * MIB
_DIRECTORY_ENTRY = 46 + 1_024  # a fixed part, and far more name and extra field than an office program writes
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_DECLARATIONS = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
# What a truncated, altered or nonsensical archive raises while `zipfile` reads it.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"RIFF", "image"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
)


def check_file(path: Path, limits: Limits) -> Literal["xlsx", "csv"]:
    """Return the kind of a file by its content, after the checks that need no inflating.

    Raises SpreadsheetError: empty, too large, an old .xls, password-protected, another kind of file that was renamed,
    or a zip directory that no spreadsheet has. Cheap enough for the parent process: it reads the head and the
    directory.
    """
    try:
        size = path.stat().st_size
        if size == 0:
            raise refusal("empty_file")
        if size > limits.max_bytes:
            raise refusal("too_large", limit=f"{limits.max_bytes / MIB:g}")
        with path.open("rb") as file:
            head = file.read(4096)
            if head.startswith(b"\xd0\xcf\x11\xe0"):
                with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as whole:
                    raise refusal("password" if whole.find(_ENCRYPTED_PACKAGE) >= 0 else "old_excel")
            if not head.startswith(b"PK"):
                _check_head(head)
                return "csv"
    except OSError as error:
        raise refusal("unreadable") from error
    Package(path, limits).close()
    return "xlsx"


def _check_head(head: bytes) -> None:
    """Raise SpreadsheetError for what is neither a zip archive nor text."""
    for magic, kind in _FOREIGN:
        # A text file may begin with the letters of a short magic number; then it holds no binary byte.
        if head.startswith(magic) and (len(magic) > 2 or b"\x00" in head):
            raise refusal("not_spreadsheet", kind=kind)
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<body")):
        raise refusal("not_spreadsheet", kind="HTML")
    if text.startswith((b"<?xml", b"<!doctype", b"<!--")):
        raise refusal("not_spreadsheet", kind="HTML" if b"<html" in text else "XML")


def _measure_directory(file: IO[bytes], limits: Limits) -> None:
    """Raise SpreadsheetError for a zip directory that is missing, or larger than the allowed members could need."""
    file.seek(0, 2)
    size = file.tell()
    file.seek(max(0, size - 65_557))
    tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or at + 22 > len(tail):
        raise refusal("damaged")
    members, directory = struct.unpack_from("<HL", tail, at + 10)
    if at >= 20 and tail[at - 20 : at - 16] == b"PK\x06\x07":
        (record_at,) = struct.unpack_from("<Q", tail, at - 12)
        if record_at > size - 56:
            raise refusal("damaged")
        file.seek(record_at)
        record = file.read(56)
        if not record.startswith(b"PK\x06\x06"):
            raise refusal("damaged")
        members, directory = struct.unpack_from("<QQ", record, 32)
    if members > limits.max_members or directory > limits.max_members * _DIRECTORY_ENTRY:
        raise refusal("hostile")


class Package:
    """An open XLSX archive whose directory has passed every check. A context manager."""

    def __init__(self, path: Path, limits: Limits) -> None:
        """Open `path`. Raises SpreadsheetError when the directory is not that of an honest spreadsheet."""
        self._limits = limits
        try:
            with path.open("rb") as file:
                _measure_directory(file, limits)
            self._zip = zipfile.ZipFile(path)
        except _BROKEN as error:
            raise refusal("damaged") from error
        try:
            self._members = self._check_directory()
        except BaseException:
            self._zip.close()
            raise

    def __enter__(self) -> Package:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _check_directory(self) -> dict[str, zipfile.ZipInfo]:
        limits = self._limits
        members: dict[str, zipfile.ZipInfo] = {}
        infos = self._zip.infolist()
        if len(infos) > limits.max_members:
            raise refusal("hostile")
        total = 0
        for info in infos:
            # Part names are compared without case (OPC, ISO/IEC 29500-2).
            name = info.filename.lstrip("/").lower()
            if info.flag_bits & 0x1:
                raise refusal("password")
            if name in members or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise refusal("hostile")
            total += info.file_size
            if info.file_size > limits.member_bytes or total > limits.total_bytes:
                raise refusal("inflates")
            if info.file_size > limits.ratio_from and info.file_size > limits.ratio * max(
                info.compress_size, 1
            ):
                raise refusal("inflates")
            members[name] = info
        _check_kind(members)
        return members

    def has(self, name: str) -> bool:
        """Return whether there is a member of that name (compared without case)."""
        return name.lower() in self._members

    def read_part(self, name: str) -> bytes:
        """Return a small member whole (workbook, relationships, styles). Raises SpreadsheetError.

        Empty when there is no such member. At most `part_bytes`, and no DOCTYPE or ENTITY.
        """
        info = self._members.get(name.lower())
        if info is None:
            return b""
        if info.file_size > self._limits.part_bytes:
            raise refusal("hostile")
        part = b"".join(self.stream(name))
        refuse_declarations(part)
        return part

    def stream(self, name: str) -> Generator[bytes, None, None]:
        """Yield a member in steps of 2 MiB. Raises SpreadsheetError when its size or CRC is not as declared.

        Only a stream that was read to its end is proved good: the CRC is compared at the last step.
        """
        info = self._members.get(name.lower())
        if info is None:
            raise refusal("damaged")
        left = info.file_size
        try:
            with self._zip.open(info) as member:
                while piece := member.read(CHUNK):
                    left -= len(piece)
                    yield piece
        except _BROKEN as error:
            raise refusal("damaged") from error
        if left != 0:
            raise refusal("damaged")


def refuse_declarations(xml: bytes) -> None:
    """Raise SpreadsheetError for XML that declares a document type or entities; no spreadsheet program writes any."""
    # In UTF-16 every other byte of ASCII text is zero: without the zeros a declaration cannot hide.
    plain = xml.replace(b"\x00", b"") if b"\x00" in xml[:64] else xml
    if _DECLARATIONS.search(plain):
        raise refusal("hostile")


def _check_kind(members: dict[str, zipfile.ZipInfo]) -> None:
    """Raise SpreadsheetError for an archive that is no XLSX workbook; the common other kinds are named."""
    if "xl/workbook.bin" in members:
        raise refusal("binary_workbook")
    if "[content_types].xml" in members:
        for folder, kind in (("word/", "Word"), ("ppt/", "PowerPoint"), ("visio/", "Visio")):
            if any(name.startswith(folder) for name in members):
                raise refusal("not_spreadsheet", kind=kind)
        return
    if "mimetype" in members and "content.xml" in members:
        raise refusal("not_spreadsheet", kind="OpenDocument")
    raise refusal("not_spreadsheet", kind="ZIP")
