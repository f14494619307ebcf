"""Parts of a task for which nothing is held any more while it goes on: those that failed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_audit_of_an_object")]

    operations = [
        migrations.AddField(
            model_name="charge",
            name="released_parts",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
