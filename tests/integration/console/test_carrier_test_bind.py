"""A carrier tried with a real bind: not beside a bind of our own, and with an answer in time."""

from __future__ import annotations

import re
import socket
from collections.abc import Iterator
from time import monotonic

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg.conninfo import make_conninfo
from tests.rig.scenes import Scene

from sendmill.accounts.models import Role
from sendmill.catalog.models import Carrier
from sendmill.console.pages import carrier_test_bind
from sendmill.message_store.sender_locks import SENDER_LOCK, as_int4

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
LIVING, DEAD = 4711, 4712


@pytest.fixture
def admin(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.ADMIN])
    return client


@pytest.fixture
def carrier(scene: Scene) -> Carrier:
    """Nothing listens where it points to."""
    found = scene.tasks["completed"].carrier
    assert found is not None
    Carrier.objects.filter(pk=found.pk).update(host="127.0.0.1", port=1)
    return found


@pytest.fixture
def sender() -> Iterator[None]:
    """The lock of a living sender."""
    known = connection.get_connection_params()
    address = make_conninfo(
        **{key: known[key] for key in ("dbname", "user", "password", "host", "port") if key in known}
    )
    with psycopg.connect(address, autocommit=True) as conn:
        conn.execute("SELECT pg_advisory_lock(%s::int, %s::int)", (as_int4(SENDER_LOCK), LIVING))
        yield


def bind(carrier: Carrier, slot: int = 0, owner: int = LIVING, state: str = "bound") -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bind_state (carrier_id, slot, owner, state, since) "
            "VALUES (%s, %s, %s, %s, now() - interval '400 days')",
            [carrier.pk, slot, owner, state],
        )


def try_it(client: Client, carrier: Carrier, **form: str) -> str:
    response = client.post(reverse("console:carrier-test", kwargs={"pk": carrier.pk}), form, headers=HTMX)
    return response.content.decode()


def test_no_second_bind_is_opened_beside_a_living_one(admin: Client, carrier: Carrier, sender: None) -> None:
    bind(carrier)
    text = try_it(admin, carrier)
    assert re.search(r"Bound since \d\d-\d\d \d\d:\d\d as transceiver; no second bind was opened\.", text)
    assert 'name="anyway"' in text
    # Anyway: a real one, to where nothing listens.
    assert "Nothing listens at 127.0.0.1:1." in try_it(admin, carrier, anyway="1")


def test_without_a_script_the_answer_and_the_offer_are_on_the_page(
    admin: Client, carrier: Carrier, sender: None
) -> None:
    bind(carrier)
    page = admin.post(reverse("console:carrier-test", kwargs={"pk": carrier.pk}), follow=True)
    text = page.content.decode()
    assert "no second bind was opened." in text
    assert 'name="anyway"' in text


def test_each_kind_of_a_pair_is_named_once(admin: Client, carrier: Carrier, sender: None) -> None:
    Carrier.objects.filter(pk=carrier.pk).update(bind="pair", binds=2)
    bind(carrier, 0)
    bind(carrier, 1)
    text = try_it(admin, carrier)
    assert len(re.findall("as transmitter", text)) == 1
    assert "Not bound: receiver." in text
    bind(carrier, 2)
    text = try_it(admin, carrier)
    assert re.search(
        r"Bound since [^;]+ as transmitter, [^;]+ as receiver; no second bind was opened\.", text
    )
    assert "Not bound" not in text


@pytest.mark.parametrize(("owner", "state"), [(DEAD, "bound"), (LIVING, "waiting")])
def test_a_bind_that_nobody_holds_is_no_reason_not_to_test(
    admin: Client, carrier: Carrier, sender: None, owner: int, state: str
) -> None:
    bind(carrier, owner=owner, state=state)
    assert "Nothing listens at 127.0.0.1:1." in try_it(admin, carrier)


def test_a_carrier_that_says_nothing_is_given_up_with_the_sentence_of_its_connection(
    admin: Client, carrier: Carrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier_test_bind, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        Carrier.objects.filter(pk=carrier.pk).update(port=silent.getsockname()[1])
        began = monotonic()
        text = try_it(admin, carrier)
        assert monotonic() - began < 3
        assert "The carrier did not answer the bind in time." in text
        Carrier.objects.filter(pk=carrier.pk).update(tls=True)
        text = try_it(admin, carrier)
    assert re.search(
        r"within 0\.3 seconds\. Check host and port,[^.]* that the carrier lets this machine", text
    )
