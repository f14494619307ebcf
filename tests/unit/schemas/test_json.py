"""What programs are told stays as it is to the byte: keys, their order, and how values are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.schemas import rows

from sendmill.accounts.models import Account
from sendmill.catalog.message_id_form import Proposal
from sendmill.cli.output import show_json
from sendmill.schemas.application import ApplicationSchema
from sendmill.schemas.balance import (
    BalanceSchema,
    BudgetSchema,
    LedgerCheckSchema,
    LedgerEntrySchema,
    PackageSchema,
    StandingSchema,
)
from sendmill.schemas.carrier import CarrierLiveSchema, CarrierSchema, IdFormSchema, ReceivedSchema
from sendmill.schemas.deleted import DeletedSchema
from sendmill.schemas.member import MemberSchema
from sendmill.schemas.price import PriceSchema
from sendmill.schemas.quote import QuoteSchema
from sendmill.schemas.signature import SignatureSchema
from sendmill.schemas.task import SentTaskSchema, TaskSchema
from sendmill.schemas.template import TemplateSchema

BALANCE = BalanceSchema.of(Account(name="Main"), rows.STANDING)
TOLD = {
    "application": ApplicationSchema.of(rows.APPLICATION),
    "carrier": CarrierSchema.of(rows.CARRIER),
    "carrier set": CarrierSchema.of(rows.CARRIER_SET),
    "live": CarrierLiveSchema.of(
        rows.CARRIER,
        rows.NOW,
        rows.LATELY,
        rows.BACKLOG,
        rows.BINDS,
        rows.WARNINGS,
        2,
        rows.WORDS,
        rows.TROUBLE,
    ),
    "ids": IdFormSchema.of(rows.CARRIER, Proposal("hex_to_dec", 7, 9)),
    "no ids": IdFormSchema.of(rows.CARRIER, None),
    "received": ReceivedSchema.of(rows.RECEIVED),
    "reply": ReceivedSchema.of(rows.REPLY),
    "signature": SignatureSchema.of(rows.SIGNATURE),
    "template": TemplateSchema.of(rows.TEMPLATE),
    "member": MemberSchema.of(rows.MEMBER),
    "task": TaskSchema.of(rows.TASK, rows.COUNTERS, rows.WAIT, ""),
    "task over": TaskSchema.of(rows.TASK, rows.COUNTERS, None, ""),
    "deleted": DeletedSchema.of(rows.APPLICATION),
    "package": PackageSchema.of(rows.PACKAGE),
    "budget": BudgetSchema.of(rows.BUDGET),
    "balance": BALANCE,
    "entry": LedgerEntrySchema.of(rows.ENTRY),
    "check": LedgerCheckSchema.of([]),
    "price": PriceSchema.of(rows.PRICE, "CNY"),
    "quote": QuoteSchema.of(rows.QUOTE),
    "standing": StandingSchema.with_all(BALANCE, [rows.PACKAGE], [rows.BUDGET]),
    "sent": SentTaskSchema.of(rows.TASK, rows.COUNTERS, rows.QUOTE),
}
# One line each, `name: JSON`; a line is changed only when programs are to be told otherwise.
ANSWERS = dict(
    line.split(": ", 1) for line in (Path(__file__).parent / "answers.txt").read_text().splitlines()
)


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_written_as_ever(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    show_json(TOLD[name])
    assert capsys.readouterr().out == ANSWERS[name] + "\n"
