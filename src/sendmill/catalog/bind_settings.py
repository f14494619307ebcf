"""The binds of a carrier: how many, of which kind, and each one's share of the rate."""

from __future__ import annotations

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.pdu.binding import BindKind
from sendmill.catalog.models import Carrier
from sendmill.runtime.settings import ENV

PAIR = "pair"
KINDS = ("transceiver", PAIR, "transmitter")


def configs_of(carrier: Carrier) -> list[CarrierConfig]:
    """How to open each bind of a carrier, by its slot; together they have the carrier's rate.

    Slots below `binds` send. A pair has as many again behind them that only receive (SMPP 3.4 §2.2: an ESME may
    have a transmitter and a receiver instead of a transceiver): reports come on those.
    """
    sending: BindKind = "transceiver" if carrier.bind == "transceiver" else "transmitter"
    configs = [
        _config(carrier, sending, _share(carrier.rate, carrier.binds, slot)) for slot in range(carrier.binds)
    ]
    if carrier.bind == PAIR:
        configs += [_config(carrier, "receiver", 0)] * carrier.binds
    return configs


def to_test(carrier: Carrier) -> list[CarrierConfig]:
    """One bind of each kind that the carrier needs."""
    return list({config.bind: config for config in reversed(configs_of(carrier))}.values())[::-1]


def _config(carrier: Carrier, kind: BindKind, rate: int) -> CarrierConfig:
    return CarrierConfig(
        host=carrier.host,
        port=carrier.port,
        system_id=carrier.system_id,
        password=carrier.password,
        system_type=carrier.system_type,
        bind=kind,
        window=carrier.window,
        rate=rate,
        tls=carrier.tls,
        tls_verify=carrier.tls_verify,
        default_alphabet=carrier.default_alphabet,  # type: ignore[arg-type]
        long_messages=carrier.long_messages,  # type: ignore[arg-type]
        source_ton=carrier.source_ton,
        source_npi=carrier.source_npi,
        dest_ton=carrier.dest_ton,
        dest_npi=carrier.dest_npi,
        id_form=carrier.id_form,  # type: ignore[arg-type]
        response_timeout=ENV.carrier_response_seconds,
        enquire_interval=ENV.carrier_enquire_seconds,
        queries=carrier.queries,
    )


def _share(rate: int, binds: int, slot: int) -> int:
    """The rate of one of a carrier's binds; none has less than 1, for 0 means no limit."""
    if not rate:
        return 0
    return max(1, rate // binds + (slot < rate % binds))
