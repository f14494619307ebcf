"""Rows as a database would give them, without one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sendmill.accounts.models import Member
from sendmill.billing.budgets import BudgetState
from sendmill.billing.charges import Quote
from sendmill.billing.ledger import Standing
from sendmill.billing.models import LedgerEntry, Package, Price
from sendmill.catalog.models import Application, Carrier, Signature, Template
from sendmill.catalog.report_health import ReportFinding
from sendmill.domain.carrier_warnings import LostBind, Timers, warning_of_losses
from sendmill.domain.diagnosis import Wait
from sendmill.message_store.queries.bind_samples import Lately, Now
from sendmill.message_store.queries.carrier_backlog import Backlog
from sendmill.message_store.queries.carrier_states import BindState
from sendmill.message_store.queries.orphans import Received
from sendmill.message_store.queries.report_words import Word
from sendmill.tasks.models import Task
from sendmill.tasks.results import Counters

AT = datetime(2026, 5, 1, 9, 30, 0, 250, tzinfo=UTC)

CARRIER = Carrier(id=4, name="Line")
CARRIER_SET = Carrier(id=4, name="Line", host="h", source_ton=5, tls=True, rate=50)
NOW = Now(rate=99.96, in_flight=3, pace=None, bound=1, binds=2)
LATELY = Lately(
    submitted=9, accepted=8, refused=1, unknown=0, throttled=2, delivered=3, failed=0, median=0.25, late=None
)  # fmt: skip
BINDS = [BindState("bound", "Bound as transceiver.", "[]", AT)]
WARNINGS = [warning_of_losses([LostBind("closed", 30.0)] * 12, Timers(30, 0, 30))]
BACKLOG = Backlog(reports=4, unsent=5, working=0)
RECEIVED = Received(1, AT, "report", 12025550123, "77", "UNDELIV", "纸 id:77")
REPLY = Received(2, AT, "reply", None, None, None, "STOP")
APPLICATION = Application(
    id=3, name="Home", type="mainland", carrier=CARRIER, add_86=True, app_key="k", created_at=AT
)
SIGNATURE = Signature(
    id=2, name="纸坊", type="promotion", application=APPLICATION, state="approved", channel_number="1069",
    created_at=AT,
)  # fmt: skip
TEMPLATE = Template(
    id=1, name="Sale", type="promotion", application=APPLICATION, signature=SIGNATURE, state="rejected",
    reason="No “%”.", content="${1} 元", attributes={"1": "MONEY"}, created_at=AT,
)  # fmt: skip
MEMBER = Member(id=9, username="ann", email="ann@example.org", role="sender", password="!")
PACKAGE = Package(id=5, name="Spring", type="*", region="US", remaining=90, held=10, expires_at=None)
BUDGET = BudgetState("day", Decimal("5.00"), None, Decimal("0E-6"))
STANDING = Standing(Decimal("100.500000"), Decimal("0.5"), "CNY")
ENTRY = LedgerEntry(
    id=7, at=AT, kind="charge", amount=Decimal("-0.030000"), held=Decimal("-0.030000"),
    amount_after=Decimal(1000), held_after=Decimal(0), package=PACKAGE, parts=-3, parts_held=-3, task_id=8,
    member=None, note="",
)  # fmt: skip
PRICE: Any = Price(id=6, type="promotion", region="US", price=Decimal("0.0350"), valid_from=date(2026, 5, 1))
PRICE.standing = "holding"
QUOTE = Quote(3, Decimal("0.105"), 1, Decimal("0.070"), Decimal(10), "CNY", None)
TASK = Task(
    id=8, name="Sale 五月", status="executing", application=APPLICATION, signature=None, template=TEMPLATE,
    accepted=5, invalid=1, duplicate=2, unfit=0, parts=6, created_at=AT, started_at=AT,
)  # fmt: skip
COUNTERS = Counters(5, 1, 1, 1, 0, 2, 0, 3)
WAIT = Wait("rate", "info", (), timedelta(seconds=90.6))
WORDS = [Word("MBBLINK", 7, AT)]
TROUBLE = [ReportFinding("reports_unmatched", "%(count)s reports matched nothing.", "reports", {"count": 20})]
