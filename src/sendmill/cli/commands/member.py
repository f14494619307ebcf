"""`sendmill member`: the people of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.lookup import find_member
from sendmill.cli.startup import invitation_address
from sendmill.schemas.member import InvitationSchema, MemberSchema

if TYPE_CHECKING:
    from sendmill.accounts.models import Member

app = typer.Typer(help="Members are the people who sign in, each with one role.", no_args_is_help=True)
NAME = Annotated[str, typer.Argument(help="User name of the member, or the id.", show_default=False)]
ROLES = Literal["viewer", "sender", "reviewer", "admin"]


@app.command("list")
@tells(MemberSchema, many=True)
def list_members(caller: Caller) -> None:
    """List the members of an account by name."""
    member = caller.member
    from sendmill.accounts.models import Member
    from sendmill.accounts.permissions import Action, require, visible

    require(member, Action.MANAGE_MEMBERS)
    caller.tell_rows(
        [MemberSchema.of(row) for row in visible(Member.objects.order_by("username"), member)],
        {
            "id": "id",
            "user name": "username",
            "role": "role",
            "state": _state,
            "e-mail": "email",
            "last sign-in": "last_login",
        },
    )


@app.command()
@tells(InvitationSchema)
def invite(
    caller: Caller,
    username: Annotated[str, typer.Argument(help="Name to sign in with.", show_default=False)],
    role: Annotated[ROLES, typer.Option(help="What the member may do.")] = "viewer",
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    again: Annotated[
        bool, typer.Option("--again", help="A new link for an open invitation; the old one stops working.")
    ] = False,
) -> None:
    """Create a member and print the link by which the member sets a password; it works once."""
    member = caller.member
    from sendmill.accounts import members

    if again:
        invited = find_member(member, username)
        link = members.invite_again(member, invited)
    else:
        invited, link = members.invite(member, username=username, email=email, role=role)
    address = invitation_address(link)
    caller.tell(
        InvitationSchema(id=invited.pk, username=invited.username, role=invited.role, link=address),
        address,
        remark=f"Give this link to {invited.username}. It works once, within three days.",
    )


@app.command()
@tells(MemberSchema)
def role(
    caller: Caller,
    username: NAME,
    role: Annotated[ROLES, typer.Argument(help="What the member may do.", show_default=False)],
) -> None:
    """Give a member another role."""
    member = caller.member
    from sendmill.accounts import members

    _tell(caller, members.change_role(member, find_member(member, username), role), f"is {role} now")


@app.command()
@tells(MemberSchema)
def deactivate(caller: Caller, username: NAME) -> None:
    """End a member's access at once."""
    member = caller.member
    from sendmill.accounts import members

    _tell(caller, members.deactivate(member, find_member(member, username)), "cannot sign in any more")


@app.command()
@tells(MemberSchema)
def reactivate(caller: Caller, username: NAME) -> None:
    """Let a deactivated member sign in again."""
    member = caller.member
    from sendmill.accounts import members

    _tell(caller, members.reactivate(member, find_member(member, username)), "can sign in again")


@app.command("remove-second-factor")
@tells(MemberSchema)
def remove_second_factor(caller: Caller, username: NAME) -> None:
    """Remove the second factor of a member who lost it; the password alone signs in again."""
    member = caller.member
    from sendmill.accounts import second_factor

    other = find_member(member, username)
    second_factor.remove(member, other)
    _tell(caller, other, "signs in with the password alone now")


def _tell(caller: Caller, changed: Member, became: str) -> None:
    caller.tell(MemberSchema.of(changed), f"{changed.username} {became}.")


def _state(row: MemberSchema) -> str:
    if not row.active:
        return "deactivated"
    return "invited" if row.invited else "active"
