"""What came from a carrier and belongs to no message, on the carrier's page and on a page of its own."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.rig.scenes import Scene

from sendmill.accounts.models import Role
from sendmill.catalog.models import Carrier
from sendmill.message_store.queries import orphans

pytestmark = pytest.mark.django_db


@pytest.fixture
def carrier(scene: Scene) -> Carrier:
    found = scene.tasks["completed"].carrier
    assert found is not None
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orphan")
    return found


@pytest.fixture
def viewer(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.VIEWER])
    return client


def keep(carrier_id: int, kind: str, raw: str, **more: object) -> None:
    row = {"carrier_id": carrier_id, "kind": kind, "raw": raw, **more}
    with connection.cursor() as cursor:
        marks = ", ".join(["%s"] * len(row))
        cursor.execute(f"INSERT INTO orphan ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def address(carrier: Carrier) -> str:
    return reverse("console:carrier-received", kwargs={"pk": carrier.pk})


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_what_belongs_to_no_message_is_shown(viewer: Client, carrier: Carrier) -> None:
    long = "id:77 sub:001 dlvrd:000 submit date:2611230900 done date:2611230901 stat:UNDELIV err:027 text:"
    keep(carrier.pk, "report", long, number=12025550123, message_id="77", code="UNDELIV")
    keep(carrier.pk, "reply", "STOP <b>now</b>", number=447700900123)
    keep(carrier.pk, "unreadable", "00 ff")
    keep(carrier.pk, "report", "found later", matched_at="2026-01-01")
    keep(carrier.pk + 1000, "reply", "of another carrier")
    part = viewer.get(address(carrier), headers={"HX-Request": "true"}).content.decode()
    page = viewer.get(address(carrier)).content.decode()
    for html in (part, page):
        text = words(html)
        assert re.search(
            r"unreadable .*00 ff .*reply .*\+447700900123 .*STOP .*report .*\+12025550123 77 UNDELIV", text
        )
        assert long in text, "the whole text is a click away"
        assert "STOP &lt;b&gt;now" in html
        assert "found later" not in html
        assert "of another carrier" not in html
    assert "<html" not in part
    shown = viewer.get(reverse("console:carrier", kwargs={"pk": carrier.pk})).content.decode()
    assert f'hx-get="{address(carrier)}" hx-trigger="load"' in shown
    assert "STOP" not in shown, "it loads by itself and does not slow the page"


def test_one_kind_alone(viewer: Client, carrier: Carrier) -> None:
    keep(carrier.pk, "reply", "hello there")
    keep(carrier.pk, "unreadable", "00 ff")
    assert "00 ff" not in viewer.get(address(carrier), {"kind": "reply"}).content.decode()
    assert "hello there" not in viewer.get(address(carrier), {"kind": "unreadable"}).content.decode()
    assert "Nothing matches" in viewer.get(address(carrier), {"kind": "report"}).content.decode()
    assert "hello there" in viewer.get(address(carrier), {"kind": "'"}).content.decode()


def test_without_anything_it_says_so(viewer: Client, carrier: Carrier) -> None:
    assert "every report found its message" in viewer.get(address(carrier)).content.decode()


def test_it_is_paged_both_ways(viewer: Client, carrier: Carrier) -> None:
    for serial in range(120):
        keep(carrier.pk, ("report", "reply", "unreadable")[serial % 3], f"text {serial:03d}.")

    def texts(query: str) -> list[int]:
        return [
            int(found)
            for found in re.findall(r"text (\d+)\.", viewer.get(address(carrier) + query).content.decode())
        ]

    def link(query: str, name: str) -> str:
        html = viewer.get(address(carrier) + query).content.decode()
        found = re.search(rf'id="{name}" href="([^"]*)"', html)
        return found[1] if found else ""

    assert texts("") == list(range(119, 69, -1))
    second = link("", "older")
    assert texts(second) == list(range(69, 19, -1))
    third = link(second, "older")
    assert texts(third) == list(range(19, -1, -1))
    assert (link("", "newer"), link(third, "older")) == ("", "")
    back = link(third, "newer")
    assert texts(back) == list(range(69, 19, -1))
    assert texts(link(back, "newer")) == list(range(119, 69, -1))


def test_no_more_is_read_than_is_shown(carrier: Carrier) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orphan (carrier_id, kind, raw) SELECT %s, 'report', 'raw' FROM generate_series(1, 5000)",
            [carrier.pk],
        )
        keep(carrier.pk, "reply", "rare")
        cursor.execute("ANALYZE orphan")
        query = orphans._RECEIVED.format(order="DESC")
        values = {"kinds": list(orphans.KINDS), "carrier": carrier.pk, "limit": 10, "before": orphans.END}
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS OFF) {query}", {**values, "after": 0, "longest": 100})
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "orphan_shown" in plan
    assert "Seq Scan" not in plan
    assert not re.search(r"Rows Removed by Filter", plan)


def test_another_accounts_carrier_is_not_there(viewer: Client, carrier: Carrier) -> None:
    from sendmill.accounts.models import Account

    other = Account.objects.create(name="Other")
    theirs = Carrier.objects.create(account=other, name="Theirs", host="h", system_id="s")
    keep(theirs.pk, "reply", "secret")
    assert viewer.get(address(theirs)).status_code == 404


def test_what_is_merely_early_is_not_shown(viewer: Client, carrier: Carrier) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orphan (carrier_id, kind, message_id, raw, early, received_at, retry_at) "
            "SELECT %s, 'report', raw, raw, early, now() - age::interval, now() FROM (VALUES "
            "('its batch is open', true, '30 s'), ('tried once by now', false, '10 s'), "
            "('just come', false, '0 s'), ('nobody recorded it', true, '3 min')) o (raw, early, age)",
            [carrier.pk],
        )
    text = words(viewer.get(address(carrier)).content.decode())
    assert "tried once by now" in text
    assert "nobody recorded it" in text
    assert "its batch is open" not in text
    assert "just come" not in text
