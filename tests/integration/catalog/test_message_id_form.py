"""A carrier whose reports write ids in another way: proposed, taken, and everything matched."""

from __future__ import annotations

import pytest
from tests.rig.desk import Desk, fetch

from sendmill.accounts.models import Member, Role
from sendmill.catalog import carriers, message_id_form
from sendmill.catalog.models import Carrier
from sendmill.runtime.settings import ENV
from sendmill.tasks.models import Task


@pytest.fixture
def dsn(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the job connects to is the database of the test."""
    from django.db import connection
    from psycopg.conninfo import make_conninfo

    name = str(connection.settings_dict["NAME"])
    monkeypatch.setattr(ENV, "database_url", make_conninfo(database_url, dbname=name))


@pytest.fixture
def task(committed_desk: Desk) -> Task:
    """40 messages were submitted with hexadecimal ids; their reports named decimal ones."""
    made = committed_desk.task(40)
    carrier = made.carrier_id
    fetch(
        "WITH sent AS (UPDATE message SET submitted_at = now() WHERE task_id = %s RETURNING task_id, seq), "
        "done AS (UPDATE chunk SET state = 2, next_seq = hi WHERE task_id = %s), "
        "kept AS (INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id) "
        "  SELECT hashtextextended(upper(to_hex(4096 + seq)), %s), task_id, seq, 0, %s, upper(to_hex(4096 + seq)) "
        "  FROM sent) "
        "INSERT INTO orphan (carrier_id, kind, message_id, number, code, result, raw, tries) "
        "SELECT %s, 'report', (4096 + seq)::text, 0, 'DELIVRD', 1, 'raw', 15 FROM sent RETURNING 1",
        made.pk, made.pk, carrier, carrier, carrier,
    )  # fmt: skip
    return made


def test_the_form_is_proposed_taken_and_the_reports_matched(
    committed_desk: Desk, task: Task, dsn: None
) -> None:
    carrier = Carrier.objects.get(pk=task.carrier_id)
    assert message_id_form.proposal(carrier) == message_id_form.Proposal("hex_to_dec", 40, 40)
    admin = Member.objects.create(account=committed_desk.account, username="boss", role=Role.ADMIN)
    edited = carriers.edit(admin, carrier, id_form="hex_to_dec")
    assert message_id_form.run(carrier.pk) == 40
    assert fetch("SELECT result, count(*) FROM message WHERE task_id = %s GROUP BY 1", task.pk) == [(1, 40)]
    assert fetch("SELECT successful FROM tally WHERE task_id = %s", task.pk) == [(40,)]
    assert message_id_form.proposal(edited) is None
    # Again changes nothing, and takes no report twice.
    assert message_id_form.run(carrier.pk) == 0
    # And back: ids are as they were.
    carriers.edit(admin, edited, id_form="as_is")
    message_id_form.run(carrier.pk)
    assert fetch(
        "SELECT count(*) FROM submission WHERE task_id = %s AND id_hash = hashtextextended(message_id, carrier_id)",
        task.pk,
    ) == [(40,)]


def test_a_few_strangers_propose_nothing(committed_desk: Desk, task: Task) -> None:
    fetch("DELETE FROM orphan WHERE message_id::int > 4097 RETURNING 1")
    assert message_id_form.proposal(Carrier.objects.get(pk=task.carrier_id)) is None


@pytest.mark.django_db
def test_a_carrier_that_is_gone_is_left_alone() -> None:
    assert message_id_form.run(0) == 0
