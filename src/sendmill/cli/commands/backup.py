"""Commands about backups: `sendmill backup …` and `sendmill restore`."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from sendmill.cli.caller import Caller, tells
from sendmill.cli.errors import CommandError, RefusedError
from sendmill.cli.output import note
from sendmill.cli.startup import database, prepare, read_environment
from sendmill.schemas.backup import (
    BackupKeySchema,
    BackupSchema,
    RestoredBackupSchema,
    VerifiedBackupSchema,
)

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sendmill.backup.encryption import Opening, Sealing

PASSPHRASE = "SENDMILL_BACKUP_PASSPHRASE"  # noqa: S105 - its name
HELD = "Nothing is sent until it is released: look with `sendmill held`."

FILE = Annotated[Path, typer.Argument(help="The backup.", metavar="FILE", exists=True, dir_okay=False)]
PASSPHRASE_FILE = Annotated[
    Path | None,
    typer.Option(help=f"File whose first line is the passphrase; else {PASSPHRASE}, else it is asked for."),
]
IDENTITY = Annotated[Path | None, typer.Option(help="File of the private key, when it is kept apart.")]


class _Backup(TyperGroup):
    """`sendmill backup PLACE` is short for `sendmill backup create PLACE`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["create", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Backup,
    help="Back everything up into one encrypted file; `sendmill restore` puts it back.",
    no_args_is_help=True,
)


@app.command()
@tells(BackupSchema, acting=False)
def create(
    caller: Caller,
    to: Annotated[Path, typer.Argument(help="A new file, or a folder that gets one.", metavar="PLACE")],
    recipient: Annotated[
        list[str] | None,
        typer.Option(help="Public key to encrypt for (age1…), the private one kept apart; may be repeated."),
    ] = None,
    passphrase_file: PASSPHRASE_FILE = None,
    keep: Annotated[
        int, typer.Option(help="Keep so many of the folder's backups, remove older ones; 0: all.", min=0)
    ] = 0,
) -> None:
    """Back up database, files and the names of settings into one encrypted file; `create` may be left out.

    Sending goes on meanwhile; the backup holds the state of one moment.
    """
    from sendmill.backup.create import make_backup, remove_older
    from sendmill.backup.manifest import settings_in_use

    if keep and not to.is_dir():
        raise typer.BadParameter(f"--keep needs a folder, and {to} is none.")
    # Read first: `database` gives its own address to this process.
    settings = settings_in_use()
    environment = read_environment()
    folder = environment.data_dir.absolute()
    if not environment.database_url and not (folder / "postgres" / "cluster").exists():
        raise RefusedError(f"There is nothing to back up in {folder}: no database was ever made there.")
    sealing = _sealing(recipient, passphrase_file)
    with database(environment) as dsn:
        made = make_backup(
            dsn, folder, to.absolute(), sealing, settings=settings, embedded=not environment.database_url
        )
    removed = remove_older(to, keep) if keep else []
    answer = BackupSchema(
        file=str(made.path),
        bytes=made.size,
        taken_at=made.manifest.taken_at,
        rows=made.rows,
        files=made.files,
        settings=list(made.manifest.settings),
        secrets_apart=list(made.manifest.secrets_apart),
        removed=[str(path) for path in removed],
    )
    _tell(caller, answer)
    if made.manifest.secrets_apart:
        note(
            f"Not in it, to be kept apart by you: the values of {', '.join(made.manifest.secrets_apart)}, "
            "and what opens this backup."
        )


@app.command("verify")
@tells(VerifiedBackupSchema, acting=False)
def verify_backup(
    caller: Caller,
    file: FILE,
    identity: IDENTITY = None,
    passphrase_file: PASSPHRASE_FILE = None,
    deep: Annotated[
        bool,
        typer.Option(
            "--deep", help="Restore it into a database of its own, count, add everything up, and remove that."
        ),
    ] = False,
) -> None:
    """Check that a backup can be opened, is whole, and holds what it says; with --deep that it can be restored."""
    from sendmill.backup.check import verify

    opening = _opening(file, identity, passphrase_file)
    contents = verify(file, opening)
    if deep:
        _rehearse(file, opening, contents.manifest.database_bytes)
    manifest = contents.manifest
    answer = VerifiedBackupSchema(
        file=str(file),
        taken_at=manifest.taken_at,
        sendmill=manifest.sendmill,
        store=manifest.store,
        tables=len(contents.counts),
        rows=contents.rows,
        files=contents.files,
        settings=list(manifest.settings),
        secrets_apart=list(manifest.secrets_apart),
        deep=deep,
    )
    _tell(caller, answer)


@app.command("key")
@tells(BackupKeySchema, acting=False)
def new_key_file(
    caller: Caller,
    file: Annotated[Path, typer.Argument(help="File for the private key, to be kept apart.", metavar="FILE")],
) -> None:
    """Make a pair of keys: backups are made with the public one, and opened with the private one only."""
    from sendmill.backup.encryption import new_key

    secret, public = new_key()
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise RefusedError(f"{file} exists; a key is never written over.") from error
    with os.fdopen(descriptor, "w") as target:
        target.write(f"# public key: {public}\n{secret}\n")
    _tell(caller, BackupKeySchema(file=str(file), recipient=public))


@tells(RestoredBackupSchema, acting=False)
def restore(
    caller: Caller,
    file: FILE,
    identity: IDENTITY = None,
    passphrase_file: PASSPHRASE_FILE = None,
    set_aside: Annotated[
        bool,
        typer.Option(
            "--set-aside",
            help="Move aside what is in the data folder or the database; otherwise it must be empty.",
        ),
    ] = False,
) -> None:
    """Restore a backup into an empty data folder and database, all or nothing; nothing is sent until it is released."""
    from sendmill.backup.manifest import settings_in_use
    from sendmill.backup.restore import Place
    from sendmill.backup.restore import restore as put_back

    opening = _opening(file, identity, passphrase_file)
    given = settings_in_use()
    # Nothing is signed here; so no key is made in a folder that has to be empty.
    os.environ.setdefault("SENDMILL_SECRET_KEY", secrets.token_urlsafe())
    environment = read_environment()
    place = Place(environment.data_dir.absolute(), environment.database_url, set_aside)
    restored = put_back(file, opening, place, known=_known_migrations(), migrate=_migrate)
    manifest = restored.contents.manifest
    missing = sorted(set(manifest.settings) - set(given))
    answer = RestoredBackupSchema(
        file=str(file),
        taken_at=manifest.taken_at,
        rows=restored.contents.rows,
        files=restored.contents.files,
        set_aside=list(restored.set_aside),
        missing_settings=missing,
    )
    _tell(caller, answer)
    if missing:
        note(f"In use when the backup was made, and not given here: {', '.join(missing)}.")
    if "SENDMILL_SECRET_KEY" in missing:
        note("Without its SENDMILL_SECRET_KEY everybody has to sign in anew, and recovery codes are void.")
    note(HELD)


def _tell(caller: Caller, answer: BaseModel) -> None:
    shown = {name: ", ".join(value) if isinstance(value, list) else value for name, value in answer}
    caller.tell(answer, {name.replace("_", " "): value for name, value in shown.items() if value != ""})


def _sealing(recipients: Sequence[str] | None, passphrase_file: Path | None) -> Sealing:
    from sendmill.backup.encryption import seal_for, seal_with_passphrase

    if recipients:
        if passphrase_file is not None:
            raise typer.BadParameter("Give --recipient or --passphrase-file, not both.")
        return seal_for(recipients)
    return seal_with_passphrase(_passphrase(passphrase_file, confirm=True))


def _opening(file: Path, identity: Path | None, passphrase_file: Path | None) -> Opening:
    from sendmill.backup.backup_file import read_container
    from sendmill.backup.encryption import Opening, read_identities

    if identity is not None:
        return Opening(identities=read_identities(identity))
    if not read_container(file).locked_key:
        raise RefusedError("This backup has its key kept apart; name the key file with --identity.")
    return Opening(passphrase=_passphrase(passphrase_file, confirm=False))


def _passphrase(file: Path | None, *, confirm: bool) -> str:
    """From the file, the environment, or the person, in this order."""
    if file is not None:
        return (file.read_text().splitlines() or [""])[0]
    given = os.environ.get(PASSPHRASE, "")
    if given:
        return given
    if not sys.stdin.isatty():
        raise RefusedError(f"Give a passphrase: --passphrase-file, or {PASSPHRASE}.")
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=confirm, err=True))


def _known_migrations() -> list[tuple[str, str]]:
    prepare("cli", quiet=True)
    from django.db.migrations.loader import MigrationLoader

    return list(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _migrate(dsn: str, data_dir: Path) -> None:
    _own_process(dsn, data_dir, "-m", "sendmill", "migrate")


def _rehearse(file: Path, opening: Opening, size: int) -> None:
    """Restore into an embedded server of a temporary folder; raise CommandError for what does not add up."""
    import json
    import tempfile

    from sendmill.backup.restore import rehearse

    with tempfile.TemporaryDirectory(prefix="sendmill-verify-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        with rehearse(file, opening, folder, size) as (dsn, _):
            # It loses nothing that is needed when the power goes.
            os.environ["SENDMILL_ALLOW_UNSAFE_SERVER"] = "true"
            _migrate(dsn, folder)
            found = json.loads(_own_process(dsn, folder, "-m", "sendmill.cli.deep_verify"))
    if found:
        raise CommandError("\n".join(["The backup can be restored, and its store does not add up:", *found]))


def _own_process(dsn: str, data_dir: Path, *words: str) -> str:
    """What a process of ours prints that works on another database than this one; its error ends the command."""
    done = subprocess.run(
        [sys.executable, *words],
        env=os.environ
        | {"DATABASE_URL": dsn, "SENDMILL_DATA_DIR": str(data_dir)}
        | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CommandError(f"The restored database could not be used: {said}")
    return done.stdout
