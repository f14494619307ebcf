"""The table of breakers: which carriers take nothing of which task."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    """Add `task_breaker`; an older sender beside it does not look at it."""

    dependencies = [("message_store", "0005_report_words")]
    operations = [
        migrations.RunSQL(
            files("sendmill.message_store").joinpath("schema/breakers.sql").read_text(encoding="utf-8"),
            "DROP TABLE task_breaker",
        )
    ]
