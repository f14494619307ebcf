"""The table of status codes: complete, in words, and clear about what is charged."""

import pytest
from tests.unit.rule_sentences import every_text

from sendmill.domain import status_codes
from sendmill.domain.results import Result
from sendmill.domain.status_codes import REFUSALS, TABLE, MessageState, Source, meaning, refusal
from sendmill.domain.types import ApplicationType

INTERNATIONAL, MAINLAND = ApplicationType.INTERNATIONAL, ApplicationType.MAINLAND


def test_every_state_of_a_report_is_in_the_table() -> None:
    for state in MessageState:
        assert meaning(state.code).result is state.result
        assert meaning(state.code).source is Source.REPORT


@pytest.mark.parametrize(
    "code", ["BLOCKED", "OPTEDOUT", "LIMIT", "NOROUTE", "NOBALANCE", "TMPLGONE", "REFUSED"]
)
def test_what_the_platform_refuses_failed_and_is_not_charged(code: str) -> None:
    known = TABLE[code]
    assert known.source is Source.PLATFORM
    assert known.result is Result.FAILED
    assert known.meaning
    assert known.advice
    assert not known.is_charged(INTERNATIONAL)
    assert not known.is_charged(MAINLAND)


def test_what_is_charged() -> None:
    assert meaning("DELIVRD").is_charged(MAINLAND)
    assert not meaning("UNDELIV").is_charged(MAINLAND)
    assert not meaning("ENROUTE").is_charged(MAINLAND)
    assert meaning("DELIVRD").is_charged(INTERNATIONAL)
    assert meaning("UNDELIV").is_charged(INTERNATIONAL)
    assert not refusal(0x0B).is_charged(INTERNATIONAL)


def test_a_refusal_in_words() -> None:
    refused = refusal(0x0B)
    assert refused.code == "SMPP-0x0000000B"
    assert refused.meaning % refused.parameters == (
        "The carrier refused the message: Invalid destination address."
    )
    assert refused.result is Result.FAILED
    assert "number" in refused.advice
    assert "sender ID" in refusal(0x0A).advice
    assert "rate" in refusal(0x58).advice


def test_refusals_outside_the_standard() -> None:
    vendor = refusal(0x400)
    assert vendor.meaning % vendor.parameters == (
        "The carrier refused the message with a code of its own: 0x00000400."
    )
    assert "unknown" in refusal(0x12345).meaning
    assert refusal(-1).code == "SMPP-0xFFFFFFFF"


@pytest.mark.parametrize("status", [*REFUSALS, 0x400, 0x4FF, 0x500, 0xFFFFFFFF])
def test_a_stored_refusal_means_the_same_again(status: int) -> None:
    assert meaning(refusal(status).code) == refusal(status)


@pytest.mark.parametrize("code", ["MBBLINK", "", "SMPP-0xzz", "DELIVRD ", "100%", "没有"])
def test_a_code_that_is_not_in_the_table_is_shown_as_it_came(code: str) -> None:
    unknown = meaning(code)
    assert unknown.code == code
    assert unknown.meaning % unknown.parameters == f"The carrier's own code: {code}."
    assert unknown.result is None, "nobody knows whether another report follows"


def test_a_failure_that_a_carriers_table_explains_says_so() -> None:
    code = "034: number not in service"
    assert meaning(code).meaning % meaning(code).parameters == f"The carrier's own code: {code}."
    assert meaning(code).result is Result.FAILED


def test_every_text_can_be_translated() -> None:
    texts = every_text()
    assert len(texts) == len(set(texts))
    assert set(status_codes.texts()) <= set(texts)
    for row in TABLE.values():
        assert {row.meaning, row.advice} <= set(texts)
    assert all(text and text == text.strip() for text in texts)
