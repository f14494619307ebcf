"""The result of a message: its values, what is shown for a stored one, and how parts make it up."""

from __future__ import annotations

from enum import IntEnum


class Result(IntEnum):
    """What became of a message or of a part of one; stored as this number.

    WAITING is shown and never stored: `result_of` tells it from SENDING. NOT_SENT is final: nothing of the
    message was handed to a carrier, because its task was canceled or ended.
    """

    WAITING = -1
    SENDING = 0
    SUCCESSFUL = 1
    FAILED = 2
    UNCERTAIN = 3
    NOT_SENT = 4


def result_of(stored: int, *, handed_over: bool, canceled: bool = False) -> Result:
    """Return the result to show for a stored one; `canceled` says whether the message's task was canceled.

    What has no result is sent as soon as it was handed to the carrier, and waits before. A canceled task has
    handed nothing over, so its messages need not be rewritten to be Not sent.
    """
    if stored != Result.SENDING:
        return Result(stored)
    if canceled:
        return Result.NOT_SENT
    return Result.SENDING if handed_over else Result.WAITING
