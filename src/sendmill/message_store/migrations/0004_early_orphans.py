"""Orphans that may merely be early, and the number at a report's other end."""

from django.db import migrations


class Migration(migrations.Migration):
    """`early`: batches were open when the report came that were not recorded; `other`: as in `ReportToMatch`."""

    dependencies = [("message_store", "0003_bind_loss")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE orphan ADD COLUMN early boolean NOT NULL DEFAULT false, ADD COLUMN other bigint",
            "ALTER TABLE orphan DROP COLUMN early, DROP COLUMN other",
        )
    ]
