"""A word that nobody knew: asked about, said, and the reports that had it read again."""

from __future__ import annotations

import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo
from tests.rig.desk import Desk, fetch

from sendmill.accounts.models import Member, Role
from sendmill.catalog import carriers, report_meanings
from sendmill.catalog.models import Carrier
from sendmill.domain.violations import Refused
from sendmill.runtime.settings import ENV


@pytest.fixture
def dsn(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the job connects to is the database of the test."""
    name = str(connection.settings_dict["NAME"])
    monkeypatch.setattr(ENV, "database_url", make_conninfo(database_url, dbname=name))


def test_what_waits_with_a_word_is_settled_once_the_word_is_explained(
    committed_desk: Desk, dsn: None
) -> None:
    task = committed_desk.task(3)
    carrier = Carrier.objects.get(pk=task.carrier_id)
    fetch(
        "WITH sent AS (UPDATE message SET submitted_at = now(), code = 'MBBLINK' WHERE task_id = %s RETURNING seq), "
        "done AS (UPDATE chunk SET state = 2, next_seq = hi WHERE task_id = %s), "
        "kept AS (INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id) "
        "  SELECT hashtextextended('id' || seq, %s), %s, seq, 0, %s, 'id' || seq FROM sent), "
        "word AS (INSERT INTO report_word (carrier_id, word, reports) VALUES (%s, 'MBBLINK', 2)) "
        "INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, raw) "
        "SELECT %s, seq, 0, seq, %s, 'id' || seq, 'MBBLINK', 'id:id' || seq || ' stat:MBBLINK err:021' FROM sent "
        "WHERE seq < 2 RETURNING 1",
        task.pk, task.pk, carrier.pk, task.pk, carrier.pk, carrier.pk, task.pk, carrier.pk,
    )  # fmt: skip
    assert [(one.word, one.reports) for one in report_meanings.unknown_words(carrier)] == [("MBBLINK", 2)]
    admin = Member.objects.create(account=committed_desk.account, username="boss", role=Role.ADMIN)
    with pytest.raises(Refused):
        carriers.edit(admin, carrier, report_words="MBBLINK=perhaps")
    edited = carriers.edit(admin, carrier, report_words="MBBLINK=failed: blacklisted there")
    assert report_meanings.unknown_words(edited) == []
    assert report_meanings.run(carrier.pk) == 2
    assert fetch("SELECT result, code FROM message WHERE task_id = %s ORDER BY seq", task.pk) == [
        (2, "MBBLINK: blacklisted there"),
        (2, "MBBLINK: blacklisted there"),
        (0, "MBBLINK"),
    ]
    assert report_meanings.run(carrier.pk) in (0, 2), "again changes nothing"
