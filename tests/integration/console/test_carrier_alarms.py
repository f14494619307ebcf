"""Binds that are lost again and again are an alarm of their account, which leads to the carrier."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.rig.scenes import Scene

from sendmill.accounts.models import Role
from sendmill.alarms.open_alarms import alarms_of
from sendmill.catalog.models import Carrier
from sendmill.worker import carrier_alarms

pytestmark = pytest.mark.django_db


def lose(carrier: Carrier, times: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bind_loss (carrier_id, slot, cause, quiet, sentence) "
            "SELECT %s, 0, 'closed', 14.2, 'x' FROM generate_series(1, %s)",
            (carrier.pk, times),
        )


def standing(carrier: Carrier) -> list[tuple[str, int]]:
    found = [(one.code, one.parameters["times"]) for one in alarms_of(carrier.account)]
    return [one for one in found if carrier_alarms.carrier_of(one[0]) is not None]


def test_a_bind_that_is_lost_often_is_an_alarm_until_the_hour_is_over(scene: Scene, client: Client) -> None:
    carrier = scene.tasks["completed"].carrier
    other = Carrier.objects.create(account=scene.account, name="Other", host="127.0.0.1", system_id="b")
    carrier_alarms.watch()
    assert standing(carrier) == []
    lose(carrier, 12)
    lose(other, 4)
    carrier_alarms.watch()
    lose(carrier, 1)
    carrier_alarms.watch()
    codes = [(f"bind_lost_{other.pk}", 4), (f"bind_lost_{carrier.pk}", 13)]
    assert sorted(standing(carrier)) == sorted(codes)
    client.force_login(scene.members[Role.ADMIN])
    page = client.get(reverse("console:tasks")).content.decode()
    assert f'<a href="{reverse("console:carrier", kwargs={"pk": other.pk})}">Other</a>' in page
    assert "set the enquire interval to 7 seconds or less" in page
    own = client.get(reverse("console:carrier", kwargs={"pk": other.pk})).content.decode()
    assert own.count("The carrier closed this bind 4 times") == 1, "by the page, not by the alarm too"
    assert "The carrier closed this bind 13 times" in own
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bind_loss SET at = now() - interval '61 min' WHERE carrier_id = %s", [other.pk]
        )
    carrier_alarms.watch()
    assert standing(carrier) == codes[1:]
    Carrier.objects.filter(pk=carrier.pk).update(enabled=False)
    carrier_alarms.watch()
    assert standing(carrier) == []


def test_other_codes_are_not_about_a_carrier() -> None:
    assert carrier_alarms.carrier_of("bind_fault") is None
    assert carrier_alarms.carrier_of("bind_lost_7") == 7
