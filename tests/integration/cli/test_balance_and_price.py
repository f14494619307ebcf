"""`sendmill balance` and `sendmill price`, as an operator gives them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.integration.billing.purse import Purse, open_purse
from typer.testing import CliRunner

from sendmill.accounts.models import AuditEntry, Member, Role
from sendmill.billing import ledger
from sendmill.billing.models import LedgerEntry
from sendmill.cli import identity
from sendmill.cli.app import app

pytestmark = pytest.mark.django_db

Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in this process; it must end with this exit status."""
    monkeypatch.setattr(identity, "prepare", lambda *_, **__: None)

    def invoke(*words: Any, status: int = 0) -> str:
        done = CliRunner().invoke(app, [str(word) for word in words])
        assert done.exit_code == status, done.output
        return done.output

    return invoke


def furnish(name: str) -> Purse:
    """An account with one member of each role."""
    purse = open_purse(name=name)
    for role in Role.values:
        Member.objects.create(username=f"{name}-{role}", account=purse.account, role=role)
    return purse


def told(output: str) -> Any:
    return json.loads(output.splitlines()[0])


def test_money_is_added_shown_and_taken_out(run: Run) -> None:
    purse = furnish("Shop")
    assert "Shop: 12.5 USD available" in run("balance", "top-up", "12.50", "--note", "Invoice 7")
    run("balance", "withdraw", "2.5")
    run("balance", "package", "100", "--region", "us", "--expires", "2099-01-01", "--name", "Spring")
    run("balance", "budget", "day", "--alarm", "5", "--stop", "9")
    purse.hold({"US": 150})
    shown = " ".join(run("balance", "show").split())
    for words in (
        "available 9.5 USD",
        "owned 10 USD",
        "held for tasks 0.5 USD",
        "package Spring 100 parts left, 100 held until 2099-01-01",
        "budget per day alarm 5, stop 9 USD",
    ):
        assert words in shown
    lines = run("balance", "entries").splitlines()
    assert len(lines) == 1 + 5
    assert "Invoice 7" in lines[-1]
    assert len(run("balance", "entries", "--task", 1).splitlines()) == 1 + 2
    assert len(run("balance", "entries", "--kind", "top_up", "--kind", "package").splitlines()) == 1 + 2
    assert len(run("balance", "entries", "--until", "2020-01-01").splitlines()) == 1
    assert "adds up" in run("balance", "check")
    assert LedgerEntry.objects.earliest("id").member.username == "Shop-admin"


def test_programs_get_the_same_as_json(run: Run) -> None:
    purse = furnish("Shop")
    answer = told(run("balance", "top-up", "12.50", "--json"))
    assert answer == {"account": "Shop", "currency": "USD", "available": "12.5", "owned": "12.5", "held": "0"}
    given = told(run("balance", "package", "5", "--json"))
    assert (given["remaining"], given["region"], given["expires_at"]) == (5, "*", None)
    budget = told(run("balance", "budget", "month", "--stop", "9", "--json"))
    assert budget == {"scope": "month", "alarm": None, "stop": "9", "spent": "0"}
    purse.hold({"US": 105})
    shown = told(run("balance", "show", "--json"))
    assert (shown["available"], shown["held"], shown["packages"][0]["held"]) == ("11.5", "1", 5)
    assert [row["scope"] for row in shown["budgets"]] == ["task", "day", "month"]
    rows = told(run("balance", "entries", "--json", "--limit", 2))
    assert [row["kind"] for row in rows] == ["reservation", "reservation"]
    older = told(run("balance", "entries", "--json", "--below", rows[-1]["id"]))
    assert [row["kind"] for row in older] == ["package", "top_up"]
    assert told(run("balance", "check", "--json")) == {"fine": True, "discrepancies": []}


def test_roles_hold_and_what_is_done_is_audited(run: Run) -> None:
    furnish("Shop")
    for words in (
        ("balance", "top-up", "5"),
        ("balance", "withdraw", "5"),
        ("balance", "package", "5"),
        ("balance", "budget", "day", "--stop", "5"),
        ("price", "set", "promotion", "US", "1"),
    ):
        for role in ("viewer", "sender", "reviewer"):
            assert "Your role does not allow this." in run(*words, "--as", f"Shop-{role}", status=3)
    assert "no entry fits" in run("balance", "entries", "--as", "Shop-viewer").lower()
    run("balance", "show", "--as", "Shop-viewer")
    assert "does not allow" in run("price", "export", "--as", "Shop-viewer", status=3)
    run("price", "export", "--as", "Shop-sender")
    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.member.username, entry.after["what"]) == ("download", "Shop-sender", "prices")


def test_what_cannot_be_done_is_said_in_a_sentence(run: Run) -> None:
    assert "no account yet" in run("balance", "show", status=3)
    furnish("One")
    for words, sentence in (
        (("top-up", "lots"), "not an amount"),
        (("top-up", "0"), "above 0"),
        (("withdraw", "1"), "Only 0 can"),
        (("package", "0"), "at least one part"),
        (("show", "--account", "Nobody"), "no account “Nobody”"),
    ):
        assert sentence in run("balance", *words, status=3)
    assert "year" in run("balance", "budget", "year", "--stop", "1", status=2)
    furnish("Two")
    assert "One, Two" in run("balance", "show", status=3)
    assert "0 USD" in run("balance", "show", "--account", "Two")


def test_a_ledger_that_does_not_add_up_ends_with_status_1(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ledger.Discrepancy("balance", 1, None, None)
    monkeypatch.setattr(ledger, "discrepancies", lambda: [wrong])
    assert "balance 1" in run("balance", "check", status=1)


def test_prices_go_out_and_come_in(run: Run, tmp_path: Path) -> None:
    furnish("Shop")
    file = tmp_path / "prices.csv"
    file.write_text("type,region,price,valid_from\npromotion,US,0.01,2026-01-01\n")
    assert "1 prices of Shop would change" in run("price", "import", file, "--dry-run")
    assert told(run("price", "import", file, "--dry-run", "--json")) == {"changed": 1, "dry_run": True}
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


def test_prices_are_set_and_listed(run: Run) -> None:
    furnish("Shop")
    run("price", "set", "promotion", "us", "0.01", "--from", "2024-01-01")
    set_now = told(run("price", "set", "promotion", "us", "0.02", "--json"))
    assert (set_now["region"], set_now["price"], set_now["standing"]) == ("US", "0.02", "holding")
    run("price", "set", "promotion", "*", "1", "--from", "2099-01-01")
    assert [row["price"] for row in told(run("price", "list", "--json"))] == ["0.02"]
    rows = told(run("price", "list", "--all", "--json", "--type", "promotion"))
    assert [(row["region"], row["standing"]) for row in rows] == [
        ("*", "coming"),
        ("US", "replaced"),
        ("US", "holding"),
    ]
    assert "0.02" in run("price", "list", "--region", "us")
    assert "two-letter" in run("price", "set", "promotion", "USA", "1", status=3)
    assert "not a price" in run("price", "set", "promotion", "US", "x", status=3)
    assert "Name a file" in run("price", "export", "--json", status=3)
