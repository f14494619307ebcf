from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    """Marks that tell an older store, the places of a store, and holds."""

    dependencies = [("storage", "0011_not_sent"), ("accounts", "0001_initial")]
    operations = [
        migrations.RunSQL(
            files("sendmill.message_store").joinpath("stamps.sql").read_text(),
            "DROP TABLE store, place, stamp, hold; ALTER TABLE sender DROP COLUMN run, DROP COLUMN place, "
            "DROP COLUMN verified_at, DROP COLUMN postmaster, DROP COLUMN ended_at",
        )
    ]
