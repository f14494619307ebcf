"""Templates, signatures and values: each rule once kept and once broken."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sendmill.domain.rendering import Renderer
from sendmill.domain.segments import Encoding, encode_parts
from sendmill.domain.templates import (
    RULES,
    Attribute,
    Template,
    TemplateError,
    Variable,
    explain_unfit,
    parse,
    render,
    render_column,
    sample_values,
    signature_violations,
    unfit_column,
    variable_names,
    violations,
)
from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.domain.variables import UNFIT

INTERNATIONAL, MAINLAND = ApplicationType.INTERNATIONAL, ApplicationType.MAINLAND
VERIFICATION, NOTIFICATION, PROMOTION = (
    ServiceType.VERIFICATION,
    ServiceType.NOTIFICATION,
    ServiceType.PROMOTION,
)


def codes(
    content: str,
    kind: ApplicationType,
    service: ServiceType = NOTIFICATION,
    signature: str | None = None,
    attributes: dict[str, str] | None = None,
) -> list[str]:
    broken = violations(content, kind, service, signature, attributes)
    assert all(str(violation) for violation in broken)
    return [violation.code for violation in broken]


@pytest.mark.parametrize(
    ("content", "service"),
    [
        ("Your code is ${NUM_6}.", VERIFICATION),
        ("Your code is ${TXT_8}.", VERIFICATION),
        ("Come at ${TIME}.", VERIFICATION),
        ("Dear ${TXT_20}, your order ${NUM_12} comes on ${DATE} at ${TIME}.", NOTIFICATION),
        ("Price: $5 {net} }{ 100%", NOTIFICATION),
        ("Line one\nline two\r\nline three", NOTIFICATION),
        ("Sale! Reply STOP to opt out", PROMOTION),
        ("Sale! Stop: text stop", PROMOTION),
        ("大减价，回复STOP退订", PROMOTION),
        ("a" * 500, NOTIFICATION),
        (" ".join(["${NUM_1}"] * 20) + ".", NOTIFICATION),
    ],
)
def test_international_templates_that_keep_the_rules(content: str, service: ServiceType) -> None:
    assert codes(content, INTERNATIONAL, service) == []


@pytest.mark.parametrize(
    ("content", "service", "broken"),
    [
        ("", NOTIFICATION, ["content_empty"]),
        (" \n ", NOTIFICATION, ["content_empty"]),
        ("a" * 501, NOTIFICATION, ["content_too_long"]),
        ("[x]", NOTIFICATION, ["brackets"]),
        ("【x】", NOTIFICATION, ["brackets"]),
        ("a\x00b", NOTIFICATION, ["control_character"]),
        ("a\tb", NOTIFICATION, ["control_character"]),
        ("a ${TXT_0}", NOTIFICATION, ["variable_length"]),
        ("a ${TXT_21}", NOTIFICATION, ["variable_length"]),
        ("a ${TXT_05}", NOTIFICATION, ["variable_length"]),
        ("a ${NUM_99999999999999999999}", NOTIFICATION, ["variable_length"]),
        ("a ${name}", NOTIFICATION, ["unknown_variable"]),
        ("a ${txt_5}", NOTIFICATION, ["unknown_variable"]),
        ("a ${TXT_5", NOTIFICATION, ["malformed_variable"]),
        ("a ${TXT_5} ${", NOTIFICATION, ["malformed_variable"]),
        (" ".join(["${NUM_1}"] * 21) + ".", NOTIFICATION, ["too_many_variables"]),
        ("${NUM_1}", NOTIFICATION, ["only_variables"]),
        ("${NUM_1} \n ${NUM_2}", NOTIFICATION, ["only_variables"]),
        ("a ${NUM_1}${NUM_2}", NOTIFICATION, ["adjacent_variables"]),
        ("a", VERIFICATION, ["verification_one_variable"]),
        ("a ${NUM_1} ${NUM_2}", VERIFICATION, ["verification_one_variable"]),
        ("a ${NUM_9}", VERIFICATION, ["verification_too_long"]),
        ("a ${DATE}", VERIFICATION, ["verification_too_long"]),
        ("STOP ${NUM_1}", PROMOTION, ["promotion_variables"]),
        ("Sale!", PROMOTION, ["promotion_opt_out"]),
        ("Unstoppable sale! 拒收请回复R", PROMOTION, ["promotion_opt_out"]),
    ],
)
def test_international_templates_that_break_a_rule(
    content: str, service: ServiceType, broken: list[str]
) -> None:
    assert codes(content, INTERNATIONAL, service) == broken


@pytest.mark.parametrize(
    ("content", "service", "signature", "attributes"),
    [
        ("验证码${1}，五分钟内有效", VERIFICATION, "签名", {"1": "CHARDIGIT"}),
        ("尊敬的${name}，订单{order_no}将于${20}送达", NOTIFICATION, None, {
            "name": "TEXT", "order_no": "CHARDIGIT", "20": "DATETIME",
        }),
        ("${姓名}，您好", NOTIFICATION, "签名", {"姓名": "TEXT"}),
        ("大减价，拒收请回复R", PROMOTION, "签名", None),
        ("中" * 496, NOTIFICATION, "签名", None),
    ],
)  # fmt: skip
def test_mainland_templates_that_keep_the_rules(
    content: str, service: ServiceType, signature: str | None, attributes: dict[str, str] | None
) -> None:
    assert codes(content, MAINLAND, service, signature, attributes) == []


@pytest.mark.parametrize(
    ("content", "service", "attributes", "broken"),
    [
        ("中" * 497, NOTIFICATION, None, ["content_too_long"]),
        ("您好${1}", NOTIFICATION, None, ["missing_attribute"]),
        ("您好${1}", NOTIFICATION, {"1": "NUM"}, ["unknown_attribute"]),
        ("您好${0}", NOTIFICATION, {"0": "TEXT"}, ["variable_length"]),
        ("您好${21}", NOTIFICATION, {"21": "TEXT"}, ["variable_length"]),
        ("您好${a-b}", NOTIFICATION, {"a-b": "TEXT"}, ["unknown_variable"]),
        ("您好${}", NOTIFICATION, {"": "TEXT"}, ["unknown_variable"]),
        ("您好}", NOTIFICATION, None, ["malformed_variable"]),
        ("您好${1}{", NOTIFICATION, {"1": "TEXT"}, ["malformed_variable"]),
        ("您好${1}${2}", NOTIFICATION, {"1": "TEXT", "2": "TEXT"}, ["adjacent_variables"]),
        ("您好${1}${1}", NOTIFICATION, {"1": "TEXT"}, ["adjacent_variables"]),
        ("验证码${1}和${2}", VERIFICATION, {"1": "TEXT", "2": "TEXT"}, ["verification_one_variable"]),
        ("大减价", PROMOTION, None, ["promotion_opt_out"]),
        ("大减价${1}", PROMOTION, {"1": "TEXT"}, ["promotion_variables", "promotion_opt_out"]),
        ("Reply STOP", PROMOTION, None, ["promotion_opt_out"]),
    ],
)
def test_mainland_templates_that_break_a_rule(
    content: str, service: ServiceType, attributes: dict[str, str] | None, broken: list[str]
) -> None:
    assert codes(content, MAINLAND, service, "签名", attributes) == broken


def test_international_applications_have_no_signature() -> None:
    assert codes("Hello", INTERNATIONAL, signature="ab") == ["signature_not_allowed"]


def test_a_broken_rule_names_its_numbers() -> None:
    (broken,) = violations("a" * 501, INTERNATIONAL, NOTIFICATION, None)
    assert str(broken) == (
        "The content has 501 characters with the signature and its brackets; at most 500 are allowed."
    )
    (broken,) = violations("ab ${TXT_5", INTERNATIONAL, NOTIFICATION, None)
    assert "at character 4" in str(broken)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("签名", []),
        ("Ab", []),
        ("A1", []),
        ("中" * 32, []),
        ("𠮷野", []),
        ("中", ["signature_length"]),
        ("中" * 33, ["signature_length"]),
        ("", ["signature_length"]),
        ("12", ["signature_digits"]),
        ("1", ["signature_length", "signature_digits"]),
        ("【签名】", ["signature_characters"]),
        ("a b", ["signature_characters"]),
        ("a_b", ["signature_characters"]),
        ("Müller", ["signature_characters"]),
        ("ab\n", ["signature_characters"]),
    ],
)
def test_signatures(name: str, broken: list[str]) -> None:
    assert [violation.code for violation in signature_violations(name)] == broken


def test_parsing_takes_a_template_apart() -> None:
    template = parse("Dear ${TXT_20}, from ${DATE} to ${DATE}", INTERNATIONAL)
    assert template.pieces == ("Dear ", 0, ", from ", 1, " to ", 2)
    assert template.variables == (
        Variable("TXT_20", Attribute.TXT, 20),
        Variable("DATE", Attribute.DATE, 10),
        Variable("DATE (2)", Attribute.DATE, 10),
    )


def test_a_mainland_name_that_appears_again_is_the_same_variable() -> None:
    template = parse("{b}与${1}与${b}", MAINLAND, {"b": "TEXT", "1": "PHONE"})
    assert template.pieces == (0, "与", 1, "与", 0)
    assert template.variables == (Variable("b", Attribute.TEXT, 20), Variable("1", Attribute.PHONE, 15))
    assert render(template, ["甲", "10086"], "签名") == "【签名】甲与10086与甲"
    assert Renderer(template, "签名").text(["甲", "10086"]) == "【签名】甲与10086与甲"


def test_a_verification_value_is_held_to_eight_characters() -> None:
    template = parse("码${1}", MAINLAND, {"1": "CHARDIGIT"}, service_type=VERIFICATION)
    assert template.variables[0].max_length == 8


def test_parsing_refuses_with_every_reason() -> None:
    with pytest.raises(TemplateError) as refused:
        parse("${x} ${y} ${", INTERNATIONAL)
    assert [violation.code for violation in refused.value.violations] == [
        "malformed_variable",
        "unknown_variable",
        "unknown_variable",
    ]
    assert "${x}" in str(refused.value)


def test_names_of_variables_before_they_have_attributes() -> None:
    assert variable_names("您好${1}，{b}，${1}", MAINLAND) == ["1", "b"]
    assert variable_names("Hi ${TXT_5}", INTERNATIONAL) == ["TXT_5"]


FITTING = [
    (Attribute.PHONE, 15, ["1234", "+86-10086", "1" * 15]),
    (Attribute.CHARDIGIT, 20, ["a", "A_9", "a" * 20]),
    (Attribute.DATETIME, 20, ["1", "2030年1月1日", "2030-01-31 10:30:00"]),
    (Attribute.MONEY, 20, ["9", "¥1,000.00"]),
    (Attribute.TEXT, 20, ["中", "中" * 20, "a,b!", "  around  ", "😀" * 20]),
    (Attribute.TXT, 4, ["abcd", "中文", "a中b", "   ab   ", "ab.'"]),
    (Attribute.NUM, 6, ["0", "123456", " 1 "]),
    (Attribute.DATE, 10, ["2030/01/31", "2028/02/29"]),
    (Attribute.TIME, 8, ["00:00", "23:59", "23:59:59"]),
]


@pytest.mark.parametrize(("attribute", "longest", "values"), FITTING)
def test_values_that_fit(attribute: Attribute, longest: int, values: list[str]) -> None:
    fits = unfit_column(Variable("v", attribute, longest), pl.Series(values))
    assert fits.to_list() == [None] * len(values)


UNFITTING = [
    (Attribute.PHONE, 15, "123", "too_short"),
    (Attribute.PHONE, 15, "1" * 16, "too_long"),
    (Attribute.PHONE, 15, "1234 5", "bad_characters"),
    (Attribute.PHONE, 15, "１２３４", "bad_characters"),
    (Attribute.CHARDIGIT, 20, "a" * 21, "too_long"),
    (Attribute.CHARDIGIT, 20, "a-b", "bad_characters"),
    (Attribute.CHARDIGIT, 20, "中", "bad_characters"),
    (Attribute.CHARDIGIT, 8, "123456789", "too_long"),
    (Attribute.DATETIME, 20, "a" * 21, "too_long"),
    (Attribute.MONEY, 20, "1" * 21, "too_long"),
    (Attribute.TEXT, 20, "中" * 21, "too_long"),
    *((Attribute.TEXT, 20, f"a{character}b", "bad_characters") for character in ".。'<>{}"),
    (Attribute.TXT, 4, "abcde", "too_long"),
    (Attribute.TXT, 4, "中文a", "too_long"),
    (Attribute.NUM, 6, "1234567", "too_long"),
    (Attribute.NUM, 6, "12a", "not_digits"),
    (Attribute.NUM, 6, "-1", "not_digits"),
    (Attribute.NUM, 6, "٣", "not_digits"),
    (Attribute.DATE, 10, "2030-01-31", "bad_date"),
    (Attribute.DATE, 10, "2030/02/30", "bad_date"),
    (Attribute.DATE, 10, "2030/1/1", "bad_date"),
    (Attribute.TIME, 8, "24:00", "bad_time"),
    (Attribute.TIME, 8, "9:00", "bad_time"),
    (Attribute.TIME, 8, "12:60", "bad_time"),
    *((attribute, 20, blank, "empty") for attribute in Attribute for blank in (None, "", " \u00a0")),
    *((attribute, 20, "1\n2", "line_break") for attribute in Attribute),
    (Attribute.TEXT, 20, "a\u2028b", "line_break"),
    (Attribute.TEXT, 20, "a\x00b", "control_character"),
]


@pytest.mark.parametrize(("attribute", "longest", "value", "code"), UNFITTING)
def test_values_that_do_not_fit(attribute: Attribute, longest: int, value: str | None, code: str) -> None:
    variable = Variable("v", attribute, longest)
    assert unfit_column(variable, pl.Series([value], dtype=pl.String)).to_list() == [code]
    assert str(explain_unfit(variable, code)).startswith("v ")


def test_every_rule_for_values_has_its_test() -> None:
    assert {code for *_, code in UNFITTING} == set(UNFIT)


EVERY_KIND = [
    parse("a ${TXT_1} ${TXT_20} ${NUM_1} ${NUM_20} ${DATE} ${TIME}", INTERNATIONAL),
    parse("a${1}b${2}c${3}d${4}e${5}", MAINLAND, dict(zip("12345", Attribute, strict=False))),
    parse("a${1}", MAINLAND, {"1": "PHONE"}, service_type=VERIFICATION),
    parse("a${1}", MAINLAND, {"1": "DATETIME"}, service_type=VERIFICATION),
]


@pytest.mark.parametrize("template", EVERY_KIND)
def test_samples_fit(template: Template) -> None:
    for variable, sample in zip(template.variables, sample_values(template), strict=True):
        assert unfit_column(variable, pl.Series([sample])).to_list() == [None]


def test_rendering_wants_one_value_for_every_variable() -> None:
    template = parse("a ${NUM_1}", INTERNATIONAL)
    with pytest.raises(ValueError, match="1 values expected, 2 given"):
        render(template, ["1", "2"], None)
    with pytest.raises(ValueError, match="values for 2 recipients expected"):
        render_column(template, None, None, 2)


def test_a_template_without_variables_is_encoded_once() -> None:
    renderer = Renderer(parse("100% off", INTERNATIONAL), None)
    assert renderer.encode([]) == (False, [b"100% off"])
    assert renderer.encode([]) is renderer.encode([])


CONTENTS = st.sampled_from(
    [
        ("Dear ${TXT_20}, 100%s {order} ${NUM_5} ${TXT_20}!", INTERNATIONAL, None),
        ("100% off at {us}", INTERNATIONAL, None),
        ("您好${b}，${1}%d元{b}完", MAINLAND, "签名"),
        ("您好，{1}完", MAINLAND, None),
    ]
)


@given(CONTENTS, st.lists(st.lists(st.text(max_size=20), min_size=3, max_size=3), max_size=5))
def test_rendering_one_by_one_and_as_a_column_is_the_same(
    case: tuple[str, ApplicationType, str | None], rows: list[list[str]]
) -> None:
    content, kind, signature = case
    template = parse(content, kind, {"b": "TEXT", "1": "MONEY"})
    values = [row[: len(template.variables)] for row in rows]
    texts = [render(template, row, signature) for row in values]
    column = pl.Series(values, dtype=pl.List(pl.String))
    assert render_column(template, column, signature, len(rows)).to_list() == texts
    renderer = Renderer(template, signature)
    for row, text in zip(values, texts, strict=True):
        encoding, payloads = encode_parts(text, kind)
        assert renderer.text(row) == text
        assert renderer.encode(row) == (encoding is Encoding.UCS2, payloads)


@given(st.text(alphabet="${}TXNUM_12 aé【\n", max_size=60), st.sampled_from(list(ApplicationType)))
def test_any_content_is_judged_without_failing(content: str, kind: ApplicationType) -> None:
    broken = violations(content, kind, NOTIFICATION, None, {"1": "TEXT"})
    assert {violation.code for violation in broken} <= set(RULES)
    if not broken:
        template = parse(content, kind, {"1": "TEXT"})
        assert len(template.variables) <= 20
