"""The file of a backup: what was written comes back, or nothing does."""

from __future__ import annotations

import errno
import io
import os
import signal
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pyrage
import pytest

from sendmill.backup import archive, backup_file
from sendmill.backup.archive import ArchiveReader, ArchiveWriter
from sendmill.backup.backup_file import new_file, read_container, write_content
from sendmill.backup.encryption import (
    Opening,
    Sealing,
    new_key,
    read_identities,
    seal_for,
    seal_with_passphrase,
)
from sendmill.backup.errors import BackupError, BackupRefused, DamagedError, WrongKeyError

MEMBERS = {"manifest.json": b"{}", "data/files/数字.csv": b"Number\n" * 5_000, "empty": b""}
PASSPHRASE = "correct horse battery staple"


def write(path: Path, sealing: Sealing, members: dict[str, bytes] = MEMBERS) -> None:
    with new_file(path) as file:
        content = write_content(file, sealing)
        writer = ArchiveWriter(content)  # type: ignore[arg-type]
        for name, data in members.items():
            writer.add_bytes(name, data)
        writer.finish()
        content.complete()


def read(path: Path, opening: Opening) -> dict[str, bytes]:
    with read_container(path).content(opening) as stream:
        return {name: member.read() for name, member in ArchiveReader(stream)}  # type: ignore[arg-type]


def keys() -> tuple[Sealing, Opening]:
    secret, public = new_key()
    return seal_for([public]), Opening(identities=(pyrage.x25519.Identity.from_str(secret),))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "a.sendmill"


def test_what_was_written_comes_back(place: Path) -> None:
    sealing, opening = keys()
    write(place, sealing)
    assert read(place, opening) == MEMBERS
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert b"Number" not in place.read_bytes()
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_another_key_does_not_open_it_nor_does_a_passphrase(place: Path) -> None:
    write(place, keys()[0])
    with pytest.raises(WrongKeyError, match="another"):
        read(place, keys()[1])
    with pytest.raises(WrongKeyError, match="--identity"):
        read(place, Opening(PASSPHRASE))


@pytest.mark.slow
def test_a_passphrase_opens_it_with_tar_age_and_sha256sum(place: Path, tmp_path: Path) -> None:
    write(place, seal_with_passphrase(PASSPHRASE))
    subprocess.run(["tar", "xf", place], cwd=tmp_path, check=True)
    assert (tmp_path / "READ-ME.txt").read_bytes() == backup_file.READ_ME_TEXT
    # age's own program asks for the passphrase of a key file; pyrage reads the same two formats.
    secret = pyrage.passphrase.decrypt((tmp_path / "key.age").read_bytes(), PASSPHRASE).decode().strip()
    plain = pyrage.decrypt(
        (tmp_path / "content.tar.age").read_bytes(), [pyrage.x25519.Identity.from_str(secret)]
    )
    (tmp_path / "content.tar").write_bytes(plain)
    subprocess.run(["tar", "xf", "content.tar"], cwd=tmp_path, check=True)
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path, check=True)


def test_no_flipped_bit_and_no_cut_gives_other_contents(place: Path) -> None:
    sealing, opening = keys()
    write(place, sealing)
    whole = place.read_bytes()
    start, size = read_container(place).offset, read_container(place).size
    for at in range(0, len(whole), 131):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        inside = start <= at < start + size
        try:
            assert read(place, opening) == MEMBERS
            assert not inside
        except (DamagedError, WrongKeyError):
            pass
    for length in range(0, len(whole) - 1, 1_021):
        place.write_bytes(whole[:length])
        with pytest.raises(DamagedError):
            read(place, opening)


def test_an_archive_that_was_never_finished_is_none(place: Path) -> None:
    sealing, opening = keys()
    with new_file(place) as file:
        content = write_content(file, sealing)
        writer = ArchiveWriter(content)  # type: ignore[arg-type]
        writer.add_bytes("manifest.json", b"{}")
        content.write(bytes(10_240))
        content.complete()
    with pytest.raises(DamagedError, match="never finished"):
        read(place, opening)


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside", "data/../../outside", "data//twice"])
def test_a_member_that_would_lie_elsewhere_is_refused(name: str) -> None:
    tar = io.BytesIO()
    writer = ArchiveWriter(tar)
    writer.add_bytes(name, b"x")
    writer.finish()
    tar.seek(0)
    with pytest.raises(DamagedError, match="should not have"):
        list(ArchiveReader(tar))


def test_a_link_is_refused() -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as file:
        link = tarfile.TarInfo("data/files/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        file.addfile(link)
    tar.seek(0)
    with pytest.raises(DamagedError, match="should not have"):
        list(ArchiveReader(tar))


def test_a_stream_of_unknown_length_goes_into_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "PIECE", 1_000)
    tar, data = io.BytesIO(), os.urandom(2_500)
    writer = ArchiveWriter(tar)
    assert writer.add_stream("database/", io.BytesIO(data)) == 2_500
    writer.finish()
    tar.seek(0)
    pieces = {name: member.read() for name, member in ArchiveReader(tar)}
    assert list(pieces) == sorted(pieces)
    assert b"".join(pieces.values()) == data


def test_a_file_that_shrinks_meanwhile_spoils_nothing() -> None:
    tar = io.BytesIO()
    writer = ArchiveWriter(tar)
    writer.add_file("data/files/a", io.BytesIO(b"abc"), 5)
    writer.add_bytes("b", b"b")
    writer.finish()
    tar.seek(0)
    assert {name: member.read() for name, member in ArchiveReader(tar)} == {
        "data/files/a": b"abc\0\0",
        "b": b"b",
    }


class _FullDisk(io.BytesIO):
    def write(self, data: object) -> int:
        raise OSError(28, "No space left on device")


def test_a_full_disk_is_said_and_leaves_nothing(place: Path) -> None:
    def fill() -> None:
        with new_file(place) as file:
            content = write_content(file, keys()[0])
            content._target._file = _FullDisk()
            writer = ArchiveWriter(content)  # type: ignore[arg-type]
            for number in range(64):
                writer.add_bytes(f"{number}", bytes(1 << 20))
            content.complete()

    with pytest.raises(OSError, match="No space left"):
        fill()
    assert list(place.parent.iterdir()) == []


def test_a_name_that_is_taken_is_left_alone(place: Path) -> None:
    place.write_bytes(b"mine")
    with pytest.raises(BackupRefused, match="exists"):
        write(place, keys()[0])
    assert place.read_bytes() == b"mine"


def test_a_disk_that_knows_no_links_does(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(source: Path, target: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    sealing, opening = keys()
    write(place, sealing)
    assert read(place, opening) == MEMBERS
    assert [one.name for one in place.parent.iterdir()] == [place.name]


def test_a_killed_backup_leaves_nothing_under_its_name_and_the_next_one_clears_up(place: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from sendmill.backup.backup_file import new_file\n"
        "with new_file(pathlib.Path(sys.argv[1])) as file:\n"
        "    file.write(b'half'); file.flush(); print('begun', flush=True); sys.stdin.read()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, place],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"begun\n"
    # Not while it runs, though: then it is another's.
    with pytest.raises(BackupRefused, match="under way"):
        write(place, keys()[0])
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not place.exists()
    other = place.with_name("b.sendmill")
    write(other, keys()[0])
    assert [one.name for one in place.parent.iterdir()] == [other.name]


def test_what_is_no_backup_is_refused(place: Path) -> None:
    for data in (b"", b"hello" * 1_000, bytes(10_240)):
        place.write_bytes(data)
        with pytest.raises(DamagedError, match="no backup"):
            read(place, keys()[1])


def test_keys_are_read_as_age_and_ssh_write_them(tmp_path: Path) -> None:
    secret, _ = new_key()
    path = tmp_path / "key"
    path.write_text(f"# public key: …\n{secret}\n")
    assert str(read_identities(path)[0]) == secret
    for text in ("", "# nothing\n", "hello\n"):
        path.write_text(text)
        with pytest.raises(BackupRefused, match="private key"):
            read_identities(path)


@pytest.mark.parametrize("text", ["", "age1", "AGE-SECRET-KEY-1", "hello", "ssh-ed25519 nonsense"])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(BackupRefused, match="public key"):
        seal_for([text])


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(BackupRefused, match="at least 12"):
        seal_with_passphrase("short")


def test_a_name_that_sums_cannot_hold_is_refused() -> None:
    with pytest.raises(BackupError, match="rename"):
        ArchiveWriter(io.BytesIO()).add_bytes("two\nlines", b"")
