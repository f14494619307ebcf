"""How many messages of a chunk are no longer waiting: several batches of a chunk are open at a time."""

from django.db import migrations

# An older sender does not count: what it hands over counts when its chunk is done, or claimed again.
ADD = "ALTER TABLE chunk ADD COLUMN submitted integer NOT NULL DEFAULT 0"
COUNT = """
UPDATE chunk c SET submitted = c.hi - c.lo - (
    SELECT count(*) FROM message m
    WHERE m.task_id = c.task_id AND m.seq >= c.next_seq AND m.seq < c.hi
      AND m.submitted_at IS NULL AND m.result = 0)
WHERE c.state <> 2 AND c.attempt > 0
"""


class Migration(migrations.Migration):
    """Add `chunk.submitted`, counted for the chunks that are not done."""

    dependencies = [("message_store", "0001_initial")]
    operations = [
        migrations.RunSQL(ADD, "ALTER TABLE chunk DROP COLUMN submitted"),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
