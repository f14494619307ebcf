"""The price list as a file: what is written can be read, and a wrong file changes nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.integration.billing.purse import open_purse

from sendmill.accounts.models import Account, AuditEntry, Member, Role
from sendmill.accounts.permissions import NotAllowed, NotYours
from sendmill.billing.models import Price
from sendmill.billing.price_file import export_csv, import_csv
from sendmill.billing.price_list import price_list
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db

HEADER = "type,region,price,currency,valid_from\n"


@pytest.fixture
def account() -> Account:
    return open_purse().account


def test_takes_new_prices_replaces_old_ones_and_leaves_the_others(account: Account) -> None:
    assert (
        import_csv(account, HEADER + "promotion,US,0.01,USD,2026-01-01\npromotion,*,1,USD,2026-01-01\n") == 2
    )
    assert (
        import_csv(account, HEADER + "promotion,US,0.02,USD,2026-01-01\npromotion,*,1,USD,2026-01-01\n") == 1
    )
    assert price_list(account, "promotion") == {"US": Decimal("0.02"), "*": Decimal(1)}
    assert AuditEntry.objects.filter(account=account, action="import_prices").count() == 2


def test_a_price_holds_from_its_date_on(account: Account) -> None:
    import_csv(account, HEADER + "promotion,US,1,USD,2026-01-01\npromotion,US,2,USD,2026-02-01\n")
    assert price_list(account, "promotion", date(2025, 12, 31)) == {}
    assert price_list(account, "promotion", date(2026, 1, 31)) == {"US": 1}
    assert price_list(account, "promotion", date(2026, 2, 1)) == {"US": 2}


def test_columns_in_any_order_a_byte_order_mark_and_blank_lines(account: Account) -> None:
    text = "\ufeffPrice , valid_from,type,region\r\n\r\n 0.5 ,2026-01-01, Promotion ,us\r\n,,,\r\n"
    assert import_csv(account, text) == 1
    assert export_csv(account) == HEADER + "promotion,US,0.5,USD,2026-01-01\n"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("promotion,US,cheap,USD,2026-01-01", "Line 3: “cheap” is not a price"),
        ("promotion,US,-1,USD,2026-01-01", "Line 3: A price is not negative"),
        ("promotion,US,NaN,USD,2026-01-01", "Line 3: A price is not negative"),
        ("promotion,US,0.0000001,USD,2026-01-01", "at most six decimals"),
        ("promotion,USA,1,USD,2026-01-01", "two-letter country"),
        ("news,US,1,USD,2026-01-01", "The type is"),
        ("promotion,US,1,EUR,2026-01-01", "are in USD"),
        ("promotion,US,1,USD,01/02/2026", "is not a date"),
        ("promotion,US,1", "is not a date"),
        ("promotion,DE,2,USD,2026-01-01", "There is another price"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_changed(account: Account, line: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        import_csv(account, f"{HEADER}promotion,DE,1,USD,2026-01-01\n{line}\n")
    assert not Price.objects.filter(account=account).exists()


@pytest.mark.parametrize("text", ["", "type,region\n", 'type,region,price,valid_from\n"' + "x" * 200_000])
def test_what_is_no_price_list_is_refused(account: Account, text: str) -> None:
    with pytest.raises(Refused):
        import_csv(account, text)


def test_who_may(account: Account) -> None:
    stranger = Member.objects.create(account=open_purse().account, username="stranger", role=Role.ADMIN)
    sender = Member.objects.create(account=account, username="sender", role=Role.SENDER)
    with pytest.raises(NotYours):
        import_csv(account, HEADER, member=stranger)
    with pytest.raises(NotAllowed):
        import_csv(account, HEADER, member=sender)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    rows=st.dictionaries(
        st.tuples(
            st.sampled_from(["verification", "notification", "promotion"]),
            st.from_regex(r"\A(\*|[A-Z]{2})\Z"),
            st.dates(date(2000, 1, 1), date(2100, 1, 1)),
        ),
        st.decimals(0, 999_999, places=6),
        max_size=8,
    )
)
def test_what_is_written_is_read_again(account: Account, rows: dict[tuple[str, str, date], Decimal]) -> None:
    Price.objects.filter(account=account).delete()
    Price.objects.bulk_create(
        Price(account=account, type=kind, region=region, valid_from=day, price=price)
        for (kind, region, day), price in rows.items()
    )
    text = export_csv(account)
    assert import_csv(account, text) == 0
    Price.objects.filter(account=account).delete()
    assert import_csv(account, text) == len(rows)
    assert export_csv(account) == text
