"""What is wrong with a carrier's reports is said: on its page, by doctor, by command and as an alarm."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.rig.desk import Desk, fetch

from sendmill.accounts.models import Member, Role
from sendmill.alarms.open_alarms import alarms_of
from sendmill.catalog import report_health
from sendmill.catalog.models import Carrier
from sendmill.cli.commands.doctor import look_at_reports
from sendmill.worker import report_alarms

pytestmark = pytest.mark.django_db


@pytest.fixture
def carrier(desk: Desk) -> Carrier:
    return Carrier.objects.get(account=desk.account)


def unmatched(carrier: Carrier, count: int, *, early: bool = False, age: str = "1 min") -> None:
    fetch(
        "INSERT INTO orphan (carrier_id, kind, message_id, number, code, result, raw, early, received_at, retry_at) "
        "SELECT %s, 'report', 'x' || n, 1, 'DELIVRD', 1, 'raw', %s, now() - %s::interval, now() "
        "FROM generate_series(1, %s) n RETURNING 1",
        carrier.pk, early, age, count,
    )  # fmt: skip


def sample(carrier: Carrier, minutes: int, accepted: int, delivered: int = 0) -> None:
    fetch(
        "INSERT INTO carrier_sample (carrier_id, at, slot, bound, span, submitted, accepted, refused, unknown, "
        "throttled, delivered, failed, in_flight, seconds) "
        "VALUES (%s, now() - make_interval(mins => %s), 0, true, 5, %s, %s, 0, 0, 0, %s, 0, 0, '{}') RETURNING 1",
        carrier.pk, minutes, accepted, accepted, delivered,
    )  # fmt: skip


def codes(carrier: Carrier) -> list[tuple[str, str]]:
    return [(one.code, one.setting) for one in report_health.find_report_trouble(carrier)]


def test_twenty_reports_of_an_hour_that_match_nothing_are_said(carrier: Carrier) -> None:
    unmatched(carrier, 19)
    unmatched(carrier, 50, early=True)
    unmatched(carrier, 50, age="61 min")
    assert codes(carrier) == []
    unmatched(carrier, 1)
    assert codes(carrier) == [("reports_unmatched", "reports")]


@pytest.mark.parametrize(
    ("samples", "said"),
    [
        ([(60, 20, 0)], "no report comes"),
        ([(60, 20, 0), (600, 100, 90)], "reports have stopped coming"),
        ([(60, 19, 0)], ""),
        ([(60, 20, 0), (10, 0, 1)], ""),
        ([(20, 1000, 0)], ""),  # not long enough ago
    ],
)
def test_no_report_of_what_was_accepted_long_enough_ago_is_said(
    carrier: Carrier, samples: list[tuple[int, int, int]], said: str
) -> None:
    for one in samples:
        sample(carrier, *one)
    found = report_health.find_report_trouble(carrier)
    assert [one.code for one in found] == (["reports_stopped"] if said else [])
    assert not said or said in str(found[0])


@pytest.mark.parametrize(
    "change",
    [
        {"reports": "accepted"},
        {"registered_delivery": "failures"},
        {"bind": "transmitter"},
        {"enabled": False},
    ],
)
def test_nobody_waits_for_reports_that_were_not_asked_for(
    carrier: Carrier, change: dict[str, object]
) -> None:
    sample(carrier, 60, 1000)
    for name, value in change.items():
        setattr(carrier, name, value)
    assert codes(carrier) == []


def test_it_is_on_the_page_in_doctor_and_an_alarm_until_it_is_over(
    desk: Desk, carrier: Carrier, client: Client
) -> None:
    assert look_at_reports().fine
    unmatched(carrier, 20)
    fetch(
        "INSERT INTO report_word (carrier_id, word, reports) VALUES (%s, 'MBBLINK', 7) RETURNING 1",
        carrier.pk,
    )
    report_alarms.watch_reports()
    (alarm,) = alarms_of(desk.account)
    assert alarm.code == "reports_unmatched"
    assert alarm.parameters["carrier"] == carrier.name
    told = look_at_reports()
    assert not told.fine
    assert "20 reports of the last hour matched no message" in told.sentence
    assert "MBBLINK (7)" in told.sentence
    client.force_login(Member.objects.create(account=desk.account, username="boss", role=Role.ADMIN))
    page = client.get(reverse("console:carrier", kwargs={"pk": carrier.pk})).content.decode()
    assert 'id="reports_unmatched"' in page
    assert 'id="report_words"' in page
    assert "MBBLINK (7)" in page
    fetch("DELETE FROM orphan WHERE carrier_id = %s RETURNING 1", carrier.pk)
    report_alarms.watch_reports()
    assert not alarms_of(desk.account).exists()
