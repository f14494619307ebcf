"""Alarms about the database server: in each account, once, and gone with their cause."""

import pytest

from sendmill.accounts.models import Account
from sendmill.alarms.open_alarms import alarms_of
from sendmill.postgres import server_settings
from sendmill.postgres.server_settings import Server, Standby
from sendmill.worker import server_alarms

pytestmark = pytest.mark.django_db


def test_each_rule_is_found_on_some_server() -> None:
    worst = [
        Server(False, False, "off", 64, False, True, (Standby("b", "async"),)),
        Server(True, True, "on", 256, True, True, ()),
        Server(True, True, "on", 256, True, True, (Standby("b", None),)),
    ]
    found = [one for server in worst for one in server_settings.find_shortcomings(server)]
    assert {one.code for one in found} == set(server_settings.RULES)


def test_an_asynchronous_standby_is_an_alarm_of_each_account_until_it_is_synchronous(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    accounts = [Account.objects.create(name=name) for name in ("One", "Two")]
    standbys = [Standby("replica", "async")]
    monkeypatch.setattr(
        server_alarms,
        "read_server",
        lambda cursor: Server(True, True, "on", 256, True, True, tuple(standbys)),
    )
    server_alarms.watch_server()
    server_alarms.watch_server()
    for account in accounts:
        (alarm,) = alarms_of(account)
        assert alarm.code == "server_asynchronous_standby"
        assert alarm.parameters == {"names": "replica"}
    standbys[:] = [Standby("replica", "sync")]
    server_alarms.watch_server()
    assert not any(alarms_of(account) for account in accounts)
