"""Members for administrators: list, invite by link, change role, deactivate."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.accounts import audit, members, second_factor
from sendmill.accounts.models import Member, Role
from sendmill.console import mail
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import attempt, show_refusal
from sendmill.console.forms import PlainForm, text
from sendmill.console.history import tell
from sendmill.console.listing import row_page
from sendmill.console.middleware import keep_secret
from sendmill.domain.violations import Refused

ROLES = {
    Role.VIEWER: gettext_lazy("looks at everything, changes nothing"),
    Role.SENDER: gettext_lazy("creates tasks, applications, signatures and templates; downloads"),
    Role.REVIEWER: gettext_lazy("approves signatures and templates, sets channel numbers"),
    Role.ADMIN: gettext_lazy("does everything, also members, carriers and settings"),
}


class InvitationForm(PlainForm):
    """Whom to invite, and in which role."""

    username = text()
    email = text()
    role = text()
    field_of = {"username_taken": "username"}


def show_list(request: MemberRequest) -> HttpResponse:
    """All members of the account, by name and role."""
    role = request.GET.get("role", "")
    rows = members.members(
        request.user.account,
        text=request.GET.get("q", "").strip(),
        role=role if role in Role.values else "",
    )
    page = row_page(rows, request.GET)
    for row in page.rows:
        row.waits = members.is_invited(row)  # type: ignore[attr-defined]
    return render(request, "console/members/list.html", {"page": page, "roles": Role.choices})


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """A member: role, access, and what was done to and by this sign-in."""
    member = owned(request, Member, pk=pk)
    context = {
        "member": member,
        "waits": members.is_invited(member),
        "second_factor": second_factor.is_on(member),
        "roles": _roles(),
        "history": tell(audit.history(member)[:50]),
    }
    return render(request, "console/members/show.html", context)


def invite(request: MemberRequest) -> HttpResponse:
    """The form of an invitation; POST shows its link, this once, and sends it when there is an address."""
    form = InvitationForm.of(request, {"role": Role.SENDER.value})
    if not form.carry_out(lambda **typed: members.invite(request.user, **typed)):
        return form.page(request, "console/members/invite.html", roles=_roles())
    return _show_link(request, *form.result)


def invite_again(request: MemberRequest, pk: int) -> HttpResponse:
    """A new link for an invitation that was not accepted; earlier ones stop working."""
    member = owned(request, Member, pk=pk)
    try:
        link = members.invite_again(request.user, member)
    except Refused as error:
        show_refusal(request, error)
        return redirect("console:member", pk=pk)
    return _show_link(request, member, link)


def change_role(request: MemberRequest, pk: int) -> HttpResponse:
    """Gives a member another role."""
    role = request.POST.get("role", "")
    return _change(
        request,
        pk,
        lambda member: members.change_role(request.user, member, role),
        _("“%(name)s” has another role now."),
    )


def deactivate(request: MemberRequest, pk: int) -> HttpResponse:
    """Ends a member's access at once."""
    return _change(
        request,
        pk,
        lambda member: members.deactivate(request.user, member),
        _("“%(name)s” can no longer sign in."),
    )


def reactivate(request: MemberRequest, pk: int) -> HttpResponse:
    """Lets a deactivated member sign in again."""
    return _change(
        request,
        pk,
        lambda member: members.reactivate(request.user, member),
        _("“%(name)s” can sign in again."),
    )


def send_reset(request: MemberRequest, pk: int) -> HttpResponse:
    """Sends a link for a new password to the member's own address; nobody else sees it."""
    member = owned(request, Member, pk=pk)
    link = request.build_absolute_uri(
        reverse("console:password-reset", kwargs={"link": members.reset_link(member)})
    )
    if not member.email:
        messages.error(request, _("“%(name)s” has no e-mail address.") % {"name": member.username})
    elif mail.send_reset(member, link):
        messages.success(
            request, _("A link for a new password is on its way to %(email)s.") % {"email": member.email}
        )
    else:
        messages.error(
            request, _("The mail could not be sent. Ask who runs this server about its mail settings.")
        )
    return redirect("console:member", pk=pk)


def remove_second_factor(request: MemberRequest, pk: int) -> HttpResponse:
    """Removes the second factor of a member who lost it; one's own goes by the profile, which asks for proof."""
    member = owned(request, Member, pk=pk)
    if member.pk == request.user.pk:
        return redirect("console:second-factor-off")
    attempt(
        request,
        lambda: second_factor.remove(request.user, member),
        _("“%(name)s” signs in with the password alone now.") % {"name": member.username},
    )
    return redirect("console:member", pk=pk)


def _change(request: MemberRequest, pk: int, step: Callable[[Member], Member], done: str) -> HttpResponse:
    member = owned(request, Member, pk=pk)
    attempt(request, lambda: step(member), done % {"name": member.username})
    if member.pk == request.user.pk:
        return redirect("console:home")
    return redirect("console:member", pk=pk)


def _show_link(request: MemberRequest, member: Member, link: str) -> HttpResponse:
    """Answers the POST itself: a link that is only in this answer and the mail is kept nowhere."""
    url = request.build_absolute_uri(reverse("console:invitation", kwargs={"link": link}))
    sent = mail.send_invitation(member, url) if member.email else None
    context = {"member": member, "link": url, "sent": sent}
    return keep_secret(render(request, "console/members/invited.html", context))


def _roles() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {ROLES[role]}") for role in Role]
