"""Applying a file of resources: all or nothing, every problem named, and nothing done twice."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from sendmill.accounts.accounts import edit_account
from sendmill.accounts.models import AuditEntry
from sendmill.billing.models import Price
from sendmill.catalog import applications, association, review
from sendmill.catalog.apply_manifest import Applied, apply
from sendmill.catalog.manifest import ManifestError
from sendmill.catalog.models import Application, Carrier, Route, Signature, Template

pytestmark = pytest.mark.django_db

DOCUMENT: dict[str, Any] = {
    "account": {"time_zone": "Asia/Shanghai", "currency": "CNY"},
    "carriers": [{"name": "Second", "host": "127.0.0.1", "port": 2776, "system_id": 12345, "password": "p"}],
    "applications": [
        {"name": "Shop", "type": "mainland", "carrier": "Second"},
        {"name": "Shop abroad", "type": "international", "carrier": "Second", "sender_id": "Shop"},
    ],
    "signatures": [
        {
            "application": "Shop",
            "name": "纸店",
            "type": "notification",
            "state": "approved",
            "channel_number": 10690001,
        },
        {"application": "Shop", "name": "纸店", "type": "promotion", "state": "pending"},
    ],
    "templates": [
        {
            "application": "Shop",
            "signature": "纸店",
            "name": "Sent",
            "type": "notification",
            "content": "您的订单${1}已发出",
            "attributes": {1: "CHARDIGIT"},
            "state": "approved",
        },
        {
            "application": "Shop abroad",
            "name": "Closed",
            "type": "notification",
            "content": "We are closed.",
            "state": "approved",
            "active": False,
        },
    ],
    "prices": [{"type": "notification", "region": "cn", "price": "0.05", "valid_from": "2024-01-01"}],
}


def done(applied: Applied) -> set[str]:
    return {step.done for step in applied.steps}


def changed(**sections: Any) -> dict[str, Any]:
    return {**deepcopy(DOCUMENT), **sections}


def test_what_the_file_describes_is_there_and_ready(mill: object) -> None:
    applied = apply(mill.admin, DOCUMENT)
    assert done(applied) == {"created", "changed"}
    shop = Application.objects.get(name="Shop")
    signature = Signature.objects.get(name="纸店", type="notification")
    template = Template.objects.get(name="Sent")
    assert association.unusable(shop, signature, template) is None
    assert (shop.carrier.name, shop.carrier.system_id, signature.channel_number) == (
        "Second",
        "12345",
        "10690001",
    )
    assert Signature.objects.get(type="promotion").state == "pending"
    assert not Template.objects.get(name="Closed").active
    key, secret = applied.credentials["Shop"].app_key, applied.credentials["Shop"].app_secret
    assert applications.authenticate(key, secret) == shop


def test_the_second_time_nothing_changes(mill: object) -> None:
    apply(mill.admin, DOCUMENT)
    entries = AuditEntry.objects.count()
    again = apply(mill.admin, deepcopy(DOCUMENT))
    assert (done(again), again.changes, again.credentials) == ({""}, [], {})
    assert AuditEntry.objects.count() == entries


def test_a_dry_run_tells_and_does_nothing(mill: object) -> None:
    entries = AuditEntry.objects.count()
    tried = apply(mill.admin, DOCUMENT, dry_run=True)
    assert len(tried.changes) == 9
    assert AuditEntry.objects.count() == entries
    assert not Carrier.objects.filter(name="Second").exists()
    assert len(apply(mill.admin, DOCUMENT).changes) == 9


def test_what_changed_in_the_file_changes(mill: object) -> None:
    apply(mill.admin, DOCUMENT)
    document = deepcopy(DOCUMENT)
    document["carriers"][0]["port"] = 2777
    document["applications"][1]["sender_id"] = "Paper"
    document["signatures"][0]["channel_number"] = "10690002"
    document["templates"][1]["active"] = True
    document["prices"][0]["price"] = "0.06"
    again = apply(mill.admin, document)
    assert [(step.kind, step.done) for step in again.changes] == [
        (kind, "changed") for kind in ("carrier", "application", "signature", "template", "price")
    ]
    assert Carrier.objects.get(name="Second").port == 2777
    assert str(Price.objects.get().price) == "0.060000"


def test_an_approved_template_keeps_its_text(mill: object) -> None:
    apply(mill.admin, DOCUMENT)
    document = deepcopy(DOCUMENT)
    document["templates"][1]["content"] = "We are open."
    with pytest.raises(ManifestError, match="template “Closed”"):
        apply(mill.admin, document)
    assert Template.objects.get(name="Closed").content == "We are closed."


def test_what_a_reviewer_rejected_waits_for_a_person(mill: object) -> None:
    draft = changed(signatures=[DOCUMENT["signatures"][1]], templates=[])
    apply(mill.admin, draft)
    review.reject(mill.reviewer, Signature.objects.get(), "Whose is it?")
    again = apply(mill.admin, draft)
    assert [step.note for step in again.steps if step.kind == "signature"] == ["rejected: Whose is it?"]
    assert Signature.objects.get().state == "rejected"


def test_one_problem_and_nothing_is_done_but_every_problem_is_named(mill: object) -> None:
    document = deepcopy(DOCUMENT)
    document["applications"][0]["carrier"] = "Third"
    document["prices"][0]["price"] = "-1"
    with pytest.raises(ManifestError) as refused:
        apply(mill.admin, document)
    problems = refused.value.problems
    assert "application “Shop”: There is no carrier “Third”." in problems
    assert any(problem.startswith("price “notification cn”: A price is not negative") for problem in problems)
    assert not Carrier.objects.filter(name="Second").exists()
    mill.account.refresh_from_db()
    assert mill.account.currency == "USD"


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ([], "the file: "),
        ("text", "the file: "),
        ({"templets": []}, "templets: "),
        ({"carriers": [{"name": "A", "pasword": "hunter2"}]}, "carriers[1].pasword: "),
        ({"carriers": [{"name": "A", "port": "hunter2"}]}, "carriers[1].port: "),
        ({"applications": [{"name": "A", "type": "lunar"}]}, "applications[1].type: "),
        ({"templates": [{"name": "A"}]}, "templates[1].application: "),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_place(mill: object, document: object, place: str) -> None:
    with pytest.raises(ManifestError) as refused:
        apply(mill.admin, document)
    assert refused.value.problems[0].startswith(place)
    assert "hunter2" not in str(refused.value)


def test_an_empty_file_does_nothing(mill: object) -> None:
    assert apply(mill.admin, None).steps == apply(mill.admin, {}).steps == []


def test_roles_and_four_eyes_hold_for_files_too(mill: object) -> None:
    with pytest.raises(ManifestError, match="Your role does not allow this"):
        apply(mill.sender, DOCUMENT)
    edit_account(mill.admin, four_eyes=True)
    with pytest.raises(ManifestError, match="four eyes"):
        apply(mill.admin, DOCUMENT)
    assert not Application.objects.filter(name="Shop").exists()


def test_what_is_elsewhere_is_not_taken(mill: object, neighbour: object) -> None:
    document = {"applications": [{"name": "New", "type": "international", "carrier": "Line"}]}
    apply(neighbour.admin, document)
    assert Application.objects.get(name="New").carrier == neighbour.carrier
    other = {
        "applications": [{"name": "Home", "type": "international"}],
        "signatures": [{"application": "Nowhere", "name": "纸店", "type": "promotion"}],
    }
    with pytest.raises(ManifestError) as refused:
        apply(mill.admin, other)
    assert len(refused.value.problems) == 2


def test_routes_are_made_once_in_their_order(mill: object) -> None:
    document = {
        "carriers": [{"name": "Second", "host": "127.0.0.1", "system_id": "s"}],
        "routes": [
            {"prefix": "+44", "carriers": ["Second", "Line"]},
            {"type": "mainland", "carriers": ["Line"]},
            {"application": "Home", "carriers": ["Second"]},
        ],
    }
    assert [step.name for step in apply(mill.admin, document).changes] == ["Second", "+44", "any", "Home"]
    assert apply(mill.admin, document).changes == []
    found = Route.objects.filter(account=mill.account, prefix="44").order_by("position")
    assert [route.carrier.name for route in found] == ["Second", "Line"]
    with pytest.raises(ManifestError, match="There is no carrier “None”"):
        apply(mill.admin, {"routes": [{"carriers": ["None"]}]})
    with pytest.raises(ManifestError, match="is no prefix"):
        apply(mill.admin, {"routes": [{"prefix": "4x", "carriers": ["Line"]}]})
