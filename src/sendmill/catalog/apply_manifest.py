"""Creates and changes resources until they are as a manifest (YAML or JSON) describes them.

Safe to run twice: the second time nothing changes. Nothing is ever deleted or taken back; what the file
does not mention stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from sendmill.accounts import accounts
from sendmill.accounts.models import Member
from sendmill.billing import price_list
from sendmill.billing.models import Price
from sendmill.catalog import applications, carriers, manifest, review, routes, signatures, templates
from sendmill.catalog.applications import Credentials
from sendmill.catalog.manifest import ManifestError, read_manifest
from sendmill.catalog.models import Application, Carrier, Route, Signature, Template
from sendmill.domain.review import IllegalMove, ReviewState
from sendmill.domain.routing import clean_prefix
from sendmill.domain.violations import Refused


@dataclass(frozen=True)
class Step:
    """What was done for one thing: `done` is created, changed, or empty when it was so already.

    `note` tells why something is not as far as the file wants it: a reviewer has rejected it.
    """

    kind: str
    name: str
    done: str
    note: str = ""


@dataclass
class Applied:
    """All steps in order, and the credentials of new applications, to be shown this once."""

    steps: list[Step] = field(default_factory=list)
    credentials: dict[str, Credentials] = field(default_factory=dict)

    @property
    def changes(self) -> list[Step]:
        """The steps that did something."""
        return [step for step in self.steps if step.done]


def apply(member: Member, document: Any, *, dry_run: bool = False) -> Applied:
    """Apply a parsed document as `member`, all of it or nothing. Raises ManifestError.

    With `dry_run` everything is tried and taken back, so the steps tell what would be done.
    """
    wanted = read_manifest(document)
    with transaction.atomic():
        run = _Run(member, wanted)
        run.apply()
        if run.problems:
            raise ManifestError(run.problems)
        if dry_run:
            transaction.set_rollback(True)
    return run.applied


class _Run:
    """One application of one file."""

    def __init__(self, member: Member, wanted: manifest.Manifest) -> None:
        # Read anew: what is tried and taken back must not stay on the caller's objects.
        self.member = Member.objects.select_related("account").get(pk=member.pk)
        self.account = self.member.account
        self.wanted = wanted
        self.applied = Applied()
        self.problems: list[str] = []

    def apply(self) -> None:
        if self.wanted.account is not None:
            with self._naming("account", self.account.name):
                self._account(self.wanted.account)
        self._each("carrier", self.wanted.carriers, self._carrier)
        self._each("application", self.wanted.applications, self._application)
        self._each("route", self.wanted.routes, self._route)
        self._each("signature", self.wanted.signatures, self._signature)
        self._each("template", self.wanted.templates, self._template)
        self._each("price", self.wanted.prices, self._price)

    def _each(self, kind: str, entries: list[Any], create: Callable[[Any], tuple[str, str]]) -> None:
        for entry in entries:
            name = f"{entry.type} {entry.region}" if kind == "price" else entry.name
            with self._naming(kind, name):
                self.applied.steps.append(Step(kind, name, *create(entry)))

    @contextmanager
    def _naming(self, kind: str, name: str) -> Iterator[None]:
        """Collect the problems of all entries: a person mends them in one go."""
        try:
            with transaction.atomic():
                yield
        except (Refused, IllegalMove, PermissionDenied, _Missing) as error:
            self.problems.append(f"{kind} “{name}”: {error}")

    def _account(self, entry: manifest.AccountEntry) -> None:
        settings = entry.model_dump(exclude_none=True)
        before = {name: getattr(self.account, name) for name in settings}
        self.account = accounts.edit_account(self.member, **settings)
        self.member.account = self.account
        done = "changed" if before != settings else ""
        self.applied.steps.append(Step("account", self.account.name, done))

    def _carrier(self, entry: manifest.CarrierEntry) -> tuple[str, str]:
        settings = entry.model_dump(exclude_none=True)
        row = Carrier.objects.filter(account=self.account, name=entry.name).first()
        if row is None:
            carriers.create(self.member, **settings)
            return "created", ""
        carriers.edit(self.member, row, **settings)
        return _changed(row, settings), ""

    def _application(self, entry: manifest.ApplicationEntry) -> tuple[str, str]:
        settings = entry.model_dump(exclude_none=True, exclude={"type", "carrier"})
        if entry.carrier is not None:
            settings["carrier"] = self._find(Carrier, "carrier", name=entry.carrier)
        row = Application.objects.filter(account=self.account, name=entry.name).first()
        if row is None:
            _, credentials = applications.create(self.member, type=entry.type, **settings)
            self.applied.credentials[entry.name] = credentials
            return "created", ""
        if row.type != entry.type:
            raise _Missing(f"It exists with type {row.type}, and the type of an application never changes.")
        applications.edit(self.member, row, **settings)
        return _changed(row, settings), ""

    def _route(self, entry: manifest.RouteEntry) -> tuple[str, str]:
        application = entry.application and self._find(Application, "application", name=entry.application)
        prefix, kind = clean_prefix(entry.prefix), entry.type or ""
        done = ""
        for name in entry.carriers:
            carrier = self._find(Carrier, "carrier", name=name)
            key = {"application": application or None, "prefix": prefix, "type": kind, "carrier": carrier}
            if prefix is None or not Route.objects.filter(account=self.account, **key).exists():
                routes.add(
                    self.member, carrier, prefix=entry.prefix, type=kind, application=application or None
                )
                done = "created"
        return done, ""

    def _signature(self, entry: manifest.SignatureEntry) -> tuple[str, str]:
        application = self._find(Application, "application", name=entry.application)
        row = Signature.objects.filter(account=self.account, name=entry.name, type=entry.type).first()
        done = ""
        if row is None:
            row = signatures.create(self.member, application, name=entry.name, type=entry.type)
            done = "created"
        elif row.application_id != application.pk:
            raise _Missing(f"It exists in application “{row.application.name}”.")
        row, moved = self._take(row, entry.state)
        channel = entry.channel_number
        if channel and row.channel_number != channel and row.state == ReviewState.APPROVED:
            review.set_channel_number(self.member, row, channel)
            moved = True
        return done or ("changed" if moved else ""), _rejection(row, entry.state)

    def _template(self, entry: manifest.TemplateEntry) -> tuple[str, str]:
        application = self._find(Application, "application", name=entry.application)
        settings: dict[str, Any] = entry.model_dump(
            include={"name", "type", "content", "attributes", "universal"}
        )
        settings["signature"] = entry.signature and self._find(
            Signature, "signature", name=entry.signature, type=entry.type
        )
        row = Template.objects.filter(application=application, name=entry.name).first()
        done = ""
        if row is None:
            row, done = templates.create(self.member, application, **settings), "created"
        elif _changed(row, settings):
            row, done = templates.edit(self.member, row, **settings), "changed"
        row, moved = self._take(row, entry.state)
        if row.state == ReviewState.APPROVED and row.active != entry.active:
            (review.activate if entry.active else review.deactivate)(self.member, row)
            moved = True
        return done or ("changed" if moved else ""), _rejection(row, entry.state)

    def _price(self, entry: manifest.PriceEntry) -> tuple[str, str]:
        key = {"type": entry.type, "region": entry.region.strip().upper(), "valid_from": entry.valid_from}
        row = Price.objects.filter(account=self.account, **key).first()
        if row is not None and row.price == entry.price:
            return "", ""
        price_list.set_price(
            self.member,
            service_type=entry.type,
            region=entry.region,
            price=entry.price,
            valid_from=entry.valid_from,
        )
        return ("created" if row is None else "changed"), ""

    def _take(self, row: Any, aim: str) -> tuple[Any, bool]:
        """Move a draft on towards a state, and never back; what was rejected waits for a person."""
        before = row.state
        if aim != ReviewState.DRAFT and row.state == ReviewState.DRAFT:
            row = review.submit(self.member, row)
        if aim == ReviewState.APPROVED and row.state == ReviewState.PENDING:
            row = review.approve(self.member, row)
        return row, row.state != before

    def _find(self, model: Any, kind: str, **key: str) -> Any:
        row = model.objects.filter(account=self.account, **key).first()
        if row is None:
            raise _Missing(f"There is no {kind} “{key['name']}”.")
        return row


class _Missing(Exception):  # noqa: N818
    """What the file refers to does not exist, or exists in another way."""


def _changed(row: Any, settings: dict[str, Any]) -> str:
    return "changed" if any(getattr(row, name) != value for name, value in settings.items()) else ""


def _rejection(row: Signature | Template, aim: str) -> str:
    rejected = row.state == ReviewState.REJECTED and aim != ReviewState.DRAFT
    return f"rejected: {row.reason}" if rejected else ""
