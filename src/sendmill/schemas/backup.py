"""Schemas of backups."""

from __future__ import annotations

from pydantic import BaseModel


class BackupSchema(BaseModel):
    """A backup that was made; `removed` are older ones that went."""

    file: str
    bytes: int
    taken_at: str
    rows: int
    files: int
    settings: list[str]
    secrets_apart: list[str]
    removed: list[str]


class VerifiedBackupSchema(BaseModel):
    """A backup that is whole; `deep` says whether it was restored into a database of its own."""

    file: str
    taken_at: str
    sendmill: str
    store: str
    tables: int
    rows: int
    files: int
    settings: list[str]
    secrets_apart: list[str]
    deep: bool


class RestoredBackupSchema(BaseModel):
    """What was restored; `missing_settings` were in use when the backup was made and are not now."""

    file: str
    taken_at: str
    rows: int
    files: int
    set_aside: list[str]
    missing_settings: list[str]


class BackupKeySchema(BaseModel):
    """A new pair of keys: the file of the private one, and the public one itself."""

    file: str
    recipient: str
