"""The tables of release 0."""

from importlib.resources import files

from django.db import migrations

SCHEMA = files("sendmill.message_store").joinpath("schema")


class Migration(migrations.Migration):
    """Every table that the hot path writes; the rest belongs to Django's models."""

    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            SCHEMA.joinpath("messages.sql").read_text(encoding="utf-8"),
            "DROP TABLE message, part, chunk, tally, failure, submission",
        ),
        migrations.RunSQL(
            SCHEMA.joinpath("reports.sql").read_text(encoding="utf-8"), "DROP TABLE orphan, report"
        ),
        migrations.RunSQL(
            SCHEMA.joinpath("senders.sql").read_text(encoding="utf-8"),
            "DROP TABLE sender",
        ),
        migrations.RunSQL(
            SCHEMA.joinpath("marks.sql").read_text(encoding="utf-8"),
            "DROP TABLE store, place, stamp, hold",
        ),
        migrations.RunSQL(
            SCHEMA.joinpath("carriers.sql").read_text(encoding="utf-8"),
            "DROP TABLE bind_state, moved_chunk, carrier_sample, carrier_out",
        ),
        migrations.RunSQL(
            SCHEMA.joinpath("faults.sql").read_text(encoding="utf-8"), "DROP TABLE task_fault, bind_fault"
        ),
        migrations.RunSQL(
            SCHEMA.joinpath("recent_sends.sql").read_text(encoding="utf-8"), "DROP TABLE recent_send"
        ),
    ]
