"""The ledger is the truth: nothing else moves money, and nothing changes an entry."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from tests.integration.billing.purse import HOUR, NOW, open_purse

from sendmill.accounts.accounts import edit_account
from sendmill.accounts.models import Account, AuditEntry, Member, Role
from sendmill.accounts.permissions import NotAllowed, NotYours
from sendmill.billing import ledger, packages
from sendmill.billing.models import Balance, EntryKind, LedgerEntry, Package
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db


def refused(action: Callable[[], object], match: str) -> None:
    with pytest.raises(DatabaseError, match=match), transaction.atomic():
        action()


def test_a_top_up_is_an_entry_with_the_balance_after_it() -> None:
    purse = open_purse("10.5")
    entry = ledger.top_up(purse.account, Decimal("0.000001"), note="Invoice 7")
    assert (entry.amount_after, entry.held_after) == (Decimal("10.500001"), 0)
    assert purse.amount == Decimal("10.500001")
    assert AuditEntry.objects.get(action="top_up", after__note="Invoice 7").account == purse.account


@pytest.mark.parametrize("amount", ["0", "-1", "0.0000001", "NaN", "Infinity", "1000000000000"])
def test_refuses_what_is_no_amount(amount: str) -> None:
    purse = open_purse("1")
    for move in (ledger.top_up, ledger.withdraw):
        with pytest.raises(Refused) as caught:
            move(purse.account, Decimal(amount))
        assert caught.value.violation.code == "amount"


def test_takes_out_what_is_not_held_and_no_more() -> None:
    purse = open_purse("10")
    purse.hold({"US": 900})
    with pytest.raises(Refused, match="Only 1 can"):
        ledger.withdraw(purse.account, Decimal("1.000001"))
    ledger.withdraw(purse.account, Decimal(1))
    assert (purse.amount, purse.held) == (9, 9)


def test_an_account_without_entries_owns_nothing() -> None:
    account = Account.objects.create(name="Poor", currency="CNY")
    standing = ledger.standing(account)
    assert (standing.amount, standing.held, standing.currency) == (0, 0, "CNY")


def test_only_the_ledger_moves_money() -> None:
    purse = open_purse("10")
    package = packages.grant(purse.account, 5)
    balance = Balance.objects.filter(account=purse.account)
    one = Package.objects.filter(pk=package.pk)
    match = "only an entry"
    refused(lambda: balance.update(amount=11), match)
    refused(lambda: balance.update(held=1), match)
    refused(balance.delete, match)
    refused(lambda: Balance.objects.create(account=Account.objects.create(name="Other"), amount=1), match)
    refused(lambda: one.update(remaining=6), match)
    refused(lambda: one.update(held=1), match)
    refused(lambda: Package.objects.create(account=purse.account, name="Free", remaining=1), match)
    one.update(name="Renamed")


def test_the_ledger_is_append_only() -> None:
    purse = open_purse("10")
    rows = LedgerEntry.objects.filter(account=purse.account)
    connection.cursor().execute("SET CONSTRAINTS ALL IMMEDIATE")
    refused(lambda: rows.update(amount=1), "append-only")
    refused(lambda: rows._raw_delete(rows.db), "append-only")
    refused(lambda: connection.cursor().execute("TRUNCATE ledger_entry"), "append-only")


def test_the_database_refuses_entries_that_make_no_sense() -> None:
    purse, other = open_purse("10"), open_purse("10")
    package = packages.grant(other.account, 5)
    for kind, values in (
        (EntryKind.TOP_UP, {"amount": -1}),
        (EntryKind.WITHDRAWAL, {"amount": 1}),
        (EntryKind.CHARGE, {"amount": -1, "task_id": 1, "step": 1}),
        (EntryKind.RESERVATION, {"held": 1}),
        (EntryKind.TOP_UP, {"amount": 1, "parts": 1}),
        (EntryKind.PACKAGE, {"parts": 1}),
        (EntryKind.PACKAGE, {"parts": 1, "package": package}),
        (EntryKind.WITHDRAWAL, {"amount": Decimal("-10.000001")}),
        (EntryKind.RESERVATION, {"held": Decimal("10.000001"), "task_id": 1, "step": 1}),
        (EntryKind.RELEASE, {"held": -1, "task_id": 1, "step": 1}),
    ):
        refused(
            lambda kind=kind, values=values: ledger.post(purse.account.pk, kind, **values),
            "violates|suffice|another",
        )
    assert (purse.amount, purse.held) == (10, 0)


def test_a_step_of_a_task_moves_money_once() -> None:
    purse = open_purse("10")
    purse.hold({"US": 100})
    purse.settle({"US": 10})
    values = {"amount": Decimal("-0.1"), "held": Decimal("-0.1"), "task_id": 1, "step": 1}
    refused(lambda: ledger.post(purse.account.pk, EntryKind.CHARGE, **values), "ledger_entry_once")


def test_the_currency_stays_once_money_was_moved() -> None:
    purse = open_purse()
    admin = Member.objects.create(account=purse.account, username="boss", role=Role.ADMIN)
    edit_account(admin, currency="CNY")
    ledger.top_up(purse.account, Decimal(1))
    with pytest.raises(Refused, match="keeps its currency"):
        edit_account(admin, currency="USD")
    refused(lambda: Account.objects.filter(pk=purse.account.pk).update(currency="USD"), "keeps its currency")


def test_who_may_move_money() -> None:
    purse, other = open_purse("1"), open_purse("1")
    admin = Member.objects.create(account=purse.account, username="boss", role=Role.ADMIN)
    sender = Member.objects.create(account=purse.account, username="hand", role=Role.SENDER)
    assert ledger.top_up(purse.account, Decimal(1), member=admin).member == admin
    with pytest.raises(NotAllowed):
        ledger.top_up(purse.account, Decimal(1), member=sender)
    with pytest.raises(NotAllowed):
        packages.grant(purse.account, 1, member=sender)
    for move in (ledger.top_up, ledger.withdraw, packages.grant):
        with pytest.raises(NotYours):
            move(other.account, 1, member=admin)


def test_entries_are_paged_newest_first() -> None:
    purse = open_purse("1")
    for _ in range(3):
        ledger.top_up(purse.account, Decimal(1))
    rows = list(ledger.entries(purse.account)[:2])
    older = list(ledger.entries(purse.account, below=rows[-1].pk))
    assert [row.amount_after for row in (*rows, *older)] == [4, 3, 2, 1]
    purse.hold({"US": 1}, task=5)
    assert [row.kind for row in ledger.entries(purse.account, task_id=5)] == ["reservation"]


@pytest.mark.parametrize(
    ("table", "change", "what"),
    [
        ("balance", "amount = amount + 1", {"balance"}),
        ("balance", "held = held + 1", {"held", "held for tasks"}),
        ("package", "remaining = remaining - 1", {"package"}),
        ("package", "held = held + 1", {"package", "package held for tasks"}),
        ("charge", "charged = charged + 1", {"charged to task"}),
        ("charge", "held = held + 1", {"held for tasks"}),
        ("package_use", "held = held + 1", {"package held for tasks"}),
        ("ledger_entry", "amount = amount + 1 WHERE kind = 'top_up'", {"balance"}),
    ],
)
def test_the_sweep_finds_what_does_not_add_up(table: str, change: str, what: set[str]) -> None:
    purse = open_purse("10")
    packages.grant(purse.account, 20, region="DE")
    purse.hold({"US": 10, "DE": 10}, now=NOW + HOUR)
    purse.settle({"US": 7, "DE": 3})
    assert ledger.discrepancies() == []
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {change}")
    assert {found.what for found in ledger.discrepancies()} == what
