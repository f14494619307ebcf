"""What became of a window: command statuses weighed into results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sendmill.carriers.protocol import NOT_SENT, Outcome, OutgoingPart
from sendmill.carriers.smpp.command_statuses import ESME_RMSGQFUL, ESME_RTHROTTLED, THROTTLES
from sendmill.domain.results import Result
from sendmill.domain.status_codes import meaning, refusal
from sendmill.message_store.engine.chunks import Recipient, WindowRecord

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


@dataclass
class Weighed:
    """The outcomes of a window, sorted into what is written and what is still to be sent."""

    record: WindowRecord
    unsent: list[Recipient]
    throttled: bool
    full: list[int]  # messages still to be sent because a queue was full
    accepted: int
    refused: int
    unknown: int


def weigh(
    window: Sequence[Recipient],
    parts: Sequence[Sequence[OutgoingPart]],
    outcomes: Sequence[Outcome],
    window_hi: int,
    given_up: Collection[int] = (),
) -> Weighed:
    """Sort outcomes (flat, aligned with the parts) by message.

    Unknown wins over refused, refused over accepted: a message is as certain as its least certain part.
    A message whose parts were all throttled or never written is still to be sent; for one of `given_up` a full
    queue is final.
    """
    seqs: list[int] = []
    numbers: list[int] = []
    ids: list[str] = []
    part_rows: list[tuple[int, int, int, str | None]] = []
    result_rows: list[tuple[int, int, str | None]] = []
    unsent: list[Recipient] = []
    full: list[int] = []
    throttled = False
    accepted = refused = unknown = 0
    place = 0
    for recipient, own in zip(window, parts, strict=True):
        seq = recipient.seq
        if len(own) == 1:
            status, carrier_id = outcomes[place]
            place += 1
            if status == 0:
                seqs.append(seq)
                numbers.append(0)
                ids.append(carrier_id)
                accepted += 1
                continue
            statuses: list[int | None] = [status]
        else:
            answers = outcomes[place : place + len(own)]
            place += len(own)
            statuses = [answer.status for answer in answers]
            if any(status == 0 or not_sent(status) is False for status in statuses):
                for number, answer in enumerate(answers, 1):
                    part_rows.append((seq, number, *verdict(answer.status)))
                    if answer.status == 0:
                        seqs.append(seq)
                        numbers.append(number)
                        ids.append(answer.carrier_id)
        throttled = throttled or ESME_RTHROTTLED in statuses
        final = [status for status in statuses if not not_sent(status)]
        if not final and seq in given_up and ESME_RMSGQFUL in statuses:
            result_rows.append((seq, int(Result.FAILED), refusal(ESME_RMSGQFUL).code))
            refused += 1
        elif not final:
            unsent.append(recipient)
            if ESME_RMSGQFUL in statuses:
                full.append(seq)
        elif None in final or len(final) < len(statuses):
            result_rows.append((seq, int(Result.UNCERTAIN), UNCERTAIN))
            unknown += 1
        elif any(final):
            result_rows.append((seq, int(Result.FAILED), verdict(next(s for s in final if s))[1]))
            refused += 1
        else:
            accepted += 1
    next_seq = unsent[0].seq if unsent else window_hi
    written = WindowRecord(next_seq, seqs, numbers, ids, None, part_rows, result_rows, window_hi)
    return Weighed(written, unsent, throttled, full, accepted, refused, unknown)
