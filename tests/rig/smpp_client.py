"""A minimal SMPP client made from the codec: it sends what a test tells it and keeps all that comes."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Self

from sendmill.carriers.smpp.pdu import (
    DELIVER_SM,
    ESM_TYPE_MASK,
    SUBMIT_SM_RESP,
    TAG_MESSAGE_STATE,
    TAG_RECEIPTED_MESSAGE_ID,
    Bind,
    BindKind,
    Decoder,
    Message,
    Pdu,
    Query,
    decode_deliver_sm,
    decode_submit_sm_resp,
    encode_bind,
    encode_deliver_sm_resps,
    encode_query_sm,
    encode_submit_sm,
)

PATIENCE = 10.0


class Client:
    """`pdus` is everything received, in order; deliver_sm are acknowledged while `acknowledges` is true."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.pdus: list[Pdu] = []
        self.chunks: list[int] = []
        self.acknowledges = True
        self.closed = False
        self._sequence = 0
        self._changed = asyncio.Event()
        self._task = asyncio.create_task(self._read())

    @classmethod
    async def connect(cls, port: int) -> Self:
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def _read(self) -> None:
        decoder = Decoder()
        try:
            while data := await self.reader.read(65536):
                self.chunks.append(len(data))
                pdus = decoder.feed(data)
                self.pdus += pdus
                delivered = [pdu.sequence for pdu in pdus if pdu.command_id == DELIVER_SM]
                if delivered and self.acknowledges:
                    self.writer.write(encode_deliver_sm_resps(delivered))
                self._changed.set()
        except (OSError, ValueError):
            pass
        finally:
            self.closed = True
            self.writer.transport.abort()
            self._changed.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until `condition` holds; fails when it never does."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    def next_sequence(self) -> int:
        self._sequence += 1
        return self._sequence

    def write(self, data: bytes) -> None:
        self.writer.write(data)

    async def answer(self, sequence: int) -> Pdu:
        """The response with this sequence number."""
        await self.until(lambda: self._response(sequence))
        response = self._response(sequence)
        assert response is not None
        return response

    def _response(self, sequence: int) -> Pdu | None:
        for pdu in self.pdus:
            if pdu.sequence == sequence and pdu.command_id & 0x80000000:
                return pdu
        return None

    async def bind(
        self, kind: BindKind = "transceiver", system_id: str = "demo", password: str | None = None
    ) -> int:
        sequence = self.next_sequence()
        self.write(encode_bind(kind, sequence, Bind(system_id, system_id if password is None else password)))
        return (await self.answer(sequence)).status

    def send(self, message: Message) -> int:
        sequence = self.next_sequence()
        self.write(encode_submit_sm(sequence, message))
        return sequence

    async def submit(self, message: Message) -> tuple[int, str]:
        """The command status and message id of one submit."""
        answer = await self.answer(self.send(message))
        assert answer.command_id == SUBMIT_SM_RESP
        return answer.status, decode_submit_sm_resp(answer.body)

    async def query(self, message_id: str) -> Pdu:
        sequence = self.next_sequence()
        self.write(encode_query_sm(sequence, Query(message_id, "Sendmill")))
        return await self.answer(sequence)

    @property
    def deliveries(self) -> list[Message]:
        return [decode_deliver_sm(pdu.body) for pdu in self.pdus if pdu.command_id == DELIVER_SM]

    async def reports(self, count: int) -> list["Report"]:
        """The first `count` reports, in the order of their coming."""
        await self.until(lambda: len(self.deliveries) >= count)
        return [Report(message) for message in self.deliveries[:count]]

    def close(self) -> None:
        self._task.cancel()
        self.writer.transport.abort()


async def eventually(condition: Callable[[], object]) -> None:
    """Wait until `condition` holds at the centre; fails when it never does."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


class Report:
    """A report read with other means than the product's own."""

    def __init__(self, message: Message) -> None:
        self.message = message
        self.text = message.payload.decode("latin-1")
        self.kind = message.esm_class & ESM_TYPE_MASK
        self.number = message.source
        found = dict(re.findall(r"(id|stat|err):(\S*)", self.text))
        self.text_id, self.stat, self.error = found.get("id"), found.get("stat"), found.get("err")
        written = message.tlvs.get(TAG_RECEIPTED_MESSAGE_ID)
        self.tlv_id = None if written is None else written.rstrip(b"\0").decode()
        state = message.tlvs.get(TAG_MESSAGE_STATE)
        self.tlv_state = None if state is None else state[0]


@asynccontextmanager
async def bound(port: int, kind: BindKind = "transceiver", **who: str) -> AsyncIterator[Client]:
    """A client that has bound."""
    client = await Client.connect(port)
    try:
        assert await client.bind(kind, **who) == 0
        yield client
    finally:
        client.close()


def message(number: int | str = 8613112345678, text: bytes = b"Hello", **fields: object) -> Message:
    """A submit that a carrier takes, with a report asked for."""
    defaults: dict[str, object] = {
        "source_ton": 5,
        "source_npi": 0,
        "destination_npi": 1,
        "registered_delivery": 1,
    }
    return Message("Sendmill", str(number), text, **(defaults | fields))  # type: ignore[arg-type]


def long_parts(number: int, pieces: list[bytes], reference: int = 7, **fields: object) -> list[Message]:
    """The parts of a long message, each with a user data header."""
    total = len(pieces)
    return [
        message(number, bytes((5, 0, 3, reference, total, at)) + piece, esm_class=0x40, **fields)
        for at, piece in enumerate(pieces, start=1)
    ]
