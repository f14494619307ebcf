"""Review against PostgreSQL: who may, four eyes, what was seen, races, and what cannot be deleted."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection

from sendmill.accounts import audit
from sendmill.accounts.accounts import edit_account
from sendmill.accounts.models import Member
from sendmill.accounts.permissions import NotAllowed, NotYours
from sendmill.catalog import applications, association, carriers, listing, review, signatures, templates
from sendmill.catalog.models import Signature, Template
from sendmill.domain.review import IllegalMove
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db


def pending(mill: object, by: Member | None = None) -> Template:
    author = by or mill.sender
    draft = templates.create(
        author, mill.international, name="New", type="notification", content="We are closed."
    )
    return review.submit(author, draft)


def test_the_whole_way_of_a_signature(mill: object) -> None:
    draft = signatures.create(mill.sender, mill.mainland, name="新坊", type="notification")
    with pytest.raises(IllegalMove):
        signatures.edit(mill.sender, draft, name="老坊")
    review.reject(mill.reviewer, review.submit(mill.sender, draft), "Whose is it?")
    edited = signatures.edit(mill.sender, draft, name="老坊")
    assert (edited.state, edited.reason, edited.submitted_by) == ("pending", "", mill.sender)
    approved = review.approve(mill.reviewer, edited)
    assert association.unusable_signature(mill.mainland, approved).code == "signature_without_channel"
    ready = review.set_channel_number(mill.reviewer, approved, " 10690001 ")
    assert ready.channel_number == "10690001"
    assert association.unusable_signature(mill.mainland, ready) is None
    assert [entry.action for entry in audit.history(draft)] == [
        "set_channel",
        "approve",
        "edit",
        "reject",
        "submit",
        "create",
    ]


def test_a_channel_number_can_come_with_the_approval(mill: object) -> None:
    draft = signatures.create(mill.sender, mill.mainland, name="新坊", type="notification")
    waiting = review.submit(mill.sender, draft)
    with pytest.raises(Refused):
        review.approve(mill.reviewer, waiting, channel_number="one")
    assert review.approve(mill.reviewer, waiting, channel_number="10690001").channel_number == "10690001"


def test_nobody_approves_their_own_submission_under_four_eyes(mill: object) -> None:
    own = pending(mill, by=mill.admin)
    edit_account(mill.admin, four_eyes=True)
    with pytest.raises(Refused) as refused:
        review.approve(mill.admin, own)
    assert [violation.code for violation in refused.value.violations] == ["four_eyes"]
    assert Template.objects.get().state == "pending"
    assert review.approve(mill.reviewer, own).state == "approved"


def test_mending_a_rejected_signature_is_a_submission_of_the_one_who_mends(mill: object) -> None:
    edit_account(mill.admin, four_eyes=True)
    draft = signatures.create(mill.sender, mill.mainland, name="新坊", type="notification")
    review.reject(mill.reviewer, review.submit(mill.sender, draft), "No.")
    signatures.edit(mill.admin, draft, name="老坊")
    with pytest.raises(Refused):
        review.approve(mill.admin, draft)


def test_without_four_eyes_one_person_can_do_both(mill: object) -> None:
    assert review.approve(mill.admin, pending(mill, by=mill.admin)).active


def test_what_was_not_seen_is_not_approved(mill: object) -> None:
    waiting = pending(mill)
    seen = review.revision(waiting)
    review.withdraw(mill.sender, waiting)
    templates.edit(mill.sender, waiting, content="Something else.")
    review.submit(mill.sender, waiting)
    for judge in (
        lambda: review.approve(mill.reviewer, waiting, seen=seen),
        lambda: review.reject(mill.reviewer, waiting, "No.", seen=seen),
    ):
        with pytest.raises(Refused) as refused:
            judge()
        assert refused.value.violations[0].code == "changed_meanwhile"
    now = review.revision(Template.objects.get(pk=waiting.pk))
    assert review.approve(mill.reviewer, waiting, seen=now).state == "approved"


def test_rules_are_asked_again_when_it_is_submitted(mill: object) -> None:
    draft = templates.create(
        mill.sender, mill.international, name="New", type="notification", content="We are closed."
    )
    Template.objects.filter(pk=draft.pk).update(content="[closed]")
    with pytest.raises(Refused):
        review.submit(mill.sender, draft)


@pytest.mark.parametrize("role", ["viewer", "sender"])
def test_only_reviewers_judge(mill: object, role: str) -> None:
    member, waiting, approved = getattr(mill, role), pending(mill), mill.template()
    for judge in (
        lambda: review.approve(member, waiting),
        lambda: review.reject(member, waiting, "No."),
        lambda: review.activate(member, approved),
        lambda: review.deactivate(member, approved),
        lambda: review.set_channel_number(member, mill.signature(), "10690002"),
    ):
        with pytest.raises(NotAllowed):
            judge()


@pytest.mark.parametrize("role", ["viewer", "reviewer"])
def test_viewers_and_reviewers_write_nothing(mill: object, role: str) -> None:
    member, waiting = getattr(mill, role), pending(mill)
    for change in (
        lambda: applications.create(member, name="New", type="international"),
        lambda: applications.edit(member, mill.mainland, name="New"),
        lambda: applications.delete(member, mill.mainland),
        lambda: signatures.create(member, mill.mainland, name="新坊", type="notification"),
        lambda: templates.create(member, mill.international, name="N", type="notification", content="Hi."),
        lambda: templates.edit(member, waiting, content="Hi."),
        lambda: templates.delete(member, waiting),
        lambda: review.submit(member, waiting),
        lambda: review.withdraw(member, waiting),
        lambda: carriers.create(member, name="Other", host="127.0.0.1", system_id="x"),
    ):
        with pytest.raises(NotAllowed):
            change()


def test_another_account_finds_nothing(mill: object, neighbour: object) -> None:
    waiting, signature, stranger = pending(mill), mill.signature(), neighbour.admin
    for change in (
        lambda: applications.edit(stranger, mill.mainland, name="New"),
        lambda: applications.rotate_secret(stranger, mill.mainland),
        lambda: applications.create(stranger, name="N", type="mainland", carrier=mill.carrier),
        lambda: applications.edit(stranger, neighbour.mainland, carrier=mill.carrier),
        lambda: signatures.create(stranger, mill.mainland, name="新坊", type="notification"),
        lambda: templates.edit(stranger, waiting, content="Hi."),
        lambda: templates.create(
            stranger,
            neighbour.mainland,
            name="N",
            type="notification",
            content="您好",
            signature=signature,
        ),
        lambda: review.approve(stranger, waiting),
        lambda: review.set_channel_number(stranger, signature, "10690002"),
        lambda: carriers.edit(stranger, mill.carrier, host="127.0.0.2"),
        lambda: carriers.delete(stranger, mill.carrier),
    ):
        with pytest.raises(NotYours):
            change()
    for rows in (listing.signatures, listing.templates):
        assert not rows(neighbour.account).exists()
    assert mill.mainland not in listing.applications(neighbour.account)
    assert not any(rows.exists() for rows in listing.queue(neighbour.account))


def test_what_is_used_cannot_be_deleted(mill: object) -> None:
    signature = mill.signature()
    mill.template(signature=signature, content="您好")
    with pytest.raises(IllegalMove):
        signatures.delete(mill.sender, signature)
    Signature.objects.filter(pk=signature.pk).update(state="rejected")
    for delete in (
        lambda: signatures.delete(mill.sender, signature),
        lambda: applications.delete(mill.sender, mill.mainland),
        lambda: carriers.delete(mill.admin, mill.carrier),
    ):
        with pytest.raises(Refused) as refused:
            delete()
        assert refused.value.violations[0].code == "in_use"
    assert Signature.objects.filter(pk=signature.pk).exists()


def test_what_is_gone_cannot_be_moved(mill: object) -> None:
    draft = signatures.create(mill.sender, mill.mainland, name="新坊", type="notification")
    stale = Signature.objects.get(pk=draft.pk)
    signatures.delete(mill.sender, draft)
    with pytest.raises(IllegalMove):
        review.submit(mill.sender, stale)


def test_the_queue_holds_what_waits_and_what_has_no_channel(mill: object) -> None:
    waiting = pending(mill)
    first = review.submit(
        mill.sender, signatures.create(mill.sender, mill.mainland, name="新坊", type="notification")
    )
    review.approve(mill.reviewer, first)
    second = review.submit(
        mill.sender, signatures.create(mill.sender, mill.mainland, name="老坊", type="notification")
    )
    mill.signature("旧坊")
    queued_signatures, queued_templates = listing.queue(mill.account)
    assert list(queued_signatures) == [second, first]
    assert list(queued_templates) == [waiting]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rounds", [8])
def test_of_two_reviewers_who_race_one_wins(mill: object, rounds: int) -> None:
    for number in range(rounds):
        draft = templates.create(
            mill.sender, mill.international, name=f"N{number}", type="notification", content="Hi."
        )
        waiting = review.submit(mill.sender, draft)
        won, lost = race(
            lambda waiting=waiting: review.approve(mill.reviewer, waiting),
            lambda waiting=waiting: review.reject(mill.admin, waiting, "No."),
        )
        assert len(won) == len(lost) == 1
        assert isinstance(lost[0], IllegalMove)
        row = Template.objects.get(pk=waiting.pk)
        assert (row.state, row.active) in {("approved", True), ("rejected", False)}
        assert won[0].state == row.state
        judged = audit.history(row).filter(action__in=["approve", "reject"])
        assert judged.count() == 1


def race(*calls: Callable[[], object]) -> tuple[list[object], list[Exception]]:
    """Call all at once, each on a connection of its own; what they returned, and what they raised."""
    won: list[object] = []
    lost: list[Exception] = []
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            won.append(call())
        except Exception as error:
            lost.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[call]) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return won, lost
