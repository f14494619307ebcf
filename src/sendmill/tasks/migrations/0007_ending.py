"""A task can be ended: what was not handed over is Not sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0005_sent_at")]

    operations = [
        migrations.AlterField(
            model_name="task",
            name="import_state",
            field=models.CharField(
                choices=[("waiting", "Queued"), ("imported", "Imported"), ("failed", "Failed")],
                default="waiting",
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="export",
            name="state",
            field=models.CharField(
                choices=[
                    ("waiting", "Queued"),
                    ("running", "Running"),
                    ("ready", "Ready"),
                    ("failed", "Failed"),
                ],
                default="waiting",
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="task",
            name="ending",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="task",
            name="not_sent",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("ending", False), ("paused", True), _connector="OR"),
                name="task_ending_paused",
            ),
        ),
    ]
