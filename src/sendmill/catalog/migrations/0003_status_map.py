"""What the command statuses of a carrier mean."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add `status_map`; an older process beside it leaves it empty, which means the defaults."""

    dependencies = [("catalog", "0002_carrier_timers")]
    operations = [
        migrations.AddField(
            model_name="carrier",
            name="status_map",
            field=models.CharField(blank=True, db_default="", default="", max_length=2000),
        )
    ]
