"""The losses of binds, from which is said which setting mends them."""

from importlib.resources import files

from django.db import migrations

SCHEMA = files("sendmill.message_store").joinpath("schema")


class Migration(migrations.Migration):
    """A table of its own; no process of the release before reads or writes it."""

    dependencies = [("message_store", "0002_submitted")]
    operations = [
        migrations.RunSQL(
            SCHEMA.joinpath("bind_losses.sql").read_text(encoding="utf-8"), "DROP TABLE bind_loss"
        ),
    ]
