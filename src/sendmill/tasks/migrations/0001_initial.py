import uuid
from importlib.resources import files

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        ("catalog", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="task name")),
                ("scheduled_at", models.DateTimeField(blank=True, null=True, verbose_name="scheduled")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "Checking"),
                            ("checked", "Checked"),
                            ("refused", "Refused"),
                            ("confirmed", "Confirmed"),
                        ],
                        default="checking",
                        max_length=9,
                    ),
                ),
                ("file_name", models.CharField(max_length=255)),
                ("file", models.CharField(max_length=255)),
                ("file_size", models.BigIntegerField()),
                ("accepted_file", models.CharField(blank=True, max_length=255)),
                ("deleted_file", models.CharField(blank=True, max_length=255)),
                ("written_file", models.CharField(blank=True, max_length=255)),
                ("refusal", models.JSONField(null=True)),
                ("outcome", models.JSONField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
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
                        related_name="+",
                        to="catalog.signature",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.template"
                    ),
                ),
            ],
            options={
                "db_table": "draft",
            },
        ),
        migrations.CreateModel(
            name="Task",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=64, verbose_name="task name")),
                ("scheduled_at", models.DateTimeField(blank=True, null=True, verbose_name="scheduled")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("executing", "Executing"),
                            ("canceled", "Canceled"),
                            ("completed", "Completed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=255)),
                ("snapshot", models.JSONField()),
                ("priority", models.PositiveSmallIntegerField()),
                ("reasons", models.JSONField(db_default=[], default=list)),
                ("paused", models.BooleanField(default=False)),
                ("ending", models.BooleanField(db_default=False, default=False)),
                ("routed", models.BooleanField(db_default=False, default=False)),
                ("cleared_hold", models.UUIDField(null=True)),
                ("opens_at", models.DateTimeField(null=True)),
                ("closes_at", models.DateTimeField(null=True)),
                (
                    "import_state",
                    models.CharField(
                        choices=[("waiting", "Queued"), ("imported", "Imported"), ("failed", "Failed")],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("accepted", models.PositiveIntegerField()),
                ("invalid", models.PositiveIntegerField()),
                ("duplicate", models.PositiveIntegerField()),
                ("unfit", models.PositiveIntegerField()),
                ("parts", models.PositiveIntegerField()),
                ("successful", models.PositiveIntegerField(default=0)),
                ("failed", models.PositiveIntegerField(default=0)),
                ("uncertain", models.PositiveIntegerField(default=0)),
                ("not_sent", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.application",
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.carrier",
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
                        related_name="+",
                        to="catalog.signature",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="catalog.template"
                    ),
                ),
            ],
            options={
                "db_table": "task",
            },
        ),
        migrations.CreateModel(
            name="Export",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("what", models.CharField(max_length=8)),
                ("kind", models.CharField(max_length=4)),
                ("language", models.CharField(max_length=8)),
                (
                    "state",
                    models.CharField(
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
                ("rows", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("file", models.CharField(blank=True, max_length=255)),
                ("file_size", models.BigIntegerField(default=0)),
                ("refusal", models.JSONField(null=True)),
                ("created_at", models.DateTimeField(auto_now_add=True)),
                ("ready_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.account"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to="tasks.draft",
                    ),
                ),
                (
                    "task",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="exports",
                        to="tasks.task",
                    ),
                ),
            ],
            options={
                "db_table": "export",
            },
        ),
        migrations.AddField(
            model_name="draft",
            name="task",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="tasks.task"
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(fields=["account", "-id"], name="task_account_id"),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("status__in", ["pending", "executing"])),
                fields=["carrier", "priority"],
                name="task_live",
            ),
        ),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                condition=models.Q(("sent_at", None), ("status", "executing")),
                fields=["id"],
                name="task_unsent",
            ),
        ),
        migrations.AddConstraint(
            model_name="task",
            constraint=models.CheckConstraint(
                condition=models.Q(("ending", False), ("paused", True), _connector="OR"),
                name="task_ending_paused",
            ),
        ),
        migrations.RunSQL(
            files("sendmill.tasks").joinpath("notifications.sql").read_text(encoding="utf-8"),
            """
DROP TRIGGER carrier_tells ON carrier;
DROP TRIGGER task_tells ON task;
DROP TRIGGER pending_tells ON task;
DROP FUNCTION sendmill_tell();
""",
        ),
    ]
