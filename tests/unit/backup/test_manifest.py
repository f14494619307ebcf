"""What a backup says of itself: names of settings and never values; what this version can restore."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sendmill.backup.errors import DamagedError, NewerSchemaError
from sendmill.backup.manifest import (
    SECRETS,
    Manifest,
    need_known_schema,
    parse_manifest,
    secrets_of,
    settings_in_use,
)
from sendmill.runtime.settings import Environment

MANIFEST = Manifest(
    format=1,
    sendmill="0.1.0",
    taken_at="2026-01-05T10:00:00+00:00",
    store="7",
    embedded=True,
    server=180006,
    dumped_by=18,
    schema="public",
    migrations=(("tasks", "0001_initial"), ("tasks", "0002_results")),
    relations=300,
    database_bytes=1 << 20,
    settings=("SENDMILL_HOST", "SENDMILL_SECRET_KEY"),
    secrets_apart=("SENDMILL_SECRET_KEY",),
)


def test_it_comes_back_as_it_was_written() -> None:
    assert parse_manifest(MANIFEST.to_json().decode()) == MANIFEST


def test_what_a_later_version_adds_to_it_is_passed_over() -> None:
    added = json.loads(MANIFEST.to_json()) | {"erasures": 3}
    assert parse_manifest(json.dumps(added)) == MANIFEST


def test_a_format_of_the_future_is_refused() -> None:
    with pytest.raises(NewerSchemaError, match="install that version"):
        parse_manifest(replace(MANIFEST, format=2).to_json().decode())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": "x"}'])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(DamagedError, match="manifest"):
        parse_manifest(text)


def test_names_of_settings_are_noted_and_no_value() -> None:
    given = {
        "SENDMILL_SECRET_KEY": "very secret",
        "DATABASE_URL": "postgresql://u:pass@h/d",
        "SENDMILL_HOST": "",
        "SENDMILL_PORT": "80",
        "SENDMILL_BACKUP_PASSPHRASE": "secret too",
        "SENDMILL_ACCOUNT": "Acme",
        "PATH": "/bin",
    }
    names = settings_in_use(given)
    assert names == ("DATABASE_URL", "SENDMILL_PORT", "SENDMILL_SECRET_KEY")
    assert secrets_of(names) == ("DATABASE_URL", "SENDMILL_SECRET_KEY")


def test_every_setting_that_is_a_secret_is_said_to_be_kept_apart() -> None:
    secret = {
        f"SENDMILL_{name.upper()}"
        for name in Environment.model_fields
        if any(word in name for word in ("secret", "password", "token", "database_url"))
    }
    assert secret <= set(SECRETS)


def test_a_newer_schema_is_refused_and_an_older_one_is_not() -> None:
    known = [*MANIFEST.migrations, ("tasks", "0003_more")]
    need_known_schema(MANIFEST, known)
    with pytest.raises(NewerSchemaError, match="0002_results"):
        need_known_schema(MANIFEST, known[:1])
