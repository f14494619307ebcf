from django.db import migrations


class Migration(migrations.Migration):
    """`said` is the sentence of a bind as pieces to be translated: [[key, parameters], …]."""

    dependencies = [("storage", "0004_carriers")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE bind_state ADD COLUMN said jsonb NOT NULL DEFAULT '[]'",
            "ALTER TABLE bind_state DROP COLUMN said",
        )
    ]
