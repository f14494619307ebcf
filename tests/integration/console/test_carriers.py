"""A carrier's live page, draining, routes, and the form of ids that is proposed."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.rig.scenes import Scene

from sendmill.accounts.models import AuditEntry, Member, Role
from sendmill.catalog.carrier_fields import CARRIER_FIELDS
from sendmill.catalog.models import Application, Carrier, Route
from sendmill.console.charts import HEIGHT, WIDTH, chart
from sendmill.message_store.sender_locks import SENDER_LOCK, as_int4

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client: Client, scene: Scene) -> Client:
    client.force_login(scene.members[Role.ADMIN])
    return client


@pytest.fixture
def carrier(scene: Scene) -> Carrier:
    return scene.tasks["completed"].carrier


@pytest.fixture
def second(scene: Scene) -> Carrier:
    return Carrier.objects.create(account=scene.account, name="Second line", host="127.0.0.1", system_id="b")


def url(name: str, pk: int | None = None) -> str:
    return reverse(f"console:{name}", kwargs={"pk": pk} if pk else None)


def words(client: Client, address: str, **query: str) -> str:
    text = client.get(address, query, follow=True).content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def execute(sql: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def add_sample(carrier: Carrier, **counts: object) -> None:
    row = {
        "carrier_id": carrier.pk, "slot": 0, "bound": True, "span": 5, "submitted": 1000, "accepted": 900,
        "refused": 10, "unknown": 0, "throttled": 7, "delivered": 800, "failed": 30, "in_flight": 37,
        "pace": None, "seconds": [0.2, 0.3, 4.0],
    } | counts  # fmt: skip
    marks = ", ".join(["%s"] * len(row))
    execute(f"INSERT INTO carrier_sample ({', '.join(row)}) VALUES ({marks})", *row.values())


def test_the_live_part_shows_what_the_samples_say(admin: Client, carrier: Carrier) -> None:
    add_sample(carrier)
    text = words(admin, url("carrier-live", carrier.pk))
    assert "Parts per second 200 no limit" in text
    assert "Window 37 of 500 in use" in text
    assert "Submit to report 300 ms 95% within 3.6 s" in text
    assert "Failed 4.8% 10 refused, 30 by report" in text
    assert "Throttled 7" in text
    assert admin.get(url("carrier", carrier.pk)).content.decode().count("<polyline") == 3


def test_without_samples_the_live_part_claims_nothing(admin: Client, carrier: Carrier) -> None:
    text = words(admin, url("carrier-live", carrier.pk))
    assert "95% within –" in text
    assert text.count("Nothing yet") == 3


def test_a_carrier_is_drained_with_what_it_waits_for(admin: Client, scene: Scene, carrier: Carrier) -> None:
    execute("UPDATE chunk SET next_seq = hi WHERE task_id = %s", scene.tasks["executing"].pk)
    admin.post(url("carrier-switch", carrier.pk), {"to": "draining"})
    carrier.refresh_from_db()
    assert (carrier.enabled, carrier.draining) == (True, True)
    text = words(admin, url("carrier", carrier.pk))
    assert "It is being drained: nothing new goes over it." in text
    assert re.search(r"[0-9,]+ messages? still waits? for", text)
    # Switching off asks first, and says what is lost with it.
    assert "which cannot come while it is off" in admin.get(url("carrier", carrier.pk)).content.decode()
    admin.post(url("carrier-switch", carrier.pk), {"to": "on"})
    carrier.refresh_from_db()
    assert carrier.standing == "on"
    admin.post(url("carrier-switch", carrier.pk), {"to": "off"})
    carrier.refresh_from_db()
    assert (carrier.standing, carrier.draining) == ("off", False)
    entries = AuditEntry.objects.filter(object_type="carrier", object_id=carrier.pk).order_by("-pk")[:3]
    assert [entry.after for entry in entries] == [
        {"enabled": False},
        {"draining": False},
        {"draining": True},
    ]


def test_why_a_carrier_is_passed_over_is_said(admin: Client, carrier: Carrier) -> None:
    execute("INSERT INTO carrier_out (carrier_id, reason) VALUES (%s, 'failing')", carrier.pk)
    assert "It fails far more than usual. Since" in words(admin, url("carrier-live", carrier.pk))


def test_routes_are_added_ordered_tried_and_removed(
    admin: Client, scene: Scene, carrier: Carrier, second: Carrier
) -> None:
    free = Application.objects.create(
        account=scene.account, name="Free", type="international", add_86=False, app_key="free"
    )
    for one in (carrier, second):
        admin.post(url("route-add"), {"prefix": "+44", "type": "", "carrier": one.pk})
    text = words(admin, url("routes"))
    assert "+44… 1 Simulator" in text
    assert "2 Second line" in text
    assert re.search("Applications that use routes .*Free International", text)
    query = {"number": "+44 7700 900123", "application": str(free.pk)}
    assert "first of these that can take it: 1 Simulator 2 Second line" in words(
        admin, url("routes"), **query
    )
    admin.post(url("route-move", Route.objects.get(carrier=second).pk), {"to": "up"})
    assert "first of these that can take it: 1 Second line 2 Simulator" in words(
        admin, url("routes"), **query
    )
    assert "No carrier takes +12025550123" in words(
        admin, url("routes"), number="12025550123", application=str(free.pk)
    )
    admin.post(url("route-remove", Route.objects.get(carrier=second).pk))
    assert "that can take it: 1 Simulator Try" in words(admin, url("routes"), **query)


def test_a_wrong_route_is_refused_beside_its_field(admin: Client, carrier: Carrier) -> None:
    response = admin.post(url("route-add"), {"prefix": "abc", "type": "", "carrier": carrier.pk})
    assert response.status_code == 422
    assert "“abc” is no prefix" in response.content.decode()
    assert admin.post(url("route-add"), {"prefix": "44"}).status_code == 422
    assert not Route.objects.exists()


def test_an_application_gets_a_fail_over_carrier(
    admin: Client, scene: Scene, carrier: Carrier, second: Carrier
) -> None:
    application = scene.tasks["completed"].application
    assert "its messages wait" in words(admin, url("application", application.pk))
    answer = admin.post(url("route-add"), {"application": application.pk, "carrier": second.pk})
    assert answer.url == url("application", application.pk)
    assert "Fail-over carriers 1 Second line" in words(admin, url("application", application.pk))
    assert "No route yet" in words(admin, url("routes"))


def test_the_form_of_ids_is_proposed_and_taken(admin: Client, carrier: Carrier) -> None:
    execute("DELETE FROM orphan")  # those of the scene match in no form
    for serial in range(0xA0, 0xA5):
        execute(
            "INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id) "
            "VALUES (hashtextextended(%s, %s), 1, %s, 0, %s, %s)",
            f"{serial:X}", carrier.pk, serial, carrier.pk, f"{serial:X}",
        )  # fmt: skip
        execute(
            "INSERT INTO orphan (carrier_id, kind, message_id, raw) VALUES (%s, 'report', %s, 'raw')",
            carrier.pk, str(serial),
        )  # fmt: skip
    execute(
        "INSERT INTO orphan (carrier_id, kind, message_id, raw) VALUES (%s, 'report', 'x', 'raw')", carrier.pk
    )
    text = words(admin, url("carrier-ids", carrier.pk))
    assert "5 of the 6 newest would match if ids were compared like this: response hexadecimal" in text
    admin.post(url("carrier-ids", carrier.pk), {"form": "hex_to_dec"})
    carrier.refresh_from_db()
    assert carrier.id_form == "hex_to_dec"
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'rematch_reports'")
        assert cursor.fetchone() == (2,)
    assert words(admin, url("carrier-ids", carrier.pk)).strip() == ""


def test_a_chart_is_a_line_in_its_box_broken_where_nothing_is_known() -> None:
    made = chart([1.0, 3.0, None, 2.0], least_top=2.0)
    assert (made.top, made.last, len(made.lines)) == (3.0, 2.0, 2)
    for line in made.lines:
        for pair in line.split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= WIDTH
            assert 0 <= y <= HEIGHT
    assert chart([None, None]).empty


def test_the_state_of_a_bind_is_said_in_the_language_of_the_member(
    admin: Client, scene: Scene, carrier: Carrier
) -> None:
    said = (
        '[["Nothing listens at %(place)s. Check host and port.", {"place": "h:1"}], '
        '["Trying again in %(seconds)s seconds.", {"seconds": 8}]]'
    )
    execute(
        "INSERT INTO bind_state (carrier_id, slot, owner, state, sentence, said) VALUES (%s, 5, 1, 'waiting', 'x', %s)",
        carrier.pk, said,
    )  # fmt: skip
    execute("SELECT pg_advisory_xact_lock(%s::int, 1)", as_int4(SENDER_LOCK))  # that sender lives
    text = words(admin, url("carrier-live", carrier.pk))
    assert "Nothing listens at h:1. Check host and port. Trying again in 8 seconds." in text
    admin_row = Member.objects.filter(pk=scene.members[Role.ADMIN].pk)
    admin_row.update(language="zh-hans")
    # A page leaves its language active in this thread; other tests read English.
    with translation.override("en"):
        text = words(admin, url("carrier-live", carrier.pk))
    assert "h:1 没有服务在监听。请检查主机和端口。 8 秒后重试。" in text


def test_the_form_says_that_the_window_is_one_of_each_bind(admin: Client, carrier: Carrier) -> None:
    text = words(admin, url("carrier-edit", carrier.pk))
    assert "For each bind: parts on their way without an answer." in text


def test_the_page_and_the_history_say_settings_in_the_words_of_the_form(
    admin: Client, carrier: Carrier
) -> None:
    values = {field.name: getattr(carrier, field.name) for field in CARRIER_FIELDS if field.section}
    typed = {name: value for name, value in values.items() if value is not None and value is not False}
    typed |= {
        "registered_delivery": "failures",
        "validity_minutes": "90",
        "service_type": "CMT",
        "password": "",
    }
    assert admin.post(url("carrier-edit", carrier.pk), typed).status_code == 302
    text = words(admin, url("carrier", carrier.pk))
    assert "Parts per second no limit" in text
    assert "Reports asked for failures only" in text
    assert "Validity in minutes 90" in text
    assert "service_type CMT" in text
    assert re.search("reports asked for every final result .*failures only", text)


def test_what_is_folded_away_unfolds_for_its_errors_alone(admin: Client, carrier: Carrier) -> None:
    def unfolded(**typed: str) -> bool:
        answer = admin.post(url("carrier-new"), {"name": "New", **typed})
        assert answer.status_code == 422
        return '<details class="more" open>' in answer.content.decode()

    right = dict.fromkeys(
        ("port", "binds", "window", "rate", "dest_ton", "dest_npi", "validity_minutes", "number_minutes"), "1"
    ) | {"enquire_seconds": "20", "silence_seconds": "0", "response_seconds": "30", "connect_seconds": "10"}
    chosen = {field.name: str(field.default) for field in CARRIER_FIELDS if field.choices}
    assert not unfolded(**right, **chosen)
    assert unfolded(**right, **chosen | {"id_form": "roman"})
