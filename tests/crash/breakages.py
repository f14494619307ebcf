"""What breaks: processes killed, some of them in the middle of something; connections cut, or dead unheard."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import psycopg
from tests.rig.processes import Program

if TYPE_CHECKING:
    from tests.crash.rig import Rig

AIM_SECONDS = 6.0
FAILOVER_SECONDS = 2
FAILOVER_PATIENCE = 12.0

# What each carrier is like all the time. All repeat their last reports at each bind; the first counts its ids anew so
# soon that reports on their way share theirs.
ALWAYS: list[dict[str, Any]] = [{"repeat_at_bind": 500, "ids_anew": 20_000}, {"repeat_at_bind": 500}]

# What the carrier is like, for a while. It answers within three seconds, or too late for us.
MOODS: list[dict[str, Any]] = [
    {},
    {"report_delay": [0.0, 1.0], "failure_rate": 0.1},
    {"report_before_response": True, "duplicate_reports": 0.2},
    {"throttle_rate": 3000.0},
    {"report_delay": [0.1, 2.0], "reorder_reports": True, "report_on_another_bind": True},
    {"response_delay": [0.0, 0.2], "intermediate_reports": 0.3, "refuse_rate": 0.02},
    {"response_delay": [1.0, 5.0], "report_delay": [0.0, 3.0]},
    {"drop_responses": 0.0005, "stranger_reports": 0.01},
    {"receipt": "text", "odd_receipts": 0.5, "split_writes": 1400},
    {"repeat_reports": 0.3, "repeat_delay": [0.5, 8.0], "failure_rate": 0.5},
]

# Whether the worker is in the middle of …
COPYING = "SELECT 1 FROM pg_stat_progress_copy WHERE command = 'COPY FROM'"
EXPORTING = "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'make_export'"
CHECKING = "SELECT 1 FROM procrastinate_jobs WHERE status = 'doing' AND task_name = 'check_draft'"
# … and whether an OK is just being taken.
CONFIRMING = (
    "SELECT 1 FROM pg_stat_activity WHERE state <> 'idle' AND application_name = '' "
    "AND query ~ 'draft|charge|ledger' AND pid <> pg_backend_pid()"
)


class Breakages:
    """Everything that breaks something of a rig, each kind once in random order, then again."""

    def __init__(self, rig: Rig, chance: random.Random) -> None:
        self._rig, self._chance = rig, chance
        self._bag: list[Callable[[], None]] = []
        self.server_kills = self.cuts = self.aimed = self.darkened = 0

    def next(self) -> None:
        """Break something."""
        if not self._bag:
            self._bag = [
                self.kill_sender,
                self.kill_sender,
                self.kill_server,
                self.cut,
                self.take_carrier_down,
                self.freeze_sender,
                self.kill_all,
                self.kill_server_and_sender,
                self.kill_worker_copying,
                self.kill_worker_exporting,
                self.kill_worker_checking,
                self.kill_console,
                self.darken_line,
            ]
            self._chance.shuffle(self._bag)
        self._bag.pop()()

    def kill_sender(self) -> None:
        self._rig.say("kill -9 of a sender")
        self._chance.choice(self._rig.senders).kill()

    def kill_server(self) -> None:
        """kill -9 of the postmaster; its children end by themselves, some of them after a last commit."""
        pid = self._rig.server.status().pid
        assert pid is not None
        self._rig.say("kill -9 of PostgreSQL")
        self.server_kills += 1
        os.kill(pid, signal.SIGKILL)
        time.sleep(self._chance.uniform(0.0, 1.5))
        self._rig.server.start()

    def kill_server_and_sender(self) -> None:
        """Both at once: what the sender was told to be committed must be there when they come back."""
        self._chance.choice(self._rig.senders).kill()
        self.kill_server()

    def kill_all(self) -> None:
        for program in self._rig.programs:
            program.kill()
        self.kill_server()

    def kill_worker_copying(self) -> None:
        self._kill_when(self._rig.workers, COPYING, "the worker in a COPY")

    def kill_worker_exporting(self) -> None:
        self._kill_when(self._rig.workers, EXPORTING, "the worker in an export")

    def kill_worker_checking(self) -> None:
        self._kill_when(self._rig.workers, CHECKING, "the worker in a check")

    def kill_console(self) -> None:
        self._kill_when(self._rig.consoles, CONFIRMING, "the console at OK")

    def _kill_when(self, programs: Sequence[Program], condition: str, what: str) -> None:
        """Kill as soon as the condition holds, and after a while in any case."""
        deadline, met = time.monotonic() + AIM_SECONDS, False
        with psycopg.connect(self._rig.dsn, autocommit=True) as conn:
            while not met and time.monotonic() < deadline:
                met = conn.execute(condition).fetchone() is not None  # type: ignore[arg-type]
                time.sleep(0.0 if met else 0.003)
        self._rig.say(f"kill -9 of {what}" if met else f"kill -9 of what might have been {what}")
        self.aimed += met
        self._chance.choice(programs).kill()

    def cut(self) -> None:
        self._rig.say("connections cut")
        self.cuts += 1
        self._chance.choice(self._rig.simulators).tell(disconnect=True)

    def take_carrier_down(self) -> None:
        self._rig.say("carrier down")
        self.cuts += 1
        simulator = self._chance.choice(self._rig.simulators)
        simulator.tell(down=True)
        if self._chance.random() < 0.5:
            time.sleep(self._chance.uniform(0.2, 2.0))
        else:
            self._wait_for_failover()
        simulator.tell(down=False)

    def _wait_for_failover(self) -> None:
        """Until something that waited for the carrier goes over another one, or for a while."""
        for sender in self._rig.senders:
            sender.start()
        self._rig.feed()
        before, deadline = self._rig.moved(), time.monotonic() + FAILOVER_PATIENCE
        while self._rig.moved() == before and time.monotonic() < deadline:
            time.sleep(0.2)

    def darken_line(self) -> None:
        """The way to the carrier, or back, or both, is gone, and neither end is told."""
        ways = self._chance.choice(((True, False), (False, True), (True, True)))
        self._rig.say(f"lines dark: to the carrier {ways[0]}, from it {ways[1]}")
        for sender in self._rig.senders:
            sender.start()
        deadline, lines = time.monotonic() + 2 * AIM_SECONDS, 0
        while not lines and time.monotonic() < deadline:
            lines = sum(proxy.go_dark(to_carrier=ways[0], to_client=ways[1]) for proxy in self._rig.proxies)
            time.sleep(0.05)
        self.darkened += lines

    def freeze_sender(self) -> None:
        sender = self._chance.choice(self._rig.senders)
        self._rig.say("a sender frozen")
        sender.freeze(True)
        time.sleep(self._chance.uniform(0.5, 3.0))
        sender.freeze(False)
