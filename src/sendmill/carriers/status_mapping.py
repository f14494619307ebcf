"""Maps a carrier's command status, or the state in its report, to the result of a message."""

from __future__ import annotations

from functools import lru_cache

from sendmill.carriers.protocol import NOT_SENT, WINDOW_FULL
from sendmill.domain.results import Result
from sendmill.domain.status_codes import meaning, refusal
from sendmill.domain.status_map import STANDARD, StatusMap

_NOT_SENT = (NOT_SENT, WINDOW_FULL)
UNCERTAIN = "UNCERTAIN"  # the status code of a part whose outcome is unknown


def not_sent(status: int | None, statuses: StatusMap = STANDARD) -> bool:
    """Return whether a part with this status is known not sent, and still to be sent, by the map of its carrier."""
    return status in _NOT_SENT or (status is not None and statuses.not_sent(status))


def verdict(status: int | None, statuses: StatusMap = STANDARD) -> tuple[int, str | None]:
    """Return the result and the status code of a submitted part with this command status (None: no response)."""
    if status == 0:
        return int(Result.SENDING), None
    if status is None or not_sent(status, statuses):
        return int(Result.UNCERTAIN), UNCERTAIN
    return int(Result.FAILED), refusal(status).code


@lru_cache(maxsize=1024)
def reported(stat: str, final: bool) -> int | None:
    """Return the result that the state in a report means; None while another report is to come.

    A final state that is not known is a failure, shown as it came.
    """
    if not final:
        return None
    return int(meaning(stat).result or Result.FAILED)
