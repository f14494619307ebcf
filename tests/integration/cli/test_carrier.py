"""Commands about what comes from a carrier, and about its test."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.db import connection

if TYPE_CHECKING:
    from tests.rig.paper_mill import Mill
    from tests.rig.shell import Shell


def test_what_belongs_to_no_message_is_listed(shell: Shell, mill: Mill) -> None:
    assert "Nothing came" in shell.say("carrier", "received", "Line")
    long = "id:77 " * 40
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orphan (carrier_id, kind, number, message_id, code, raw) VALUES "
            "(%(id)s, 'report', 12025550123, '77', 'UNDELIV', %(long)s), "
            "(%(id)s, 'reply', NULL, NULL, NULL, 'STOP'), (%(id)s, 'unreadable', NULL, NULL, NULL, '00')",
            {"id": mill.carrier.pk, "long": long},
        )
    rows = shell.answer("carrier", "received", "Line")
    assert [row["kind"] for row in rows] == ["unreadable", "reply", "report"]
    report = rows[-1]
    assert (report["number"], report["message_id"], report["code"]) == ("+12025550123", "77", "UNDELIV")
    assert report["text"] == long
    assert [row["text"] for row in shell.answer("carrier", "received", "Line", "--kind", "reply")] == ["STOP"]
    assert len(shell.answer("carrier", "received", "Line", "--limit", "2")) == 2
    table = shell.say("carrier", "received", "Line")
    assert "+12025550123" in table
    assert long not in table


def test_no_second_bind_is_opened_beside_a_living_one(
    shell: Shell, mill: Mill, carrier_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.utils import timezone

    from sendmill.message_store.queries import diagnosis

    common = ("--host", "127.0.0.1", "--port", carrier_port, "--system-id", "demo", "--password", "demo")
    made = shell.answer("carrier", "create", "Good", *common)
    assert shell.answer("carrier", "test", "Good")["tested"] is True
    held = {made["id"]: [(0, timezone.now())]}
    monkeypatch.setattr(diagnosis, "held", lambda carrier_id: held.get(carrier_id, []))
    answer = shell.answer("carrier", "test", "Good")
    assert answer["tested"] is False
    assert re.fullmatch(
        r"Bound since \d\d:\d\d as transceiver; no second bind was opened\.", answer["sentence"]
    )
    told = shell.run("carrier", "test", "Good")
    assert "--anyway" in told.stderr
    anyway = shell.answer("carrier", "test", "Good", "--anyway")
    assert anyway["tested"] is True
    assert anyway["sentence"].startswith("Bound to 127.0.0.1")
