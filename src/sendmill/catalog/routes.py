"""Routes: which carriers take an application's numbers, in which order, and the fail-over carriers of one."""

from __future__ import annotations

from typing import Literal

from django.db import IntegrityError, transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_noop as _

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member
from sendmill.accounts.permissions import Action, require
from sendmill.catalog.models import Application, Carrier, Route
from sendmill.domain.routing import LONGEST_PREFIX, carriers_for, clean_prefix, rules_of
from sendmill.domain.types import ApplicationType
from sendmill.domain.violations import Refused, Violation

FIELDS = ("application", "type", "prefix", "carrier", "position")


def of_account(account: Account) -> QuerySet[Route]:
    """The routes of the applications that name no carrier: by prefix, then in their order of preference."""
    rows = Route.objects.filter(account=account, application=None).select_related("carrier")
    return rows.order_by("prefix", "position", "pk")


def fallbacks(application: Application) -> QuerySet[Route]:
    """The fail-over carriers of an application that names one itself, in their order."""
    rows = Route.objects.filter(application=application).select_related("carrier")
    return rows.order_by("position", "pk")


def possible_fallbacks(application: Application) -> QuerySet[Carrier]:
    """The carriers of the account that can still be added as fail-over carriers of an application, by name."""
    rows = Carrier.objects.filter(account_id=application.account_id).exclude(pk=application.carrier_id or 0)
    return rows.exclude(pk__in=fallbacks(application).values("carrier_id")).order_by("name")


def rules(application: Application) -> dict[str, tuple[int, ...]]:
    """The ids of carriers by prefix as they are now; empty when the application's own carrier takes all."""
    if application.carrier_id is not None:
        others = [route.carrier_id for route in fallbacks(application)]
        return rules_of(("", key) for key in (application.carrier_id, *others)) if others else {}
    return rules_of((route.prefix, route.carrier_id) for route in _of_type(application))


def takers(application: Application, number: int) -> list[Carrier]:
    """The carriers that would take a number of a task made now, the first choice first; none: no route."""
    chosen = rules(application)
    if application.carrier is not None and not chosen:
        return [application.carrier]
    keys = carriers_for(number, chosen)
    found = Carrier.objects.in_bulk(keys)
    return [found[key] for key in keys]


def carriers_of(application: Application) -> list[Carrier]:
    """Every carrier that may take messages of an application."""
    if application.carrier is not None:
        return [application.carrier, *(route.carrier for route in fallbacks(application))]
    return list(dict.fromkeys(route.carrier for route in _of_type(application)))


def add(
    member: Member,
    carrier: Carrier,
    *,
    prefix: str = "",
    type: str = "",
    application: Application | None = None,
) -> Route:
    """Add a route as the last of its prefix, or a fail-over carrier of an application. Raises Refused."""
    require(member, Action.MANAGE_CARRIERS, carrier, application)
    digits = clean_prefix(prefix)
    broken = []
    if digits is None or (application is not None and digits):
        broken.append(Violation("prefix", NO_PREFIX, {"prefix": prefix, "longest": LONGEST_PREFIX}))
    if type not in ("", *ApplicationType) or (application is not None and type):
        broken.append(Violation("type", NO_TYPE))
    if application is not None and application.carrier_id is None:
        broken.append(Violation("application", NAMES_NONE, {"application": application.name}))
    if application is not None and application.carrier_id == carrier.pk:
        broken.append(Violation("carrier", IS_ITS_OWN, {"carrier": carrier.name}))
    if broken:
        raise Refused(*broken)
    same = Route.objects.filter(account_id=member.account_id, application=application)
    same = same if application is not None else same.filter(prefix=digits)
    try:
        with transaction.atomic():
            route = Route.objects.create(
                account_id=member.account_id,
                application=application,
                type=type,
                prefix=digits or "",
                carrier=carrier,
                position=_last(same) + 1,
            )
            audit.record(member=member, action="create", subject=route, after=audit.values(route, FIELDS))
    except IntegrityError as error:
        raise Refused(Violation("route_taken", TAKEN, {"carrier": carrier.name})) from error
    return route


def move(member: Member, route: Route, direction: Literal["up", "down"]) -> None:
    """Let a route change places with the one before or behind it; the first and the last stay."""
    require(member, Action.MANAGE_CARRIERS, route)
    with transaction.atomic():
        rows = list(_beside(route).select_for_update().order_by("position", "pk"))
        at = next((place for place, row in enumerate(rows) if row.pk == route.pk), 0)
        to = at + (-1 if direction == "up" else 1)
        if not rows or not 0 <= to < len(rows):
            return
        rows[at], rows[to] = rows[to], rows[at]
        for position, row in enumerate(rows, 1):
            Route.objects.filter(pk=row.pk).update(position=position)
        before, after = {"position": at + 1}, {"position": to + 1}
        audit.record(member=member, action="edit", subject=route, before=before, after=after)


def remove(member: Member, route: Route) -> None:
    """Remove a route. Tasks that were confirmed with it keep it."""
    require(member, Action.MANAGE_CARRIERS, route)
    with transaction.atomic():
        audit.record(member=member, action="delete", subject=route, before=audit.values(route, FIELDS))
        route.delete()


def _of_type(application: Application) -> QuerySet[Route]:
    wanted = Q(type="") | Q(type=application.type)
    rows = Route.objects.filter(wanted, account_id=application.account_id, application=None)
    return rows.select_related("carrier").order_by("position", "pk")


def _beside(route: Route) -> QuerySet[Route]:
    rows = Route.objects.filter(account_id=route.account_id, application=route.application)
    return rows if route.application is not None else rows.filter(prefix=route.prefix)


def _last(rows: QuerySet[Route]) -> int:
    return int(rows.aggregate(last=Max("position"))["last"] or 0)


NO_PREFIX = _(
    "“%(prefix)s” is no prefix: +, a country code and at most %(longest)s digits in all, or nothing."
)
NO_TYPE = _("The type of a route is international, mainland, or none for both.")
NAMES_NONE = _(
    "“%(application)s” names no carrier, so the routes of the account are its own. Choose its carrier first."
)
IS_ITS_OWN = _("“%(carrier)s” is the application's own carrier already.")
TAKEN = _("There is such a route over “%(carrier)s” already.")
