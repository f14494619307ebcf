from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    """What unforeseen errors set aside, and an index of the chunks that are not done."""

    dependencies = [("storage", "0006_received")]
    operations = [
        migrations.RunSQL(
            files("sendmill.message_store").joinpath("faults.sql").read_text(encoding="utf-8"),
            "DROP INDEX chunk_unsent; DROP TABLE task_fault, bind_fault",
        )
    ]
