"""Decisions about held tasks: each is about the hold that the person saw, and none comes before the place is sure."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from tests.rig.desk import Desk

from sendmill.accounts.models import AuditEntry, Member, Role
from sendmill.domain.violations import Refused
from sendmill.message_store.engine.store_holds import begin_hold, clear_task
from sendmill.message_store.marks.judgement import RULES, Ground, HoldKind
from sendmill.tasks import hold_release
from sendmill.tasks.hold_release import Choice

MISSING = {(uuid4(), 1): 5}


def hold(kind: HoldKind = HoldKind.OLDER) -> None:
    rule = {"older": "older", "elsewhere": "machine"}[kind]
    with connection.cursor() as cursor:
        begin_hold(cursor, Ground(kind, RULES[rule], {"count": "1", "noted": "then"}, MISSING))


def administrator(desk: Desk) -> Member:
    return Member.objects.create(account=desk.account, username="admin", role=Role.ADMIN)


@pytest.mark.parametrize("choice", list(Choice))
def test_nothing_is_released_while_the_original_may_live(desk: Desk, choice: Choice) -> None:
    task, admin = desk.task(), administrator(desk)
    hold(HoldKind.ELSEWHERE)
    with pytest.raises(Refused) as refused:
        hold_release.release_task(task, choice, admin)
    assert refused.value.violation.code == "held_elsewhere"
    task.refresh_from_db()
    assert task.cleared_hold is None


def test_a_decision_about_one_hold_clears_nothing_of_the_next(desk: Desk) -> None:
    task = desk.task()
    hold()
    seen = hold_release.open_hold()
    assert seen is not None
    hold()
    with connection.cursor() as cursor:
        clear_task(cursor, task.pk, seen)
    task.refresh_from_db()
    assert hold_release.is_held(task, hold_release.open_hold())


def test_who_says_that_this_is_the_only_one_is_in_the_audit_log(desk: Desk) -> None:
    hold()
    now = hold_release.open_hold()
    assert now is not None
    hold_release.confirmed_here()
    entry = AuditEntry.objects.get(action="confirm_place")
    assert entry.account_id == desk.account.pk
    assert entry.after == {"hold": str(now.id)}
