"""The price list: what a part costs by service type and country, from a day on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from sendmill.accounts import audit
from sendmill.billing import price_file as files
from sendmill.billing import price_list
from sendmill.billing.models import SERVICE_TYPES, Price
from sendmill.console import typed_values
from sendmill.console.access import MemberRequest, owned
from sendmill.console.form_errors import Errors, attempt, by_field
from sendmill.console.listing import whole
from sendmill.domain.types import PriceStanding, ServiceType
from sendmill.domain.violations import Refused

FIELDS = {"service_type": "type", "region": "region", "price": "price"}
STANDINGS = (
    (PriceStanding.HOLDING.value, gettext_lazy("In force")),
    (PriceStanding.COMING.value, gettext_lazy("Coming")),
    (PriceStanding.REPLACED.value, gettext_lazy("Replaced")),
)


def show_list(request: MemberRequest) -> HttpResponse:
    """Prices by country, type and whether they hold, in the order type, country, day."""
    account = request.user.account
    wanted, kind = request.GET.get("standing", ""), request.GET.get("type", "")
    rows = price_list.prices(
        account,
        price_list.today(account),
        region=request.GET.get("q", "").strip()[:2],
        type=kind if kind in tuple(ServiceType) else "",
        standing=wanted if wanted in dict(STANDINGS) else "",
    )
    after, before = (_key(request, name) for name in ("after", "before"))
    shown, newer, older = price_list.price_page(rows, after=after, before=before)
    context = {
        "rows": shown,
        "previous": newer.pk if newer else None,
        "following": older.pk if older else None,
        "types": SERVICE_TYPES,
        "standings": STANDINGS,
        "currency": account.currency,
        "filtered": any(request.GET.get(name) for name in ("q", "type", "standing")),
    }
    return render(request, "console/billing/prices.html", context)


def new(request: MemberRequest) -> HttpResponse:
    """The form of one price; the same type, country and day again replaces it."""
    account = request.user.account
    if request.method != "POST":
        values = {name: request.GET.get(name, "") for name in ("type", "region")}
        return _form(request, {**values, "valid_from": price_list.today(account).isoformat()})
    values = {name: request.POST.get(name, "").strip() for name in ("type", "region", "price", "valid_from")}
    errors: Errors = {}
    price, day = typed_values.amount(values["price"]), typed_values.day(values["valid_from"])
    if price is None:
        errors["price"] = [_("Enter a price such as 0.035.")]
    if day is None:
        errors["valid_from"] = [_("Enter a day.")]
    if price is None or day is None:
        return _form(request, values, errors, status=422)
    try:
        row = price_list.set_price(
            request.user, service_type=values["type"], region=values["region"], price=price, valid_from=day
        )
    except Refused as broken:
        return _form(request, values, by_field(broken.violations, FIELDS), status=422)
    said = _("The price of %(type)s to %(region)s was saved.")
    messages.success(request, said % {"type": row.get_type_display(), "region": row.region})
    return redirect("console:prices")


def remove(request: MemberRequest, pk: int) -> HttpResponse:
    """Removes a price that does not hold yet."""
    row = owned(request, Price, pk=pk)
    attempt(request, lambda: price_list.remove_price(request.user, row), _("The price was removed."))
    return redirect("console:prices")


def price_file(request: MemberRequest) -> HttpResponse:
    """The whole list as CSV, in the form that the import takes."""
    account = request.user.account
    audit.record(
        member=request.user, action="download", subject=account, after={"what": "prices", "kind": "csv"}
    )
    response = HttpResponse(files.export_csv(account), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="prices{account.pk}.csv"'
    return response


def _key(request: MemberRequest, name: str) -> Price | None:
    """The row that a page begins behind, from its id in the query."""
    wanted = whole(request.GET.get(name))
    if wanted is None:
        return None
    return Price.objects.filter(account_id=request.user.account_id, pk=wanted).first()


def _form(
    request: MemberRequest, values: Mapping[str, Any], errors: Errors | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "values": values,
        "errors": errors or {},
        "types": SERVICE_TYPES,
        "currency": request.user.account.currency,
    }
    return render(request, "console/billing/price.html", context, status=status)
