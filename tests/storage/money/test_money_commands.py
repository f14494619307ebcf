"""`sendmill balance` and `sendmill price`, as an operator gives them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.storage.money.purse import open_purse
from typer.testing import CliRunner

from sendmill.accounts import ledger
from sendmill.cli import acting
from sendmill.cli.app import app

pytestmark = pytest.mark.django_db

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process; it must end with this exit status."""
    monkeypatch.setattr(acting, "prepare", lambda *_, **__: None)

    def invoke(*words: Any, status: int = 0) -> str:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == status, done.output
        return done.output

    return invoke


def test_money_is_added_shown_and_taken_out(run: Run) -> None:
    purse = open_purse(name="Shop")
    assert "Shop: 12.5 USD available" in run("balance", "top-up", "12.50", "--note", "Invoice 7")
    run("balance", "withdraw", "2.5")
    run("balance", "package", "100", "--region", "us", "--expires", "2099-01-01")
    run("balance", "budget", "day", "--alarm", "5", "--stop", "9")
    purse.hold({"US": 150})
    shown = run("balance", "show")
    assert "9.5 USD available" in shown
    assert "10 USD owned, 0.5 USD held" in shown
    assert "100 parts left, 100 held until 2099-01-01" in shown
    assert "budget per day: alarm 5, stop 9 USD" in shown
    lines = run("balance", "entries").splitlines()
    assert len(lines) == 5
    assert "Invoice 7" in lines[-1]
    assert len(run("balance", "entries", "--task", 1).splitlines()) == 2
    assert "adds up" in run("balance", "check")


def test_what_cannot_be_done_is_said_in_a_sentence(run: Run) -> None:
    assert "no account yet" in run("balance", "show", status=3)
    open_purse(name="One")
    for words, sentence in (
        (("top-up", "lots"), "not an amount"),
        (("top-up", "0"), "above 0"),
        (("withdraw", "1"), "Only 0 can"),
        (("package", "0"), "at least one part"),
        (("budget", "year", "--stop", "1"), "a task, a day or a month"),
        (("show", "--account", "Nobody"), "no account “Nobody”"),
    ):
        assert sentence in run("balance", *words, status=3)
    open_purse(name="Two")
    assert "One, Two" in run("balance", "show", status=3)
    assert "0 USD" in run("balance", "show", "--account", "Two")


def test_a_ledger_that_does_not_add_up_ends_with_status_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ledger.Discrepancy("balance", 1, None, None)
    monkeypatch.setattr(ledger, "discrepancies", lambda: [wrong])
    assert "balance 1" in run("balance", "check", status=1)


def test_prices_go_out_and_come_in(run: Run, tmp_path: Path) -> None:
    open_purse(name="Shop")
    file = tmp_path / "prices.csv"
    file.write_text("type,region,price,valid_from\npromotion,US,0.01,2026-01-01\n")
    assert "1 prices of Shop changed" in run("price", "import", file)
    out = tmp_path / "out.csv"
    assert "1 prices written" in run("price", "export", out)
    assert run("price", "export") == out.read_text()
    assert "0 prices of Shop changed" in run("price", "import", out)
    file.write_text("type,region,price,valid_from\nnews,USA,x,never\n")
    assert "Line 2" in run("price", "import", file, status=3)
    file.write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in run("price", "import", file, status=3)
    assert "nowhere" in run("price", "export", tmp_path / "nowhere" / "x.csv", status=1)
