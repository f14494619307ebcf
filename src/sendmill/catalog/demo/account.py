"""The demo: an account with all that is needed to send to the built-in simulator. Safe to create again."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db import transaction

from sendmill.accounts import audit
from sendmill.accounts.models import Account, Member, Role
from sendmill.billing import ledger
from sendmill.billing.models import LedgerEntry
from sendmill.catalog.demo import resources

USERNAMES = {
    Role.ADMIN: "demo",
    Role.SENDER: "demo-sender",
    Role.REVIEWER: "demo-reviewer",
    Role.VIEWER: "demo-viewer",
}
FILE_NAME = "demo.json"
BALANCE = Decimal(1_000_000)  # pays for ten million parts at the demo's highest price


@dataclass(frozen=True)
class Login:
    """How one member of the demo signs in; the password is empty once the member has changed it."""

    role: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class DemoCredentials:
    """The account of the demo and its logins, the administrator's first."""

    account: Account
    logins: list[Login]

    @property
    def username(self) -> str:
        """The administrator's name."""
        return self.logins[0].username

    @property
    def password(self) -> str:
        """The administrator's password, empty once it was changed."""
        return self.logins[0].password


def create_demo(
    account_name: str = "Demo",
    *,
    host: str = "127.0.0.1",
    port: int = 2775,
    system_id: str = "demo",
    password: str = "demo",  # noqa: S107
    data_dir: Path | None = None,
) -> DemoCredentials:
    """Create the demo, or what is missing of it, and return how to sign in.

    Its carrier is pointed at the simulator on `host` and `port` each time. Passwords are made once and kept
    in `demo.json` of the data folder with mode 600, so that a second start shows the same ones.
    """
    with transaction.atomic():
        account, made = Account.objects.select_for_update().get_or_create(name=account_name)
        if made:
            audit.record(member=None, account=account, action="create", subject=account)
        logins = _create_members(account, data_dir or settings.MEDIA_ROOT.parent)
        if not LedgerEntry.objects.filter(account=account).exists():
            ledger.top_up(account, BALANCE, note="Play money")
        resources.create(account, host=host, port=port, system_id=system_id, password=password)
    return DemoCredentials(account, logins)


def _create_members(account: Account, data_dir: Path) -> list[Login]:
    path = data_dir / FILE_NAME
    kept = _read(path)
    logins = []
    for role, username in USERNAMES.items():
        member = Member.objects.filter(username=username).first()
        password = kept.get(username, {}).get("password", "")
        if member is None:
            password = password or secrets.token_urlsafe(9)
            member = Member(account=account, username=username, role=role)
            member.set_password(password)
            member.save()
            audit.record(member=None, action="create", subject=member, after={"role": role})
            kept[username] = {"password": password, "of": _fingerprint(member)}
        elif kept.get(username, {}).get("of") != _fingerprint(member):
            password = ""
        logins.append(Login(role, username, password))
    _write(path, kept)
    return logins


def _fingerprint(member: Member) -> str:
    """Tells whether the kept password is still the member's, without the cost of checking it."""
    return sha256(member.password.encode()).hexdigest()[:16]


def _read(path: Path) -> dict[str, dict[str, str]]:
    try:
        kept: dict[str, dict[str, str]] = json.loads(path.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    return kept


def _write(path: Path, kept: dict[str, dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(kept, indent=2))
    draft.replace(path)
