"""The binds of a carrier: how many, of which kind, and each one's share of the rate."""

from __future__ import annotations

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.pdu.binding import BindKind
from sendmill.catalog.carrier_fields import CARRIER_FIELDS
from sendmill.catalog.models import Carrier

NOT_SET_BY_CARRIER = {
    "tls_ca_file": "Certificates are verified against those that the machine trusts; tests name their own.",
    "unacknowledged": "How much memory reports may take; no carrier knows of it.",
}
"""Fields of CarrierConfig that are no setting of a carrier, and why; all others are in the table of its fields."""


def configs_of(carrier: Carrier) -> list[CarrierConfig]:
    """How to open each bind of a carrier, by its slot; together they have the carrier's rate.

    Slots below `binds` send. A pair has as many again behind them that only receive (SMPP 3.4 §2.2: an ESME may
    have a transmitter and a receiver instead of a transceiver): reports come on those.
    """
    sending: BindKind = "transceiver" if carrier.bind == "transceiver" else "transmitter"
    configs = [
        _config(carrier, sending, _share(carrier.rate, carrier.binds, slot)) for slot in range(carrier.binds)
    ]
    if carrier.bind == "pair":
        configs += [_config(carrier, "receiver", 0)] * carrier.binds
    return configs


def to_test(carrier: Carrier) -> list[CarrierConfig]:
    """One bind of each kind that the carrier needs."""
    return list({config.bind: config for config in reversed(configs_of(carrier))}.values())[::-1]


def _config(carrier: Carrier, kind: BindKind, rate: int) -> CarrierConfig:
    settings = {field.config: getattr(carrier, field.name) for field in CARRIER_FIELDS if field.config}
    settings |= {"bind": kind, "rate": rate}
    return CarrierConfig(**settings)


def _share(rate: int, binds: int, slot: int) -> int:
    """The rate of one of a carrier's binds; none has less than 1, for 0 means no limit."""
    if not rate:
        return 0
    return max(1, rate // binds + (slot < rate % binds))
