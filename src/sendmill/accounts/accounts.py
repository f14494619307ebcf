"""Accounts: create one with its first administrator, and change its settings."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.members import new_member
from sendmill.accounts.models import Account, Member, Role
from sendmill.accounts.permissions import Action, require
from sendmill.domain.violations import Refused, Violation

SETTINGS = ("name", "time_zone", "currency", "four_eyes")


def create_account(
    name: str, *, username: str, password: str | None = None, email: str = "", **settings: str | bool
) -> tuple[Account, Member]:
    """Create an account with its first administrator. Raises Refused.

    Without a password the administrator cannot sign in until one is set by link. For the operator: it asks
    for no role.
    """
    account = Account(name=name.strip())
    _assign(account, settings)
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            member = new_member(account, username=username, email=email, role=Role.ADMIN)
            member.set_password(password)
            member.save(force_insert=True)
            audit.record(
                member=None, account=account, action="create", subject=account, after=_values(account)
            )
    except IntegrityError as error:
        raise Refused(Violation("name_taken", NAME_TAKEN)) from error
    return account, member


def edit_account(member: Member, **settings: str | bool) -> Account:
    """Change settings of the member's own account and return it. Raises Refused."""
    require(member, Action.MANAGE_SETTINGS)
    try:
        with transaction.atomic():
            account = Account.objects.select_for_update().get(pk=member.account_id)
            before = _values(account)
            _assign(account, settings)
            was, now = audit.difference(before, _values(account))
            if now:
                account.save(update_fields=list(now))
                audit.record(member=member, action="edit", subject=account, before=was, after=now)
    except IntegrityError as error:
        raise Refused(_refused_by_database(error)) from error
    return account


def _refused_by_database(error: IntegrityError) -> Violation:
    """The rule that the database keeps: names are unique, and money keeps its currency (billing/ledger.sql)."""
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if constraint == "account_currency":
        return Violation("currency_in_use", CURRENCY_IN_USE)
    return Violation("name_taken", NAME_TAKEN)


def _assign(account: Account, settings: dict[str, str | bool]) -> None:
    unknown = set(settings) - set(SETTINGS)
    if unknown:
        raise TypeError(f"not settings of an account: {', '.join(sorted(unknown))}")
    for name, value in settings.items():
        setattr(account, name, value.strip() if isinstance(value, str) else value)
    if not 0 < len(account.name) <= 64:
        raise Refused(Violation("name", NAME))
    try:
        ZoneInfo(account.time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise Refused(Violation("time_zone", TIME_ZONE)) from error
    if not (len(account.currency) == 3 and account.currency.isascii() and account.currency.isupper()):
        raise Refused(Violation("currency", CURRENCY))


def _values(account: Account) -> dict[str, object]:
    return audit.values(account, SETTINGS)


NAME = _("An account has a name of at most 64 characters.")
NAME_TAKEN = _("There is already an account of this name.")
TIME_ZONE = _("This is not a time zone. Give one such as Europe/Berlin or Asia/Shanghai.")
CURRENCY_IN_USE = _("An account that has moved money keeps its currency.")
CURRENCY = _("A currency is three capital letters such as USD or CNY.")
