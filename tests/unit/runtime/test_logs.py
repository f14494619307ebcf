"""What reaches the log, and what must not."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from sendmill.runtime import logs


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Logging is global: put back what the tests change."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    hooks = sys.excepthook, threading.excepthook
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def configured(form: str = "json", level: str = "info") -> io.StringIO:
    stream = io.StringIO()
    logs.configure_logging(
        "sender", stream=stream, environment={"SENDMILL_LOG_FORMAT": form, "SENDMILL_LOG_LEVEL": level}
    )
    return stream


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("8613112345678", "86131****5678"),
        ("+8613112345678", "+86131****5678"),
        ("+86 131-1234 5678 called", "+86131****5678 called"),
        ("to=13112345678,", "to=1311****678,"),
        ("tel8613112345678x", "tel86131****5678x"),
        ("1234567", "12***67"),
        ("８６１３１１２３４５６７８", "８６１３１****５６７８"),
        ("123456 is short", "123456 is short"),
        ("1234567890123456 is too long", "1234567890123456 is too long"),
        ("2026-11-22T21:26:54Z", "2026-11-22T21:26:54Z"),
        ("two 8613112345678 8613112345679", "two 86131****5678 86131****5679"),
    ],
)
def test_phone_numbers_are_starred_wherever_they_stand(text: str, masked: str) -> None:
    assert logs.mask_text(text) == masked


@given(
    st.integers(min_value=1_000_000, max_value=10**15 - 1),
    st.sampled_from(["", "+"]),
    st.text("abc ,.:;'\"()[]{}<>=/\n", max_size=5),
)
def test_no_number_survives(number: int, plus: str, around: str) -> None:
    assert str(number) not in logs.mask_text(f"{around}{plus}{number}{around}")
    assert str(number) not in str(logs.redact(None, "info", {"event": "x", "value": [number, {"n": number}]}))


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://user:hidden-word@host/db",
        "password=hidden-word",
        '{"password": "hidden-word"}',
        "Authorization: Bearer hidden-word",
        "app_secret: hidden-word,",
        "api-key = hidden-word;",
    ],
)
def test_secrets_in_text_are_hidden(text: str) -> None:
    assert "hidden-word" not in logs.mask_text(text)
    assert logs.HIDDEN in logs.mask_text(text)


def test_values_are_redacted_by_what_they_are() -> None:
    class Shown:
        def __str__(self) -> str:
            return "to 8613112345678"

    event = {
        "event": "sent to 8613112345678",
        "number": 8613112345678,
        "read": 8613112345678.0,
        "seconds": 1.2345678,
        "nested": {"to": ["8613112345678"], "8613112345678": 1, "password": "hidden-word"},
        "raw": b"8613112345678",
        "object": Shown(),
        "rows": [8613112345678],
        "message": "8613112345678",
    }
    shown = logs.redact(None, "info", dict(event))
    assert "8613112345678" not in str(shown)
    assert "hidden-word" not in str(shown)
    assert shown["number"] == "86131****5678"
    assert shown["seconds"] == 1.2345678
    assert shown["object"] == "to 86131****5678"


def test_ids_counts_and_times_stay_readable() -> None:
    event = {
        "timestamp": "2026-11-22T21:26:54.1234567Z",
        "task_id": 12345678,
        "carrier_id": "1234567890",
        "rows": 1_000_000,
        "elapsed_ns": 123456789,
        "ok": True,
        "nothing": None,
        "small": 999_999,
    }
    assert logs.redact(None, "info", dict(event)) == event


@pytest.mark.parametrize(
    "key", ["password", "app_secret", "apiKey", "Authorization", "session_token", "cookie"]
)
def test_secret_keys_hide_whatever_they_hold(key: str) -> None:
    assert logs.redact(None, "info", {key: ["hidden-word"]}) == {key: logs.HIDDEN}
    assert logs.redact(None, "info", {key: None}) == {key: None}


def test_json_lines_carry_process_level_name_and_context() -> None:
    stream = configured()
    structlog.contextvars.bind_contextvars(task_id=7)
    logs.logger("dispatch", carrier="main").info("bound", number=8613112345678)
    logs.logger("dispatch").debug("not shown")
    (event,) = events(stream)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "bound",
        "process": "sender",
        "level": "info",
        "logger": "dispatch",
        "carrier": "main",
        "task_id": 7,
        "number": "86131****5678",
    }


def test_lines_of_other_libraries_are_redacted_too() -> None:
    stream = configured()
    logging.getLogger("library").warning("no route to %s", "+8613112345678")
    (event,) = events(stream)
    assert (event["event"], event["logger"]) == ("no route to +86131****5678", "library")


@pytest.mark.parametrize("form", ["json", "console"])
def test_errors_are_redacted_with_their_traceback(form: str) -> None:
    stream = configured(form)
    try:
        raise ValueError("number 8613112345678, password=hidden-word")
    except ValueError:
        logs.logger("a").exception("failed")
        logging.getLogger("b").exception("failed")
        sys.excepthook(*sys.exc_info())
    text = stream.getvalue()
    assert text.count("Traceback") == 3
    assert text.count("86131****5678") >= 3
    assert "8613112345678" not in text
    assert "hidden-word" not in text


def test_uncaught_errors_of_threads_are_logged() -> None:
    stream = configured()
    thread = threading.Thread(target=lambda: int("x8613112345678"))
    thread.start()
    thread.join()
    (event,) = events(stream)
    assert (event["event"], event["level"]) == ("uncaught error", "critical")
    assert "8613112345678" not in event["exception"]


def test_an_interrupt_is_no_error() -> None:
    stream = configured()
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert stream.getvalue() == ""


def test_console_form_and_levels() -> None:
    stream = configured("console", "WARNING ")
    logs.logger("a").info("hidden")
    logs.logger("a").warning("shown", number=8613112345678)
    assert "hidden" not in stream.getvalue()
    assert "86131****5678" in stream.getvalue()


def test_configuring_again_replaces_the_output() -> None:
    first, second = configured(), configured()
    logs.logger("a").info("once")
    assert (first.getvalue(), len(events(second))) == ("", 1)


@pytest.mark.parametrize("name", ["SENDMILL_LOG_FORMAT", "SENDMILL_LOG_LEVEL"])
def test_wrong_settings_are_one_sentence(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name} is 'loud'; it must be one of"):
        logs.configure_logging("web", environment={name: "loud"})
