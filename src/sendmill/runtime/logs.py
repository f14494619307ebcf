"""Logging of a process, without phone numbers and secrets."""

import logging
import os
import re
import sys
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import EventDict, Processor

FORMATS = ("console", "json")
LEVELS = ("debug", "info", "warning", "error")
HIDDEN = "[hidden]"

# Seven to fifteen digits are a possible E.164 number wherever they stand; after a plus the usual
# separators are skipped. Longer runs of digits cannot be one.
PHONE_NUMBER = re.compile(r"\+\d(?:[ \u00a0().-]{0,2}\d){6,14}(?!\d)|(?<!\d)\d{7,15}(?!\d)")
URL_PASSWORD = re.compile(r"(?<=://)([^/\s:@]*):[^/\s@]*@")
NAMED_SECRET = re.compile(
    r"(?i)\b(password|passwd|secret|token|api[_-]?key|app[_-]?secret|authorization)"
    r"([\"']?\s*[=:]\s*[\"']?)(?:(?:bearer|basic)\s+)?[^\s,;&\"']+"
)
SECRET_KEY = re.compile(r"(?i)passw|secret|token|credential|authorization|cookie|api_?key|app_?key|private")

# Keys whose values are our own counts, times and ids, and never a phone number.
NUMBERED = frozenset(
    {
        "timestamp", "time", "pid", "thread", "lineno", "port", "version", "status", "sequence", "seq", "row",
        "rows", "lo", "hi", "task", "task_id", "chunk", "chunk_id", "message_id", "sms_id", "carrier_id",
        "account_id", "application_id", "template_id", "signature_id", "user_id", "member_id", "job_id",
        "upload_id", "request_id", "fence", "attempt", "count", "messages", "parts", "reports", "accepted",
        "deleted", "size", "limit", "lock_key",
    }
)  # fmt: skip
MEASURED = ("_ns", "_us", "_ms", "_seconds", "_bytes", "_count", "_at", "_total", "_rows")


def mask_text(text: str) -> str:
    """Return the text with the middle of every possible phone number masked by stars, and passwords hidden.

    Rather one number too many than one too few: an id of seven to fifteen digits is masked as well, unless it is
    logged under a key of its own (`NUMBERED`).
    """
    if "://" in text:
        text = URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text)
    text = NAMED_SECRET.sub(rf"\1\2{HIDDEN}", text)
    return PHONE_NUMBER.sub(_starred, text)


def _starred(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    head, tail = min(5, len(digits) // 2 - 1), min(4, len(digits) // 3)
    plus = "+" if match[0].startswith("+") else ""
    return plus + digits[:head] + "*" * (len(digits) - head - tail) + digits[-tail:]


def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Mask phone numbers and hide secrets in every value of an event, at any depth; a structlog processor."""
    for key in list(event):
        if not key.startswith("_"):
            event[key] = _redacted(key, event[key])
    return event


def _redacted(key: str, value: Any) -> Any:
    if SECRET_KEY.search(key):
        return value if value is None or isinstance(value, bool) else HIDDEN
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and (key in NUMBERED or key.endswith(MEASURED)):
        return value
    if isinstance(value, str):
        return value if key == "timestamp" or (key in NUMBERED and key.endswith("_id")) else mask_text(value)
    return _redacted_object(value)


def _redacted_object(value: Any) -> Any:
    if isinstance(value, int):
        return mask_text(str(value)) if abs(value) >= 1_000_000 else value
    if isinstance(value, float):
        # A phone number that went through a spreadsheet; a measured time has a fraction.
        return mask_text(str(int(value))) if value.is_integer() and abs(value) >= 1_000_000 else value
    if isinstance(value, Mapping):
        return {_redacted("", name): _redacted(str(name), inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted("", inner) for inner in value]
    return mask_text(value.decode(errors="replace") if isinstance(value, bytes) else str(value))


def configure_logging(
    process: str, *, stream: TextIO | None = None, environment: Mapping[str, str] | None = None
) -> None:
    """Send every log line of this process, the standard library's too, through `redact` to one stream.

    ``process`` is added to every line. SENDMILL_LOG_FORMAT is "console" or "json", SENDMILL_LOG_LEVEL one of
    `LEVELS`; the defaults are console and info. Anything else raises `ValueError` with a sentence. Can be called
    again; the last call counts.
    """
    environment = os.environ if environment is None else environment
    form = _choice(environment, "SENDMILL_LOG_FORMAT", FORMATS, "console")
    level = _choice(environment, "SENDMILL_LOG_LEVEL", LEVELS, "info").upper()
    output = stream if stream is not None else sys.stderr

    def name_process(_logger: object, _method: str, event: EventDict) -> EventDict:
        event["process"] = process
        return event

    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        name_process,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    remove_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(output)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=[remove_meta, redact, _renderer(form, output)]
        )
    )
    root = logging.getLogger()
    for old in list(root.handlers):
        if getattr(old, "sendmill", False):
            root.removeHandler(old)
    handler.sendmill = True  # type: ignore[attr-defined]
    root.addHandler(handler)
    root.setLevel(level)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    # The interpreter's own output of an uncaught error would show what the log must not.
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda hook: _log_uncaught(hook.exc_type, hook.exc_value, hook.exc_traceback)


def _log_uncaught(
    kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logger("sendmill").critical("uncaught error", exc_info=(kind, error, trace))


def _renderer(form: str, output: TextIO) -> Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False, default=str)
    # The plain form of exceptions prints no local variables: those hold numbers and secrets.
    return structlog.dev.ConsoleRenderer(
        colors=output.isatty(), exception_formatter=structlog.dev.plain_traceback
    )


def _choice(environment: Mapping[str, str], name: str, choices: tuple[str, ...], default: str) -> str:
    value = environment.get(name, "").strip().lower() or default
    if value not in choices:
        raise ValueError(f"{name} is {value!r}; it must be one of: {', '.join(choices)}.")
    return value


def logger(name: str, **context: Any) -> structlog.stdlib.BoundLogger:
    """Return a logger whose lines carry ``name`` and the given context."""
    bound: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return bound.bind(**context) if context else bound
