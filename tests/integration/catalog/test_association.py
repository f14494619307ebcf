"""Application → signature → template: what can be chosen, and the exact reason when nothing can."""

from __future__ import annotations

import pytest

from sendmill.catalog import applications, association, carriers, review, signatures, templates
from sendmill.catalog.models import Signature, Template

pytestmark = pytest.mark.django_db


def codes(*choices: association.Choices) -> list[str | None]:
    return [choice.reason and choice.reason.code for choice in choices]


def test_an_account_without_applications_is_told_to_create_one(mill: object, neighbour: object) -> None:
    applications.delete(neighbour.sender, neighbour.mainland)
    applications.delete(neighbour.sender, neighbour.international)
    none = association.applications(neighbour.account)
    assert (none.items, none.reason.code, none.reason.link_name) == ([], "no_application", "applications")
    assert association.applications(mill.account).items == [mill.international, mill.mainland]


def test_the_reasons_for_no_signature_follow_its_way(mill: object) -> None:
    def reason() -> association.Reason | None:
        return association.signatures(mill.mainland).reason

    assert reason().code == "no_signature"
    draft = signatures.create(mill.sender, mill.mainland, name="新坊", type="notification")
    assert reason().code == "no_signature_approved"
    assert "1 draft" in str(reason())
    review.submit(mill.sender, draft)
    assert "1 waiting for review" in str(reason())
    review.reject(mill.reviewer, draft, "No.")
    assert "1 rejected" in str(reason())
    signatures.edit(mill.sender, draft, name="老坊")
    review.approve(mill.reviewer, draft)
    assert reason().code == "no_signature_with_channel"
    assert reason().query == {"application": str(mill.mainland.pk)}
    review.set_channel_number(mill.reviewer, draft, "10690001")
    assert association.signatures(mill.mainland) == association.Choices([draft])


def test_international_applications_need_no_signature(mill: object) -> None:
    choices = association.signatures(mill.international)
    assert (choices.items, choices.reason.code, choices.reason.link_name) == ([], "signature_not_needed", "")


def test_the_reasons_for_no_template_follow_its_way(mill: object) -> None:
    signature, other = mill.signature(), mill.signature("老坊")

    def reason() -> association.Reason | None:
        return association.templates(mill.mainland, signature).reason

    assert reason().code == "no_template"
    mill.template("Other", content="您好", signature=other)
    assert reason().code == "no_template_of_signature"
    draft = templates.create(
        mill.sender, mill.mainland, name="N", type="notification", content="您好", signature=signature
    )
    assert reason().code == "no_template_approved"
    review.approve(mill.reviewer, review.submit(mill.sender, draft))
    assert association.templates(mill.mainland, signature).items == [draft]
    review.deactivate(mill.reviewer, draft)
    assert reason().code == "no_template_activated"
    assert association.templates(mill.mainland, None).reason.code == "signature_required"


def test_a_universal_template_appears_for_every_signature_of_its_type(mill: object) -> None:
    universal = mill.template(content="您好", universal=True)
    for name in ("纸坊", "老坊"):
        assert association.templates(mill.mainland, mill.signature(name)).items == [universal]
    sale = mill.signature("纸坊", "promotion")
    choices = association.templates(mill.mainland, sale)
    assert (choices.items, choices.reason.code) == ([], "no_template_of_signature")


def test_a_universal_template_can_be_too_long_for_a_long_signature(mill: object) -> None:
    universal = mill.template(content="好" * 490, universal=True)
    short, long = mill.signature("纸坊"), mill.signature("纸" * 32)
    assert association.unusable(mill.mainland, short, universal) is None
    assert association.unusable(mill.mainland, long, universal).code == "template_too_long"
    assert association.templates(mill.mainland, long).items == []


def test_templates_of_an_international_application(mill: object) -> None:
    assert codes(association.templates(mill.international, None)) == ["no_template"]
    template = mill.template()
    assert association.templates(mill.international, None).items == [template]


def test_every_reason_why_three_things_are_unusable(mill: object, neighbour: object) -> None:
    signature, template = mill.signature(), mill.template(content="您好", universal=True)
    abroad = mill.template()

    def code(application: object, signature: Signature | None, template: Template) -> str | None:
        reason = association.unusable(application, signature, template)
        assert reason is None or "%(" not in str(reason)
        return reason and reason.code

    assert code(mill.mainland, signature, template) is None
    assert code(mill.international, None, abroad) is None
    assert code(mill.mainland, None, template) == "signature_required"
    assert code(mill.international, signature, abroad) == "signature_not_allowed"
    assert code(mill.mainland, signature, abroad) == "template_of_another_application"
    sale = mill.signature("纸坊", "promotion")
    assert code(mill.mainland, sale, template) == "template_of_another_type"
    bound = mill.template("Bound", content="您好", signature=mill.signature("老坊"))
    assert code(mill.mainland, signature, bound) == "template_of_another_signature"
    second, _ = applications.create(mill.sender, name="Second", type="mainland", carrier=mill.carrier)
    assert code(second, signature, template) == "signature_of_another_application"
    bare, _ = applications.create(mill.sender, name="Bare", type="international")
    assert code(bare, None, abroad) == "no_carrier"
    off = review.deactivate(mill.reviewer, abroad)
    assert code(mill.international, None, off) == "template_deactivated"
    waiting = review.submit(
        mill.sender, signatures.create(mill.sender, mill.mainland, name="新坊", type="notification")
    )
    assert code(mill.mainland, waiting, template) == "signature_not_approved"
    channelless = review.approve(mill.reviewer, waiting)
    assert code(mill.mainland, channelless, template) == "signature_without_channel"
    draft = templates.create(
        mill.sender, mill.mainland, name="N", type="notification", content="您好", signature=signature
    )
    assert code(mill.mainland, signature, draft) == "template_not_approved"
    mill.mainland.carrier = carriers.edit(mill.admin, mill.carrier, enabled=False)
    assert code(mill.mainland, signature, template) == "carrier_disabled"
