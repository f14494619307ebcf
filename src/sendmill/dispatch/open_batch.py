"""A batch that was opened: what was submitted of it, and which of its messages have all their outcomes."""

from __future__ import annotations

from time import monotonic

from sendmill.carriers.protocol import NOT_SENT, UNANSWERED, Outcome, OutgoingPart, Session, Submission
from sendmill.carriers.status_mapping import not_sent
from sendmill.delivery_reports.report_writer import Record, Submitted
from sendmill.dispatch.batch import Batch, part_keys
from sendmill.domain.breaker import TRIES
from sendmill.domain.status_map import KEPT_BACK, STANDARD, StatusMap
from sendmill.message_store.engine.chunks import Recipient
from sendmill.message_store.marks.written import Slot

INVALID_SOURCE = 0x0A  # ESME_RINVSRCADR
REST_OF_FAULT = 1.0  # seconds before the rest of a message is tried again that a carrier's fault refused
COMPLETE_LONG_MESSAGE = 20  # tries to send the rest of a message of which a part was throttled

Answered = tuple[list[Recipient], list[list[OutgoingPart]], list[Outcome]]


class OpenBatch:
    """Messages whose intent is committed, and their outcomes as they come.

    `messages` are those that were not taken yet. A long message that was throttled half-way counts as answered only
    when it was completed, or cannot be: `missing` has the indexes of the parts that are to be submitted once more.
    """

    def __init__(
        self,
        batch: Batch,
        task_id: int,
        ticket: int,
        slot: Slot | None = None,
        statuses: StatusMap = STANDARD,
    ) -> None:
        self.messages = batch.messages
        self.ticket: int | None = ticket  # None: no report waits for it any more
        self.began = self.taken_at = monotonic()
        self.recorded = Record()
        self.missing: list[int] = []
        self._parts = batch.parts
        self._flat = [part for own in batch.parts for part in own]
        self._offsets: list[int] = []
        offset = 0
        for own in batch.parts:
            self._offsets.append(offset)
            offset += len(own)
        self._submitted = Submitted(self.recorded, task_id, part_keys(batch))
        self._outcomes: list[Outcome] = []
        self._submissions: list[tuple[Submission, list[int]]] = []  # with the indexes of their parts
        self._tries = 0
        self._statuses = statuses
        self.session: Session | None = None
        self.slot = slot

    def submit(self, session: Session, source: str) -> None:
        """Hand all parts to a session."""
        self.session = session
        self._outcomes = [Outcome(UNANSWERED, "")] * len(self._flat)
        on_write = self.slot.note if self.slot is not None else None
        try:
            submission = session.begin(source, self._flat, context=self._submitted, on_write=on_write)
        except ValueError:
            # No carrier could take this sender; nothing was written, and the carrier would answer this.
            self._outcomes = [Outcome(INVALID_SOURCE, "")] * len(self._flat)
        else:
            self._submissions.append((submission, list(range(len(self._flat)))))

    def end_unsent(self) -> None:
        """Make every part NOT_SENT: the session has ended meanwhile."""
        self._outcomes = [Outcome(NOT_SENT, "")] * len(self._flat)

    def complete(self, source: str) -> None:
        """Submit once more, over the same session, what is missing of long messages."""
        if self.session is None:
            return
        missing, self.missing = self.missing, []
        self._tries += 1
        keys = self._submitted.part_keys
        rest = self._submitted._replace(part_keys=[keys[at] for at in missing])
        submission = self.session.begin(source, [self._flat[at] for at in missing], context=rest)
        self._submissions.append((submission, missing))

    def give_up_completing(self) -> None:
        """Take half-sent messages as they are: their session has ended."""
        self.missing, self._tries = [], COMPLETE_LONG_MESSAGE

    @property
    def rest_before_completing(self) -> float:
        """Seconds to wait before the missing parts are submitted: the carrier refuses them for a fault of its own."""
        return REST_OF_FAULT if self._refused_by_fault(self.missing) else 0.0

    def _refused_by_fault(self, indexes: list[int]) -> bool:
        told = (self._outcomes[at].status for at in indexes)
        return any(status is not None and self._statuses.treatment(status) in KEPT_BACK for status in told)

    @property
    def seqs(self) -> list[int]:
        """The seq of each part."""
        return [seq for seq, _ in self._submitted.part_keys]

    @property
    def submissions(self) -> list[Submission]:
        """What is being submitted now."""
        return [one for one, _ in self._submissions]

    @property
    def answered(self) -> bool:
        """Whether every part has an outcome."""
        return not self.missing and all(one.done.done() for one, _ in self._submissions)

    def withdraw(self) -> None:
        """Make what is not written known as not sent."""
        for one, _ in self._submissions:
            one.withdraw()

    def take(self) -> Answered:
        """Take the messages of which every part has its outcome, with their parts and outcomes."""
        self.taken_at = monotonic()
        self._look()
        if self.answered and len(self._flat) == len(self._outcomes) == len(self.messages):
            taken = self.messages, self._parts, self._outcomes
            self.messages, self._parts, self._offsets = [], [], []
            return taken
        messages: list[Recipient] = []
        parts: list[list[OutgoingPart]] = []
        outcomes: list[Outcome] = []
        kept: list[tuple[Recipient, list[OutgoingPart], int]] = []
        for message, own, offset in zip(self.messages, self._parts, self._offsets, strict=True):
            answers = self._outcomes[offset : offset + len(own)]
            if self._is_answered(answers, offset):
                messages.append(message)
                parts.append(own)
                outcomes += answers
            else:
                kept.append((message, own, offset))
        self.messages = [one for one, _, _ in kept]
        self._parts = [own for _, own, _ in kept]
        self._offsets = [offset for _, _, offset in kept]
        return messages, parts, outcomes

    def _look(self) -> None:
        """Bring the outcomes up to date."""
        for submission, indexes in self._submissions:
            if len(indexes) == len(self._flat):
                self._outcomes = list(submission.outcomes)
                continue
            for at, outcome in zip(indexes, submission.outcomes, strict=True):
                self._outcomes[at] = outcome
        self._submissions = [one for one in self._submissions if not one[0].done.done()]

    def _is_answered(self, answers: list[Outcome], offset: int) -> bool:
        if any(answer.status == UNANSWERED for answer in answers):
            return False
        if len(answers) == 1 or self._tries >= COMPLETE_LONG_MESSAGE:
            return True
        held_back = [
            offset + at for at, answer in enumerate(answers) if not_sent(answer.status, self._statuses)
        ]
        if not 0 < len(held_back) < len(answers):
            return True
        if self._tries >= TRIES - 1 and self._refused_by_fault(held_back):
            return True
        self.missing += [at for at in held_back if at not in self.missing]
        return False
