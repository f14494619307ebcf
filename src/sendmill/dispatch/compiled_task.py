"""A task compiled from its snapshot, so that a batch is rendered and encoded in one pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sendmill.carriers.protocol import OutgoingPart
from sendmill.domain.rendering import Renderer
from sendmill.domain.task_life import RULES
from sendmill.domain.templates import TemplateError, parse
from sendmill.domain.types import ApplicationType
from sendmill.message_store.engine.chunks import Recipient
from sendmill.postgres.connections import Connection

TASK = "SELECT snapshot, account_id, priority FROM task WHERE id = %s"
KEPT = 64  # compiled tasks held at a time

# The reason in English, and as a sentence that is translated when it is shown (tasks.models.Task).
TELL = """
UPDATE task SET reason = left(%(sentence)s, 255), reasons = jsonb_build_array(
    jsonb_build_object('code', %(code)s::text, 'message', %(sentence)s::text, 'parameters', '{}'::jsonb))
WHERE id = %(task)s AND status = 'executing' AND reason = ''
"""


class UnsendableError(Exception):
    """Messages cannot be made from this task. The text says why, without a phone number or message text."""


async def tell_unsendable(conn: Connection, task_id: int) -> None:
    """Store why messages cannot be made from this task, for the task's page; the first reason stays."""
    await conn.execute(TELL, {"task": task_id, "code": "cannot_render", "sentence": RULES["cannot_render"]})


@dataclass(frozen=True)
class CompiledTask:
    """A task's sender ID, text and priority.

    With `whole` the carrier takes a long message in one piece and cuts it itself (message_payload).
    """

    task_id: int
    source: str
    priority: int
    renderer: Renderer
    mainland: bool = False
    whole: bool = False

    def parts_of(self, recipient: Recipient) -> list[OutgoingPart]:
        """Return the parts of one message.

        The 8-bit reference of a long message depends on the task and the number: two long messages to one phone at
        a time get different references, which one counter for all numbers cannot promise.
        """
        try:
            ucs2, payloads = self.renderer.encode(recipient.variables or ())
        except (IndexError, TypeError, ValueError) as error:
            raise UnsendableError(
                f"message {recipient.seq} does not fit the template ({type(error).__name__})"
            ) from error
        total = len(payloads)
        if total == 1:
            return [OutgoingPart(recipient.number, payloads[0], ucs2, 0, 1, 1)]
        if self.whole:
            return [OutgoingPart(recipient.number, b"".join(payloads), ucs2, 0, 1, 1)]
        reference = (self.task_id + recipient.number) & 0xFF
        return [
            OutgoingPart(recipient.number, payload, ucs2, reference, total, number)
            for number, payload in enumerate(payloads, 1)
        ]


def compile_task(
    task_id: int, priority: int, snapshot: dict[str, Any], *, whole: bool = False
) -> CompiledTask:
    """Compile a task's snapshot. Raises UnsendableError."""
    try:
        kind = ApplicationType(snapshot["application_type"])
        template = parse(snapshot["content"], kind, snapshot["attributes"])
        renderer = Renderer(template, snapshot["signature"])
        mainland = kind is ApplicationType.MAINLAND
        return CompiledTask(task_id, snapshot["source"], priority, renderer, mainland, whole)
    except (KeyError, TypeError, ValueError, TemplateError) as error:
        raise UnsendableError(f"its snapshot cannot be read ({type(error).__name__})") from error


class CompiledTasks:
    """The compiled tasks that are being sent over one carrier."""

    def __init__(self, carrier_id: int = 0, *, whole: bool = False) -> None:
        self._carrier = str(carrier_id)
        self._whole = whole
        self._texts: dict[int, CompiledTask] = {}

    async def of(self, conn: Connection, task_id: int) -> CompiledTask:
        """Return a task, compiled at its first use: a snapshot never changes."""
        if task_id not in self._texts:
            cursor = await conn.execute(TASK, (task_id,))
            row = await cursor.fetchone()
            if row is None:
                raise UnsendableError("it is gone")
            while len(self._texts) >= KEPT:
                self._texts.pop(next(iter(self._texts)))
            snapshot: dict[str, Any] = row[0]
            # Where no sender is named, each carrier of a route may have one of its own.
            source = snapshot.get("sources", {}).get(self._carrier)
            if source is not None:
                snapshot["source"] = source
            self._texts[task_id] = compile_task(task_id, row[2], snapshot, whole=self._whole)
        return self._texts[task_id]


def take_batch(
    text: CompiledTask, waiting: Sequence[Recipient], most: int
) -> tuple[int, list[list[OutgoingPart]]]:
    """Return how many of the first `waiting` messages fit into a batch of `most` parts, and their parts.

    At least one message fits, however many parts it has.
    """
    batch: list[list[OutgoingPart]] = []
    total = 0
    for recipient in waiting:
        parts = text.parts_of(recipient)
        total += len(parts)
        if batch and total > most:
            break
        batch.append(parts)
        if total >= most:
            break
    return len(batch), batch
