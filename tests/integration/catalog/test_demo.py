"""The demo: complete after the first start, the same after the second, and careful with what people changed."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest

from sendmill.accounts import members
from sendmill.accounts.accounts import edit_account
from sendmill.accounts.models import Account, AuditEntry, Member
from sendmill.billing import price_list
from sendmill.billing.models import Price
from sendmill.catalog import association, review, templates
from sendmill.catalog.demo.account import FILE_NAME, create_demo
from sendmill.catalog.demo.resources import INTERNATIONAL
from sendmill.catalog.demo.sample_files import Sample, samples
from sendmill.catalog.models import Application, Carrier, Signature, Template
from sendmill.domain import templates as rules
from sendmill.domain.phone_numbers import NumberRules
from sendmill.domain.row_check import check_rows
from sendmill.domain.types import ApplicationType

pytestmark = pytest.mark.django_db


def test_everything_that_a_task_needs_is_there(tmp_path: Path) -> None:
    demo = create_demo(data_dir=tmp_path, port=12775)
    assert [(login.role, login.username) for login in demo.logins] == [
        ("admin", "demo"),
        ("sender", "demo-sender"),
        ("reviewer", "demo-reviewer"),
        ("viewer", "demo-viewer"),
    ]
    for login in demo.logins:
        assert Member.objects.get(username=login.username).check_password(login.password)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert demo.password not in repr(demo)
    usable = 0
    for application in association.applications(demo.account).items:
        for signature in association.signatures(application).items or [None]:
            choices = association.templates(application, signature)
            assert choices.items, choices.reason
            usage = [association.unusable(application, signature, row) for row in choices.items]
            assert usage == [None] * len(usage)
            usable += len(usage)
    assert usable == Template.objects.count() == 8
    assert Carrier.objects.get().port == 12775
    for kind in ("verification", "notification", "promotion"):
        assert {"US", "GB", "CN", "*"} <= price_list.price_list(demo.account, kind).keys()


def test_a_second_start_shows_the_same_and_adds_nothing(tmp_path: Path) -> None:
    first = create_demo(data_dir=tmp_path)
    tables = (Account, Member, Carrier, Application, Signature, Template, Price, AuditEntry)
    counts = [table.objects.count() for table in tables]
    second = create_demo(data_dir=tmp_path)
    assert second == first
    assert [login.password for login in second.logins] == [login.password for login in first.logins]
    assert [table.objects.count() for table in tables] == counts
    create_demo(data_dir=tmp_path, port=12776)
    assert Carrier.objects.get().port == 12776


def test_a_changed_password_is_not_shown_and_not_undone(tmp_path: Path) -> None:
    admin = Member.objects.get(username=create_demo(data_dir=tmp_path).username)
    old = create_demo(data_dir=tmp_path).password
    members.change_password(admin, old, "seven quiet lanterns")
    again = create_demo(data_dir=tmp_path)
    assert again.password == ""
    admin.refresh_from_db()
    assert admin.check_password("seven quiet lanterns")


def test_a_lost_file_of_passwords_shows_none(tmp_path: Path) -> None:
    create_demo(data_dir=tmp_path)
    (tmp_path / FILE_NAME).unlink()
    assert {login.password for login in create_demo(data_dir=tmp_path).logins} == {""}


def test_what_a_person_deleted_comes_back_and_four_eyes_are_respected(tmp_path: Path) -> None:
    demo = create_demo(data_dir=tmp_path)
    admin = Member.objects.get(username="demo")
    edit_account(admin, four_eyes=True)
    sale = Template.objects.get(name="Spring sale")
    templates.delete(admin, review.deactivate(admin, sale))
    create_demo(data_dir=tmp_path)
    again = Template.objects.get(name="Spring sale")
    assert again.active
    assert again.submitted_by.username == "demo-sender"
    templates.delete(admin, review.deactivate(admin, again))
    for username in ("demo-sender", "demo-reviewer"):
        members.deactivate(admin, Member.objects.get(username=username))
    create_demo(data_dir=tmp_path)
    assert Template.objects.get(name="Spring sale").state == "pending"
    assert demo.account.templates.count() == 8


def checked(sample: Sample) -> object:
    kind = ApplicationType.INTERNATIONAL if sample.application == INTERNATIONAL else ApplicationType.MAINLAND
    row = Template.objects.get(name=sample.template)
    template = rules.parse(row.content, kind, row.attributes)
    assert [variable.name for variable in template.variables] == list(sample.header[1:])
    columns = {
        f"c{index}": pl.Series([cells[index] for cells in sample.rows], dtype=pl.String)
        for index in range(len(sample.header))
    }
    rows = pl.DataFrame({"row": pl.Series(range(2, len(sample.rows) + 2), dtype=pl.Int32), **columns})
    return check_rows(rows, NumberRules.of(kind), template)


def test_the_samples_show_what_the_check_does(tmp_path: Path) -> None:
    create_demo(data_dir=tmp_path)
    abroad, home = (checked(sample).counts for sample in samples())
    assert (abroad.rows, abroad.accepted, abroad.invalid, abroad.duplicate, abroad.unfit) == (
        190,
        180,
        4,
        2,
        4,
    )
    assert (home.rows, home.accepted, home.invalid, home.duplicate, home.unfit) == (146, 140, 4, 2, 0)
    assert abroad.repaired
    assert home.repaired
    assert all(sample.name.isalnum() and sample.name.isascii() for sample in samples())
    assert samples() == samples()
