from django.db import migrations, models


class Migration(migrations.Migration):
    """Why a large file for somebody to download was given up."""

    dependencies = [("tasks", "0008_cleared_hold")]
    operations = [migrations.AddField("export", "refusal", models.JSONField(null=True))]
