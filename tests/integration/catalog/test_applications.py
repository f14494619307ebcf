"""Applications and their secrets, carriers, prices and snapshots, against PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from sendmill.accounts import audit
from sendmill.accounts.accounts import edit_account
from sendmill.accounts.models import AuditEntry
from sendmill.accounts.permissions import NotAllowed
from sendmill.billing import price_list
from sendmill.billing.models import Price
from sendmill.catalog import applications, carriers, task_snapshot
from sendmill.catalog.bind_settings import configs_of
from sendmill.catalog.models import Application, Carrier
from sendmill.domain.pricing import estimate
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db


def test_the_prefix_rules_are_on_for_mainland_and_off_for_international(mill: object) -> None:
    assert mill.mainland.add_86
    assert not mill.international.add_86
    made, _ = applications.create(mill.sender, name="New", type="international", add_86=True)
    assert made.add_86


def test_the_secret_works_and_is_kept_nowhere(mill: object) -> None:
    made, credentials = applications.create(mill.sender, name="New", type="international")
    assert applications.authenticate(credentials.app_key, credentials.app_secret) == made
    assert applications.authenticate(credentials.app_key, credentials.app_secret + "x") is None
    assert applications.authenticate(credentials.app_key, "") is None
    assert applications.authenticate("nobody", credentials.app_secret) is None
    assert credentials.app_secret not in repr(credentials)
    stored = str(Application.objects.filter(pk=made.pk).values()) + str(list(AuditEntry.objects.values()))
    assert credentials.app_secret not in stored


def test_rotation_ends_the_old_secret_and_keeps_the_key(mill: object) -> None:
    made, old = applications.create(mill.sender, name="New", type="international")
    with pytest.raises(NotAllowed):
        applications.rotate_secret(mill.sender, made)
    new = applications.rotate_secret(mill.admin, made)
    assert new.app_key == old.app_key
    assert applications.authenticate(old.app_key, old.app_secret) is None
    assert applications.authenticate(new.app_key, new.app_secret) == made
    assert audit.history(made)[0].action == "rotate_secret"


def test_an_application_without_secret_lets_nobody_in(mill: object) -> None:
    Application.objects.filter(pk=mill.mainland.pk).update(app_secret_hash="")
    assert applications.authenticate(mill.mainland.app_key, "") is None


def test_editing_records_what_changed_and_nothing_else(mill: object) -> None:
    edited = applications.edit(mill.sender, mill.international, name=" Far ", sender_id="Mill")
    assert (edited.name, edited.sender_id) == ("Far", "Mill")
    entry = audit.history(edited)[0]
    assert entry.before == {"name": "Abroad", "sender_id": ""}
    assert entry.after == {"name": "Far", "sender_id": "Mill"}
    applications.edit(mill.sender, mill.international, name="Far")
    assert audit.history(edited)[0] == entry
    with pytest.raises(TypeError):
        applications.edit(mill.sender, mill.international, type="mainland")


def test_editing_keeps_to_the_rules(mill: object) -> None:
    with pytest.raises(Refused) as refused:
        applications.edit(mill.sender, mill.international, name="Home", sender_id="no")
    assert [violation.code for violation in refused.value.violations] == ["name_taken"]
    with pytest.raises(Refused):
        applications.edit(mill.sender, mill.mainland, sender_id="Mill")
    mill.international.refresh_from_db()
    assert mill.international.name == "Abroad"


def test_an_unused_application_can_be_deleted(mill: object) -> None:
    applications.delete(mill.sender, mill.international)
    assert not Application.objects.filter(name="Abroad").exists()
    assert AuditEntry.objects.filter(action="delete", object_name="Abroad").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": ""}, "required"),
        ({"host": ""}, "required"),
        ({"system_id": "x" * 16}, "too_long"),
        ({"name": "Line"}, "name_taken"),
        ({"port": 0}, "range"),
        ({"port": 65536}, "range"),
        ({"window": 0}, "range"),
        ({"source_ton": 7}, "range"),
        ({"bind": "both"}, "choice"),
        ({"bind": "receiver"}, "choice"),
        ({"default_alphabet": "ebcdic"}, "choice"),
        ({"long_messages": "cut"}, "choice"),
        ({"id_form": "roman"}, "choice"),
        ({"registered_delivery": "all"}, "choice"),
        ({"validity_minutes": 43_201}, "range"),
        ({"service_type": "longer"}, "too_long"),
        ({"service_type": "短信"}, "ascii"),
        ({"default_source": "!"}, "sender_id"),
    ],
)
def test_a_wrong_carrier_is_refused(mill: object, changes: dict[str, object], code: str) -> None:
    right = {"name": "New", "host": "127.0.0.1", "port": 2775, "system_id": "new"}
    carriers.create(mill.admin, **{**right, "name": "Other"})
    with pytest.raises(Refused) as refused:
        carriers.create(mill.admin, **{**right, **changes})
    assert [violation.code for violation in refused.value.violations] == [code]
    assert Carrier.objects.filter(account=mill.account).count() == 2


def test_a_carriers_settings_reach_its_connection_and_its_password_no_log(mill: object) -> None:
    edited = carriers.edit(
        mill.admin, mill.carrier, password="hunter2", tls=True, window=7, id_form="hex_to_dec", source_ton=5
    )
    (config,) = configs_of(edited)
    assert (config.host, config.port, config.system_id, config.password) == (
        "127.0.0.1",
        2775,
        "mill",
        "hunter2",
    )
    assert (config.tls, config.window, config.id_form, config.source_ton) == (True, 7, "hex_to_dec", 5)
    assert audit.history(edited)[0].after["password"] == audit.HIDDEN
    assert "hunter2" not in str(list(AuditEntry.objects.values())) + repr(config)


def test_the_price_that_became_valid_last_holds(mill: object) -> None:
    now = price_list.today(mill.account)
    for days, price in ((-10, "0.05"), (-1, "0.06"), (1, "0.99")):
        price_list.set_price(
            mill.admin,
            service_type="notification",
            region="us",
            price=Decimal(price),
            valid_from=now + timedelta(days=days),
        )
    assert price_list.price_list(mill.account, "notification") == {"US": Decimal("0.06")}
    assert price_list.price_list(mill.account, "notification", now - timedelta(days=5)) == {
        "US": Decimal("0.05")
    }
    assert price_list.price_list(mill.account, "notification", now - timedelta(days=11)) == {}
    assert price_list.price_list(mill.account, "promotion") == {}


def test_today_is_that_of_the_account(mill: object) -> None:
    zones = {
        zone: price_list.today(edit_account(mill.admin, time_zone=zone))
        for zone in ("Pacific/Kiritimati", "Pacific/Niue")
    }
    assert zones["Pacific/Kiritimati"] - zones["Pacific/Niue"] == timedelta(days=1)


def test_an_estimate_takes_the_price_of_anywhere_else(mill: object) -> None:
    day = date(2030, 1, 1)
    for region, price in (("US", "0.01"), ("*", "0.10")):
        price_list.set_price(
            mill.admin, service_type="notification", region=region, price=Decimal(price), valid_from=day
        )
    cost = estimate({"US": 100, "GA": 10}, price_list.price_list(mill.account, "notification", day))
    assert (cost.total, cost.minimum, cost.maximum) == (Decimal("2.00"), Decimal("0.01"), Decimal("0.10"))
    assert cost.unpriced == ()
    assert estimate({"US": 1}, price_list.price_list(mill.account, "promotion", day)).unpriced == ("US",)


def test_setting_the_same_price_again_changes_nothing(mill: object) -> None:
    def set_price(price: str) -> Price:
        return price_list.set_price(
            mill.admin,
            service_type="promotion",
            region="*",
            price=Decimal(price),
            valid_from=date(2030, 1, 1),
        )

    row = set_price("0.10")
    count = AuditEntry.objects.count()
    assert set_price("0.10") == row
    assert AuditEntry.objects.count() == count
    assert set_price("0.20") == row
    assert Price.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"price": Decimal("-0.01")}, "price"),
        ({"price": Decimal("NaN")}, "price"),
        ({"price": Decimal("Infinity")}, "price"),
        ({"price": Decimal("1000000")}, "price"),
        ({"price": Decimal("0.0000001")}, "price"),
        ({"region": "USA"}, "region"),
        ({"region": "ÜS"}, "region"),
        ({"service_type": "greeting"}, "service_type"),
    ],
)
def test_a_wrong_price_is_refused(mill: object, changes: dict[str, object], code: str) -> None:
    right = {
        "service_type": "promotion",
        "region": "US",
        "price": Decimal("0.1"),
        "valid_from": date(2030, 1, 1),
    }
    with pytest.raises(Refused) as refused:
        price_list.set_price(mill.admin, **{**right, **changes})
    assert [violation.code for violation in refused.value.violations] == [code]


def test_a_snapshot_holds_all_that_sending_needs(mill: object) -> None:
    price_list.set_price(
        mill.admin,
        service_type="notification",
        region="CN",
        price=Decimal("0.050"),
        valid_from=date(2020, 1, 1),
    )
    signature = mill.signature()
    template = mill.template(signature=signature, content="您好")
    assert task_snapshot.snapshot(mill.mainland, signature, template) == {
        "application_type": "mainland",
        "service_type": "notification",
        "content": "您好",
        "attributes": {},
        "signature": "纸坊",
        "source": "10690001",
        "number_rules": {"add_86": True, "delete_unusual": False, "allow_landlines": False},
        "carrier_id": mill.carrier.pk,
        "prices": {"CN": "0.05"},
        "currency": "USD",
    }


def test_the_sender_is_the_applications_else_the_carriers(mill: object) -> None:
    assert task_snapshot.source(mill.international, None) == "Mill"
    named = applications.edit(mill.sender, mill.international, sender_id="Abroad")
    assert task_snapshot.source(named, None) == "Abroad"
    assert task_snapshot.source(applications.edit(mill.sender, named, sender_id="", carrier=None), None) == ""
