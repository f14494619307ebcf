"""Plain forms: what was typed, what the service refused, and what no page shows again."""

from __future__ import annotations

from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.test import RequestFactory

from sendmill.console.forms import NewPasswordForm, PlainForm, RowField, TypedField, password, text
from sendmill.console.typed_values import amount
from sendmill.domain.violations import Refused, Violation


class Form(PlainForm):
    name = text()
    sum = TypedField(amount, "Enter a sum.")
    limit = TypedField(amount, "Enter a limit.", required=False)
    row = RowField("Choose a row.")
    secret = password()
    field_of = {"name_taken": "name"}


ROWS = [SimpleNamespace(pk=7)]
TYPED = {"name": " mill ", "sum": "1,200.50", "limit": "", "row": "7", "secret": " hush "}


def form(**changes: str) -> Form:
    request = RequestFactory().post("/", {**TYPED, **changes})
    return Form.of(request, row=ROWS)  # type: ignore[arg-type]


def test_the_service_gets_values() -> None:
    sent = form()
    assert sent.carry_out(lambda **values: values)
    assert sent.result == {
        "name": "mill",
        "sum": Decimal("1200.50"),
        "limit": None,
        "row": ROWS[0],
        "secret": " hush ",
    }


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("sum", "", "Enter a sum."),
        ("sum", "much", "Enter a sum."),
        ("limit", "much", "Enter a limit."),
        ("row", "8", "Choose a row."),
        ("row", "", "Choose a row."),
        ("name", "a\0b", "Null characters are not allowed."),
    ],
)
def test_what_cannot_be_read_asks_no_service(field: str, typed: str, sentence: str) -> None:
    sent = form(**{field: typed})
    assert not sent.carry_out(lambda **_values: pytest.fail("the service was asked"))
    assert {name: list(found) for name, found in sent.errors.items()} == {field: [sentence]}


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (Refused(Violation("name_taken", "This name is taken.")), "name"),
        (Refused(Violation("sum", "Too much.")), "sum"),
        (Refused(Violation("asleep", "Nobody is awake.")), "__all__"),
    ],
)
def test_a_refusal_stands_beside_the_field_of_its_code(error: Exception, field: str) -> None:
    def refuse(**_values: object) -> None:
        raise error

    sent = form()
    assert not sent.carry_out(refuse)
    assert sent.refusal is error
    assert list(sent.errors) == [field]


def test_a_form_that_was_not_sent_asks_no_service() -> None:
    fresh = Form.of(RequestFactory().get("/"), {"name": "mill"}, row=ROWS)  # type: ignore[arg-type]
    assert not fresh.carry_out(lambda **_values: pytest.fail("the service was asked"))
    assert not fresh.errors


def test_the_rows_of_one_form_are_not_those_of_another() -> None:
    form()
    assert not Form({**TYPED}).is_valid()


def test_a_page_shows_what_was_typed_but_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "sendmill.console.forms.render", lambda *_args, **options: (_args[2], options["status"])
    )
    context, status = form(sum="much").page(RequestFactory().get("/"), "a.html", more=1)  # type: ignore[misc]
    assert context == {
        "more": 1,
        "values": {"name": " mill ", "sum": "much", "limit": "", "row": "7"},
        "errors": {"sum": ["Enter a sum."]},
    }
    assert status == 422


def test_two_passwords_must_be_the_same() -> None:
    for again, right in (("a-long-walk", True), ("a-long-run", False), ("", False)):
        assert NewPasswordForm({"new": "a-long-walk", "again": again}).is_valid() is right
