"""An account with a team and resources of each kind, made through the product's own functions."""

from __future__ import annotations

from dataclasses import dataclass

from sendmill.accounts.accounts import create_account
from sendmill.accounts.models import Account, Member, Role
from sendmill.catalog import applications, carriers, review, signatures, templates
from sendmill.catalog.models import Application, Carrier, Signature, Template


@dataclass(frozen=True)
class Mill:
    """One account, its people, and an application of each type."""

    account: Account
    admin: Member
    sender: Member
    reviewer: Member
    viewer: Member
    carrier: Carrier
    international: Application
    mainland: Application

    def signature(self, name: str = "纸坊", type: str = "notification") -> Signature:
        """An approved signature with a channel number."""
        draft = signatures.create(self.sender, self.mainland, name=name, type=type)
        return review.approve(self.reviewer, review.submit(self.sender, draft), channel_number="10690001")

    def template(
        self,
        name: str = "Notice",
        type: str = "notification",
        content: str = "We are closed on Monday.",
        *,
        signature: Signature | None = None,
        universal: bool = False,
    ) -> Template:
        """An approved and activated template: mainland with a signature or universal, else international."""
        home = self.mainland if signature is not None or universal else self.international
        draft = templates.create(
            self.sender,
            home,
            name=name,
            type=type,
            content=content,
            signature=signature,
            universal=universal,
        )
        return review.approve(self.reviewer, review.submit(self.sender, draft))


def build(name: str) -> Mill:
    """An account of this name; its members' names begin with it."""
    account, admin = create_account(name, username=f"{name}-admin")
    people = {
        role: Member.objects.create(account=account, username=f"{name}-{role.value}", role=role)
        for role in (Role.SENDER, Role.REVIEWER, Role.VIEWER)
    }
    carrier = carriers.create(
        admin, name="Line", host="127.0.0.1", port=2775, system_id="mill", default_source="Mill"
    )
    international, _ = applications.create(admin, name="Abroad", type="international", carrier=carrier)
    mainland, _ = applications.create(admin, name="Home", type="mainland", carrier=carrier)
    return Mill(
        account,
        admin,
        people[Role.SENDER],
        people[Role.REVIEWER],
        people[Role.VIEWER],
        carrier,
        international,
        mainland,
    )
