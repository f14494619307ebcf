"""Commands about what comes from a carrier, about its tests and its password."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from tests.storage.catalog.paper_mill import Mill
    from tests.unit.cli.shell import Shell


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
