from django.db import migrations


class Migration(migrations.Migration):
    """What carriers sent that belongs to no message is shown: the newest of a carrier and kind, by key."""

    dependencies = [("storage", "0005_sentences_of_binds")]
    operations = [
        migrations.RunSQL(
            "CREATE INDEX orphan_shown ON orphan (carrier_id, kind, id) WHERE matched_at IS NULL",
            "DROP INDEX orphan_shown",
        )
    ]
