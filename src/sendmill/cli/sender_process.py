"""The sender's start: reads the settings, and hands the engine plain values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sendmill.carriers.smpp.reconnecting_bind import connect
from sendmill.catalog.wanted_binds import look_up
from sendmill.cli.surroundings import surroundings_of
from sendmill.dispatch.configuration import SenderConfig
from sendmill.dispatch.process import serve
from sendmill.dispatch.sender import Sender
from sendmill.domain.breaker import BreakerLimits
from sendmill.message_store.engine.frequency_caps import Limits
from sendmill.postgres.embedded.server import database_dsn

if TYPE_CHECKING:
    from sendmill.runtime.process_endpoints import Watchpoint
    from sendmill.runtime.settings import Environment

MINUTE, HOUR = 60, 3600


async def run_sender(environment: Environment, watchpoint: Watchpoint | None) -> None:
    """Run a sender until it is told to stop."""
    dsn = database_dsn(environment)
    sender = Sender(dsn, look_up, connect, surroundings_of(environment), sender_config(environment))
    await serve(dsn, sender, watchpoint)


def sender_config(environment: Environment) -> SenderConfig:
    """What the settings say about sending."""
    return SenderConfig(
        connections=environment.database_connections,
        failover_seconds=environment.failover_seconds,
        failover_messages=environment.failover_messages,
        frequency_caps=frequency_caps(environment),
        breaker=BreakerLimits(
            run=environment.breaker_refusals,
            share=environment.failover_messages,
            first_probe=environment.breaker_probe_seconds,
            longest_probe=environment.breaker_longest_seconds,
        ),
    )


def frequency_caps(environment: Environment) -> dict[int, Limits]:
    """The caps of a mainland number by the priority of a task: verification 1, notification 2, promotion 3."""
    own = {
        1: (environment.limit_verification_minute, MINUTE, environment.limit_verification_day),
        2: (environment.limit_notification_minute, MINUTE, environment.limit_notification_day),
        3: (environment.limit_promotion_hour, HOUR, environment.limit_promotion_day),
    }
    same = environment.limit_same_minute, environment.limit_same_hour
    return {priority: Limits(*caps, *same) for priority, caps in own.items()}
