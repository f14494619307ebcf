"""Which binds should exist, as the carriers' settings say."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from asgiref.sync import sync_to_async
from django.db import Error, close_old_connections

from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.catalog.bind_settings import configs_of
from sendmill.catalog.models import Carrier
from sendmill.message_store.partitions import ensure_partitions

log = structlog.get_logger(__name__)

Wanted = dict[tuple[int, int], CarrierConfig]  # by carrier and slot


def wanted_binds() -> Wanted:
    """Every bind that should exist: (carrier, slot) and how to open it.

    Makes sure of tomorrow's partitions too: a sender that ran out of them could not record what it sent.
    """
    close_old_connections()
    ensure_partitions()
    wanted: Wanted = {}
    for carrier in Carrier.objects.filter(enabled=True).order_by("id"):
        try:
            configs = configs_of(carrier)
        except Exception:
            # The other carriers go on.
            log.exception("a carrier's settings cannot be read", carrier=carrier.pk)
            continue
        wanted.update({(carrier.pk, slot): config for slot, config in enumerate(configs)})
    return wanted


async def look_up(read: Callable[[], Wanted] = wanted_binds) -> Wanted:
    """What `read` says, for an event loop. Raises the database's own errors, as psycopg does."""
    try:
        return await sync_to_async(read)()
    except Error as error:
        raise (error.__cause__ or error) from error
