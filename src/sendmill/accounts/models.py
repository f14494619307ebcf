"""Accounts (tenants), their members with one of four roles, and the audit log."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class Account(models.Model):
    """A tenant: everything a person sees belongs to one account."""

    name = models.CharField(_("name"), max_length=64, unique=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    four_eyes = models.BooleanField(
        _("four eyes"), default=False, help_text=_("Nobody approves what they submitted themselves.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "account"

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member may do; each role may do what the rules of people name, no more."""

    VIEWER = "viewer", _("Viewer")
    SENDER = "sender", _("Sender")
    REVIEWER = "reviewer", _("Reviewer")
    ADMIN = "admin", _("Admin")


class Member(AbstractUser):
    """A person who signs in. Belongs to exactly one account and has one role in it."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="members")
    role = models.CharField(_("role"), max_length=8, choices=Role.choices, default=Role.VIEWER)
    language = models.CharField(_("language"), max_length=8, blank=True, default="")

    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        db_table = "member"


class AuditEntry(models.Model):
    """One change, sign-in or download. The database refuses to update or delete a row."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    address = models.GenericIPAddressField(null=True)
    action = models.CharField(max_length=32)
    object_type = models.CharField(max_length=32)
    object_id = models.BigIntegerField(null=True)
    object_name = models.CharField(max_length=128, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "audit_entry"
        indexes = [
            models.Index(fields=["account", "-id"], name="audit_entry_account_id"),
            models.Index(fields=["object_type", "object_id", "-id"], name="audit_entry_object"),
        ]
