from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("storage", "0003_recent_sends")]
    operations = [
        migrations.RunSQL(
            files("sendmill.message_store").joinpath("carriers.sql").read_text(encoding="utf-8"),
            "DROP TABLE moved_chunk, carrier_sample, carrier_out; "
            "ALTER TABLE chunk DROP COLUMN carrier_id, DROP COLUMN carriers",
        )
    ]
