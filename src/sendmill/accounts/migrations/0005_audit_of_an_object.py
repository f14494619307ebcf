"""The history of one thing by index: pages show it, and a paused task asks who paused it every two seconds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_money_guards")]

    operations = [
        migrations.AddIndex(
            model_name="auditentry",
            index=models.Index(fields=["object_type", "object_id", "-id"], name="audit_entry_object"),
        ),
    ]
