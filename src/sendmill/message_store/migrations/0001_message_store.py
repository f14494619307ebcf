from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = []
    operations = [
        migrations.RunSQL(
            files("sendmill.message_store").joinpath("schema.sql").read_text(),
            "DROP TABLE message, part, chunk, tally, failure, submission, orphan, sender, bind_state",
        )
    ]
