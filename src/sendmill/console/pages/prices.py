"""The price list: what a part costs by service type and country, from a day on."""

from __future__ import annotations

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
from sendmill.console.form_errors import attempt
from sendmill.console.forms import PlainForm, TypedField, text
from sendmill.console.listing import whole
from sendmill.domain.types import PriceStanding, ServiceType

STANDINGS = (
    (PriceStanding.HOLDING.value, gettext_lazy("In force")),
    (PriceStanding.COMING.value, gettext_lazy("Coming")),
    (PriceStanding.REPLACED.value, gettext_lazy("Replaced")),
)


class PriceForm(PlainForm):
    """The price of a part by service type and country, from a day on."""

    type = text()
    region = text()
    price = TypedField(typed_values.amount, gettext_lazy("Enter a price such as 0.035."))
    valid_from = TypedField(typed_values.day, gettext_lazy("Enter a day."))
    field_of = {"service_type": "type"}


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
    return render(request, "console/prices/list.html", context)


def new(request: MemberRequest) -> HttpResponse:
    """The form of one price; the same type, country and day again replaces it."""
    account = request.user.account
    asked = {name: request.GET.get(name, "") for name in ("type", "region")}
    form = PriceForm.of(request, {**asked, "valid_from": price_list.today(account).isoformat()})
    if not form.carry_out(
        lambda type, **typed: price_list.set_price(request.user, service_type=type, **typed)
    ):
        return form.page(request, "console/prices/form.html", types=SERVICE_TYPES, currency=account.currency)
    said = _("The price of %(type)s to %(region)s was saved.")
    shown = {"type": form.result.get_type_display(), "region": form.result.region}
    messages.success(request, said % shown)
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
    return price_list.find_price(request.user.account, wanted) if wanted is not None else None
