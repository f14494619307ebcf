"""What the batch senders of one bind share."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from sendmill.carriers.message_ids import IdForm
from sendmill.carriers.protocol import NOT_FINAL, Accepted, Connection
from sendmill.delivery_reports.report_writer import ReportWriters
from sendmill.dispatch.breakers import CarrierBreakers
from sendmill.dispatch.compiled_task import CompiledTasks
from sendmill.dispatch.fair_queue import FairQueue
from sendmill.dispatch.rate_limiter import RateLimiter
from sendmill.dispatch.sendable_tasks import SendableTasks
from sendmill.dispatch.store_guard import StoreGuard
from sendmill.message_store.engine.chunks import Lease
from sendmill.message_store.engine.frequency_caps import Limits
from sendmill.message_store.fault_log import FaultLog
from sendmill.postgres.connection_pool import Pool


@dataclass
class BindContext:
    """What the batch senders of one bind share."""

    pool: Pool
    faults: FaultLog
    owner: int
    carrier_id: int
    link: Connection
    rate_limiter: RateLimiter
    work: SendableTasks
    fair_queue: FairQueue
    compiled_tasks: CompiledTasks
    report_writers: ReportWriters
    held: set[Lease]
    guard: StoreGuard
    caps: Mapping[int, Limits]
    id_form: IdForm
    breakers: CarrierBreakers
    final: Accepted = NOT_FINAL
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
