"""A price list from a file: first it is shown what would change, then it is applied."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sendmill.billing import price_file
from sendmill.billing.models import SERVICE_TYPES
from sendmill.console import uploads
from sendmill.console.access import MemberRequest
from sendmill.console.translated import explain, explain_all
from sendmill.domain.violations import Refused

LARGEST = 1024 * 1024  # bytes; every country by every type takes 30 kB
SHOWN = 200  # changes on the page


def upload(request: MemberRequest) -> HttpResponse:
    """The form of the file; POST shows what it would change, or names its wrong lines."""
    if request.method != "POST":
        return _form(request)
    upload = request.FILES.get("file")
    if (short := uploads.lost(request)) is not None:
        return _form(request, [explain(short)])
    if upload is None:
        return _form(request, [_("Choose a CSV file.")])
    if (upload.size or 0) > LARGEST:
        return _form(
            request,
            [
                _(
                    "The file is larger than 1 MB. Load larger price lists with the command `sendmill price import`."
                )
            ],
        )
    try:
        text = upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        return _form(request, [_("The file is not UTF-8 text. Save it as “CSV UTF-8”.")])
    return _preview(request, text, upload.name or "")


def apply(request: MemberRequest) -> HttpResponse:
    """Takes the prices that were shown; they are checked again."""
    try:
        count = price_file.import_csv(request.user.account, request.POST.get("text", ""), member=request.user)
    except Refused as broken:
        return _form(request, explain_all(broken.violations))
    said = ngettext("%(count)s price was changed.", "%(count)s prices were changed.", count)
    messages.success(request, said % {"count": f"{count:,}"})
    return redirect("console:prices")


def _preview(request: MemberRequest, text: str, name: str) -> HttpResponse:
    try:
        changes = price_file.preview_csv(request.user.account, text)
    except Refused as broken:
        return _form(request, explain_all(broken.violations))
    kinds = dict(SERVICE_TYPES)
    context = {
        "text": text,
        "name": name,
        "count": len(changes),
        "more": max(0, len(changes) - SHOWN),
        "changes": [(kinds[change.type], change) for change in changes[:SHOWN]],
        "currency": request.user.account.currency,
    }
    return render(request, "console/price_import/preview.html", context)


def _form(request: MemberRequest, faults: list[str] | None = None) -> HttpResponse:
    context = {
        "faults": faults or [],
        "columns": ",".join(price_file.COLUMNS),
        "sample": f"notification,US,0.0079,{request.user.account.currency},2026-01-01",
    }
    return render(request, "console/price_import/form.html", context, status=422 if faults else 200)
