"""The timers of a carrier become its settings."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with defaults in the database: a process of the release before writes rows without them."""

    dependencies = [("catalog", "0001_initial")]
    operations = [
        migrations.AddField("carrier", name, models.PositiveIntegerField(default=seconds, db_default=seconds))
        for name, seconds in (
            ("enquire_seconds", 20),
            ("silence_seconds", 0),
            ("response_seconds", 30),
            ("connect_seconds", 10),
        )
    ]
