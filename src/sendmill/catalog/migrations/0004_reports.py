"""Settings of carriers: how they report."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns with defaults of the database: processes of the release before run beside it."""

    dependencies = [("catalog", "0003_status_map")]
    operations = [
        migrations.AddField(
            "carrier", "reports", models.CharField(max_length=16, default="by_id", db_default="by_id")
        ),
        migrations.AddField(
            "carrier", "number_minutes", models.PositiveIntegerField(default=60, db_default=60)
        ),
        migrations.AddField("carrier", "plain_reports", models.BooleanField(default=False, db_default=False)),
        migrations.AddField(
            "carrier", "long_reports", models.CharField(max_length=8, default="each", db_default="each")
        ),
        migrations.AddField(
            "carrier", "last_part_only", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddField(
            "carrier",
            "report_words",
            models.CharField(max_length=1000, default="", blank=True, db_default=""),
        ),
        migrations.AddField(
            "carrier",
            "report_errors",
            models.CharField(max_length=1000, default="", blank=True, db_default=""),
        ),
    ]
