"""What the database server lacks for the promise, as alarms of every account: looked at each minute by the worker."""

from __future__ import annotations

from datetime import datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sendmill.accounts.models import Account
from sendmill.storage.server_settings import Shortcoming, find_shortcomings, read_server
from sendmill.tasks import alarms
from sendmill.tasks.models import Alarm

CODES = (
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "session_replication_role",
    "max_locks_per_transaction",
    "asynchronous_standby",
    "standby_unknown",
    "standby_missing",
)


def alarm_code(shortcoming: str) -> str:
    """The code of the alarm about a shortcoming of the server."""
    return f"server_{shortcoming}"


SERVER_CODES = frozenset(map(alarm_code, CODES))


def watch_server(now: datetime | None = None) -> list[Shortcoming]:
    """Raise an alarm in each account for what the server lacks, clear what it lacks no longer; return the lacks."""
    with connection.cursor() as cursor:
        found = find_shortcomings(read_server(cursor))
    wrong = {alarm_code(one.code): alarms.Found(one.message, one.parameters) for one in found}
    standing = Alarm.objects.filter(code__in=SERVER_CODES, cleared_at=None).exists()
    if wrong or standing:
        for account_id in Account.objects.order_by("pk").values_list("pk", flat=True):
            alarms.keep(account_id, wrong, SERVER_CODES, now or timezone.now())
    return found


# The sentences of storage.server_settings, for translation.
_SAID = (
    _(
        "fsync is off: a power cut or a crash of the machine can lose what was committed, and then numbers are "
        "sent to twice. Set fsync = on and restart the server."
    ),
    _(
        "full_page_writes is off: a power cut can leave torn pages, and what was committed on them is lost. Set "
        "full_page_writes = on."
    ),
    _(
        "Sessions run with synchronous_commit = %(value)s although Sendmill asks for on: something between "
        "(a connection pooler?) drops the settings of our sessions. Connect to the server directly."
    ),
    _(
        "session_replication_role is not origin: the triggers that keep the ledger do not run. Reset it for "
        "the role that Sendmill connects as."
    ),
    _("Whether the standby is synchronous is unknown: grant the role that Sendmill connects as pg_monitor."),
    _(
        "The standby %(names)s is asynchronous: if it takes over, the last moments can be missing; Sendmill "
        "then holds until a person decides, and reports that were acknowledged in them are lost. Name it in "
        "synchronous_standby_names."
    ),
    _(
        "synchronous_standby_names names a standby and none is connected: every commit waits for one. Start "
        "the standby, or clear synchronous_standby_names and reload the server."
    ),
    _(
        "max_locks_per_transaction is %(locks)s: statements about many tasks can run out of locks. Set it "
        "to %(least)s and restart the server."
    ),
)
