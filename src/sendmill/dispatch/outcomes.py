"""Sorts the outcomes of messages: what is recorded of each message, and which messages are still to be sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sendmill.carriers.command_statuses import ESME_RMSGQFUL, ESME_RTHROTTLED
from sendmill.carriers.protocol import NOT_FINAL, WINDOW_FULL, Accepted, Outcome, OutgoingPart
from sendmill.carriers.status_mapping import UNCERTAIN, not_sent, verdict
from sendmill.domain.results import Result
from sendmill.domain.status_codes import refusal
from sendmill.message_store.engine.batches import BatchRecord
from sendmill.message_store.engine.chunks import Recipient

ACCEPTED = (int(Result.SUCCESSFUL), "ACCEPTED")  # result and code where what was accepted is final


@dataclass
class Weighed:
    """The outcomes of messages: their record, and the messages that are still to be sent."""

    record: BatchRecord  # without what it says about the chunk
    unsent: list[Recipient]
    throttled: bool
    full: list[int]  # messages still to be sent because a queue was full
    window_full: list[int]  # … because too many were unanswered
    accepted: int
    refused: int
    unknown: int

    @property
    def settled(self) -> bool:
        """Whether anything is to be recorded."""
        return bool(self.record.seqs or self.record.part_rows or self.record.result_rows)


def weigh(
    batch: Sequence[Recipient],
    parts: Sequence[Sequence[OutgoingPart]],
    outcomes: Sequence[Outcome],
    given_up: Collection[int] = (),
    settles: Accepted = NOT_FINAL,
) -> Weighed:
    """Sort outcomes, one for each part of these messages in order, by message.

    Unknown wins over refused, refused over accepted: a message is as certain as its least certain part. A message
    of which every part was throttled or never written is still to be sent; for a message in `given_up` a full queue
    or window is final. `settles` says which messages are Successful as soon as they were accepted.
    """
    seqs: list[int] = []
    numbers: list[int] = []
    ids: list[str] = []
    part_rows: list[tuple[int, int, int, str | None]] = []
    result_rows: list[tuple[int, int, str | None]] = []
    unsent: list[Recipient] = []
    full: list[int] = []
    window_full: list[int] = []
    throttled = False
    accepted = refused = unknown = 0
    index = 0
    for recipient, own in zip(batch, parts, strict=True):
        seq = recipient.seq
        if len(own) == 1:
            status, carrier_id = outcomes[index]
            if status == 0:
                seqs.append(seq)
                numbers.append(0)
                ids.append(carrier_id)
                accepted += 1
                index += 1
                if settles.short:
                    result_rows.append((seq, *ACCEPTED))
                continue
        answers = outcomes[index : index + len(own)]
        index += len(own)
        statuses = [answer.status for answer in answers]
        if len(own) > 1 and any(status == 0 or not_sent(status) is False for status in statuses):
            all_taken = settles.long and set(statuses) == {0}
            for number, answer in enumerate(answers, 1):
                became = ACCEPTED if all_taken else verdict(answer.status)
                part_rows.append((seq, number, *became))
                if answer.status == 0:
                    seqs.append(seq)
                    numbers.append(number)
                    ids.append(answer.carrier_id)
        throttled = throttled or ESME_RTHROTTLED in statuses
        final = [status for status in statuses if not not_sent(status)]
        if not final and seq in given_up and (ESME_RMSGQFUL in statuses or WINDOW_FULL in statuses):
            told = [answer.carrier_id for answer in answers if answer.status == WINDOW_FULL]
            last = int(told[0]) if told else ESME_RMSGQFUL
            result_rows.append((seq, int(Result.FAILED), refusal(last).code))
            refused += 1
        elif not final:
            unsent.append(recipient)
            if ESME_RMSGQFUL in statuses:
                full.append(seq)
            if WINDOW_FULL in statuses:
                window_full.append(seq)
        elif None in final or len(final) < len(statuses):
            result_rows.append((seq, int(Result.UNCERTAIN), UNCERTAIN))
            unknown += 1
        elif any(final):
            result_rows.append((seq, int(Result.FAILED), verdict(next(s for s in final if s))[1]))
            refused += 1
        else:
            accepted += 1
            if settles.long:
                result_rows.append((seq, *ACCEPTED))
    written = BatchRecord(0, seqs, numbers, ids, None, part_rows, result_rows)
    return Weighed(written, unsent, throttled, full, window_full, accepted, refused, unknown)
