"""Amounts, days and times as they are typed into forms, in the account's time zone."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation

from django.utils import timezone

from sendmill.domain.quiet_hours import from_local


def amount(text: str | None) -> Decimal | None:
    """A sum such as 12.50 or 1,200; None for anything else, and for one of 30 digits or more."""
    try:
        value = Decimal((text or "").strip().replace(",", ""))
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value.adjusted()) < 30 else None


def day(text: str | None) -> date | None:
    """The day in a text (ISO 8601); None for anything else, and for a year outside of 1970–9000."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None


def start(of: date | None) -> datetime | None:
    """The first moment of a day in the active time zone; None for None."""
    return timezone.make_aware(datetime.combine(of, time())) if of else None


def moment(text: str | None) -> datetime | None:
    """A date and time, in the active time zone unless the text names one.

    None for anything else, and for a time that is left out there because clocks are set forward.
    """
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if timezone.is_aware(found):
        return found
    return from_local(found, timezone.get_current_timezone_name())
