"""An account in the middle of its work: tasks in every status, drafts in every state, for tests and screenshots."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import polars as pl
from django.db import connection, transaction
from django.utils import timezone
from tests.rig import scene_messages, scene_money

from sendmill.accounts.models import Account, Member, Role
from sendmill.catalog import applications
from sendmill.catalog.demo import account as demo
from sendmill.catalog.models import Application, Signature, Template
from sendmill.catalog.task_snapshot import snapshot
from sendmill.domain.review import ReviewState
from sendmill.domain.task_life import ImportState, TaskStatus
from sendmill.domain.types import ServiceType
from sendmill.message_store.partitions import ensure_partitions
from sendmill.message_store.queries.bulk_import import insert_task_rows
from sendmill.message_store.queries.unsent_messages import end_unsent
from sendmill.tasks import drafts, file_check
from sendmill.tasks.models import Draft, Export, Task

PASSWORD = "every-page-in-order"
BASE = 12_025_550_100


@dataclass
class Scene:
    """What was made: the account, its members by role, tasks and drafts by what they show."""

    account: Account
    members: dict[str, Member]
    tasks: dict[str, Task] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    exports: dict[str, Export] = field(default_factory=dict)


def build(name: str = "Demo", zone: str = "Asia/Shanghai") -> Scene:
    """Make the account with everything in it; each member's password is PASSWORD."""
    account = demo.create_demo(name).account
    Account.objects.filter(pk=account.pk).update(time_zone=zone)
    account.refresh_from_db()
    members = {}
    for role, username in demo.USERNAMES.items():
        member = Member.objects.get(username=username, account=account)
        member.set_password(PASSWORD)
        member.save()
        members[str(role)] = member
    scene = Scene(account, members)
    _add_unusable(scene)
    _add_tasks(scene)
    _add_drafts(scene)
    scene.tasks["way"] = scene_messages.add_way(scene)
    scene.exports = scene_messages.add_exports(scene, scene.tasks["way"])
    scene_money.fill(scene)
    _add_strays(scene)
    return scene


APPEND_ONLY = ("audit_entry", "ledger_entry")  # refuse TRUNCATE


def clear() -> None:
    """Empty every table but those that migrations fill; ids begin anew."""
    kept = ("django_migrations", "django_content_type", "auth_permission")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> ALL(%s)",
            [list(kept)],
        )
        names = ", ".join(name for (name,) in cursor.fetchall())
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        for table in APPEND_ONLY:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")


def _add_unusable(scene: Scene) -> None:
    """Resources that cannot be chosen, so that lists have every state and every reason."""
    admin = scene.members[Role.ADMIN]
    empty, _ = applications.create(admin, name="Alerts Europe", type="international", delete_unusual=True)
    waiting, _ = applications.create(admin, name="Mainland Alerts", type="mainland")
    states = (("云帆", ReviewState.PENDING, ""), ("晨光2", ReviewState.REJECTED, "Name of another company."))
    for name, state, reason in states:
        Signature.objects.create(
            account=scene.account,
            application=waiting,
            name=name,
            type=ServiceType.NOTIFICATION,
            state=state,
            reason=reason,
            created_by=admin,
        )
    Template.objects.create(
        account=scene.account,
        application=empty,
        name="Outage",
        type=ServiceType.NOTIFICATION,
        content="Power is out in your area since ${TIME}. We expect it back by ${TIME}.",
        state=ReviewState.PENDING,
        created_by=admin,
    )


def _add_tasks(scene: Scene) -> None:
    now = timezone.now()
    scene.tasks["canceled"] = add_task(
        scene, "Spring sale_01", "International Demo", "Spring sale", 320, TaskStatus.CANCELED
    )
    scene.tasks["completed"] = add_task(
        scene, "维护通知_11月", "Mainland Demo", "维护通知", 2_480, TaskStatus.COMPLETED
    )
    report(scene.tasks["completed"], [("DELIVRD", 1, 2_391), ("UNDELIV", 2, 71), ("EXPIRED", 2, 18)])
    scene.tasks["long"] = add_task(
        scene, "Appointments_Long", "International Demo", "Appointment", 24, TaskStatus.EXECUTING, parts=2
    )
    report(scene.tasks["long"], [("DELIVRD", 1, 17), ("REJECTD", 2, 2), (None, 3, 3)])
    scene.tasks["pending"] = add_task(
        scene,
        "International SMS_Service Notification_02",
        "International Demo",
        "Maintenance",
        860,
        TaskStatus.PENDING,
        scheduled_at=(now + timedelta(days=1)).replace(hour=2, minute=0, second=0, microsecond=0),
    )
    scene.tasks["paused"] = add_task(
        scene, "Appointments_Week48", "International Demo", "Appointment", 5_200, TaskStatus.EXECUTING
    )
    Task.objects.filter(pk=scene.tasks["paused"].pk).update(paused=True)
    report(scene.tasks["paused"], [("DELIVRD", 1, 1_204), ("UNDELIV", 2, 12), ("ACCEPTD", 0, 40)])
    scene.tasks["ended"] = add_task(
        scene, "Appointments_Week47", "International Demo", "Appointment", 2_600, TaskStatus.EXECUTING
    )
    Task.objects.filter(pk=scene.tasks["ended"].pk).update(paused=True, ending=True)
    report(
        scene.tasks["ended"],
        [("DELIVRD", 1, 903), ("UNDELIV", 2, 8), ("ACCEPTD", 0, 20), ("UNCERTAIN", 3, 2)],
    )
    end_unsent(scene.tasks["ended"].pk)
    scene.tasks["executing"] = add_task(
        scene,
        "International SMS_Service Notification_01",
        "International Demo",
        "Appointment",
        12_400,
        TaskStatus.EXECUTING,
    )
    report(
        scene.tasks["executing"],
        [("DELIVRD", 1, 7_950), ("UNDELIV", 2, 96), ("SMPP-0x0000000B", 2, 21), ("ACCEPTD", 0, 1_300)],
    )
    for task in scene.tasks.values():
        task.refresh_from_db()


def add_task(
    scene: Scene,
    name: str,
    application: str,
    template: str,
    count: int,
    status: TaskStatus,
    parts: int = 1,
    scheduled_at: datetime | None = None,
) -> Task:
    """Make a task with its messages, as its import would have left it."""
    used = Application.objects.get(account=scene.account, name=application)
    text = Template.objects.select_related("signature").get(application=used, name=template)
    now = timezone.now()
    task = Task.objects.create(
        account=scene.account,
        created_by=scene.members[Role.SENDER],
        name=name,
        application=used,
        signature=text.signature,
        template=text,
        scheduled_at=scheduled_at,
        status=status,
        carrier=used.carrier,
        snapshot=snapshot(used, text.signature, text),
        priority=2,
        import_state=ImportState.IMPORTED,
        started_at=None if status == TaskStatus.PENDING else now,
        ended_at=now if status in (TaskStatus.COMPLETED, TaskStatus.CANCELED) else None,
        accepted=count,
        invalid=14,
        duplicate=5,
        unfit=0,
        parts=count * parts,
    )
    frame = pl.DataFrame(
        {
            "row": pl.int_range(2, count + 2, eager=True).cast(pl.Int32),
            "number": pl.int_range(BASE, BASE + count, eager=True).cast(pl.Int64),
            "parts": pl.Series([parts] * count, dtype=pl.Int16),
            "variables": pl.Series([[]] * count, dtype=pl.List(pl.String)),
        }
    )
    with transaction.atomic():
        ensure_partitions(task.pk)
        insert_task_rows(task.pk, frame)
    return task


def report(task: Task, groups: list[tuple[str | None, int, int]]) -> None:
    """Give the first messages of a task these codes and results, as sending would have left them."""
    bounds = [0]
    for _code, _result, count in groups:
        bounds.append(bounds[-1] + count)
    with connection.cursor() as cursor:
        for (code, result, _count), (low, high) in zip(groups, pairwise(bounds), strict=True):
            _report_group(cursor, task, code, result, low, high)
        cursor.execute(
            "UPDATE tally SET successful = found.successful, "
            "failed = found.failed, uncertain = found.uncertain FROM (SELECT seq / 1000 AS n, "
            "count(*) FILTER (WHERE result = 1) AS successful, "
            "count(*) FILTER (WHERE result = 2) AS failed, count(*) FILTER (WHERE result = 3) AS uncertain "
            "FROM message WHERE task_id = %s GROUP BY 1) AS found WHERE tally.task_id = %s AND tally.n = found.n",
            [task.pk, task.pk],
        )
        cursor.execute(
            "UPDATE chunk SET attempt = 1, next_seq = least(hi, %s), state = CASE WHEN hi <= %s THEN 2 ELSE 0 END "
            "WHERE task_id = %s AND lo < %s",
            [bounds[-1], bounds[-1], task.pk, bounds[-1]],
        )
    if task.status == TaskStatus.COMPLETED:
        totals = {result: sum(count for _c, kind, count in groups if kind == result) for result in (1, 2, 3)}
        Task.objects.filter(pk=task.pk).update(successful=totals[1], failed=totals[2], uncertain=totals[3])


def _report_group(cursor: object, task: Task, code: str | None, result: int, low: int, high: int) -> None:
    values = {"task": task.pk, "code": code, "result": result, "low": low, "high": high}
    cursor.execute(  # type: ignore[attr-defined]
        "UPDATE message SET result = %(result)s, code = %(code)s, delivered = CASE %(result)s WHEN 1 THEN parts ELSE 0 "
        "END, submitted_at = now() - interval '90 seconds' + seq * interval '4 milliseconds', "
        "reported_at = CASE WHEN %(code)s::text IS NULL THEN NULL ELSE "
        "now() - interval '88 seconds' + seq * interval '4 milliseconds' END "
        "WHERE task_id = %(task)s AND seq >= %(low)s AND seq < %(high)s",
        values,
    )
    cursor.execute(  # type: ignore[attr-defined]
        "INSERT INTO part (task_id, seq, part, result, submitted_at, reported_at, code) "
        "SELECT task_id, seq, n, result, submitted_at, reported_at, code FROM message, "
        "generate_series(1, parts) AS n WHERE parts > 1 AND task_id = %(task)s AND seq >= %(low)s AND seq < %(high)s",
        values,
    )
    if result == 2:
        cursor.execute(  # type: ignore[attr-defined]
            "INSERT INTO failure (task_id, seq) SELECT %(task)s, generate_series(%(low)s, %(high)s - 1)",
            values,
        )


def _add_strays(scene: Scene) -> None:
    """What came from the carrier and belongs to no message."""
    receipt = (
        "id:7F3A90C2-55B1 sub:001 dlvrd:000 submit date:2611230912 done date:2611230913 stat:UNDELIV err:027 "
        "text:Your appointment"
    )
    rows = [
        ("report", "7F3A90C2-55B1", BASE + 7, "UNDELIV", receipt),
        ("report", "90017", BASE + 8, "DELIVRD", receipt.replace("UNDELIV err:027", "DELIVRD err:000")),
        ("reply", None, 8613800138000, None, "好的，请改到明天下午三点，谢谢！"),
        ("reply", None, BASE + 9, None, "STOP"),
        ("unreadable", None, None, None, "0005000301" + "00ff" * 60),
    ]
    carrier = scene.tasks["completed"].carrier_id
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO orphan (carrier_id, kind, message_id, number, code, raw) VALUES (%s, %s, %s, %s, %s, %s)",
            [(carrier, *row) for row in rows],
        )


GOOD = "Number,TXT_20,DATE,TIME\n" + "".join(
    f"+1202555{100 + n:04d},Guest {n},2030/01/{1 + n % 28:02d},09:30\n" for n in range(40)
)
MIXED = (
    GOOD
    + "+12025550100,Guest 1,2030/01/02,10:00\n"
    + "13112345678,Guest 2,2030/01/02,10:00\n"
    + "+4479,Guest 3,2030/01/02,10:00\n"
    + "8.61E+12,Guest 4,2030/01/02,10:00\n"
    + "+1 (202) 555-0190,Zoë,2030/01/02,10:00\n"
    + "+12025550191,Łucja,2030/01/02,10:00\n"
    + "+12025550192,Guest 5,tomorrow,10:00\n"
    + "+447700900123,Guest 6,2030/01/02,10:00\n"
)
WRONG = "Number,TXT_20,DATE,TIME\n13112345678,Guest,2030/01/02,10:00\n231,Guest,2030/01/02,10:00\n"


def _add_drafts(scene: Scene) -> None:
    contents = {"clean": GOOD, "mixed": MIXED, "wrong": WRONG, "empty": "Number\n", "checking": GOOD}
    used = Application.objects.get(account=scene.account, name="International Demo")
    text = Template.objects.get(application=used, name="Appointment")
    for state, content in contents.items():
        draft = drafts.create_draft(
            scene.members[Role.SENDER],
            name="International SMS_Service Notification_03",
            application=used,
            signature=None,
            template=text,
            scheduled_at=None,
            file_name="Guests48.csv",
            content=io.BytesIO(content.encode()),
        )
        if state != "checking":
            file_check.check_draft(draft.pk)
            draft.refresh_from_db()
        scene.drafts[state] = draft
