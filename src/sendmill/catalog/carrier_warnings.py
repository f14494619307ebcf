"""What was wrong with a carrier for long, and the setting that mends it, read from the store."""

from __future__ import annotations

from sendmill.catalog.models import Carrier
from sendmill.domain.carrier_warnings import CarrierWarning, Timers, warning_of_losses, warning_of_throttling
from sendmill.message_store.queries import bind_losses, bind_samples


def warnings_of(carrier: Carrier) -> list[CarrierWarning]:
    """Return each warning about a carrier; none about one that is switched off.

    Of several binds the one that was lost most often speaks.
    """
    if not carrier.enabled:
        return []
    losing = warning_of_lost_binds(carrier)
    throttling = warning_of_throttling(bind_samples.throttled_minutes(carrier.pk))
    return [one for one in (losing, throttling) if one is not None]


def warning_of_lost_binds(carrier: Carrier) -> CarrierWarning | None:
    """Return what the losses of a carrier's binds in the last hour say; None where they are too few."""
    timers = Timers(carrier.enquire_seconds, carrier.silence_seconds, carrier.response_seconds)
    losses = max(bind_losses.lost_lately(carrier.pk), key=len, default=[])
    return warning_of_losses(losses, timers)
