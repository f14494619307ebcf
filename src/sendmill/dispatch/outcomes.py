"""Sorts the outcomes of messages: what is recorded of each message, and which messages are still to be sent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sendmill.carriers.command_statuses import ESME_RMSGQFUL
from sendmill.carriers.protocol import NOT_FINAL, WINDOW_FULL, Accepted, Outcome, OutgoingPart
from sendmill.carriers.status_mapping import UNCERTAIN, not_sent, verdict
from sendmill.domain.breaker import Answers
from sendmill.domain.results import Result
from sendmill.domain.status_codes import refusal
from sendmill.domain.status_map import KEPT_BACK, Treatment
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
    kept_back: int  # messages still to be sent because the carrier refuses them for a fault of its own
    accepted: int
    refused: int
    unknown: int

    @property
    def settled(self) -> bool:
        """Whether anything is to be recorded."""
        return bool(self.record.seqs or self.record.part_rows or self.record.result_rows)


@dataclass
class _Results:
    """What is recorded of messages that were not simply accepted, as it is collected."""

    part_rows: list[tuple[int, int, int, str | None]] = field(default_factory=list)
    result_rows: list[tuple[int, int, str | None]] = field(default_factory=list)
    unsent: list[Recipient] = field(default_factory=list)
    throttled: bool = False
    full: list[int] = field(default_factory=list)
    window_full: list[int] = field(default_factory=list)
    kept_back: int = 0


def weigh(
    batch: Sequence[Recipient],
    parts: Sequence[Sequence[OutgoingPart]],
    outcomes: Sequence[Outcome],
    given_up: Collection[int] = (),
    answers: Answers | None = None,
    settles: Accepted = NOT_FINAL,
) -> Weighed:
    """Sort outcomes, one for each part of these messages in order, by message, and count them in `answers`.

    Unknown wins over refused, refused over accepted: a message is as certain as its least certain part. A message
    of which every part was never written, or refused with a status that is not final, is still to be sent; so is one
    that the breaker keeps back. For a message in `given_up` a full queue or window is final. `settles` says which
    messages are Successful as soon as they were accepted.
    """
    answers = answers or Answers()
    seqs: list[int] = []
    numbers: list[int] = []
    ids: list[str] = []
    found = _Results()
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
                answers.accept(seq)
                if settles.short:
                    found.result_rows.append((seq, *ACCEPTED))
                continue
            result = _result(recipient, outcomes[index - 1 : index], answers, given_up, found)
        else:
            told = outcomes[index : index + len(own)]
            index += len(own)
            result = _result(recipient, told, answers, given_up, found)
            if result is not Result.WAITING and not all(
                not_sent(answer.status, answers.statuses) for answer in told
            ):
                all_taken = settles.long and result is Result.SENDING
                for number, answer in enumerate(told, 1):
                    became = ACCEPTED if all_taken else verdict(answer.status, answers.statuses)
                    found.part_rows.append((seq, number, *became))
                    if answer.status == 0:
                        seqs.append(seq)
                        numbers.append(number)
                        ids.append(answer.carrier_id)
                if all_taken:
                    found.result_rows.append((seq, *ACCEPTED))
        accepted += result is Result.SENDING
        refused += result is Result.FAILED
        unknown += result is Result.UNCERTAIN
    written = BatchRecord(0, seqs, numbers, ids, None, found.part_rows, found.result_rows)
    return Weighed(
        written,
        found.unsent,
        found.throttled,
        found.full,
        found.window_full,
        found.kept_back,
        accepted,
        refused,
        unknown,
    )


def _result(
    recipient: Recipient,
    told: Sequence[Outcome],
    answers: Answers,
    given_up: Collection[int],
    found: _Results,
) -> Result:
    """Return the result of a message with these statuses of its parts, and note it in `found`.

    WAITING for one that is still to be sent, SENDING for one that was accepted.
    """
    seq, rules = recipient.seq, answers.statuses
    statuses = [answer.status for answer in told]
    final = [status for status in statuses if not not_sent(status, rules)]
    slowing = [status for status in statuses if status and rules.treatment(status) is Treatment.SLOW_DOWN]
    found.throttled = found.throttled or any(status != ESME_RMSGQFUL for status in slowing)
    held = next((status for status in statuses if status and rules.treatment(status) in KEPT_BACK), None)
    refused = next((status for status in final if status), None)
    kept_back = False
    if held is not None:
        kept_back = answers.refuse(seq, held)
    elif refused is not None:
        kept_back = answers.refuse(seq, refused)
    if not final and seq in given_up and (ESME_RMSGQFUL in slowing or WINDOW_FULL in statuses):
        full = [answer.carrier_id for answer in told if answer.status == WINDOW_FULL]
        last = int(full[0]) if full else ESME_RMSGQFUL
        found.result_rows.append((seq, int(Result.FAILED), refusal(last).code))
        return Result.FAILED
    if not final or (kept_back and all(final) and len(final) == len(statuses)):
        found.unsent.append(recipient)
        found.kept_back += kept_back
        if ESME_RMSGQFUL in slowing:
            found.full.append(seq)
        if WINDOW_FULL in statuses:
            found.window_full.append(seq)
        return Result.WAITING
    if None in final or len(final) < len(statuses):
        found.result_rows.append((seq, int(Result.UNCERTAIN), UNCERTAIN))
        return Result.UNCERTAIN
    if refused is not None:
        found.result_rows.append((seq, int(Result.FAILED), verdict(refused, rules)[1]))
        return Result.FAILED
    answers.accept(seq)
    return Result.SENDING
