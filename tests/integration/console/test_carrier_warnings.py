"""What is wrong with a carrier for long is said on its page, with the setting that mends it."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.rig.scenes import Scene

from sendmill.accounts.models import Member, Role
from sendmill.catalog.models import Carrier
from sendmill.cli.commands.doctor import look_at_binds
from sendmill.domain.carrier_warnings import LEAST_MINUTES

pytestmark = pytest.mark.django_db

LOST = (
    "The carrier closed this bind 12 times in the last hour, each time after about 14 seconds without traffic: "
    "set the enquire interval to 7 seconds or less."
)


@pytest.fixture
def admin(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.ADMIN])
    return client


@pytest.fixture
def carrier(scene: Scene) -> Carrier:
    return scene.tasks["completed"].carrier


def words(client: Client, carrier: Carrier) -> str:
    address = reverse("console:carrier", kwargs={"pk": carrier.pk})
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


def lose(carrier: Carrier, times: int, quiet: float, slot: int = 0, age: str = "20 min") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bind_loss (carrier_id, slot, at, cause, quiet, sentence) "
            "SELECT %s, %s, now() - %s::interval, 'closed', %s, 'x' FROM generate_series(1, %s)",
            (carrier.pk, slot, age, quiet, times),
        )


def throttle(carrier: Carrier, minutes: int, accepted: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO carrier_sample (carrier_id, at, slot, bound, span, submitted, accepted, refused, unknown, "
            "throttled, delivered, failed, in_flight, pace, seconds) "
            "SELECT %s, date_trunc('minute', now()) - make_interval(mins => n), 0, true, 60, 500, %s, 0, 0, 40, 0, "
            "0, 0, 1, '{}' FROM generate_series(1, %s) AS n",
            (carrier.pk, accepted, minutes),
        )


def test_the_page_says_what_mends_a_bind_that_is_lost_often(
    admin: Client, scene: Scene, carrier: Carrier
) -> None:
    assert "in the last hour, each time" not in words(admin, carrier)
    lose(carrier, 2, 14.0, slot=1)  # of another bind
    lose(carrier, 50, 14.0, age="61 min")  # long ago
    assert "in the last hour, each time" not in words(admin, carrier)
    lose(carrier, 12, 14.2)
    assert LOST in words(admin, carrier)
    Member.objects.filter(pk=scene.members[Role.ADMIN].pk).update(language="zh-hans")
    with translation.override("en"):
        assert "请将链路检测间隔设为 7 秒或更短" in words(admin, carrier)


def test_a_shorter_interval_is_not_proposed_where_it_is_set(admin: Client, carrier: Carrier) -> None:
    lose(carrier, 12, 14.2)
    Carrier.objects.filter(pk=carrier.pk).update(enquire_seconds=5)
    assert "This bind was lost 12 times in the last hour" in words(admin, carrier)


def test_the_page_says_how_long_a_carrier_has_throttled(admin: Client, carrier: Carrier) -> None:
    throttle(carrier, LEAST_MINUTES - 1, 120)
    assert "without a pause" not in words(admin, carrier)
    throttle(carrier, 25, 120)
    said = words(admin, carrier)
    assert "has throttled for 25 minutes without a pause" in said
    assert "messages a second still pass. Ask it for a higher rate" in said


def test_throttling_that_lets_nothing_pass_is_told_too(admin: Client, carrier: Carrier) -> None:
    throttle(carrier, 30, 0)
    assert "throttled for 30 minutes without a pause, and hardly anything passes" in words(admin, carrier)


def test_doctor_says_it(scene: Scene, carrier: Carrier) -> None:
    lose(carrier, 12, 14.2)
    finding = look_at_binds()
    assert not finding.fine
    assert f"{carrier.name}: {LOST}" in finding.sentence
    Carrier.objects.filter(pk=carrier.pk).update(enabled=False)
    assert LOST not in look_at_binds().sentence


def test_the_form_refuses_a_silence_that_leaves_no_time_to_enquire(admin: Client, carrier: Carrier) -> None:
    from sendmill.catalog import carriers
    from sendmill.domain.violations import Refused

    member = Member.objects.filter(account=carrier.account, role=Role.ADMIN).first()
    assert member is not None
    with pytest.raises(Refused, match="longer than the enquire interval"):
        carriers.edit(member, carrier, enquire_seconds=20, silence_seconds=20)
    assert carriers.edit(member, carrier, enquire_seconds=10, silence_seconds=20).silence_seconds == 20
