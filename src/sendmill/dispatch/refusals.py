"""What the sending of one chunk does about refusals for a fault of the carrier: stops, rests, probes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sendmill.carriers.protocol import Outcome, Session
from sendmill.dispatch.bind_context import BindContext
from sendmill.dispatch.breakers import SOON, Probe, rest_after
from sendmill.dispatch.outcomes import Weighed
from sendmill.domain.breaker import Answers, Cause
from sendmill.message_store.engine.chunks import Chunk, Recipient

DRAIN = 1.0  # seconds that parts in flight have to be answered before a bind is opened anew
SHORT_REST = 0.25  # seconds before a batch with a message that is tried again


class Refusals:
    """The refusals that one chunk meets. With a `probe` one message of it is sent, which trips nothing."""

    def __init__(self, context: BindContext, chunk: Chunk, probe: Probe | None) -> None:
        self._context = context
        self._chunk = chunk
        self.probe = probe
        self._stopped = False  # whether the task was stopped when the last intent began
        self._refusing: Session | None = None  # the session that the carrier takes for closed

    @property
    def answers(self) -> Answers:
        """What the carrier answered to the task lately."""
        if self.probe is not None:
            return self.probe.answers
        return self._context.breakers.answers(self._chunk.task_id)

    async def look(self, outcomes: Iterable[Sequence[Outcome]]) -> None:
        """Learn what the carrier usually refuses, when something was refused."""
        if any(one.status for own in outcomes for one in own):
            await self._context.breakers.learn()

    async def stop(self, weighed: Sequence[Weighed]) -> bool:
        """Return whether nothing more of the chunk may be opened; before that others were told why."""
        if self.probe is not None:
            for one in weighed:
                self.probe.weigh(one)
            return False
        if not any(one.kept_back or one.refused for one in weighed):
            return False
        context, answers, task_id = self._context, self.answers, self._chunk.task_id
        if await context.breakers.tell(task_id, answers):
            if answers.trip is not None and answers.trip.cause is Cause.REBIND:
                self._refusing = context.link.session
            context.fair_queue.set_aside(task_id, SOON)
            return True
        rest = rest_after(weighed, answers)
        if rest:
            context.fair_queue.set_aside(task_id, rest)
        return bool(rest)

    def rest_before(self, batch: Sequence[Recipient]) -> float:
        """Return how many seconds to wait before a batch of these messages: some are tried again."""
        answers = self.answers
        if not answers.most_tries():
            return 0.0
        return SHORT_REST if any(answers.tried(one.seq) for one in batch) else 0.0

    def before_intent(self) -> None:
        """Remember, before an intent begins, whether the task was stopped: if it opens, somebody released it."""
        self._stopped = self._context.breakers.stopped(self._chunk.task_id)

    def opened(self) -> None:
        """Note that a batch is open in the store."""
        if self._stopped and self.probe is None:
            self._context.breakers.released(self._chunk.task_id)

    async def end(self) -> None:
        """Open the bind anew that the carrier takes for closed; commit what became of a probe."""
        if self._refusing is not None:
            await self._refusing.close(DRAIN)
        if self.probe is not None:
            self._context.fair_queue.set_aside(self._chunk.task_id, SOON)
            await self._context.breakers.end_probe(self._chunk, self.probe)
