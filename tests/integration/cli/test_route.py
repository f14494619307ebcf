"""Draining, routes and the form of ids by command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from tests.rig.shell import Shell

if TYPE_CHECKING:
    from tests.rig.paper_mill import Mill

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(shell: Shell, mill: Mill) -> str:
    shell.say("carrier", "create", "Second", "--host", "h", "--system-id", "s")
    return "Second"


def test_routes_are_listed_ordered_tried_and_removed(shell: Shell, mill: Mill, second: str) -> None:
    from sendmill.catalog import applications

    applications.edit(mill.sender, mill.international, carrier=None)
    assert "There is no route yet" in shell.run("route", "list").stderr
    first = shell.answer("route", "add", "Line", "--prefix", "+44")
    other = shell.answer("route", "add", second, "--prefix", "0044", "--type", "international")
    assert (first["prefix"], first["position"], other["position"]) == ("44", 1, 2)
    takers = ("route", "test", "+447700900123", "--application", "Abroad")
    assert [row["name"] for row in shell.answer(*takers)] == ["Line", "Second"]
    assert shell.answer("route", "up", other["id"])["position"] == 1
    assert [row["name"] for row in shell.answer(*takers)] == ["Second", "Line"]
    assert shell.answer("route", "down", other["id"])["position"] == 2
    assert "+44" in shell.say("route", "list")
    assert shell.answer("route", "remove", other["id"], "--yes") == {
        "deleted": other["id"],
        "name": "+44 → Second",
    }
    assert [row["carrier"] for row in shell.answer("route", "list")] == ["Line"]
    assert "NOROUTE" in shell.refuse("route", "test", "12025550123", "--application", "Abroad", status=1)
    assert "has no digits" in shell.refuse("route", "test", "abc", "--application", "Abroad")
    assert "There is no route 99" in shell.refuse("route", "up", "99")


def test_a_fail_over_carrier_belongs_to_an_application(shell: Shell, mill: Mill, second: str) -> None:
    made = shell.answer("route", "add", second, "--application", "Home")
    assert made["application"] == "Home"
    takers = shell.answer("route", "test", "+8613112345678", "--application", "Home")
    assert [(row["name"], row["standing"]) for row in takers] == [("Line", "on"), ("Second", "on")]
    assert "own carrier already" in shell.refuse("route", "add", "Line", "--application", "Home")


def test_a_carrier_is_drained_and_switched_on_again(shell: Shell, mill: Mill) -> None:
    drained = shell.answer("carrier", "drain", "Line")
    assert (drained["enabled"], drained["draining"]) == (True, True)
    assert "draining" in shell.say("carrier", "list")
    shown = shell.answer("carrier", "show", "Line")
    assert (shown["standing"], shown["reports_outstanding"], shown["failure_rate"]) == ("draining", 0, None)
    assert shell.answer("carrier", "enable", "Line")["draining"] is False
    assert "reports_outstanding" in shell.say("carrier", "show", "Line")


def test_switching_off_asks_when_reports_would_be_missed(
    shell: Shell, mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sendmill.message_store.queries import carrier_backlog

    waiting = carrier_backlog.Backlog(reports=5, unsent=0, working=0)
    monkeypatch.setattr(carrier_backlog, "backlog_of", lambda _carrier: waiting)
    asked = shell.run("carrier", "disable", "Line", typed="n\n")
    assert asked.exit_code == 1
    assert "5 messages wait for their reports" in asked.stderr
    mill.carrier.refresh_from_db()
    assert mill.carrier.enabled
    assert shell.answer("carrier", "disable", "Line", "--yes")["enabled"] is False


def test_without_unmatched_reports_no_form_is_proposed(shell: Shell, mill: Mill) -> None:
    assert shell.answer("carrier", "ids", "Line")["proposed"] is None
    assert "No other form" in shell.say("carrier", "ids", "Line")
    assert shell.answer("carrier", "ids", "Line", "--adopt")["id_form"] == "as_is"


def test_show_says_what_mends_a_bind_that_is_lost_often(shell: Shell, mill: Mill) -> None:
    assert shell.answer("carrier", "show", "Line")["warnings"] == []
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bind_loss (carrier_id, slot, cause, quiet, sentence) "
            "SELECT %s, 0, 'closed', 30.1, 'x' FROM generate_series(1, 12)",
            [mill.carrier.pk],
        )
    (warning,) = shell.answer("carrier", "show", "Line")["warnings"]
    assert warning.endswith("set the enquire interval to 15 seconds or less.")
    assert warning in " ".join(shell.say("carrier", "show", "Line").split())
