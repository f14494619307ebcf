"""The jobs of the worker. Each is safe to run again after it was killed at any point."""

from __future__ import annotations

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sendmill.billing import ledger_check
from sendmill.catalog import long_reports, message_id_form, report_meanings
from sendmill.jobs import deferral
from sendmill.message_store.partitions import ensure_partitions
from sendmill.message_store.queries import bind_samples, expired_rows
from sendmill.message_store.queries.bulk_import import delete_task_rows
from sendmill.message_store.queries.task_ids import advance_task_ids
from sendmill.tasks import charging, file_check, large_downloads, lifecycle, message_import
from sendmill.worker import lost_jobs, reconciliation, retention_periods
from sendmill.worker.metrics import LEDGER

# A database or file storage that is away for a while is waited for: 2, 4, 8 … seconds, about 17 minutes.
_AGAIN = RetryStrategy(max_attempts=9, exponential_wait=2)


@app.task(name=deferral.CHECK_DRAFT.name, retry=_AGAIN, pass_context=False)
def check_draft(draft_id: int) -> None:
    """Check the number file of a draft."""
    file_check.check_draft(draft_id)


@app.task(name=deferral.IMPORT_TASK.name, retry=_AGAIN, pass_context=False)
def import_task(task_id: int) -> None:
    """Write the messages of a confirmed task."""
    message_import.import_task(task_id)


@app.task(name=deferral.DELETE_ROWS.name, retry=_AGAIN, pass_context=False)
def delete_rows(task_id: int) -> None:
    """Delete the rows of a deleted task from the message store."""
    delete_task_rows(task_id)


@app.task(name=deferral.END_UNSENT.name, retry=_AGAIN, pass_context=False)
def end_unsent(task_id: int) -> None:
    """Make Not sent what was not handed over of an ended task."""
    lifecycle.end_unsent(task_id)


@app.task(name=deferral.SETTLE_CHARGE.name, retry=_AGAIN, pass_context=False)
def settle_charge(task_id: int) -> None:
    """Charge a task that is over, and release what it did not need."""
    charging.settle(task_id)


@app.periodic(cron="* * * * *", periodic_id="settle_charges")
@app.task(name="settle_charges", queueing_lock="settle_charges")
def settle_charges(timestamp: int) -> None:
    """Charge what tasks under way have sent, and those that are over and were not settled."""
    charging.settle_due()


@app.periodic(cron="*/10 * * * *", periodic_id="settle_late")
@app.task(name="settle_late", queueing_lock="settle_late")
def settle_late(timestamp: int) -> None:
    """Charge what was delivered after its task was over."""
    charging.settle_late()


@app.periodic(cron="27 4 * * *", periodic_id="settle_late_parts")
@app.task(name="settle_late_parts", queueing_lock="settle_late_parts")
def settle_late_parts(timestamp: int) -> None:
    """Charge single parts of failed messages that were delivered after their task was over."""
    charging.settle_late_parts()


@app.periodic(cron="*/15 * * * *", periodic_id="forget_sends")
@app.task(name="forget_sends", queueing_lock="forget_sends")
def forget_sends(timestamp: int) -> None:
    """Delete what the limits per number count no more."""
    expired_rows.delete_recent_sends(timezone.now())


@app.periodic(cron="41 * * * *", periodic_id="add_up")
@app.task(name="add_up", queueing_lock="add_up")
def add_up(timestamp: int) -> None:
    """Expire packages, and see that the ledger adds up."""
    LEDGER.set(len(ledger_check.check_ledger()))


@app.periodic(cron="*/10 * * * *", periodic_id="prepare")
@app.task(name="prepare_partitions", queueing_lock="prepare_partitions")
def prepare_partitions(timestamp: int) -> None:
    """Let task ids jump once a day, and make the partitions of the coming days."""
    advance_task_ids()
    ensure_partitions()


@app.periodic(cron="17 3 * * *", periodic_id="retention")
@app.task(name="drop_old", queueing_lock="drop_old")
def drop_old(timestamp: int) -> None:
    """Remove what was kept long enough."""
    retention_periods.run()


@app.task(name=deferral.MAKE_EXPORT.name, retry=_AGAIN, pass_context=False)
def make_export(export_id: int) -> None:
    """Make a large file that somebody asked for."""
    large_downloads.make(export_id)


@app.task(name=deferral.REMATCH_REPORTS.name, retry=_AGAIN, pass_context=False)
def rematch_reports(carrier_id: int) -> None:
    """Match the unmatched reports of a carrier whose form of ids was changed."""
    message_id_form.run(carrier_id)


@app.task(name=deferral.READ_REPORTS_AGAIN.name, retry=_AGAIN, pass_context=False)
def read_reports_again(carrier_id: int) -> None:
    """Read the reports again that were not final before somebody said what their words mean."""
    report_meanings.run(carrier_id)


@app.task(name=deferral.SETTLE_REPORTED_ONCE.name, retry=_AGAIN, pass_context=False)
def settle_reported_once(carrier_id: int) -> None:
    """Settle the long messages of a carrier that turned out to report them once."""
    long_reports.run(carrier_id)


@app.periodic(cron="*/30 * * * *", periodic_id="forget_samples")
@app.task(name="forget_samples", queueing_lock="forget_samples")
def forget_samples(timestamp: int) -> None:
    """Delete old samples of what carriers did."""
    bind_samples.forget()


@app.periodic(cron="*/15 * * * *", periodic_id="remove_exports")
@app.task(name="remove_exports", queueing_lock="remove_exports")
def remove_exports(timestamp: int) -> None:
    """Remove the files that were kept long enough."""
    large_downloads.remove_old()


@app.periodic(cron="23 * * * *", periodic_id="compare_counters")
@app.task(name="compare_counters", queueing_lock="compare_counters")
def compare_counters(timestamp: int) -> None:
    """Compare the counters of tasks with their messages."""
    reconciliation.sweep_lately()


@app.periodic(cron="47 2 * * *", periodic_id="compare_all_counters")
@app.task(name="compare_all_counters", queueing_lock="compare_all_counters")
def compare_all_counters(timestamp: int) -> None:
    """Compare the counters of every task whose messages can still change."""
    reconciliation.sweep_all()


@app.periodic(cron="*/5 * * * *", periodic_id="sweep")
@app.task(name="start_missing", queueing_lock="start_missing")
def start_missing(timestamp: int) -> None:
    """Start again the checks and imports that should be under way and have no job any more."""
    lost_jobs.defer_again()
