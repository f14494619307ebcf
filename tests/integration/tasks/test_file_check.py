"""What the check of a number file finds."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.rig.desk import FIRST, Desk, numbers

from sendmill.billing.models import Price
from sendmill.domain.phone_numbers import NumberRules
from sendmill.domain.templates import Template, parse
from sendmill.domain.types import ApplicationType
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets.errors import SpreadsheetError
from sendmill.tasks import file_check, number_file, stored_files
from sendmill.tasks.models import Draft, DraftState

WORLD = NumberRules.of(ApplicationType.INTERNATIONAL)


def template(content: str) -> Template:
    return parse(content, ApplicationType.INTERNATIONAL)


def outcome_of(folder: Path, text: str, content: str, **options: Any) -> dict[str, Any]:
    path = folder / "Numbers.csv"
    path.write_text(text)
    return number_file.check_file(path, WORLD, template(content), **options)[1]


def test_counts_and_reasons_add_up(tmp_path: Path) -> None:
    text = f"number\n+{FIRST}\n\n+{FIRST}\n13112345678\nabc\n+49 151-0000 0001\n"
    outcome = outcome_of(tmp_path, text, "Hello.")
    counts = {
        name: outcome[name] for name in ("rows", "accepted", "invalid", "duplicate", "unfit", "repaired")
    }
    assert counts == {"rows": 5, "accepted": 2, "invalid": 2, "duplicate": 1, "unfit": 0, "repaired": 1}
    assert sum(outcome["reasons"].values()) == 3
    assert outcome["regions"] == {"DE": [2, 2]}


def test_parts_are_counted_on_each_rendered_text(tmp_path: Path) -> None:
    start = "x" * 150
    text = f"number,text\n+{FIRST},short\n+{FIRST + 1},long enough to spill\n+{FIRST + 2},Zoë 李\n"
    outcome = outcome_of(tmp_path, text, start + "${TXT_20}")
    assert (outcome["parts"], outcome["parts_min"], outcome["parts_max"], outcome["ucs2"]) == (6, 1, 3, 1)
    assert outcome["forcing"] == {"character": "ë", "row": 4, "in_template": False}
    assert [(one["row"], one["number"], one["parts"]) for one in outcome["sample"]] == [
        (2, f"+{FIRST}", 1),
        (3, f"+{FIRST + 1}", 2),
        (4, f"+{FIRST + 2}", 3),
    ]
    assert outcome["sample"][0]["text"] == start + "short"


def test_a_template_that_forces_the_encoding_is_named(tmp_path: Path) -> None:
    outcome = outcome_of(tmp_path, numbers(2), "你好")
    assert outcome["forcing"] == {"character": "你", "row": 2, "in_template": True}
    assert outcome["ucs2"] == 2


def test_ten_messages_are_shown(tmp_path: Path) -> None:
    assert len(outcome_of(tmp_path, numbers(11), "Hello.")["sample"]) == 10


def test_the_price_names_what_has_none(tmp_path: Path) -> None:
    text = f"number\n+{FIRST}\n+12025550123\n+12025550124\n+2412000000\n"
    prices = {"DE": Decimal("0.0800"), "US": Decimal("0.01")}
    outcome = outcome_of(tmp_path, text, "Hello.", prices=prices, currency="EUR")
    assert outcome["price"] == {
        "min": "0.01",
        "max": "0.08",
        "total": "0.1",
        "currency": "EUR",
        "unpriced": ["GA"],
    }
    assert outcome_of(tmp_path, text, "Hello.")["price"] is None


def test_a_price_for_anywhere_holds_where_no_other_does(desk: Desk) -> None:
    for region, price in (("*", "0.5"), ("DE", "0.25")):
        Price.objects.create(
            account=desk.account, type="notification", region=region, price=price, valid_from="2020-01-01"
        )
    outcome = desk.check(f"number\n+{FIRST}\n+2412000000\n").outcome
    assert outcome is not None
    assert outcome["price"]["total"] == "0.75"
    assert outcome["price"]["unpriced"] == []


def test_an_unreadable_file_raises_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "Numbers.csv"
    path.write_bytes("number\n+4915100000000\n张三".encode("gb18030"))
    with pytest.raises(SpreadsheetError) as refused:
        number_file.check_file(path, WORLD, template("Hello."))
    assert refused.value.code == "csv_encoding"


def test_a_file_with_too_many_numbers_refuses_the_draft(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ENV, "max_numbers", 2)
    draft = desk.check(numbers(3))
    assert draft.state == DraftState.REFUSED
    assert draft.refusal is not None
    assert (draft.refusal["code"], draft.refusal["parameters"]) == ("too_many_rows", {"limit": 2})
    assert draft.accepted_file == ""


def test_a_lost_upload_refuses_the_draft(desk: Desk) -> None:
    draft = desk.create_draft(numbers(1))
    stored_files.remove(draft.file)
    file_check.check_draft(draft.pk)
    draft.refresh_from_db()
    assert draft.refusal is not None
    assert draft.refusal["code"] == "file_gone"


def test_checking_again_after_a_kill_leaves_one_result(desk: Desk) -> None:
    draft = desk.check(numbers(2))
    Draft.objects.filter(pk=draft.pk).update(state=DraftState.CHECKING, outcome=None)
    file_check.check_draft(draft.pk)
    again = Draft.objects.get(pk=draft.pk)
    assert (again.outcome, again.accepted_file) == (draft.outcome, draft.accepted_file)
    assert stored_files.load_frame(again.accepted_file).rows() == [(2, FIRST, [], 1), (3, FIRST + 1, [], 1)]
    file_check.check_draft(draft.pk)
    assert Draft.objects.get(pk=draft.pk).outcome == draft.outcome


def test_mainland_numbers_get_their_prefix_and_count_as_ucs2(desk: Desk) -> None:
    draft = desk.check("号码,1\n13112345678,A1\n86131123,A2\n", template=desk.templates["china"])
    assert draft.outcome is not None
    assert (draft.outcome["accepted"], draft.outcome["invalid"], draft.outcome["ucs2"]) == (1, 1, 1)
    assert draft.outcome["forcing"] is None
    assert draft.outcome["sample"][0] == {
        "row": 2,
        "number": "+8613112345678",
        "text": "【云帆】您的订单A1已发货。",
        "parts": 1,
    }
