"""What a task says: its snapshot compiled once, so that a window is rendered and encoded in one pass."""

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
    """A task that cannot be made into messages; says which and why, without a number or a text."""


async def tell_unsendable(conn: Connection, task_id: int) -> None:
    """Let the task's page say that it cannot be made into messages; said once."""
    await conn.execute(TELL, {"task": task_id, "code": "cannot_render", "sentence": RULES["cannot_render"]})


@dataclass(frozen=True)
class TaskText:
    """A task's sender, text and price of attention, ready to be sent.

    With `whole` a long message is one part to the carrier, which cuts it by itself (message_payload).
    """

    task_id: int
    source: str
    priority: int
    renderer: Renderer
    mainland: bool = False
    whole: bool = False

    def parts_of(self, recipient: Recipient) -> list[OutgoingPart]:
        """The parts of one message.

        The 8-bit reference of a long message depends on the task and the number: two long messages to one
        phone at a time get different ones, which one counter for all numbers cannot promise.
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


def compile_text(task_id: int, priority: int, snapshot: dict[str, Any], *, whole: bool = False) -> TaskText:
    """A task's snapshot as something that renders and encodes; raises UnsendableError."""
    try:
        kind = ApplicationType(snapshot["application_type"])
        template = parse(snapshot["content"], kind, snapshot["attributes"])
        renderer = Renderer(template, snapshot["signature"])
        mainland = kind is ApplicationType.MAINLAND
        return TaskText(task_id, snapshot["source"], priority, renderer, mainland, whole)
    except (KeyError, TypeError, ValueError, TemplateError) as error:
        raise UnsendableError(f"its snapshot cannot be read ({type(error).__name__})") from error


class Texts:
    """Compiled texts of the tasks being sent over one carrier; `whole` is how it takes long messages."""

    def __init__(self, carrier_id: int = 0, *, whole: bool = False) -> None:
        self._carrier = str(carrier_id)
        self._whole = whole
        self._texts: dict[int, TaskText] = {}

    async def of(self, conn: Connection, task_id: int) -> TaskText:
        """The text of a task; read once, since a snapshot never changes."""
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
            self._texts[task_id] = compile_text(task_id, row[2], snapshot, whole=self._whole)
        return self._texts[task_id]


def take_window(
    text: TaskText, waiting: Sequence[Recipient], most: int
) -> tuple[int, list[list[OutgoingPart]]]:
    """As many of the first `waiting` as have at most `most` parts together, at least one: how many, parts."""
    window: list[list[OutgoingPart]] = []
    total = 0
    for recipient in waiting:
        parts = text.parts_of(recipient)
        total += len(parts)
        if window and total > most:
            break
        window.append(parts)
        if total >= most:
            break
    return len(window), window
