"""The manifest of a backup: versions, the store it is of, its schema, and the names of the settings in use."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from sendmill.backup.errors import DamagedError, NewerSchemaError

FORMAT = 1

# Secrets that are not in a backup, and without which a restore is worth less: a person has to keep them apart.
SECRETS = ("DATABASE_URL", "SENDMILL_DATABASE_URL", "SENDMILL_EMAIL_PASSWORD", "SENDMILL_SECRET_KEY")
# Variables of a command or of the backup itself, not settings of the running processes.
NOT_SETTINGS = frozenset({"SENDMILL_ACCOUNT", "SENDMILL_AS", "SENDMILL_BACKUP_PASSPHRASE", "SENDMILL_DEBUG"})

Migration = tuple[str, str]


@dataclass(frozen=True)
class Manifest:
    """The manifest of one backup. ``taken_at`` (ISO 8601, UTC) is the moment whose state the database is in.

    ``server`` is the version of the database server (180006 is 18.6), ``dumped_by`` the major version of pg_dump,
    ``relations`` the number of tables and indexes, ``database_bytes`` their size on disk.
    """

    format: int
    sendmill: str
    taken_at: str
    store: str
    embedded: bool
    server: int
    dumped_by: int
    schema: str
    migrations: tuple[Migration, ...]
    relations: int
    database_bytes: int
    settings: tuple[str, ...]
    secrets_apart: tuple[str, ...]

    def to_json(self) -> bytes:
        """Return the manifest as it is stored in the backup."""
        return json.dumps(asdict(self), indent=1).encode()


def parse_manifest(text: str) -> Manifest:
    """Parse a manifest. Raises `NewerSchemaError` for a newer format, `DamagedError` when it cannot be read."""
    try:
        read = json.loads(text)
        if int(read["format"]) > FORMAT:
            raise NewerSchemaError(
                f"This backup was made by Sendmill {read.get('sendmill', '?')} in a format that this version "
                "does not know; install that version, or a newer one."
            )
        known = {name: read[name] for name in Manifest.__dataclass_fields__}
        known["migrations"] = tuple((app, name) for app, name in known["migrations"])
        known["settings"], known["secrets_apart"] = tuple(known["settings"]), tuple(known["secrets_apart"])
        return Manifest(**known)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DamagedError("The backup is damaged: its manifest cannot be read.") from error


def settings_in_use(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Return the names of the settings that this process was given; never their values."""
    given = os.environ if environment is None else environment
    names = {name for name, value in given.items() if value and _is_setting(name)}
    return tuple(sorted(names))


def secrets_of(settings: Iterable[str]) -> tuple[str, ...]:
    """Return those of the settings whose values are secrets, and have to be kept apart from the backup."""
    return tuple(name for name in settings if name in SECRETS)


def need_known_schema(manifest: Manifest, known: Iterable[Migration]) -> None:
    """Raise `NewerSchemaError` when the backup has migrations that this Sendmill does not know."""
    unknown = sorted(set(manifest.migrations) - set(known))
    if unknown:
        app, name = unknown[-1]
        raise NewerSchemaError(
            f"This backup was made by a newer Sendmill ({manifest.sendmill}): its tables have {len(unknown)} "
            f"change(s) that this version does not know, the last one {app} {name}. Install that version."
        )


def _is_setting(name: str) -> bool:
    return (name.startswith("SENDMILL_") or name == "DATABASE_URL") and name not in NOT_SETTINGS
