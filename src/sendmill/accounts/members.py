"""The people of an account: invite, accept, change role, deactivate, and change or reset a password."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import PasswordResetTokenGenerator, default_token_generator
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member, Role
from sendmill.accounts.permissions import Action, require
from sendmill.domain.violations import Refused, Violation

SHOWN = ("username", "email", "role", "is_active")


class InvitationTokens(PasswordResetTokenGenerator):
    """Signed links that work once: the signature covers the password, which accepting changes."""

    key_salt = "sendmill.accounts.members.InvitationTokens"


invitation_tokens = InvitationTokens()


def members(account: Account, *, text: str = "", role: str = "") -> QuerySet[Member]:
    """Members of an account whose user name or e-mail address contains `text`, in a role if one is given."""
    rows = Member.objects.filter(account=account)
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(email__icontains=text))
    return rows.filter(role=role) if role else rows


def members_by_name(account: Account) -> list[Member]:
    """Every member of an account as a form offers them: by user name."""
    return list(Member.objects.filter(account=account).order_by("username"))


def find_active(pk: int) -> Member | None:
    """The member with its account, who can sign in; None for a deactivated one."""
    return Member.objects.select_related("account").filter(pk=pk, is_active=True).first()


def with_forgotten_password(name: str) -> list[Member]:
    """Whom a link for a new password can be mailed to, by user name or e-mail address; at most five.

    A member who was invited and never chose a password is not among them: that is what the invitation is for.
    """
    rows = Member.objects.select_related("account").filter(Q(username=name) | Q(email__iexact=name))
    found = rows.filter(is_active=True).exclude(email="")[:5] if name else []
    return [member for member in found if member.has_usable_password()]


def is_invited(member: Member) -> bool:
    """Whether an invitation is open: it was not accepted yet."""
    return member.is_active and not member.has_usable_password()


def set_language(member: Member, language: str) -> None:
    """Keep the language in which the member reads pages and letters."""
    Member.objects.filter(pk=member.pk).update(language=language)


def invite(member: Member, *, username: str, email: str = "", role: str = Role.VIEWER) -> tuple[Member, str]:
    """Create a member who cannot sign in yet, and return the member with the secret of the link.

    The link works once, until PASSWORD_RESET_TIMEOUT (three days) is over. Raises Refused.
    """
    require(member, Action.MANAGE_MEMBERS)
    invited = new_member(member.account, username=username, email=email, role=role)
    invited.set_unusable_password()
    try:
        with transaction.atomic():
            invited.save(force_insert=True)
            audit.record(member=member, action="invite", subject=invited, after=audit.values(invited, SHOWN))
    except IntegrityError as error:
        raise Refused(Violation("username_taken", USERNAME_TAKEN)) from error
    return invited, _link(invited, invitation_tokens)


def invite_again(member: Member, invited: Member) -> str:
    """The secret of a new link; earlier ones stop working. Raises Refused once it was accepted."""
    require(member, Action.MANAGE_MEMBERS, invited)
    with transaction.atomic():
        row = _locked(invited)
        if row.has_usable_password() or not row.is_active:
            raise Refused(Violation("not_invited", NOT_INVITED))
        row.set_unusable_password()
        row.save(update_fields=["password"])
        audit.record(member=member, action="invite", subject=row)
    return _link(row, invitation_tokens)


def invited(link: str) -> Member | None:
    """Who a link of an invitation is for; None when it is forged, used, replaced or too old."""
    return _of(link, invitation_tokens)


def accept(link: str, password: str) -> Member:
    """Set the first password by the link of an invitation, once. Raises Refused."""
    return _set_by_link(link, password, invitation_tokens, "accept_invitation")


def reset_link(member: Member) -> str:
    """The secret of a link to set a new password, for the member's e-mail. It works once.

    Asking for one changes nothing and needs no role; who gets it must be the member.
    """
    return _link(member, default_token_generator)


def resettable(link: str) -> Member | None:
    """Who a link to reset a password is for; None when it is forged, used or too old."""
    return _of(link, default_token_generator)


def reset_password(link: str, password: str) -> Member:
    """Set a new password by link, once. Raises Refused."""
    return _set_by_link(link, password, default_token_generator, "reset_password")


def change_password(member: Member, old: str, new: str) -> None:
    """Change one's own password. Raises Refused when the old one is wrong or the new one too weak."""
    if not member.check_password(old):
        raise Refused(Violation("wrong_password", WRONG_PASSWORD))
    _check_password(new, member)
    with transaction.atomic():
        member.set_password(new)
        member.save(update_fields=["password"])
        audit.record(member=member, action="change_password", subject=member)


def change_role(member: Member, other: Member, role: str) -> Member:
    """Give a member another role. An account always keeps an active administrator. Raises Refused."""
    if role not in Role.values:
        raise Refused(Violation("role", UNKNOWN_ROLE))
    return _change(member, other, "change_role", role=role)


def deactivate(member: Member, other: Member) -> Member:
    """End a member's access at once, also in open sessions. Raises Refused for the last administrator."""
    return _change(member, other, "deactivate", is_active=False)


def reactivate(member: Member, other: Member) -> Member:
    """Let a deactivated member sign in again, with the password of before."""
    return _change(member, other, "reactivate", is_active=True)


def new_member(account: Account, *, username: str, email: str = "", role: str = Role.VIEWER) -> Member:
    """A member that is not saved yet, with its fields checked. Raises Refused."""
    member = Member(
        account=account,
        username=Member.normalize_username(username.strip()),
        email=Member.objects.normalize_email(email.strip()),
        role=role,
    )
    if role not in Role.values:
        raise Refused(Violation("role", UNKNOWN_ROLE))
    try:
        UnicodeUsernameValidator()(member.username)
    except ValidationError as error:
        raise Refused(Violation("username", USERNAME)) from error
    if len(member.username) > 150:
        raise Refused(Violation("username", USERNAME))
    if member.email:
        try:
            validate_email(member.email)
        except ValidationError as error:
            raise Refused(Violation("email", EMAIL)) from error
    if Member.objects.filter(username=member.username).exists():
        raise Refused(Violation("username_taken", USERNAME_TAKEN))
    return member


def _change(member: Member, other: Member, action: str, **changes: object) -> Member:
    require(member, Action.MANAGE_MEMBERS, other)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=other.account_id)
        row = _locked(other)
        before = audit.values(row, SHOWN)
        for name, value in changes.items():
            setattr(row, name, value)
        was, now = audit.difference(before, audit.values(row, SHOWN))
        if now:
            row.save(update_fields=list(changes))
            if not Member.objects.filter(account=row.account, role=Role.ADMIN, is_active=True).exists():
                raise Refused(Violation("last_administrator", LAST_ADMINISTRATOR))
            audit.record(member=member, action=action, subject=row, before=was, after=now)
    return row


def _set_by_link(link: str, password: str, tokens: PasswordResetTokenGenerator, action: str) -> Member:
    with transaction.atomic():
        member = _of(link, tokens, lock=True)
        if member is None:
            raise Refused(Violation("link", USED_LINK))
        _check_password(password, member)
        member.set_password(password)
        member.save(update_fields=["password"])
        audit.record(member=member, action=action, subject=member)
    return member


def _check_password(password: str, member: Member) -> None:
    try:
        validate_password(password, member)
    except ValidationError as error:
        raise Refused(Violation("weak_password", " ".join(error.messages))) from error


def _link(member: Member, tokens: PasswordResetTokenGenerator) -> str:
    return f"{urlsafe_base64_encode(force_bytes(member.pk))}.{tokens.make_token(member)}"


def _of(link: str, tokens: PasswordResetTokenGenerator, *, lock: bool = False) -> Member | None:
    key, _separator, token = link.partition(".")
    try:
        pk = int(urlsafe_base64_decode(key))
    except ValueError:
        return None
    if not 0 < pk < 2**63:
        return None
    rows = Member.objects.select_for_update() if lock else Member.objects
    member = rows.filter(pk=pk, is_active=True).first()
    return member if member is not None and tokens.check_token(member, token) else None


def _locked(member: Member) -> Member:
    return Member.objects.select_for_update().get(pk=member.pk)


NOT_INVITED = _("This member has no open invitation.")
WRONG_PASSWORD = _("The old password is wrong.")
UNKNOWN_ROLE = _("The role is viewer, sender, reviewer or admin.")
USERNAME = _("A user name is 1–150 letters, digits and @ . + - _.")
EMAIL = _("This is not an e-mail address.")
USERNAME_TAKEN = _("This user name is taken. Choose another one.")
LAST_ADMINISTRATOR = _("An account needs an active administrator. Make somebody else one first.")
USED_LINK = _("This link was used already or is too old. Ask for a new one.")
