from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("storage", "0002_history")]
    operations = [
        migrations.RunSQL(
            files("sendmill.message_store").joinpath("recent_sends.sql").read_text(encoding="utf-8"),
            "DROP TABLE recent_send",
        )
    ]
