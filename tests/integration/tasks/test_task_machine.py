"""Whatever happens to tasks in whatever order: counters and ledger add up, what was canceled was not sent.

The real life cycle, the sender's own SQL and the SQL of reports run against PostgreSQL, under a clock that the
machine moves. What the model has to know is who was handed to the carrier how often, and what was allowed.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.rig.desk import FIRST, fetch, furnish
from tests.rig.moved_clock import BRIDGE, run, set_clock, take_over_clock

from sendmill.billing import ledger
from sendmill.billing.models import Charge
from sendmill.catalog.models import Carrier
from sendmill.catalog.task_snapshot import snapshot
from sendmill.domain.quiet_hours import is_open
from sendmill.domain.results import Result, result_of
from sendmill.domain.violations import FormError, Refused
from sendmill.message_store.engine import batches, chunks, report_matching, sendable_tasks
from sendmill.message_store.queries.bulk_import import delete_task_rows
from sendmill.tasks import charging, drafts, lifecycle, message_import, results, stored_files, uncertain
from sendmill.tasks.file_check import unpriced
from sendmill.tasks.models import Draft, DraftState, Task
from sendmill.worker import jobs, reconciliation

pytestmark = pytest.mark.django_db

BERLIN = "Europe/Berlin"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DELAYS = [None, timedelta(), timedelta(seconds=1), 5 * MINUTE, 6 * MINUTE, HOUR, DAY, 31 * DAY]
PRICE, OWNED = Decimal("0.01"), 1_000
STEPS = [timedelta(seconds=1), timedelta(seconds=10), 5 * MINUTE, HOUR, 6 * HOUR, DAY, 3 * DAY]
# Ahead of the real time, at which submissions are stamped by their default.
BEGIN = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + 2 * DAY


@dataclass
class Job:
    """What the model knows of a task."""

    pk: int
    accepted: int
    handed: Counter[int] = field(default_factory=Counter)
    resent: Counter[int] = field(default_factory=Counter)
    not_sent: set[int] = field(default_factory=set)
    keys: dict[str, int] = field(default_factory=dict)
    ended: str = ""


class Tasks(RuleBasedStateMachine):
    """Tasks of one account, one carrier, one sender, and time that passes."""

    last_id = 0

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.desk = furnish()
        self.carrier = Carrier.objects.get()
        [(self.owner,)] = fetch("INSERT INTO sender (host, pid) VALUES ('mill', 1) RETURNING id")
        self._begin_ids_anew()
        take_over_clock()
        self.now = BEGIN
        set_clock(self.now)
        self.jobs: list[Job] = []
        self.numbers = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    def _begin_ids_anew(self) -> None:
        """When a waiting task has its turn depends on its id, and an example must go the same way each time."""
        sequence = "pg_get_serial_sequence('task', 'id')"
        if not Tasks.last_id:
            [(Tasks.last_id,)] = fetch(f"SELECT nextval({sequence})")
        fetch(f"SELECT setval({sequence}, {Tasks.last_id})")

    # -- a person ------------------------------------------------------------------------------------------

    @rule(
        count=st.integers(1, 4),
        delay=st.sampled_from(DELAYS),
        past=st.sampled_from([timedelta(), timedelta(seconds=1)]),
        kind=st.sampled_from(["plain", "plain", "sale"]),
    )
    def create(self, count: int, delay: timedelta | None, past: timedelta, kind: str) -> None:
        scheduled_at = None if delay is None else self.now + delay + past
        draft = self._draft(count, kind, scheduled_at)
        refused = scheduled_at is not None and not timedelta() < scheduled_at - self.now <= 31 * DAY
        refused = refused or (kind == "sale" and not is_open(scheduled_at or self.now, BERLIN))
        refused = refused or not Carrier.objects.get().enabled
        if refused:
            with pytest.raises(FormError):
                drafts.confirm(draft, self.desk.sender)
            return
        task = drafts.confirm(draft, self.desk.sender)
        message_import.import_task(task.pk)
        assert task.status == ("pending" if scheduled_at else "executing")
        self.jobs.append(Job(task.pk, count))

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), operation=st.sampled_from(["cancel", "delete", "copy", "pause", "resume", "end"]))
    def operate(self, data: st.DataObject, operation: str) -> None:
        job, task = self._choose(data)
        moves = {"cancel": self._cancel, "delete": self._delete, "copy": self._copy, "pause": self._pause}
        moves["end"] = self._end
        if operation == "resume":
            self._pause(job, task, paused=False)
        else:
            moves[operation](job, task)

    def _cancel(self, job: Job, task: Task) -> None:
        allowed = task.status == "pending" and task.scheduled_at - self.now >= 5 * MINUTE
        self._moves(allowed, lambda: lifecycle.cancel(task, self.desk.sender))
        if allowed:
            assert task.status == "canceled"
            job.ended = "canceled"

    def _delete(self, job: Job, task: Task) -> None:
        allowed = task.status == "canceled"
        self._moves(allowed, lambda: lifecycle.delete(task, self.desk.sender))
        if allowed:
            assert not job.handed
            assert delete_task_rows(job.pk) == job.accepted
            assert not Task.objects.filter(pk=job.pk).exists()
            self.jobs.remove(job)

    def _copy(self, job: Job, task: Task) -> None:
        form = lifecycle.copy_form(task)
        assert form["template"] == task.template_id
        later = task.scheduled_at is not None and task.scheduled_at > self.now
        assert form["scheduled_at"] == (task.scheduled_at if later else None)

    def _pause(self, job: Job, task: Task, paused: bool = True) -> None:
        move = lifecycle.pause if paused else lifecycle.resume
        allowed = task.status == "executing" and (paused or not task.ending)
        self._moves(allowed, lambda: move(task, self.desk.sender))
        if allowed:
            assert task.paused == (paused or task.ending)

    def _end(self, job: Job, task: Task) -> None:
        night = task.snapshot["service_type"] == "promotion" and not is_open(self.now, BERLIN)
        allowed = task.status == "executing" and (task.paused or night)
        self._moves(allowed, lambda: lifecycle.end(task, self.desk.sender))
        if allowed:
            assert task.ending
            assert task.paused
            jobs.end_unsent.func(task_id=job.pk)
            assert not self._waiting(job)
            job.not_sent |= self._seqs(job, Result.NOT_SENT)

    @precondition(lambda self: self.jobs)
    @rule(data=st.data(), choice=st.sampled_from(["resend", "failed"]))
    def settle(self, data: st.DataObject, choice: uncertain.Choice) -> None:
        job, task = self._choose(data)
        if task.status != "executing" or (task.ending and choice == "resend"):
            with pytest.raises(Refused):
                uncertain.settle(task, None, choice, self.desk.sender)
            return
        before = self._seqs(job, Result.UNCERTAIN)
        seqs = data.draw(st.none() | st.lists(st.integers(0, job.accepted - 1), unique=True))
        meant = before if seqs is None else before & set(seqs)
        assert uncertain.settle(task, seqs, choice, self.desk.sender) == len(meant)
        assert self._seqs(job, Result.UNCERTAIN) == before - meant
        if choice == "resend":
            job.resent.update(meant)

    # -- time and the carrier ------------------------------------------------------------------------------

    @rule(step=st.sampled_from(STEPS))
    def wait(self, step: timedelta) -> None:
        self.now += step
        set_clock(self.now)

    @rule()
    def switch_carrier(self) -> None:
        Carrier.objects.update(enabled=not Carrier.objects.get().enabled)

    @rule()
    def pass_a_tick(self) -> None:
        self.tick()

    def tick(self) -> None:
        enabled = Carrier.objects.get().enabled
        due, overdue = set(), set()
        for task in Task.objects.filter(status="pending"):
            late = self.now - task.scheduled_at if task.scheduled_at else -DAY
            (overdue if late > DAY else due if late >= timedelta() else set()).add(task.pk)
        fresh = set(Task.objects.filter(reason="").values_list("pk", flat=True))
        ticked = lifecycle.tick()
        assert set(ticked.started) <= (due if enabled else set())
        assert set(ticked.canceled) <= overdue
        assert overdue & fresh <= set(ticked.canceled)
        assert not enabled or due & fresh <= set(ticked.started)
        for job in self.jobs:
            if job.pk in ticked.canceled:
                job.ended = "canceled"
            if job.pk in ticked.completed:
                job.ended = "completed"

    @rule(data=st.data(), dies=st.booleans())
    def send(self, data: st.DataObject, dies: bool) -> None:
        """One window of one task, as a lane sends it; or its sender dies after the intent."""
        live = run(sendable_tasks.live_tasks(BRIDGE, [self.carrier.pk])).tasks.get(self.carrier.pk, [])
        if not live:
            return
        job = self._job(data.draw(st.sampled_from([task.id for task in live])))
        task = Task.objects.get(pk=job.pk)
        assert (task.status, task.paused) == ("executing", False)
        assert task.snapshot["service_type"] != "promotion" or is_open(self.now, BERLIN)
        chunk = run(chunks.claim(BRIDGE, self.owner, job.pk))
        assert chunk is not None
        window = run(chunks.recipients(BRIDGE, chunk))
        taken = data.draw(st.integers(0, len(window)))
        batch_hi = window[taken].seq if taken < len(window) else chunk.hi
        if not run(batches.intend(BRIDGE, chunk, self.owner, batch_hi)):
            raise AssertionError("a live task refused its intent")
        fates = data.draw(st.lists(st.sampled_from([0, 0, 0, 2, 3]), min_size=taken, max_size=taken))
        job.handed.update(one.seq for one in window[:taken])
        if dies:
            run(chunks.recover(BRIDGE, {chunk.lease}))
            return
        self._record(job, chunk, window[:taken], fates, batch_hi)

    @precondition(lambda self: any(job.keys for job in self.jobs))
    @rule(data=st.data(), state=st.sampled_from([(1, "DELIVRD"), (2, "UNDELIV"), (None, "ENROUTE")]))
    def report(self, data: st.DataObject, state: tuple[int | None, str]) -> None:
        job = data.draw(st.sampled_from([job for job in self.jobs if job.keys]))
        key = data.draw(st.sampled_from(sorted(job.keys)))
        receipt = report_matching.ReportToMatch(key, *state, f"id:{key} stat:{state[1]}")
        assert run(report_matching.match(BRIDGE, self.carrier.pk, [receipt])) == {0}
        if state[0] == 1:
            assert job.keys[key] in self._seqs(job, Result.SUCCESSFUL)

    @rule()
    def expire(self) -> None:
        waiting = fetch(
            "SELECT m.task_id, m.seq, m.submitted_at FROM message m JOIN task t ON t.id = m.task_id "
            "WHERE m.result = 0 AND m.submitted_at IS NOT NULL AND t.status = 'executing'"
        )
        due = [row for row in waiting if self.now - row[2] >= 3 * DAY]
        assert uncertain.expire() == len(due)

    @precondition(lambda self: self.jobs)
    @rule(result=st.sampled_from([(1, "DELIVRD"), (2, "UNDELIV")]))
    def finish(self, result: tuple[int, str]) -> None:
        """Let everything go well in the hours of day: every task that was started is completed."""
        Carrier.objects.update(enabled=True)
        Task.objects.filter(status="executing", ending=False).update(paused=False)
        self.now = (self.now + DAY).replace(hour=10, minute=0, second=0, microsecond=0)
        self._tick_through()
        while live := run(sendable_tasks.live_tasks(BRIDGE, [self.carrier.pk])).tasks.get(
            self.carrier.pk, []
        ):
            self._send_all(self._job(live[0].id))
        for job in self.jobs:
            open_ones = self._seqs(job, Result.SENDING) | self._seqs(job, Result.UNCERTAIN)
            told = [
                report_matching.ReportToMatch(key, *result)
                for key, seq in job.keys.items()
                if seq in open_ones
            ]
            assert len(run(report_matching.match(BRIDGE, self.carrier.pk, told))) == len(told)
            reported = {job.keys[receipt.key] for receipt in told}
            assert not reported & (self._seqs(job, Result.SENDING) | self._seqs(job, Result.UNCERTAIN))
            task = Task.objects.get(pk=job.pk)
            if task.status == "executing":
                uncertain.settle(task, None, "failed", self.desk.sender)
        running = set(Task.objects.filter(status="executing").values_list("pk", flat=True))
        self._tick_through()
        assert not Task.objects.filter(status="executing", pk__in=running).exists()
        for job in self.jobs:
            charging.settle(job.pk)
            charge = Charge.objects.filter(pk=job.pk).first()
            if charge is not None and job.ended == "completed":
                assert charge.charged >= PRICE * len(self._seqs(job, Result.SUCCESSFUL))
                assert charge.held == 0

    @precondition(lambda self: self.jobs)
    @rule(data=st.data())
    def charge(self, data: st.DataObject) -> None:
        """Settle what a task costs, as the worker does at any time; a second time moves nothing."""
        job, _ = self._choose(data)
        charging.settle(job.pk)
        assert not charging.settle(job.pk)

    # -- what always holds ---------------------------------------------------------------------------------

    @invariant()
    def counters_add_up(self) -> None:
        tasks = {task.pk: task for task in Task.objects.all()}
        counted = results.counters(tasks.values())
        for job in self.jobs:
            counters = counted[job.pk]
            canceled = tasks[job.pk].status == "canceled"
            rows = fetch("SELECT result, submitted_at IS NOT NULL FROM message WHERE task_id = %s", job.pk)
            found = Counter(
                result_of(result, handed_over=handed, canceled=canceled) for result, handed in rows
            )
            assert counters.accepted == job.accepted == sum(found.values()) == sum(counters[1:7])
            for result in Result:
                assert getattr(counters, result.name.lower()) == found[result], result
                shown = results.messages(tasks[job.pk], result=result).rows
                assert [row.result for row in shown] == [result] * found[result]
            assert reconciliation.check(tasks[job.pk]) == []

    @invariant()
    def nothing_was_both_canceled_and_sent(self) -> None:
        for job in self.jobs:
            task = Task.objects.get(pk=job.pk)
            submitted = fetch(
                "SELECT count(*) FROM message WHERE task_id = %s AND submitted_at IS NOT NULL", job.pk
            )
            if task.status in ("canceled", "pending"):
                assert (submitted, job.handed) == ([(0,)], Counter())
            if job.ended:
                assert task.status == job.ended
            if task.status == "completed":
                assert set(job.handed) | job.not_sent == set(range(job.accepted))

    @invariant()
    def what_is_not_sent_never_left_unless_a_person_let_it_go_again(self) -> None:
        for job in self.jobs:
            assert not {seq for seq in job.not_sent if job.handed[seq] > min(job.resent[seq], 1)}

    @invariant()
    def nothing_was_sent_twice_by_itself(self) -> None:
        for job in self.jobs:
            for seq, times in job.handed.items():
                assert times <= 1 + job.resent[seq]

    @invariant()
    def the_ledger_adds_up(self) -> None:
        assert ledger.discrepancies() == []
        charges = {charge.pk: charge for charge in Charge.objects.all()}
        standing = ledger.standing(self.desk.account)
        assert standing.amount == OWNED - sum(charge.charged for charge in charges.values())
        assert standing.held == sum(charge.held for charge in charges.values())
        for job in self.jobs:
            task, charge = Task.objects.get(pk=job.pk), charges.get(job.pk)
            if task.status in ("pending", "canceled"):
                assert charge is None
                continue
            # What was accepted or delivered is charged, never a refusal, and never more than was held for it.
            assert charge is not None
            assert charge.charged + charge.held <= PRICE * job.accepted
            assert charge.charged <= PRICE * len(job.handed)
            if charge.closed_at is not None:
                assert task.status == "completed"
                assert charge.held == 0

    # -- means ---------------------------------------------------------------------------------------------

    def _draft(self, count: int, kind: str, scheduled_at: datetime | None) -> Draft:
        """A checked draft, as the check of a file leaves it."""
        template = self.desk.templates[kind]
        first = FIRST + self.numbers
        self.numbers += count
        frame = pl.DataFrame(
            {
                "row": pl.int_range(2, count + 2, eager=True, dtype=pl.Int32),
                "number": pl.int_range(first, first + count, eager=True, dtype=pl.Int64),
                "parts": pl.Series([1] * count, dtype=pl.Int16),
                "variables": pl.Series([[]] * count, dtype=pl.List(pl.String)),
            }
        )
        outcome: dict[str, Any] = dict.fromkeys(("invalid", "duplicate", "unfit"), 0)
        basis = unpriced(snapshot(template.application, None, template))
        outcome |= {"accepted": count, "parts": count, "regions": {"DE": [count, count]}, "basis": basis}
        return Draft.objects.create(
            account=self.desk.account,
            created_by=self.desk.sender,
            name="Task",
            application=template.application,
            template=template,
            scheduled_at=scheduled_at,
            state=DraftState.CHECKED,
            file_name="Numbers.csv",
            file="",
            file_size=1,
            accepted_file=stored_files.store_frame(f"drafts/{first}/accepted.arrow", frame),
            outcome=outcome,
        )

    def _tick_through(self) -> None:
        """Ten seconds of ticks: what waits or has waited for long is looked at every tenth only."""
        for _ in range(10):
            self.now += timedelta(seconds=1)
            set_clock(self.now)
            self.tick()

    def _send_all(self, job: Job) -> None:
        """One chunk of a task, taken whole by the carrier."""
        chunk = run(chunks.claim(BRIDGE, self.owner, job.pk))
        assert chunk is not None
        window = run(chunks.recipients(BRIDGE, chunk))
        assert run(batches.intend(BRIDGE, chunk, self.owner, chunk.hi))
        job.handed.update(one.seq for one in window)
        self._record(job, chunk, window, [0] * len(window), chunk.hi)

    def _choose(self, data: st.DataObject) -> tuple[Job, Task]:
        job = data.draw(st.sampled_from(self.jobs))
        return job, Task.objects.get(pk=job.pk)

    def _job(self, pk: int) -> Job:
        return next(job for job in self.jobs if job.pk == pk)

    def _moves(self, allowed: bool, move: Any) -> None:
        if allowed:
            move()
            return
        with pytest.raises(Refused):
            move()

    def _seqs(self, job: Job, result: Result) -> set[int]:
        found = fetch("SELECT seq FROM message WHERE task_id = %s AND result = %s", job.pk, int(result))
        return {seq for (seq,) in found}

    def _waiting(self, job: Job) -> list[Any]:
        return fetch(
            "SELECT seq FROM message WHERE task_id = %s AND result = 0 AND submitted_at IS NULL", job.pk
        )

    def _record(
        self,
        job: Job,
        chunk: chunks.Chunk,
        window: list[chunks.Recipient],
        fates: list[int],
        batch_hi: int,
    ) -> None:
        codes = {2: "SMPP-0x0000000B", 3: "UNCERTAIN"}
        accepted = [one.seq for one, fate in zip(window, fates, strict=True) if fate == 0]
        keys = [f"{job.pk}-{seq}-{job.handed[seq]}" for seq in accepted]
        written = batches.BatchRecord(
            batch_hi,
            accepted,
            [0] * len(accepted),
            keys,
            None,
            [],
            [(one.seq, fate, codes[fate]) for one, fate in zip(window, fates, strict=True) if fate],
        )
        assert run(batches.record(BRIDGE, chunk, self.owner, self.carrier.pk, written))
        run(chunks.release(BRIDGE, chunk, self.owner))
        job.keys |= dict(zip(keys, accepted, strict=True))


def test_tasks_hold_to_their_rules_in_any_order(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    run_state_machine_as_test(Tasks, settings=MANY)


MANY = settings(
    max_examples=20,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
