from django.db import migrations, models


class Migration(migrations.Migration):
    """A task that was released from a hold of the store, alone."""

    dependencies = [("tasks", "0004_alarms_of_accounts"), ("storage", "0012_stamps")]
    operations = [migrations.AddField("task", "cleared_hold", models.UUIDField(null=True))]
