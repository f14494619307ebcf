"""What the demo account can send with: a carrier, two applications, signatures, templates and prices."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sendmill.accounts.models import Account, Member, Role
from sendmill.billing import price_list
from sendmill.catalog import applications, carriers, review, signatures, templates
from sendmill.catalog.models import Application, Carrier, Signature, Template
from sendmill.domain.pricing import ANYWHERE
from sendmill.domain.types import ApplicationType, ServiceType

CARRIER = "Simulator"
INTERNATIONAL = "International Demo"
MAINLAND = "Mainland Demo"
SIGNATURE = "示例"
CHANNELS = {
    ServiceType.VERIFICATION: "1069000001",
    ServiceType.NOTIFICATION: "1069000002",
    ServiceType.PROMOTION: "1069000003",
}


@dataclass(frozen=True)
class DemoTemplate:
    """One template of the demo; a mainland one belongs to the demo's signature of its type."""

    application: str
    name: str
    type: ServiceType
    content: str
    attributes: dict[str, str] = field(default_factory=dict)


TEMPLATES = (
    DemoTemplate(
        INTERNATIONAL,
        "Sign-in code",
        ServiceType.VERIFICATION,
        "Your sign-in code is ${NUM_6}. It is valid for 10 minutes. Never tell it to anyone.",
    ),
    DemoTemplate(
        INTERNATIONAL,
        "Appointment",
        ServiceType.NOTIFICATION,
        "Hello ${TXT_20}, your appointment is on ${DATE} at ${TIME}. Call us if you cannot come.",
    ),
    DemoTemplate(
        INTERNATIONAL,
        "Maintenance",
        ServiceType.NOTIFICATION,
        "Our service pauses for maintenance on Saturday from 02:00 to 04:00 UTC.",
    ),
    DemoTemplate(
        INTERNATIONAL,
        "Spring sale",
        ServiceType.PROMOTION,
        "Spring sale: 20% off everything until Sunday. Reply STOP to opt out.",
    ),
    DemoTemplate(
        MAINLAND,
        "验证码",
        ServiceType.VERIFICATION,
        "您的验证码是${1}，10分钟内有效，请勿告诉他人。",
        {"1": "CHARDIGIT"},
    ),
    DemoTemplate(
        MAINLAND,
        "发货通知",
        ServiceType.NOTIFICATION,
        "您的订单${1}将于${2}送达，运费${3}元。",
        {"1": "CHARDIGIT", "2": "DATETIME", "3": "MONEY"},
    ),
    DemoTemplate(
        MAINLAND,
        "维护通知",
        ServiceType.NOTIFICATION,
        "本周六凌晨2点至4点系统维护，服务暂停，敬请谅解。",
    ),
    DemoTemplate(
        MAINLAND,
        "春季特惠",
        ServiceType.PROMOTION,
        "春季特惠，全场八折，本周日截止。拒收请回复R",
    ),
)
PRICES_FROM = date(2024, 1, 1)
PRICES = {
    "AU": "0.0455",
    "CN": "0.0350",
    "DE": "0.0825",
    "FR": "0.0690",
    "GB": "0.0420",
    "HK": "0.0560",
    "IN": "0.0390",
    "JP": "0.0740",
    "SG": "0.0410",
    "US": "0.0079",
    ANYWHERE: "0.0990",
}


@dataclass(frozen=True)
class Team:
    """Who creates the resources and who approves them: the demo's own members, as far as they still can."""

    admin: Member
    author: Member
    judge: Member

    @property
    def can_approve(self) -> bool:
        """Four eyes need two people; otherwise what was submitted waits for a person."""
        return not self.admin.account.four_eyes or self.author != self.judge


def create(account: Account, *, host: str, port: int, system_id: str, password: str) -> None:
    """Create what is missing, as the account's own members do, and point the carrier at the simulator."""
    team = _team(account)
    admin = team.admin
    carrier = _create_carrier(admin, host=host, port=port, system_id=system_id, password=password)
    international = _create_application(admin, INTERNATIONAL, ApplicationType.INTERNATIONAL, carrier)
    mainland = _create_application(admin, MAINLAND, ApplicationType.MAINLAND, carrier)
    signed = {kind: _create_signature(team, mainland, kind) for kind in ServiceType}
    for template in TEMPLATES:
        if template.application == MAINLAND:
            _create_template(team, mainland, signed[template.type], template)
        else:
            _create_template(team, international, None, template)
    for kind in ServiceType:
        for region in sorted(PRICES.keys() - price_list.price_list(account, kind, PRICES_FROM).keys()):
            price_list.set_price(
                admin,
                service_type=kind,
                region=region,
                price=Decimal(PRICES[region]),
                valid_from=PRICES_FROM,
            )


def _team(account: Account) -> Team:
    active = Member.objects.filter(account=account, is_active=True).order_by("id")
    admin = active.filter(role=Role.ADMIN).first()
    if admin is None:
        raise ValueError(f"Account {account} has no active administrator.")
    author = active.filter(role=Role.SENDER).first() or admin
    return Team(admin, author, active.filter(role=Role.REVIEWER).first() or admin)


def _create_carrier(admin: Member, **settings: str | int) -> Carrier:
    carrier = Carrier.objects.filter(account=admin.account, name=CARRIER).first()
    if carrier is None:
        return carriers.create(admin, name=CARRIER, default_source="Sendmill", **settings)
    return carriers.edit(admin, carrier, **settings)


def _create_application(admin: Member, name: str, kind: ApplicationType, carrier: Carrier) -> Application:
    application = Application.objects.filter(account=admin.account, name=name).first()
    if application is None:
        application, _ = applications.create(admin, name=name, type=kind, carrier=carrier)
    return application


def _create_signature(team: Team, application: Application, kind: ServiceType) -> Signature:
    signature = Signature.objects.filter(account=application.account, name=SIGNATURE, type=kind).first()
    if signature is None:
        signature = signatures.create(team.author, application, name=SIGNATURE, type=kind)
        signature = review.submit(team.author, signature)
        if team.can_approve:
            signature = review.approve(team.judge, signature, channel_number=CHANNELS[kind])
    return signature


def _create_template(
    team: Team, application: Application, signature: Signature | None, wanted: DemoTemplate
) -> None:
    if Template.objects.filter(application=application, name=wanted.name).exists():
        return
    template = templates.create(
        team.author,
        application,
        name=wanted.name,
        type=wanted.type,
        content=wanted.content,
        attributes=wanted.attributes,
        signature=signature,
    )
    template = review.submit(team.author, template)
    if team.can_approve:
        review.approve(team.judge, template)
