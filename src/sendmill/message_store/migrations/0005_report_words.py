"""Words in reports of which nobody knows what they mean, counted by carrier."""

from django.db import migrations


class Migration(migrations.Migration):
    """A table of at most some rows a carrier, written when such a report comes."""

    dependencies = [("message_store", "0004_early_orphans")]
    operations = [
        migrations.RunSQL(
            """
            CREATE TABLE report_word (
                carrier_id bigint      NOT NULL,
                word       text        NOT NULL,
                reports    bigint      NOT NULL,
                first_at   timestamptz NOT NULL DEFAULT now(),
                last_at    timestamptz NOT NULL DEFAULT now(),
                PRIMARY KEY (carrier_id, word)
            )
            """,
            "DROP TABLE report_word",
        )
    ]
