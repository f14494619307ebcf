"""What a carrier's command status, or the state in its report, means for the result of a message."""

from __future__ import annotations

from functools import lru_cache

from sendmill.carriers.command_statuses import THROTTLES
from sendmill.carriers.protocol import NOT_SENT
from sendmill.domain.results import Result
from sendmill.domain.status_codes import meaning, refusal

UNCERTAIN = "UNCERTAIN"  # the code that says in words what nobody knows


def not_sent(status: int | None) -> bool:
    """Known not to have been sent."""
    return status == NOT_SENT or status in THROTTLES


def verdict(status: int | None) -> tuple[int, str | None]:
    """Result and status code of one submitted part."""
    if status == 0:
        return int(Result.SENDING), None
    if status is None or not_sent(status):
        return int(Result.UNCERTAIN), UNCERTAIN
    return int(Result.FAILED), refusal(status).code


@lru_cache(maxsize=1024)
def reported(stat: str, final: bool) -> int | None:
    """The result that a report's state means; None while another report is to come.

    A final state that nobody knows is a failure, shown as it came.
    """
    if not final:
        return None
    return int(meaning(stat).result or Result.FAILED)
