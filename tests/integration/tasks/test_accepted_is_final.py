"""A carrier that reports nothing: what it accepted before somebody said so, what is charged, and what pages say."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.tasks.test_long_reports import long_task
from tests.integration.tasks.test_uncertain import assert_in_step, send
from tests.rig.desk import Desk, fetch, finish_chunks

from sendmill.catalog.models import Carrier
from sendmill.domain.status_codes import meaning
from sendmill.domain.types import ApplicationType
from sendmill.message_store.queries import charged_parts
from sendmill.tasks import uncertain

pytestmark = pytest.mark.django_db


def test_what_was_accepted_before_is_settled_too_and_charged(desk: Desk) -> None:
    task = desk.task(3)
    finish_chunks(task)
    send(task, 0.1, [0, 1])
    assert uncertain.settle_accepted() == 0
    Carrier.objects.filter(pk=task.carrier_id).update(reports="accepted")
    assert uncertain.settle_accepted() == 2
    assert fetch("SELECT result, code FROM message WHERE task_id = %s ORDER BY seq", task.pk) == [
        (1, "ACCEPTED"),
        (1, "ACCEPTED"),
        (0, None),
    ]
    assert_in_step(task)
    for kind in ApplicationType:
        assert meaning("ACCEPTED").is_charged(kind)
        rows = charged_parts.uncharged(task.pk, mainland=kind is ApplicationType.MAINLAND, platform=())
        assert rows.get_column("parts").sum() == 1


def test_of_a_carrier_that_does_not_report_long_messages_only_those(desk: Desk) -> None:
    long = long_task(desk, [0, 1], minutes=30)
    short = desk.task(1)
    finish_chunks(short)
    send(short, 0.1, [0])
    Carrier.objects.filter(pk=long.carrier_id).update(long_reports="none")
    assert uncertain.settle_accepted() == 2
    assert fetch("SELECT result, code, delivered FROM message WHERE task_id = %s", long.pk) == [
        (1, "ACCEPTED", 3),
        (1, "ACCEPTED", 3),
    ]
    assert fetch("SELECT result FROM message WHERE task_id = %s", short.pk) == [(0,)]
    assert_in_step(long)


def test_the_page_of_a_task_says_what_successful_means(desk: Desk, client: Client) -> None:
    task = desk.task(1)
    client.force_login(desk.viewer)
    address = reverse("console:task", kwargs={"pk": task.pk})
    assert 'id="counts-accepted"' not in client.get(address).content.decode()
    Carrier.objects.filter(pk=task.carrier_id).update(reports="accepted")
    assert 'id="counts-accepted"' in client.get(address).content.decode()
