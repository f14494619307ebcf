"""How long the rows of each table live, and why: one line for every table of the database, ours or not.

A test compares the lines with the database, and docs/RETENTION.md with them. Who adds a table adds its line; who
keeps a person's number says so in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import structlog

from sendmill.message_store.queries import bind_losses, bind_samples, expired_rows
from sendmill.message_store.queries.expired_rows import SENDER_DAYS
from sendmill.runtime.settings import LATE_REPORT_DAYS
from sendmill.tasks import large_downloads, transitions
from sendmill.worker import purge, unreferenced_files
from sendmill.worker.purge import ATTEMPT_DAYS, CLEARED_DAYS, JOB_DAYS, OFFER_DAYS

log = structlog.get_logger(__name__)


class Holds(StrEnum):
    """Whose data a table has."""

    NUMBERS = "numbers of recipients"
    MEMBERS = "members"
    NOBODY = ""


@dataclass(frozen=True)
class Period:
    """How long the rows of `table` live; `remove` takes away what is older and returns how many.

    Without `remove` they live for ever, or as long as what they belong to.
    """

    table: str
    how_long: str
    why: str
    holds: Holds = Holds.NOBODY
    remove: Callable[[], int] | None = None


_MESSAGES = "`SENDMILL_RETENTION_DAYS` after the last task of its range of ids ended"
_EDITED = "for ever"
_REFERRED = "tasks, the audit log and the ledger refer to it"
_BOOKS = "the books of an account are kept whole"
_FRAMEWORK = "definitions of the framework; they do not grow"

PERIODS = (
    # what is sent
    Period("message", _MESSAGES, "who got what, and failed numbers", Holds.NUMBERS, purge.drop_messages),
    Period("part", _MESSAGES, "parts of long messages", remove=purge.drop_messages),
    Period("chunk", _MESSAGES, "what was sent of a task", remove=purge.drop_messages),
    Period("tally", _MESSAGES, "counters; a task has its sums", remove=purge.drop_messages),
    Period("failure", _MESSAGES, "which messages failed", remove=purge.drop_messages),
    Period("report", _MESSAGES, "reports as they came", Holds.NUMBERS, purge.drop_messages),
    Period("moved_chunk", _MESSAGES, "which carrier took what", remove=purge.drop_messages),
    Period(
        "submission",
        f"`SENDMILL_REPORT_HOURS` and {LATE_REPORT_DAYS} days",
        "a report finds its message by the carrier's id, also a late one",
        remove=purge.drop_messages,
    ),
    Period(
        "orphan",
        "`SENDMILL_RECEIVED_DAYS`; never while it is tried again",
        "replies, and reports without a message, are shown",
        Holds.NUMBERS,
        purge.remove_received,
    ),
    Period(
        "recent_send", "24 hours", "limits per number count no further", Holds.NUMBERS, purge.forget_sends
    ),
    # carriers and processes
    Period(
        "report_word",
        "as long as the carrier; at most 100 rows a carrier",
        "words in reports that nobody knows are counted and asked about",
        remove=purge.remove_gone_carriers,
    ),
    Period(
        "carrier_sample", "2 days", "rates and latencies are shown for an hour", remove=bind_samples.forget
    ),
    Period(
        "bind_loss",
        "2 days",
        "binds lost in the last hour are told with what mends it",
        remove=bind_losses.forget,
    ),
    Period(
        "carrier_out",
        "while the carrier is passed over",
        "fail-over; at most one row a carrier",
        remove=purge.remove_gone_carriers,
    ),
    Period(
        "bind_state",
        "until the bind is left; at most one row a bind",
        "what a bind says of itself; of dead senders until another takes the bind",
        remove=expired_rows.delete_senders,
    ),
    Period(
        "sender",
        f"{SENDER_DAYS} days, and as long as a message that it sent",
        "the timeline of a message names the machine",
        remove=expired_rows.delete_senders,
    ),
    Period("task_fault", "until the task goes on or has ended", "why a task was set aside"),
    Period("task_breaker", "until the task has ended", "which carrier takes nothing of a task"),
    Period(
        "bind_fault",
        "until the bind is well, or nothing was heard of it for long",
        "why a bind was set aside",
    ),
    Period("store", _EDITED, "one row: its identity"),
    Period("place", _EDITED, "where the store is at home; a row a place that was confirmed"),
    Period("stamp", _EDITED, "a file outside of the store may name it; a few rows a start of a sender"),
    Period("hold", _EDITED, "why the store was held and who released it; marks that were missing then"),
    # tasks
    Period("task", _EDITED, "its sums, its cost and who sent it; no number is in it"),
    Period(
        "draft",
        "`SENDMILL_DRAFT_DAYS`; confirmed: as long as its task, but files and the numbers shown before OK go with "
        "the messages",
        "what the check found",
        Holds.NUMBERS,
        purge.remove_drafts,
    ),
    Period("export", "`SENDMILL_DOWNLOAD_HOURS`", "a file for download", remove=large_downloads.remove_old),
    Period(
        "alarm", f"{CLEARED_DAYS} days after it was cleared", "what was wrong", remove=purge.remove_alarms
    ),
    # money
    Period("ledger_entry", _EDITED, _BOOKS),
    Period("balance", _EDITED, "the sum of the ledger; one row an account"),
    Period("charge", _EDITED, "what each task cost"),
    Period("package", _EDITED, _BOOKS),
    Period("package_use", _EDITED, _BOOKS),
    Period("budget", _EDITED, "at most three rows an account"),
    Period("price", _EDITED, "what a task cost is explained by the prices of its day"),
    # people, and what they edit
    Period("audit_entry", _EDITED, "who did what; the database refuses to delete it", Holds.MEMBERS),
    Period("account", _EDITED, _REFERRED),
    Period("member", _EDITED, _REFERRED + "; who left is deactivated", Holds.MEMBERS),
    Period("member_groups", _EDITED, "not used"),
    Period("member_user_permissions", _EDITED, "not used"),
    Period("application", _EDITED, _REFERRED),
    Period("signature", _EDITED, _REFERRED),
    Period("template", _EDITED, _REFERRED),
    Period("carrier", _EDITED, _REFERRED),
    Period("route", "until it is deleted", "a person's decision"),
    # signing in
    Period(
        "django_session",
        "`SENDMILL_SESSION_HOURS`",
        "a sign-in that is over is worth nothing",
        Holds.MEMBERS,
        purge.remove_sessions,
    ),
    Period(
        "axes_accessattempt",
        f"{ATTEMPT_DAYS} day",
        "lockout after failed sign-ins",
        Holds.MEMBERS,
        purge.remove_sign_ins,
    ),
    Period(
        "axes_accessattemptexpiration",
        f"{ATTEMPT_DAYS} day",
        "belongs to an attempt",
        remove=purge.remove_sign_ins,
    ),
    Period(
        "axes_accesslog",
        "`SENDMILL_SIGN_IN_DAYS`",
        "addresses and browsers of sign-ins; the audit log has the rest",
        Holds.MEMBERS,
        purge.remove_sign_ins,
    ),
    Period(
        "axes_accessfailurelog",
        "`SENDMILL_SIGN_IN_DAYS`",
        "addresses and browsers of failed sign-ins",
        Holds.MEMBERS,
        purge.remove_sign_ins,
    ),
    Period(
        "otp_totp_totpdevice",
        f"as long as the second factor is on; never confirmed: {OFFER_DAYS} day",
        "the app's key",
        Holds.MEMBERS,
        purge.remove_offers,
    ),
    Period("otp_static_staticdevice", "as long as the second factor is on", "recovery codes", Holds.MEMBERS),
    Period("otp_static_statictoken", "until it is used", "a recovery code", Holds.MEMBERS),
    # jobs
    Period(
        "procrastinate_jobs",
        f"until it succeeded; failed: {JOB_DAYS} days",
        "why something was not done",
        remove=purge.remove_jobs,
    ),
    Period("procrastinate_events", "as long as its job", "when a job was tried", remove=purge.remove_jobs),
    Period("procrastinate_periodic_defers", "until the next turn", "one row a kind of job"),
    Period("procrastinate_workers", "until the worker ended or died", "one row a worker"),
    # the framework
    Period("django_migrations", _EDITED, "which migrations were applied"),
    Period("django_content_type", _EDITED, _FRAMEWORK),
    Period("auth_permission", _EDITED, _FRAMEWORK),
    Period("auth_group", _EDITED, _FRAMEWORK),
    Period("auth_group_permissions", _EDITED, _FRAMEWORK),
)


def run() -> None:
    """Remove everything that was kept long enough. Raises, in the end, what went wrong first."""
    failed: Exception | None = None
    for remove in _removals():
        try:
            count = remove()
        except Exception as error:
            # One table that cannot be cleared must not keep the others from it.
            log.exception("removal failed", what=remove.__name__)
            failed = failed or error
        else:
            if count:
                log.info("removed", what=remove.__name__, count=count)
    if failed is not None:
        raise failed


def as_text() -> str:
    """The table as it stands in docs/RETENTION.md."""
    lines = ["| table | rows live | why | has data of |", "|---|---|---|---|"]
    lines += [f"| `{one.table}` | {one.how_long} | {one.why} | {one.holds} |" for one in PERIODS]
    return "\n".join(lines)


def _removals() -> Iterator[Callable[[], int]]:
    """Each function once, in the order of the table.

    Before the messages go, counters take what came late; files that no row names come last.
    """
    yield transitions.recount_completed
    yield from dict.fromkeys(one.remove for one in PERIODS if one.remove is not None)
    yield unreferenced_files.remove_unreferenced
