"""Sorts the outcomes of a batch: what is recorded of each message, and which messages are still to be sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sendmill.carriers.command_statuses import ESME_RMSGQFUL, ESME_RTHROTTLED
from sendmill.carriers.protocol import NOT_FINAL, Accepted, Outcome, OutgoingPart
from sendmill.carriers.status_mapping import UNCERTAIN, not_sent, verdict
from sendmill.domain.results import Result
from sendmill.domain.status_codes import refusal
from sendmill.message_store.engine.batches import BatchRecord
from sendmill.message_store.engine.chunks import Recipient

ACCEPTED = (int(Result.SUCCESSFUL), "ACCEPTED")  # result and code where what was accepted is final


@dataclass
class Weighed:
    """The outcomes of a batch: its record, and the messages that are still to be sent."""

    record: BatchRecord
    unsent: list[Recipient]
    throttled: bool
    full: list[int]  # messages still to be sent because a queue was full
    accepted: int
    refused: int
    unknown: int


def weigh(
    batch: Sequence[Recipient],
    parts: Sequence[Sequence[OutgoingPart]],
    outcomes: Sequence[Outcome],
    batch_hi: int,
    given_up: Collection[int] = (),
    settles: Accepted = NOT_FINAL,
) -> Weighed:
    """Sort outcomes, one for each part of the batch in order, by message.

    Unknown wins over refused, refused over accepted: a message is as certain as its least certain part. A message
    of which every part was throttled or never written is still to be sent; for a message in `given_up` a full queue
    is final. `settles` says which messages are Successful as soon as they were accepted.
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
    index = 0
    for recipient, own in zip(batch, parts, strict=True):
        seq = recipient.seq
        if len(own) == 1:
            status, carrier_id = outcomes[index]
            index += 1
            if status == 0:
                seqs.append(seq)
                numbers.append(0)
                ids.append(carrier_id)
                accepted += 1
                if settles.short:
                    result_rows.append((seq, *ACCEPTED))
                continue
            statuses: list[int | None] = [status]
        else:
            answers = outcomes[index : index + len(own)]
            index += len(own)
            statuses = [answer.status for answer in answers]
            if any(status == 0 or not_sent(status) is False for status in statuses):
                all_taken = settles.long and set(statuses) == {0}
                for number, answer in enumerate(answers, 1):
                    told = ACCEPTED if all_taken else verdict(answer.status)
                    part_rows.append((seq, number, *told))
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
            if settles.long:
                result_rows.append((seq, *ACCEPTED))
    next_seq = unsent[0].seq if unsent else batch_hi
    written = BatchRecord(next_seq, seqs, numbers, ids, None, part_rows, result_rows, batch_hi)
    return Weighed(written, unsent, throttled, full, accepted, refused, unknown)
