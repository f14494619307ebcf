from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("storage", "0001_message_store")]
    operations = [
        migrations.RunSQL(
            files("sendmill.message_store").joinpath("history.sql").read_text(),
            "DROP INDEX submission_submitted_at; DROP TABLE report",
        )
    ]
