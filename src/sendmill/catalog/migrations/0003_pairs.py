from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def make_pairs(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """A carrier that only receives could send nothing; what was meant is one half of a pair."""
    apps.get_model("catalog", "Carrier").objects.filter(bind="receiver").update(bind="pair")


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_carriers")]

    operations = [migrations.RunPython(make_pairs, migrations.RunPython.noop)]
