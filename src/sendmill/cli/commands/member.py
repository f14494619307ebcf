"""`sendmill member`: the people of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.lookup import find_member
from sendmill.cli.output import AS_JSON, answers, note, show_json, show_table
from sendmill.cli.schemas import InvitationAnswer, MemberAnswer, of_member
from sendmill.cli.startup import invitation_address

if TYPE_CHECKING:
    from sendmill.accounts.models import Member

app = typer.Typer(help="Members are the people who sign in, each with one role.", no_args_is_help=True)
NAME = Annotated[str, typer.Argument(help="User name of the member, or the id.", show_default=False)]
ROLES = Literal["viewer", "sender", "reviewer", "admin"]


@app.command("list")
@answers(MemberAnswer, many=True)
def list_members(account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """List the members of an account by name."""
    member = act(account, as_)
    from sendmill.accounts.models import Member
    from sendmill.accounts.permissions import Action, require, visible

    require(member, Action.MANAGE_MEMBERS)
    found = [of_member(row) for row in visible(Member.objects.order_by("username"), member)]
    if as_json:
        show_json(found)
        return
    show_table(
        ["id", "user name", "role", "state", "e-mail", "last sign-in"],
        [
            [row["id"], row["username"], row["role"], _state(row), row["email"], row["last_login"]]
            for row in found
        ],
    )


@app.command()
@answers(InvitationAnswer)
def invite(
    username: Annotated[str, typer.Argument(help="Name to sign in with.", show_default=False)],
    role: Annotated[ROLES, typer.Option(help="What the member may do.")] = "viewer",
    email: Annotated[str, typer.Option(help="E-mail address.")] = "",
    again: Annotated[
        bool, typer.Option("--again", help="A new link for an open invitation; the old one stops working.")
    ] = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Create a member and print the link by which the member sets a password; it works once."""
    member = act(account, as_)
    from sendmill.accounts import members

    if again:
        invited = find_member(member, username)
        link = members.invite_again(member, invited)
    else:
        invited, link = members.invite(member, username=username, email=email, role=role)
    answer: InvitationAnswer = {
        "id": invited.pk,
        "username": invited.username,
        "role": invited.role,
        "link": invitation_address(link),
    }
    if as_json:
        show_json(answer)
        return
    typer.echo(answer["link"])
    note(f"Give this link to {invited.username}. It works once, within three days.")


@app.command()
@answers(MemberAnswer)
def role(
    username: NAME,
    role: Annotated[ROLES, typer.Argument(help="What the member may do.", show_default=False)],
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Give a member another role."""
    member = act(account, as_)
    from sendmill.accounts import members

    _tell(members.change_role(member, find_member(member, username), role), as_json, f"is {role} now")


@app.command()
@answers(MemberAnswer)
def deactivate(username: NAME, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """End a member's access at once."""
    member = act(account, as_)
    from sendmill.accounts import members

    _tell(members.deactivate(member, find_member(member, username)), as_json, "cannot sign in any more")


@app.command()
@answers(MemberAnswer)
def reactivate(username: NAME, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False) -> None:
    """Let a deactivated member sign in again."""
    member = act(account, as_)
    from sendmill.accounts import members

    _tell(members.reactivate(member, find_member(member, username)), as_json, "can sign in again")


@app.command("remove-second-factor")
@answers(MemberAnswer)
def remove_second_factor(
    username: NAME, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Remove the second factor of a member who lost it; the password alone signs in again."""
    member = act(account, as_)
    from sendmill.accounts import second_factor

    other = find_member(member, username)
    second_factor.remove(member, other)
    _tell(other, as_json, "signs in with the password alone now")


def _tell(changed: Member, as_json: bool, became: str) -> None:
    if as_json:
        show_json(of_member(changed))
    else:
        typer.echo(f"{changed.username} {became}.")


def _state(row: MemberAnswer) -> str:
    if not row["active"]:
        return "deactivated"
    return "invited" if row["invited"] else "active"
