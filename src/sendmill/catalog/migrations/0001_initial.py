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
            name="Carrier",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64)),
                ("enabled", models.BooleanField(default=True)),
                ("host", models.CharField(max_length=255)),
                ("port", models.PositiveIntegerField(default=2775)),
                ("tls", models.BooleanField(default=False)),
                ("tls_verify", models.BooleanField(default=True)),
                ("system_id", models.CharField(max_length=15)),
                ("password", models.CharField(blank=True, max_length=64)),
                ("system_type", models.CharField(blank=True, max_length=12)),
                ("bind", models.CharField(default="transceiver", max_length=12)),
                ("binds", models.PositiveSmallIntegerField(default=1)),
                ("window", models.PositiveIntegerField(default=500)),
                ("rate", models.PositiveIntegerField(default=0)),
                ("default_alphabet", models.CharField(default="gsm7", max_length=8)),
                ("long_messages", models.CharField(default="udh", max_length=8)),
                ("source_ton", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("source_npi", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("dest_ton", models.PositiveSmallIntegerField(default=1)),
                ("dest_npi", models.PositiveSmallIntegerField(default=1)),
                ("id_form", models.CharField(default="as_is", max_length=16)),
                ("default_source", models.CharField(blank=True, max_length=20)),
                ("draining", models.BooleanField(db_default=False, default=False)),
                ("queries", models.BooleanField(db_default=False, default=False)),
                ("match_by_id_alone", models.BooleanField(db_default=False, default=False)),
                ("service_type", models.CharField(blank=True, db_default="", default="", max_length=5)),
                ("validity_minutes", models.PositiveIntegerField(db_default=0, default=0)),
                ("registered_delivery", models.CharField(db_default="final", default="final", max_length=8)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="carriers",
                        to="accounts.account",
                    ),
                ),
            ],
            options={
                "db_table": "carrier",
            },
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                (
                    "type",
                    models.CharField(
                        choices=[("international", "International"), ("mainland", "Mainland")],
                        max_length=13,
                        verbose_name="type",
                    ),
                ),
                (
                    "add_86",
                    models.BooleanField(
                        help_text="11 digits starting with 1, and 13 starting with 86.",
                        verbose_name="prefix +86",
                    ),
                ),
                ("delete_unusual", models.BooleanField(default=False, verbose_name="delete unusual numbers")),
                ("allow_landlines", models.BooleanField(default=False, verbose_name="allow landlines")),
                ("sender_id", models.CharField(blank=True, max_length=20, verbose_name="sender ID")),
                ("app_key", models.CharField(max_length=32, unique=True)),
                ("app_secret_hash", models.CharField(blank=True, max_length=128)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="accounts.account",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="catalog.carrier",
                    ),
                ),
            ],
            options={
                "db_table": "application",
            },
        ),
        migrations.CreateModel(
            name="Route",
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
                        blank=True,
                        choices=[("international", "International"), ("mainland", "Mainland")],
                        max_length=13,
                        verbose_name="type",
                    ),
                ),
                ("prefix", models.CharField(blank=True, max_length=15, verbose_name="prefix")),
                ("position", models.PositiveIntegerField(verbose_name="position")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes",
                        to="accounts.account",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fallbacks",
                        to="catalog.application",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routes",
                        to="catalog.carrier",
                    ),
                ),
            ],
            options={
                "db_table": "route",
            },
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Pending review"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=255, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("name", models.CharField(max_length=32, verbose_name="name")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("verification", "Verification"),
                            ("notification", "Notification"),
                            ("promotion", "Promotion"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                (
                    "channel_number",
                    models.CharField(blank=True, max_length=20, verbose_name="channel number"),
                ),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="accounts.account",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="signatures",
                        to="catalog.application",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "signature",
            },
        ),
        migrations.CreateModel(
            name="Template",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("pending", "Pending review"),
                            ("approved", "Approved"),
                            ("rejected", "Rejected"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=255, verbose_name="reason")),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("universal", models.BooleanField(default=False, verbose_name="universal")),
                ("name", models.CharField(max_length=64, verbose_name="name")),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("verification", "Verification"),
                            ("notification", "Notification"),
                            ("promotion", "Promotion"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                ("content", models.TextField(verbose_name="content")),
                ("attributes", models.JSONField(blank=True, default=dict)),
                ("active", models.BooleanField(default=False, verbose_name="activated")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="accounts.account",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="catalog.application",
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "signature",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="catalog.signature",
                    ),
                ),
                (
                    "submitted_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "db_table": "template",
            },
        ),
        migrations.AddConstraint(
            model_name="carrier",
            constraint=models.UniqueConstraint(fields=("account", "name"), name="carrier_name_once"),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(fields=("account", "name"), name="application_name_once"),
        ),
        migrations.AddConstraint(
            model_name="route",
            constraint=models.UniqueConstraint(
                fields=("account", "application", "type", "prefix", "carrier"),
                name="route_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                fields=("account", "name", "type"), name="signature_name_type_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="template",
            constraint=models.UniqueConstraint(fields=("application", "name"), name="template_name_once"),
        ),
    ]
