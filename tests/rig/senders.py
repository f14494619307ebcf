"""A sender in this process, with the settings of the tests."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from sendmill.carriers.smpp.reconnecting_bind import connect
from sendmill.catalog.wanted_binds import Wanted, look_up
from sendmill.cli.sender_process import sender_config
from sendmill.cli.surroundings import surroundings_of
from sendmill.dispatch.sender import Sender
from sendmill.message_store.marks.surroundings import Surroundings
from sendmill.runtime.settings import ENV


def make_sender(dsn: str, wanted: Callable[[], Wanted], around: Surroundings | None = None) -> Sender:
    """A sender that holds the binds that `wanted` names, not started."""
    return Sender(dsn, partial(look_up, wanted), connect, around or surroundings_of(ENV), sender_config(ENV))
