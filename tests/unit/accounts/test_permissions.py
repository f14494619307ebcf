"""The matrix of roles and actions, written out a second time on purpose."""

import pytest

from sendmill.accounts.models import Account, Member, Role
from sendmill.accounts.permissions import Action, NotAllowed, NotYours, allowed, require

VIEWER = {"view"}
SENDER = VIEWER | {
    "create_task",
    "cancel_task",
    "copy_task",
    "delete_task",
    "pause_task",
    "settle_task",
    "download",
    "edit_application",
    "edit_signature",
    "edit_template",
}
REVIEWER = VIEWER | {"review", "set_channel", "activate_template"}
ADMIN = (
    SENDER
    | REVIEWER
    | {
        "release_task",
        "rotate_secret",
        "manage_members",
        "manage_carriers",
        "manage_prices",
        "manage_settings",
        "view_audit",
    }
)
MATRIX = {Role.VIEWER: VIEWER, Role.SENDER: SENDER, Role.REVIEWER: REVIEWER, Role.ADMIN: ADMIN}


def member_of(account_id: int, role: str, *, active: bool = True) -> Member:
    return Member(account_id=account_id, username=role, role=role, is_active=active)


def test_the_matrix_names_every_action_and_role() -> None:
    assert {action.value for action in Action} == ADMIN
    assert set(MATRIX) == set(Role)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_a_role_may_do_what_the_matrix_says_and_no_more(role: Role, action: Action) -> None:
    member = member_of(1, role)
    assert allowed(member, action) is (action.value in MATRIX[role])
    if action.value in MATRIX[role]:
        require(member, action)
    else:
        with pytest.raises(NotAllowed):
            require(member, action)


@pytest.mark.parametrize("action", list(Action))
def test_a_deactivated_administrator_may_do_nothing(action: Action) -> None:
    assert not allowed(member_of(1, Role.ADMIN, active=False), action)


def test_an_unknown_role_may_do_nothing() -> None:
    assert not any(allowed(member_of(1, "owner"), action) for action in Action)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("action", list(Action))
def test_what_belongs_to_another_account_does_not_exist(role: Role, action: Action) -> None:
    theirs = member_of(2, Role.VIEWER)
    with pytest.raises(NotYours):
        require(member_of(1, role), action, theirs)


def test_one_foreign_subject_among_own_ones_is_enough() -> None:
    with pytest.raises(NotYours):
        require(member_of(1, Role.ADMIN), Action.VIEW, member_of(1, "viewer"), None, member_of(2, "viewer"))


def test_an_account_is_not_mistaken_for_a_subject_of_itself() -> None:
    assert not hasattr(Account(), "account_id")
