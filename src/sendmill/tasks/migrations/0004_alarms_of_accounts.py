"""An alarm may be about an account: its ledger, its budgets."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tasks", "0003_carriers")]

    operations = [
        migrations.RemoveConstraint(model_name="alarm", name="alarm_raised_once"),
        migrations.AlterField(
            model_name="alarm",
            name="task",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="tasks.task",
            ),
        ),
        migrations.AddConstraint(
            model_name="alarm",
            constraint=models.UniqueConstraint(
                condition=models.Q(("cleared_at", None)),
                fields=("account", "task", "code"),
                name="alarm_raised_once",
                nulls_distinct=False,
            ),
        ),
    ]
