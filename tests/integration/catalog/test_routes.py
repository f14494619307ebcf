"""Routes: who may make them, in which order they count, and what a task's snapshot takes of them."""

from __future__ import annotations

import pytest

from sendmill.accounts import audit
from sendmill.accounts.permissions import NotAllowed, NotYours
from sendmill.catalog import applications, association, carriers, routes, task_snapshot
from sendmill.catalog.models import Carrier, Route
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def second(mill: object) -> Carrier:
    return carriers.create(
        mill.admin, name="Second", host="127.0.0.1", system_id="mill", default_source="Two"
    )


@pytest.fixture
def free(mill: object) -> object:
    """The international application without a carrier of its own."""
    return applications.edit(mill.sender, mill.international, carrier=None)


def test_an_application_with_a_carrier_is_not_routed(mill: object, second: Carrier) -> None:
    routes.add(mill.admin, second, prefix="+44")
    assert routes.rules(mill.international) == {}
    assert routes.takers(mill.international, 447700900123) == [mill.carrier]
    assert "routes" not in task_snapshot.snapshot(mill.international, None, mill.template())


def test_without_one_the_longest_prefix_decides_in_the_order_of_preference(
    mill: object, second: Carrier, free: object
) -> None:
    routes.add(mill.admin, mill.carrier)
    routes.add(mill.admin, second, prefix="0044")
    last = routes.add(mill.admin, mill.carrier, prefix="+44")
    assert routes.takers(free, 12025550123) == [mill.carrier]
    assert routes.takers(free, 447700900123) == [second, mill.carrier]
    routes.move(mill.admin, last, "up")
    assert routes.takers(free, 447700900123) == [mill.carrier, second]
    routes.move(mill.admin, last, "up")
    assert routes.takers(free, 447700900123) == [mill.carrier, second]
    assert [entry.action for entry in audit.history(last)] == ["edit", "create"]
    routes.remove(mill.admin, last)
    assert routes.takers(free, 447700900123) == [second]


def test_a_route_of_a_type_is_for_applications_of_that_type(
    mill: object, second: Carrier, free: object
) -> None:
    home = applications.edit(mill.sender, mill.mainland, carrier=None)
    routes.add(mill.admin, second, prefix="86", type="mainland")
    assert routes.takers(home, 8613112345678) == [second]
    assert routes.takers(free, 8613112345678) == []


def test_fall_back_carriers_follow_the_applications_own(mill: object, second: Carrier) -> None:
    routes.add(mill.admin, second, application=mill.international)
    assert routes.rules(mill.international) == {"": (mill.carrier.pk, second.pk)}
    assert routes.takers(mill.international, 447700900123) == [mill.carrier, second]


def test_a_snapshot_holds_the_routes_and_the_senders_of_the_carriers(
    mill: object, second: Carrier, free: object
) -> None:
    routes.add(mill.admin, mill.carrier)
    routes.add(mill.admin, second, prefix="44")
    taken = task_snapshot.snapshot(free, None, mill.template())
    assert taken["routes"] == [["", [mill.carrier.pk]], ["44", [second.pk]]]
    assert taken["sources"] == {str(mill.carrier.pk): "Mill", str(second.pk): "Two"}
    named = applications.edit(mill.sender, free, sender_id="Own")
    assert "sources" not in task_snapshot.snapshot(named, None, mill.template("Other"))


def test_an_application_can_send_while_one_of_its_carriers_is_on(
    mill: object, second: Carrier, free: object
) -> None:
    assert association.unusable_application(free).code == "no_carrier"
    routes.add(mill.admin, mill.carrier)
    routes.add(mill.admin, second)
    carriers.switch(mill.admin, mill.carrier, "off")
    assert association.unusable_application(free) is None
    carriers.switch(mill.admin, second, "draining")
    reason = association.unusable_application(free)
    assert (reason.code, reason.parameters["carrier"]) == ("carrier_draining", "Second")
    carriers.switch(mill.admin, second, "off")
    assert association.unusable_application(free).code == "carrier_disabled"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"prefix": "44x"}, "prefix"),
        ({"prefix": "123456789"}, "prefix"),
        ({"type": "domestic"}, "type"),
    ],
)
def test_what_is_no_route_is_refused(mill: object, options: dict[str, str], code: str) -> None:
    with pytest.raises(Refused) as refused:
        routes.add(mill.admin, mill.carrier, **options)
    assert [broken.code for broken in refused.value.violations] == [code]
    assert not Route.objects.exists()


def test_a_fall_back_needs_an_application_with_another_carrier(
    mill: object, second: Carrier, free: object
) -> None:
    with pytest.raises(Refused):
        routes.add(mill.admin, second, application=free)
    with pytest.raises(Refused):
        routes.add(mill.admin, mill.carrier, application=mill.mainland)
    with pytest.raises(Refused):
        routes.add(mill.admin, second, application=mill.mainland, prefix="44")


def test_the_same_route_twice_is_refused(mill: object) -> None:
    routes.add(mill.admin, mill.carrier, prefix="44")
    with pytest.raises(Refused) as refused:
        routes.add(mill.admin, mill.carrier, prefix="+44")
    assert refused.value.violations[0].code == "route_taken"


def test_only_administrators_of_the_account_make_routes(mill: object, neighbour: object) -> None:
    with pytest.raises(NotAllowed):
        routes.add(mill.sender, mill.carrier)
    with pytest.raises(NotYours):
        routes.add(neighbour.admin, mill.carrier)
    route = routes.add(mill.admin, mill.carrier)
    with pytest.raises(NotYours):
        routes.remove(neighbour.admin, route)


def test_a_carrier_with_routes_cannot_be_deleted(mill: object, second: Carrier) -> None:
    routes.add(mill.admin, second)
    with pytest.raises(Refused):
        carriers.delete(mill.admin, second)
