"""What a task needs: a carrier, an application, a signature and a template."""

from __future__ import annotations

from typing import Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

from sendmill.accounts.models import Account, Member
from sendmill.billing.models import SERVICE_TYPES
from sendmill.domain.review import ReviewState
from sendmill.domain.status_map import status_map
from sendmill.domain.types import ApplicationType

APPLICATION_TYPES = [
    (ApplicationType.INTERNATIONAL.value, _("International")),
    (ApplicationType.MAINLAND.value, _("Mainland")),
]
REVIEW_STATES = [
    (ReviewState.DRAFT.value, _("Draft")),
    (ReviewState.PENDING.value, _("Pending review")),
    (ReviewState.APPROVED.value, _("Approved")),
    (ReviewState.REJECTED.value, _("Rejected")),
]


class Carrier(models.Model):
    """A connection that takes messages, spoken to over SMPP 3.4; `carrier_fields` describes its settings."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="carriers")
    name = models.CharField(max_length=64)
    enabled = models.BooleanField(default=True)
    host = models.CharField(max_length=255)
    port = models.PositiveIntegerField(default=2775)
    tls = models.BooleanField(default=False)
    tls_verify = models.BooleanField(default=True)
    system_id = models.CharField(max_length=15)
    password = models.CharField(max_length=64, blank=True)
    system_type = models.CharField(max_length=12, blank=True)
    bind = models.CharField(max_length=12, default="transceiver")
    binds = models.PositiveSmallIntegerField(default=1)
    window = models.PositiveIntegerField(default=500)
    rate = models.PositiveIntegerField(default=0)
    default_alphabet = models.CharField(max_length=8, default="gsm7")
    long_messages = models.CharField(max_length=8, default="udh")
    source_ton = models.PositiveSmallIntegerField(null=True, blank=True)
    source_npi = models.PositiveSmallIntegerField(null=True, blank=True)
    dest_ton = models.PositiveSmallIntegerField(default=1)
    dest_npi = models.PositiveSmallIntegerField(default=1)
    id_form = models.CharField(max_length=16, default="as_is")
    default_source = models.CharField(max_length=20, blank=True)
    draining = models.BooleanField(default=False, db_default=False)
    queries = models.BooleanField(default=False, db_default=False)
    match_by_id_alone = models.BooleanField(default=False, db_default=False)
    service_type = models.CharField(max_length=5, default="", blank=True, db_default="")
    validity_minutes = models.PositiveIntegerField(default=0, db_default=0)
    status_map = models.CharField(max_length=2000, default="", blank=True, db_default="")
    registered_delivery = models.CharField(max_length=8, default="final", db_default="final")
    reports = models.CharField(max_length=16, default="by_id", db_default="by_id")
    number_minutes = models.PositiveIntegerField(default=60, db_default=60)
    plain_reports = models.BooleanField(default=False, db_default=False)
    long_reports = models.CharField(max_length=8, default="each", db_default="each")
    last_part_only = models.BooleanField(default=False, db_default=False)
    report_words = models.CharField(max_length=1000, default="", blank=True, db_default="")
    report_errors = models.CharField(max_length=1000, default="", blank=True, db_default="")
    enquire_seconds = models.PositiveIntegerField(default=20, db_default=20)
    silence_seconds = models.PositiveIntegerField(default=0, db_default=0)
    response_seconds = models.PositiveIntegerField(default=30, db_default=30)
    connect_seconds = models.PositiveIntegerField(default=10, db_default=10)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "carrier"
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="carrier_name_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def status_words(self) -> dict[int, str]:
        """Its own words for command statuses."""
        return status_map(self.status_map).words

    @property
    def standing(self) -> Literal["on", "draining", "off"]:
        """Whether it takes messages; a draining one takes none and still brings reports."""
        if not self.enabled:
            return "off"
        return "draining" if self.draining else "on"


class Application(models.Model):
    """Decides which signatures and templates can be chosen, the carrier, and the number rules."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="applications")
    name = models.CharField(_("name"), max_length=64)
    type = models.CharField(_("type"), max_length=13, choices=APPLICATION_TYPES)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, null=True, related_name="applications")
    add_86 = models.BooleanField(
        _("prefix +86"), help_text=_("11 digits starting with 1, and 13 starting with 86.")
    )
    delete_unusual = models.BooleanField(_("delete unusual numbers"), default=False)
    allow_landlines = models.BooleanField(_("allow landlines"), default=False)
    sender_id = models.CharField(_("sender ID"), max_length=20, blank=True)
    app_key = models.CharField(max_length=32, unique=True)
    app_secret_hash = models.CharField(max_length=128, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "application"
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="application_name_once")]

    def __str__(self) -> str:
        return self.name


class Route(models.Model):
    """Numbers that begin with `prefix` go over `carrier`, the longest prefix first, then by `position`.

    With an `application` it is a fail-over carrier of that application, which names its first one itself;
    without one it is for the applications of its `type` (empty: of both) that name no carrier.
    """

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="routes")
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, null=True, related_name="fallbacks"
    )
    type = models.CharField(_("type"), max_length=13, blank=True, choices=APPLICATION_TYPES)
    prefix = models.CharField(_("prefix"), max_length=15, blank=True)
    carrier = models.ForeignKey(Carrier, on_delete=models.PROTECT, related_name="routes")
    position = models.PositiveIntegerField(_("position"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "route"
        constraints = [
            models.UniqueConstraint(
                fields=["account", "application", "type", "prefix", "carrier"],
                name="route_once",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return f"+{self.prefix} → {self.carrier}" if self.prefix else f"* → {self.carrier}"


class Reviewed(models.Model):
    """What signatures and templates share: a review state with who, when and why."""

    state = models.CharField(_("state"), max_length=8, choices=REVIEW_STATES, default=ReviewState.DRAFT.value)
    reason = models.CharField(_("reason"), max_length=255, blank=True)
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    submitted_by = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Signature(Reviewed):
    """The 【name】 in front of a mainland message; needs a channel number to be usable."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="signatures")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="signatures")
    name = models.CharField(_("name"), max_length=32)
    type = models.CharField(_("type"), max_length=12, choices=SERVICE_TYPES)
    channel_number = models.CharField(_("channel number"), max_length=20, blank=True)

    class Meta:
        db_table = "signature"
        constraints = [
            models.UniqueConstraint(fields=["account", "name", "type"], name="signature_name_type_once")
        ]

    def __str__(self) -> str:
        return self.name


class Template(Reviewed):
    """The text of a message with its variables."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="templates")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="templates")
    signature = models.ForeignKey(
        Signature, on_delete=models.PROTECT, null=True, blank=True, related_name="templates"
    )
    universal = models.BooleanField(_("universal"), default=False)
    name = models.CharField(_("name"), max_length=64)
    type = models.CharField(_("type"), max_length=12, choices=SERVICE_TYPES)
    content = models.TextField(_("content"))
    attributes = models.JSONField(default=dict, blank=True)
    active = models.BooleanField(_("activated"), default=False)

    class Meta:
        db_table = "template"
        constraints = [models.UniqueConstraint(fields=["application", "name"], name="template_name_once")]

    def __str__(self) -> str:
        return self.name
