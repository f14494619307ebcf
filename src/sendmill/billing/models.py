"""The money of accounts: balance, packages, charges, the ledger, budgets and the price list.

The ledger is the truth about money and is only ever added to: a trigger carries each entry into `balance`
and `package`, and these two refuse to be changed in any other way. So they are the sums of their entries
at all times, whatever a program does.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from sendmill.accounts.models import Account, Member
from sendmill.domain.pricing import ANYWHERE
from sendmill.domain.types import ServiceType

ANY = ANYWHERE  # a package for every service type, or for every region


SERVICE_TYPES = [
    (ServiceType.VERIFICATION.value, _("Verification")),
    (ServiceType.NOTIFICATION.value, _("Notification")),
    (ServiceType.PROMOTION.value, _("Promotion")),
]


class EntryKind(models.TextChoices):
    """What a ledger entry stands for."""

    TOP_UP = "top_up", _("Top-up")
    WITHDRAWAL = "withdrawal", _("Withdrawal")
    PACKAGE = "package", _("Package")
    EXPIRY = "expiry", _("Package expired")
    RESERVATION = "reservation", _("Reserved for a task")
    CHARGE = "charge", _("Charged")
    RELEASE = "release", _("Reservation released")
    CORRECTION = "correction", _("Charged by a late report")


class Balance(models.Model):
    """What an account owns (`amount`), and what of it is held for tasks under way (`held`)."""

    account = models.OneToOneField(Account, on_delete=models.PROTECT, primary_key=True, related_name="+")
    amount = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    held = models.DecimalField(max_digits=20, decimal_places=6, default=0)

    class Meta:
        db_table = "balance"
        constraints = [models.CheckConstraint(condition=models.Q(held__gte=0), name="balance_held")]


class Package(models.Model):
    """Prepaid parts of a service type to a region (`*`: any), until they expire.

    `remaining` counts those that are not used, `held` those of them that are held for tasks.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="packages")
    name = models.CharField(_("name"), max_length=64)
    type = models.CharField(max_length=12, default=ANY)
    region = models.CharField(max_length=3, default=ANY)
    remaining = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "package"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(held__gte=0, remaining__gte=models.F("held")), name="package_parts"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Charge(models.Model):
    """What one task costs: `parts` and `prices` by region as confirmed, what is held, what was charged.

    `held` and `charged` are money; what packages pay for is in PackageUse. `charged_parts` are the parts
    charged so far by region, with packages and money together, and `released_parts` those for which nothing is
    held any more because they will not be charged. `seen` tells what the message store counted
    when it was settled last. The task is named by id only, since a deleted one leaves its entries.
    """

    task_id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    type = models.CharField(max_length=12)
    parts = models.JSONField()
    prices = models.JSONField()
    held = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    charged = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    charged_parts = models.JSONField(default=dict)
    released_parts = models.JSONField(default=dict, db_default={})
    step = models.PositiveIntegerField(default=0)
    seen = models.JSONField(null=True)
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "charge"
        indexes = [
            models.Index(fields=["account", "opened_at"], name="charge_account_opened"),
            models.Index(fields=["task_id"], name="charge_open", condition=models.Q(closed_at__isnull=True)),
            models.Index(fields=["closed_at"], name="charge_closed_at"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(held__gte=0, charged__gte=0), name="charge_amounts")
        ]


class PackageUse(models.Model):
    """Parts of a package for one task: still held, and used."""

    charge = models.ForeignKey(Charge, on_delete=models.PROTECT, related_name="uses")
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="+")
    held = models.BigIntegerField(default=0)
    used = models.BigIntegerField(default=0)

    class Meta:
        db_table = "package_use"
        constraints = [
            models.UniqueConstraint(fields=["charge", "package"], name="package_use_once"),
            models.CheckConstraint(condition=models.Q(held__gte=0, used__gte=0), name="package_use_parts"),
        ]


class LedgerEntry(models.Model):
    """One movement of money or of prepaid parts; never changed, never deleted.

    `amount` and `held` are the changes of the balance, `parts` and `parts_held` those of the package, if
    one is named. `amount_after` and `held_after` are the account's after it, set by the database. Entries
    of a task carry its `step`: a step of a task moves each pot once, whoever tries.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=12, choices=EntryKind.choices)
    amount = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    held = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    amount_after = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    held_after = models.DecimalField(max_digits=20, decimal_places=6, default=0)
    package = models.ForeignKey(Package, on_delete=models.PROTECT, null=True, related_name="+")
    parts = models.BigIntegerField(default=0)
    parts_held = models.BigIntegerField(default=0)
    task_id = models.BigIntegerField(null=True)
    step = models.PositiveIntegerField(null=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.CharField(max_length=255, blank=True)
    detail = models.JSONField(null=True)

    class Meta:
        db_table = "ledger_entry"
        indexes = [
            models.Index(fields=["account", "-id"], name="ledger_entry_account_id"),
            models.Index(fields=["task_id"], name="ledger_entry_task"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["task_id", "step", "kind", "package"],
                name="ledger_entry_once",
                nulls_distinct=False,
                condition=models.Q(task_id__isnull=False),
            )
        ]


class BudgetScope(models.TextChoices):
    """What a budget limits."""

    TASK = "task", _("One task")
    DAY = "day", _("A day")
    MONTH = "month", _("A month")


class Budget(models.Model):
    """A cap on what a task, or the tasks started in a day or month, may cost in money.

    Reaching `alarm` is written to the audit log; what would go beyond `stop` is refused.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="budgets")
    scope = models.CharField(max_length=5, choices=BudgetScope.choices)
    alarm = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    stop = models.DecimalField(max_digits=20, decimal_places=6, null=True)

    class Meta:
        db_table = "budget"
        constraints = [models.UniqueConstraint(fields=["account", "scope"], name="budget_scope_once")]

    def __str__(self) -> str:
        return str(self.get_scope_display())


class Price(models.Model):
    """Price of one part by service type and destination region (`*`: any other), from a date on."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="prices")
    type = models.CharField(max_length=12, choices=SERVICE_TYPES)
    region = models.CharField(max_length=3)
    price = models.DecimalField(max_digits=12, decimal_places=6)
    valid_from = models.DateField()

    class Meta:
        db_table = "price"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "type", "region", "valid_from"], name="price_once_a_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.region}"
