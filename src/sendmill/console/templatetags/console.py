"""Tags and filters of the console's templates: icons, numbers, links that keep the filters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from sendmill.accounts.models import AuditEntry
from sendmill.catalog.association import Reason
from sendmill.console.translated import advise_code, explain, explain_code
from sendmill.tasks.results import Counters

register = template.Library()


@register.simple_tag
def icon(name: str, style: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: the text beside it says what it means."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        style,
        static("vendor/icons/icons.svg"),
        name,
    )


@register.filter
def grouped(value: int | None) -> str:
    """A count with its thousands apart: 1,234,567. Empty for None."""
    return "" if value is None else f"{value:,}"


@register.filter
def phone(number: int) -> str:
    """A number as it is dialled: with its plus sign."""
    return f"+{number}"


@register.filter
def day(moment: datetime) -> str:
    """A day in the account's time zone, with its year unless it is this one."""
    local = timezone.localtime(moment)
    return f"{local:%m-%d}" if local.year == timezone.localtime().year else f"{local:%Y-%m-%d}"


@register.filter
def money(value: Decimal | str | None) -> str:
    """A sum with at least two decimals, and as many as it needs."""
    if value is None:
        return ""
    amount = Decimal(value)
    places = max(2, -int(amount.normalize().as_tuple().exponent))
    return f"{amount:,.{places}f}"


@register.filter
def signed_money(value: Decimal) -> str:
    """A change of a sum, with its sign: +12.50 or −0.0158."""
    return f"{'−' if value < 0 else '+'}{money(abs(value))}"


@register.filter
def signed(value: int) -> str:
    """A change of a count, with its sign."""
    return f"{'−' if value < 0 else '+'}{abs(value):,}"


@register.filter
def percent(part: int, whole: int) -> str:
    """The share of `part` in `whole` as text for SVG widths: `0` to `100`, two decimals."""
    return f"{100 * part / whole:.2f}" if whole else "0"


@register.filter
def file_size(size: int) -> str:
    """A file's size in the unit a person expects."""
    if size < 1024:
        return f"{size} B"
    if size < 1024 * 1024:
        return f"{size / 1024:.0f} kB"
    return f"{size / 1024 / 1024:.1f} MB"


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The query string of this page with some values changed; an empty value removes its key."""
    values = context["request"].GET.copy()
    for key, value in changes.items():
        if value in (None, ""):
            values.pop(key, None)
        else:
            values[key] = str(value)
    return f"?{values.urlencode()}"


@register.filter
def changes(entry: AuditEntry) -> list[tuple[str, Any, Any]]:
    """What an audit entry tells, as (name, before, after); None where there was or is nothing."""
    before, after = entry.before or {}, entry.after or {}
    return [(name, before.get(name), after.get(name)) for name in {**before, **after}]


@dataclass(frozen=True)
class Slice:
    """A stretch of a bar: kind names its colour; start and width are percent as SVG takes them."""

    kind: str
    start: str
    width: str


@register.inclusion_tag("console/components/progress_bar.html")
def progress_bar(counters: Counters, style: str = "") -> dict[str, Any]:
    """A bar of successful, failed, uncertain, sending and not sent; empty where messages wait.

    The figures beside it say the same, so screen readers pass it over.
    """
    slices, start = [], 0.0
    parts = (
        ("good", counters.successful),
        ("bad", counters.failed),
        ("unsure", counters.uncertain),
        ("busy", counters.sending),
        ("idle", counters.not_sent),
    )
    for kind, count in parts:
        width = 100 * count / counters.accepted if counters.accepted else 0
        if count:
            slices.append(Slice(kind, f"{start:.3f}", f"{width:.3f}"))
        start += width
    return {"slices": slices, "style": style}


@register.filter
def share(counters: Counters, name: str) -> str:
    """The share of one counter in the accepted numbers, never rounded up to 100% or down to 0%."""
    count: int = getattr(counters, name)
    if not counters.accepted:
        return ""
    if count in (0, counters.accepted):
        return "100%" if count else "0%"
    return f"{min(max(100 * count / counters.accepted, 0.1), 99.9):.1f}%"


@register.filter
def meaning(code: str, own: Mapping[int, str] | None = None) -> str:
    """What a status code means; `own` are the carrier's words for command statuses."""
    return explain_code(code, own or None)


@register.filter
def advice(code: str) -> str:
    """What to do about a status code."""
    return advise_code(code)


@register.filter
def explained(code: str, own: Mapping[int, str] | None = None) -> SafeString:
    """A status code with its meaning, what to do as its title, and the way to the page of codes.

    Kept for each code and language: a page of recipients has it fifty times. `own` are the carrier's words for
    command statuses.
    """
    return _explained(code, get_language() or "", tuple((own or {}).items()))


@lru_cache(maxsize=1024)
def _explained(code: str, _language: str, own: tuple[tuple[int, str], ...]) -> SafeString:
    return format_html(
        '<span title="{}"><a href="{}?{}"><code>{}</code></a> <span class="soft">{}</span></span>',
        advise_code(code),
        reverse("console:codes"),
        urlencode({"code": code}),
        code,
        explain_code(code, dict(own)),
    )


@register.filter
def verdict(result: int) -> SafeString:
    """A result in its colour, kept for each language."""
    return _verdict(int(result), get_language() or "")


@lru_cache(maxsize=64)
def _verdict(result: int, _language: str) -> SafeString:
    return render_to_string("console/components/result.html", {"result": result})


@register.filter
def second(moment: datetime | None) -> str:
    """A moment in the account's time zone, to the second; empty for None."""
    return "" if moment is None else timezone.localtime(moment).isoformat(" ", "seconds")[:19]


@register.filter
def say(fault: Any) -> str:
    """A reason or violation as a translated sentence."""
    return explain(fault)


@register.simple_tag
def url_of_reason(reason: Reason) -> str:
    """The page that mends what the reason tells of, narrowed to the rows in question."""
    target = reverse(f"console:{reason.link_name}")
    return f"{target}?{urlencode(reason.query)}" if reason.query else target
