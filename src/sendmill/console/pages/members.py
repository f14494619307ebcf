"""Members for administrators: list, invite by link, change role, deactivate."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.accounts import audit, members, second_factor
from sendmill.accounts.models import Member, Role
from sendmill.console import mail
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import Errors, by_field
from sendmill.console.history import tell
from sendmill.console.listing import window
from sendmill.console.translated import explain
from sendmill.domain.violations import Refused

FIELDS = {"username": "username", "username_taken": "username", "email": "email", "role": "role"}
ROLES = {
    Role.VIEWER: gettext_lazy("looks at everything, changes nothing"),
    Role.SENDER: gettext_lazy("creates tasks, applications, signatures and templates; downloads"),
    Role.REVIEWER: gettext_lazy("approves signatures and templates, sets channel numbers"),
    Role.ADMIN: gettext_lazy("does everything, also members, carriers and settings"),
}


def show_list(request: MemberRequest) -> HttpResponse:
    """All members of the account, by name and role."""
    rows = Member.objects.filter(account_id=request.user.account_id)
    if text := request.GET.get("q", "").strip():
        rows = rows.filter(Q(username__icontains=text) | Q(email__icontains=text))
    if (role := request.GET.get("role", "")) in Role.values:
        rows = rows.filter(role=role)
    page = window(rows, request.GET)
    for row in page.rows:
        row.waits = row.is_active and not row.has_usable_password()  # type: ignore[attr-defined]
    return render(request, "console/people/members.html", {"window": page, "roles": Role.choices})


def show(request: MemberRequest, pk: int) -> HttpResponse:
    """A member: role, access, and what was done to and by this sign-in."""
    member = owned(request, Member, pk=pk)
    context = {
        "member": member,
        "waits": member.is_active and not member.has_usable_password(),
        "second_factor": second_factor.is_on(member),
        "roles": _roles(),
        "history": tell(audit.history(member)[:50]),
    }
    return render(request, "console/people/member.html", context)


def invite(request: MemberRequest) -> HttpResponse:
    """The form of an invitation; POST shows its link, this once, and sends it when there is an address."""
    if request.method != "POST":
        return _form(request, {"role": Role.SENDER.value})
    values = {name: request.POST.get(name, "") for name in ("username", "email", "role")}
    try:
        invited, link = members.invite(request.user, **values)
    except Refused as error:
        errors = by_field(error.violations, FIELDS)
        return _form(request, values, errors, status=422)
    return _show_link(request, invited, link)


def invite_again(request: MemberRequest, pk: int) -> HttpResponse:
    """A new link for an invitation that was not accepted; earlier ones stop working."""
    member = owned(request, Member, pk=pk)
    try:
        link = members.invite_again(request.user, member)
    except Refused as error:
        messages.error(request, explain(error.violation))
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
    try:
        second_factor.remove(request.user, member)
    except Refused as error:
        messages.error(request, explain(error.violation))
    else:
        messages.success(
            request, _("“%(name)s” signs in with the password alone now.") % {"name": member.username}
        )
    return redirect("console:member", pk=pk)


def _change(request: MemberRequest, pk: int, step: Callable[[Member], Member], done: str) -> HttpResponse:
    member = owned(request, Member, pk=pk)
    try:
        step(member)
    except Refused as error:
        messages.error(request, explain(error.violation))
    else:
        messages.success(request, done % {"name": member.username})
    if member.pk == request.user.pk:
        return redirect("console:home")
    return redirect("console:member", pk=pk)


def _show_link(request: MemberRequest, member: Member, link: str) -> HttpResponse:
    """Answers the POST itself: a link that is only in this answer and the mail is kept nowhere."""
    url = request.build_absolute_uri(reverse("console:invitation", kwargs={"link": link}))
    sent = mail.send_invitation(member, url) if member.email else None
    return render(request, "console/people/invited.html", {"member": member, "link": url, "sent": sent})


def _form(
    request: MemberRequest, values: Mapping[str, Any], errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    context = {"values": values, "errors": errors or {}, "roles": _roles()}
    return render(request, "console/people/invite.html", context, status=status)


def _roles() -> list[tuple[str, str]]:
    return [(role.value, f"{role.label}: {ROLES[role]}") for role in Role]
