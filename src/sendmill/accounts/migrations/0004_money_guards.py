from importlib.resources import files

from django.db import migrations

DROP = """
DROP TRIGGER account_currency ON account;
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind;
DROP TRIGGER package_empty ON package;
DROP TRIGGER package_by_ledger ON package;
DROP TRIGGER balance_by_ledger ON balance;
DROP TRIGGER ledger_entry_append_only ON ledger_entry;
DROP TRIGGER ledger_entry_post ON ledger_entry;
DROP FUNCTION refuse_currency_change, refuse_money_change, refuse_ledger_change, post_ledger_entry;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_money_tables")]
    operations = [
        migrations.RunSQL(files("sendmill.billing").joinpath("money.sql").read_text(encoding="utf-8"), DROP)
    ]
