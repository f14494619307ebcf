"""Addresses of servers: what is made of them, and what is said of those that are wrong."""

import pytest

from sendmill.postgres import address
from sendmill.postgres.embedded.server import (
    PostgresError,
    ServerTooOldError,
    ServerUnreachableError,
    django_database,
    server_version_check,
)
from sendmill.postgres.session_settings import options


@pytest.mark.parametrize(
    "wrong", ["nonsense", "postgresql://u:hidden-word@:/%zz", "mysql://u:hidden-word@h/d"]
)
def test_wrong_address_is_one_sentence_without_its_password(wrong: str) -> None:
    with pytest.raises(PostgresError, match="DATABASE_URL") as caught:
        django_database(wrong)
    assert "hidden-word" not in str(caught.value)
    with pytest.raises(ServerUnreachableError, match="DATABASE_URL") as caught:
        server_version_check(wrong)
    assert "hidden-word" not in str(caught.value)


def test_address_becomes_a_django_entry() -> None:
    entry = django_database("postgresql://us%40er:p%3Aw@db.example:5433/name?sslmode=require")
    assert entry == {
        "ENGINE": "sendmill.postgres.django_backend",
        "NAME": "name",
        "USER": "us@er",
        "PASSWORD": "p:w",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require", "options": options()},
    }


def test_server_that_does_not_answer_or_is_too_old(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ServerUnreachableError, match="Connection refused"):
        server_version_check("postgresql://u:hidden-word@127.0.0.1:1/d")
    monkeypatch.setattr(address, "OLDEST_VERSION", 99)
    with pytest.raises(ServerTooOldError, match="99 or newer"):
        server_version_check(database_url)
