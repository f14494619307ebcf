"""Packages: prepaid parts of an account, which are used before its money, the soonest to expire first."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import Action, NotYours, require
from sendmill.billing import ledger
from sendmill.billing.models import ANY, EntryKind, LedgerEntry, Package
from sendmill.domain.types import ServiceType
from sendmill.domain.violations import Refused, Violation


def grant(
    account: Account,
    parts: int,
    *,
    name: str = "",
    type: str = ANY,
    region: str = ANY,
    expires_at: datetime | None = None,
    member: Member | None = None,
    note: str = "",
) -> Package:
    """Give an account prepaid parts of a service type to a region (`*`: any), until a time or for ever.

    Without a member it is the operator who does. Raises Refused, NotAllowed, NotYours.
    """
    if member is not None:
        if member.account_id != account.pk:
            raise NotYours
        require(member, Action.MANAGE_PRICES)
    region = region.strip().upper()
    _refuse_wrong(parts, type, region, expires_at)
    with transaction.atomic():
        package = Package.objects.create(
            account=account,
            name=name.strip()[:64] or _default_name(type, region),
            type=type,
            region=region,
            expires_at=expires_at,
        )
        ledger.post(
            account.pk, EntryKind.PACKAGE, package=package, parts=parts, member=member, note=note[:255]
        )
        after = {"parts": parts, "type": type, "region": region, "expires_at": expires_at, "note": note}
        audit.record(member=member, account=account, action="grant_package", subject=package, after=after)
    package.refresh_from_db()
    return package


def of_account(account: Account, *, text: str = "") -> models.QuerySet[Package]:
    """Packages of an account whose name contains `text`, each with the parts that were `granted`."""
    entry = LedgerEntry.objects.filter(package=OuterRef("pk"), kind=EntryKind.PACKAGE)
    granted = entry.order_by().values("package").annotate(sum=Sum("parts")).values("sum")
    rows = Package.objects.filter(account=account).annotate(granted=Subquery(granted)).order_by("-id")
    return rows.filter(name__icontains=text) if text else rows


def alive(account: Account, now: datetime) -> models.QuerySet[Package]:
    """Packages of an account with parts left that have not expired, the soonest to expire first."""
    rows = _alive(now).filter(account=account, remaining__gt=0)
    return rows.order_by(F("expires_at").asc(nulls_last=True), "id")


def usable(account: Account, service_type: str, regions: list[str], now: datetime) -> list[Package]:
    """Packages with parts left for a task, the soonest to expire first. Call it with the balance locked."""
    rows = _alive(now).filter(
        account=account,
        type__in=[ANY, service_type],
        region__in=[ANY, *regions],
        remaining__gt=F("held"),
    )
    return list(rows.order_by(F("expires_at").asc(nulls_last=True), "id"))


def expire(now: datetime | None = None) -> int:
    """Take what is left of packages whose time is over, but not what tasks under way hold; return how many."""
    over = Package.objects.filter(remaining__gt=F("held"), expires_at__lte=now or Now())
    count = 0
    for package in over.select_related("account").order_by("id"):
        with transaction.atomic():
            ledger.lock(package.account)
            package.refresh_from_db(fields=["remaining", "held"])
            left = package.remaining - package.held
            if left > 0:
                ledger.post(package.account_id, EntryKind.EXPIRY, package=package, parts=-left)
                count += 1
    return count


def _alive(now: datetime) -> models.QuerySet[Package]:
    return Package.objects.filter(Q(expires_at=None) | Q(expires_at__gt=now))


def _refuse_wrong(parts: int, type: str, region: str, expires_at: datetime | None) -> None:
    if not 0 < parts < 10**12:
        raise Refused(Violation("parts", PARTS))
    if type != ANY and type not in list(ServiceType):
        raise Refused(Violation("service_type", TYPE))
    if region != ANY and not (len(region) == 2 and region.isascii() and region.isalpha()):
        raise Refused(Violation("region", REGION))
    if expires_at is not None and expires_at <= timezone.now():
        raise Refused(Violation("expired", EXPIRED))


def _default_name(type: str, region: str) -> str:
    return f"{type} {region}".replace(ANY, "any")


PARTS = _("A package has at least one part.")
TYPE = _("The type is verification, notification, promotion, or * for any.")
REGION = _("The destination is a two-letter country such as US, or * for any.")
EXPIRED = _("A package expires in the future.")
