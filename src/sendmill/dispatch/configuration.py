"""What a sender is configured with: plain values, read from the settings by the process that starts it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sendmill.domain.breaker import DEFAULT_LIMITS, BreakerLimits
from sendmill.message_store.engine.frequency_caps import Limits


@dataclass(frozen=True, kw_only=True)
class SenderConfig:
    """`connections` are those to the database at most, 0 for a share of what the server allows.

    A carrier that was not bound for `failover_seconds` is passed over, and one that fails far more than usual after
    `failover_messages` results in five minutes (0: never). `frequency_caps` are those of a mainland number by the
    priority of the task; none where a priority is missing. `breaker` says when a task stops on a carrier.
    """

    connections: int = 0
    failover_seconds: int = 60
    failover_messages: int = 200
    frequency_caps: Mapping[int, Limits] = field(default_factory=dict)
    breaker: BreakerLimits = DEFAULT_LIMITS
