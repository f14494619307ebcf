"""A task with the whole way of its recipients, and large files of it, for tests and screenshots."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from django.db import connection

from sendmill.accounts.models import Role
from sendmill.catalog.models import Application, Template
from sendmill.tasks import drafts, file_check, large_downloads, message_import
from sendmill.tasks.models import Export, ExportState, Task

if TYPE_CHECKING:
    from tests.rig.scenes import Scene

FILE = (
    "Number,TXT_20,DATE,TIME\n"
    "+1 (202) 555-0140,Zoe,2030/01/02,10:00\n"
    "+12025550141,Ann,2030/01/02,10:30\n"
    "+12025550142,Ben,2030/01/02,11:00\n"
    "+12025550143,Cem,2030/01/02,11:30\n"
)
RAW = "id:5f0c7a11 sub:001 dlvrd:000 submit date:3001020959 done date:3001021004 stat:UNDELIV err:027 text:Hello"


def add_way(scene: Scene) -> Task:
    """Four recipients: one failed with its report, one delivered, one uncertain, one late."""
    used = Application.objects.get(account=scene.account, name="International Demo")
    draft = drafts.create_draft(
        scene.members[Role.SENDER],
        name="Guests_Week49",
        application=used,
        signature=None,
        template=Template.objects.get(application=used, name="Appointment"),
        scheduled_at=None,
        file_name="Guests49.csv",
        content=io.BytesIO(FILE.encode()),
    )
    file_check.check_draft(draft.pk)
    draft.refresh_from_db()
    task = drafts.confirm(draft, scene.members[Role.SENDER])
    message_import.import_task(task.pk)
    with connection.cursor() as cursor:
        cursor.execute(_SENT, {"task": task.pk, "carrier": task.carrier_id, "raw": RAW})
    task.refresh_from_db()
    return task


_SENT = """
UPDATE task SET created_at = now() - interval '30 s' WHERE id = %(task)s;
UPDATE draft SET created_at = now() - interval '60 s' WHERE task_id = %(task)s;
INSERT INTO sender (host, pid) VALUES ('mill-1', 4711);
UPDATE chunk SET owner = (SELECT max(id) FROM sender), attempt = 1, state = 2, next_seq = hi
WHERE task_id = %(task)s;
INSERT INTO submission (id_hash, task_id, seq, part, carrier_id, message_id, submitted_at)
SELECT seq, %(task)s, seq, 0, %(carrier)s, '5f0c7a1' || seq + 1, now() - interval '10 s'
FROM generate_series(0, 2) seq WHERE seq <> 2;
UPDATE message SET submitted_at = now() - interval '10 s' WHERE task_id = %(task)s AND seq < 3;
UPDATE message SET submitted_at = now() - interval '80 h' WHERE task_id = %(task)s AND seq = 3;
UPDATE message SET result = 2, code = 'UNDELIV', reported_at = now() WHERE task_id = %(task)s AND seq = 0;
UPDATE message SET result = 1, code = 'DELIVRD', reported_at = now(), delivered = 1
WHERE task_id = %(task)s AND seq IN (1, 3);
UPDATE message SET result = 3, code = 'UNCERTAIN' WHERE task_id = %(task)s AND seq = 2;
INSERT INTO failure (task_id, seq) VALUES (%(task)s, 0);
UPDATE tally SET successful = 2, failed = 1, uncertain = 1 WHERE task_id = %(task)s;
INSERT INTO report (task_id, seq, part, digest, carrier_id, message_id, code, result, raw)
VALUES (%(task)s, 0, 0, 1, %(carrier)s, '5f0c7a11', 'UNDELIV', 2, %(raw)s),
       (%(task)s, 3, 0, 2, %(carrier)s, '5f0c7a14', 'DELIVRD', 1, replace(%(raw)s, 'UNDELIV', 'DELIVRD'))
"""


def add_exports(scene: Scene, task: Task) -> dict[str, Export]:
    """A large file that is ready, and one that is being made."""
    member = scene.members[Role.ADMIN]
    ready = large_downloads.order("results", task, member, "xlsx")
    large_downloads.make(ready.pk)
    making = large_downloads.order("results", task, member, "csv")
    Export.objects.filter(pk=making.pk).update(state=ExportState.RUNNING, rows=1_000_000, done=450_000)
    return {"ready": ready, "making": making}
