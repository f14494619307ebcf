from importlib.resources import files

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Balance",
            fields=[
                (
                    "account",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="accounts.account",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=6, default=0, max_digits=20)),
                ("held", models.DecimalField(decimal_places=6, default=0, max_digits=20)),
            ],
            options={
                "db_table": "balance",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("held__gte", 0)), name="balance_held")
                ],
            },
        ),
        migrations.CreateModel(
            name="Charge",
            fields=[
                ("task_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("type", models.CharField(max_length=12)),
                ("parts", models.JSONField()),
                ("prices", models.JSONField()),
                ("held", models.DecimalField(decimal_places=6, default=0, max_digits=20)),
                ("charged", models.DecimalField(decimal_places=6, default=0, max_digits=20)),
                ("charged_parts", models.JSONField(default=dict)),
                ("released_parts", models.JSONField(db_default={}, default=dict)),
                ("step", models.PositiveIntegerField(default=0)),
                ("seen", models.JSONField(null=True)),
                ("opened_at", models.DateTimeField()),
                ("settled_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
            ],
            options={
                "db_table": "charge",
            },
        ),
        migrations.CreateModel(
            name="Package",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                ("type", models.CharField(default="*", max_length=12)),
                ("region", models.CharField(default="*", max_length=3)),
                ("remaining", models.BigIntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("expires_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="packages",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "db_table": "package",
            },
        ),
        migrations.CreateModel(
            name="LedgerEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("top_up", "Top-up"),
                            ("withdrawal", "Withdrawal"),
                            ("package", "Package"),
                            ("expiry", "Package expired"),
                            ("reservation", "Reserved for a task"),
                            ("charge", "Charged"),
                            ("release", "Reservation released"),
                            ("correction", "Charged by a late report"),
                        ],
                        max_length=12,
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=6, default=0, max_digits=20)),
                ("held", models.DecimalField(decimal_places=6, default=0, max_digits=20)),
                ("amount_after", models.DecimalField(decimal_places=6, default=0, max_digits=20)),
                ("held_after", models.DecimalField(decimal_places=6, default=0, max_digits=20)),
                ("parts", models.BigIntegerField(default=0)),
                ("parts_held", models.BigIntegerField(default=0)),
                ("task_id", models.BigIntegerField(null=True)),
                ("step", models.PositiveIntegerField(null=True)),
                ("note", models.CharField(blank=True, max_length=255)),
                ("detail", models.JSONField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="billing.package",
                    ),
                ),
            ],
            options={
                "db_table": "ledger_entry",
            },
        ),
        migrations.CreateModel(
            name="PackageUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("held", models.BigIntegerField(default=0)),
                ("used", models.BigIntegerField(default=0)),
                (
                    "charge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="uses", to="billing.charge"
                    ),
                ),
                (
                    "package",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="billing.package"
                    ),
                ),
            ],
            options={
                "db_table": "package_use",
            },
        ),
        migrations.CreateModel(
            name="Price",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("verification", "Verification"),
                            ("notification", "Notification"),
                            ("promotion", "Promotion"),
                        ],
                        max_length=12,
                    ),
                ),
                ("region", models.CharField(max_length=3)),
                ("price", models.DecimalField(decimal_places=6, max_digits=12)),
                ("valid_from", models.DateField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="prices",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "db_table": "price",
            },
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("task", "One task"), ("day", "A day"), ("month", "A month")], max_length=5
                    ),
                ),
                ("alarm", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                ("stop", models.DecimalField(decimal_places=6, max_digits=20, null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="budgets",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "db_table": "budget",
                "constraints": [
                    models.UniqueConstraint(fields=("account", "scope"), name="budget_scope_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(fields=["account", "opened_at"], name="charge_account_opened"),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["task_id"], name="charge_open"
            ),
        ),
        migrations.AddIndex(
            model_name="charge",
            index=models.Index(fields=["closed_at"], name="charge_closed_at"),
        ),
        migrations.AddConstraint(
            model_name="charge",
            constraint=models.CheckConstraint(
                condition=models.Q(("charged__gte", 0), ("held__gte", 0)), name="charge_amounts"
            ),
        ),
        migrations.AddConstraint(
            model_name="package",
            constraint=models.CheckConstraint(
                condition=models.Q(("held__gte", 0), ("remaining__gte", models.F("held"))),
                name="package_parts",
            ),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["account", "-id"], name="ledger_entry_account_id"),
        ),
        migrations.AddIndex(
            model_name="ledgerentry",
            index=models.Index(fields=["task_id"], name="ledger_entry_task"),
        ),
        migrations.AddConstraint(
            model_name="ledgerentry",
            constraint=models.UniqueConstraint(
                condition=models.Q(("task_id__isnull", False)),
                fields=("task_id", "step", "kind", "package"),
                name="ledger_entry_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="packageuse",
            constraint=models.UniqueConstraint(fields=("charge", "package"), name="package_use_once"),
        ),
        migrations.AddConstraint(
            model_name="packageuse",
            constraint=models.CheckConstraint(
                condition=models.Q(("held__gte", 0), ("used__gte", 0)), name="package_use_parts"
            ),
        ),
        migrations.AddConstraint(
            model_name="price",
            constraint=models.UniqueConstraint(
                fields=("account", "type", "region", "valid_from"), name="price_once_a_day"
            ),
        ),
        migrations.RunSQL(
            files("sendmill.billing").joinpath("ledger.sql").read_text(encoding="utf-8"),
            """
DROP TRIGGER account_currency ON account;
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind;
DROP TRIGGER package_empty ON package;
DROP TRIGGER package_by_ledger ON package;
DROP TRIGGER balance_by_ledger ON balance;
DROP TRIGGER ledger_entry_append_only ON ledger_entry;
DROP TRIGGER ledger_entry_post ON ledger_entry;
DROP FUNCTION refuse_currency_change, refuse_money_change, refuse_ledger_change, post_ledger_entry;
""",
        ),
    ]
