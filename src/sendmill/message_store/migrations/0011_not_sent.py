from django.db import migrations


class Migration(migrations.Migration):
    """Messages of a task that was ended are Not sent (result 4), counted beside the other results."""

    dependencies = [("storage", "0009_faults")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE tally ADD COLUMN not_sent integer NOT NULL DEFAULT 0",
            "ALTER TABLE tally DROP COLUMN not_sent",
        )
    ]
