"""Every rule of the resources that a task needs, each with an accepted and a refused example.

An example is a call; a refused one must name exactly its rule, by code and in one sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest
from django.db.models import Model

from sendmill.catalog import applications, review, signatures, templates
from sendmill.catalog.models import Application, Signature, Template
from sendmill.domain.violations import Refused

pytestmark = pytest.mark.django_db

Call = Callable[..., object]


def application(name: str = "New", type: str = "international", **more: object) -> Call:
    return lambda mill: applications.create(mill.sender, name=name, type=type, **more)


def signature(name: str = "新纸坊", type: str = "notification", *, home: str = "mainland") -> Call:
    return lambda mill: signatures.create(mill.sender, getattr(mill, home), name=name, type=type)


def abroad(content: str, type: str = "notification") -> Call:
    return lambda mill: templates.create(
        mill.sender, mill.international, name="New", type=type, content=content
    )


def home(content: str, type: str = "notification", **attributes: str) -> Call:
    """A universal mainland template; `v1="TEXT"` gives variable 1 its attribute."""
    named = {name.removeprefix("v"): attribute for name, attribute in attributes.items()}
    return lambda mill: templates.create(
        mill.sender, mill.mainland, name="New", type=type, content=content, attributes=named, universal=True
    )


def bound(content: str = "您好", type: str = "notification", signed: str = "notification") -> Call:
    """A mainland template of a signature."""
    return lambda mill: templates.create(
        mill.sender,
        mill.mainland,
        name="New",
        type=type,
        content=content,
        signature=mill.signature(type=signed),
    )


def after(*calls: Call) -> Call:
    """The last call, once the others have been made."""

    def run(mill: object) -> None:
        for call in calls:
            call(mill)

    return run


def rejected_then_edited(mill: object) -> None:
    draft = signature()(mill)
    review.reject(mill.reviewer, review.submit(mill.sender, draft), "Whose name is it?")
    signatures.edit(mill.sender, draft, name="老纸坊")


def many(count: int) -> str:
    return " ".join(f"{index}: ${{NUM_{index % 20 + 1}}};" for index in range(count))


class Rule(NamedTuple):
    name: str
    code: str
    accepted: Call
    refused: Call


def named(name: str) -> Call:
    """An international template of this name."""
    return lambda mill: templates.create(
        mill.sender, mill.international, name=name, type="notification", content="Closed."
    )


def bare(mill: object) -> None:
    templates.create(mill.sender, mill.mainland, name="New", type="notification", content="您好")


def both(mill: object) -> None:
    templates.create(
        mill.sender,
        mill.mainland,
        name="New",
        type="notification",
        content="您好",
        signature=mill.signature(),
        universal=True,
    )


RULES = [
    Rule("an application has a name", "name_required", application("A"), application("  ")),
    Rule("of at most 64 characters", "name_too_long", application("x" * 64), application("x" * 65)),
    Rule(
        "unique in the account",
        "name_taken",
        after(application("One"), application("Two")),
        application("Abroad"),
    ),
    Rule(
        "its type is international or mainland",
        "application_type",
        application(type="mainland"),
        application(type="lunar"),
    ),
    Rule(
        "its sender ID can be shown",
        "sender_id",
        application(sender_id="Paper Mill"),
        application(sender_id="Paper Mill & Sons"),
    ),
    Rule(
        "a sender ID of digits has 3 to 20",
        "sender_id",
        application(sender_id="+12025550100"),
        application(sender_id="12"),
    ),
    Rule(
        "mainland messages come from the channel number",
        "sender_id_not_allowed",
        application(type="mainland", sender_id=""),
        application(type="mainland", sender_id="Mill"),
    ),
    Rule(
        "only mainland applications have signatures",
        "signature_not_allowed",
        signature(),
        signature(home="international"),
    ),
    Rule("a signature has at least 2 characters", "signature_length", signature("纸坊"), signature("纸")),
    Rule("and at most 32", "signature_length", signature("纸" * 32), signature("纸" * 33)),
    Rule(
        "Chinese, letters and digits",
        "signature_characters",
        signature("Mill纸坊24"),
        signature("Mill-24"),
    ),
    Rule("without its brackets", "signature_characters", signature("纸坊"), signature("【纸坊】")),
    Rule("without spaces inside", "signature_characters", signature(" 纸坊 "), signature("纸 坊")),
    Rule("not digits alone", "signature_digits", signature("24小时"), signature("2424")),
    Rule("of a known type", "service_type", signature(type="promotion"), signature(type="greeting")),
    Rule(
        "name and type unique in the account",
        "signature_taken",
        after(signature("纸坊", "promotion"), signature("纸坊", "verification")),
        after(signature("纸坊"), signature("纸坊")),
    ),
    Rule(
        "upper and lower case differ",
        "signature_taken",
        after(signature("Mill"), signature("MILL")),
        after(signature("Mill"), signature("Mill")),
    ),
    Rule("a template has a name", "name_required", abroad("Closed."), named(" ")),
    Rule(
        "of at most 64 characters",
        "name_too_long",
        named("x" * 64),
        named("x" * 65),
    ),
    Rule(
        "unique in the application",
        "name_taken",
        after(abroad("Closed."), home("您好")),
        after(abroad("Closed."), abroad("Closed again.")),
    ),
    Rule("of a known type", "service_type", abroad("Closed."), abroad("Closed.", "greeting")),
    Rule(
        "a mainland one has a signature or is universal",
        "signature_required",
        bound(),
        bare,
    ),
    Rule(
        "of the same type",
        "signature_of_another_type",
        bound(type="notification"),
        bound(type="promotion", content="特惠，拒收请回复R"),
    ),
    Rule("not both", "universal_with_signature", home("您好"), both),
    Rule(
        "an international one has neither",
        "signature_not_allowed",
        abroad("Closed."),
        lambda mill: templates.create(
            mill.sender, mill.international, name="New", type="notification", content="Hi", universal=True
        ),
    ),
    Rule("content is not empty", "content_empty", abroad("."), abroad(" \n ")),
    Rule("at most 500 characters", "content_too_long", abroad("x" * 500), abroad("x" * 501)),
    Rule(
        "with the signature and its brackets",
        "content_too_long",
        bound("好" * 496),
        bound("好" * 497),
    ),
    Rule("no 【】", "brackets", home("您好"), home("【您好】")),
    Rule("no []", "brackets", abroad("(Hello)"), abroad("[Hello]")),
    Rule("no control characters", "control_character", abroad("One\r\ntwo"), abroad("One\ttwo")),
    Rule("at most 20 variables", "too_many_variables", abroad(many(20)), abroad(many(21))),
    Rule("not variables alone", "only_variables", abroad("Hi ${TXT_5}"), abroad("${TXT_5}")),
    Rule(
        "no two side by side",
        "adjacent_variables",
        abroad("On ${DATE} ${TIME}"),
        abroad("On ${DATE}${TIME}"),
    ),
    Rule("every brace is a variable's", "malformed_variable", home("{1}好", v1="TEXT"), home("好{")),
    Rule("numbers go up to 20", "variable_length", home("好${20}", v20="TEXT"), home("好${21}", v21="TEXT")),
    Rule("names are words", "unknown_variable", home("好${名字}", v名字="TEXT"), home("好${a-b}")),
    Rule(
        "every mainland one has an attribute", "missing_attribute", home("好${1}", v1="MONEY"), home("好${1}")
    ),
    Rule(
        "of the five",
        "unknown_attribute",
        after(home("好${1}", v1="PHONE")),
        home("好${1}", v1="COLOUR"),
    ),
    Rule("TXT_n is for 1 to 20", "variable_length", abroad("Hi ${TXT_20}"), abroad("Hi ${TXT_21}")),
    Rule("NUM_n too", "variable_length", abroad("Hi ${NUM_1}"), abroad("Hi ${NUM_0}")),
    Rule("DATE and TIME stand alone", "unknown_variable", abroad("At ${TIME}"), abroad("At ${TIME_5}")),
    Rule(
        "a verification has a variable",
        "verification_one_variable",
        abroad("Code ${NUM_6}", "verification"),
        abroad("No code", "verification"),
    ),
    Rule(
        "and only one",
        "verification_one_variable",
        home("码${1}", "verification", v1="CHARDIGIT"),
        home("码${1}或${2}", "verification", v1="CHARDIGIT", v2="CHARDIGIT"),
    ),
    Rule(
        "of at most 8 characters",
        "verification_too_long",
        abroad("Code ${TXT_8}", "verification"),
        abroad("Code ${TXT_9}", "verification"),
    ),
    Rule(
        "a promotion has no variables",
        "promotion_variables",
        abroad("Sale! Reply STOP to opt out", "promotion"),
        abroad("Sale, ${TXT_9}! Reply STOP to opt out", "promotion"),
    ),
    Rule(
        "and says how to opt out",
        "promotion_opt_out",
        abroad("Sale! Text STOP to end", "promotion"),
        abroad("Sale! The shop around the corner does not STOPPER", "promotion"),
    ),
    Rule(
        "in Chinese for mainland",
        "promotion_opt_out",
        home("特惠，拒收请回复R", "promotion"),
        home("特惠，回复STOP退订", "promotion"),
    ),
    Rule(
        "a rejection has a reason",
        "reason_missing",
        rejected_then_edited,
        lambda mill: review.reject(mill.reviewer, review.submit(mill.sender, signature()(mill)), " "),
    ),
    Rule(
        "a channel number is digits",
        "channel_number",
        lambda mill: review.set_channel_number(mill.reviewer, mill.signature(), "106900012345"),
        lambda mill: review.set_channel_number(mill.reviewer, mill.signature(), "Mill"),
    ),
]
IDS = [f"{number:02} {rule.name}" for number, rule in enumerate(RULES, 1)]


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_what_keeps_the_rule_is_accepted(mill: object, rule: Rule) -> None:
    rule.accepted(mill)


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_what_breaks_the_rule_is_refused_by_name(mill: object, rule: Rule) -> None:
    with pytest.raises(Refused) as refused:
        rule.refused(mill)
    assert [violation.code for violation in refused.value.violations] == [rule.code]
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "%(" not in sentence


@pytest.mark.parametrize("model", [Application, Signature, Template])
def test_a_refused_creation_leaves_nothing(mill: object, model: type[Model]) -> None:
    count = model.objects.count()
    for call in (application(""), signature("1"), abroad("[]")):
        with pytest.raises(Refused):
            call(mill)
    assert model.objects.count() == count


def test_all_broken_rules_are_named_at_once(mill: object) -> None:
    with pytest.raises(Refused) as refused:
        templates.create(mill.sender, mill.mainland, name="", type="promotion", content="[${1}${2}]")
    codes = {violation.code for violation in refused.value.violations}
    assert codes >= {
        "name_required",
        "signature_required",
        "brackets",
        "missing_attribute",
        "adjacent_variables",
        "promotion_variables",
        "promotion_opt_out",
    }
