"""The part of an SMPP 3.4 session without messages: connect, bind, answer the peer, keep alive, end."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Final, NamedTuple

from sendmill.carriers import command_statuses
from sendmill.carriers.protocol import BindError, Loss, LossCause
from sendmill.carriers.sentences import joined, of_error, sentence
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.pdu import (
    ALERT_NOTIFICATION,
    BIND_COMMANDS,
    BIND_RESPONSE_NAMES,
    BINDS,
    ENQUIRE_LINK,
    GENERIC_NACK,
    MAX_SEQUENCE,
    OUTBIND,
    RESPONSE,
    UNBIND,
    Bind,
    Pdu,
    PduError,
    encode_bind,
    encode_enquire_link,
    encode_enquire_link_resp,
    encode_generic_nack,
    encode_unbind,
    encode_unbind_resp,
)
from sendmill.carriers.smpp.transport import Transport, connect
from sendmill.domain.command_status_names import status_name

_LONGEST_TICK: Final = 0.5
_LONGEST_UNBIND: Final = 5.0

_BIND_REFUSALS: Final = {
    command_statuses.ESME_RINVPASWD: sentence("The carrier refused the password. Check the password."),
    command_statuses.ESME_RINVSYSID: sentence(
        "The carrier does not know this system_id. Check the system_id."
    ),
    command_statuses.ESME_RALYBND: sentence(
        "The carrier has no bind left for this system_id: another connection holds it. "
        "Close that one, or use fewer binds."
    ),
    command_statuses.ESME_RBINDFAIL: sentence(
        "The carrier refused the bind. Check system_id, password and the kind of bind, "
        "and that the carrier lets this machine's address in."
    ),
    command_statuses.ESME_RINVSYSTYP: sentence("The carrier refused the system_type. Check system_type."),
    command_statuses.ESME_RINVCMDID: sentence(
        "The carrier does not know this kind of bind. It may not know transceivers: choose a pair."
    ),
    command_statuses.ESME_RTHROTTLED: sentence(
        "The carrier refuses binds for now because there were too many. Wait a while."
    ),
}


class _Request(NamedTuple):
    command_id: int
    answer: asyncio.Future[Pdu | None]
    deadline: float


class SessionBase(ABC):
    """One bind without messages, which are the subclass's part.

    Every call that waits returns at the latest when the connection ends. `closed` is set then, and `reason` says why
    in a sentence; `loss` tells more when it had been bound.
    """

    def __init__(
        self,
        config: CarrierConfig,
        *,
        on_state: Callable[[str, str], None] | None,
        first_sequence: int,
    ) -> None:
        self.config = config
        self.closed = asyncio.Event()
        self.reason = ""
        self.bound = False
        self.loss: Loss | None = None
        self._on_state = on_state
        self._next_sequence = first_sequence
        self._wrapped = False
        self._requests: dict[int, _Request] = {}
        self._transport = Transport(self._take_pdus, self._make_room, self._lose, self._hear_the_end)
        self._timer: asyncio.TimerHandle | None = None
        self._heard = 0.0
        self._enquired_at: float | None = None
        self._in_doubt = False
        self._opened = self._bind_answered = False
        self._unbound_by: int | None = None

    # -- what a subclass adds --------------------------------------------------------------------------

    @abstractmethod
    def _take_pdus(self, pdus: list[Pdu]) -> None:
        """Handle the PDUs of one read."""

    @abstractmethod
    def _make_room(self) -> None:
        """Wake whoever waits for room: the transport takes more, parts were answered, or no more will be sent."""

    @abstractmethod
    def _check_deadlines(self, now: float) -> bool:
        """Give up overdue parts; return False while the peer cannot be blamed for its silence."""

    @abstractmethod
    def _end(self) -> None:
        """Answer everything that is outstanding, because the connection has ended."""

    def _in_use(self, sequence: int) -> bool:
        return sequence in self._requests

    # -- opening and ending ----------------------------------------------------------------------------

    async def open(self) -> None:
        """Connect and bind; raises ConnectError or BindError, after which the session is closed."""
        if self._opened:
            raise RuntimeError("a session is opened once")
        self._opened = True
        self._tell(
            "connecting", sentence("Connecting to %(place)s.", place=f"{self.config.host}:{self.config.port}")
        )
        try:
            await connect(self.config, self._transport)
            self._heard = asyncio.get_running_loop().time()
            self._tick()
            await self._bind()
        except BaseException as error:
            self._lose(of_error(error) or sentence("The connection was given up."))
            raise

    async def _bind(self) -> None:
        config = self.config
        bind = Bind(config.system_id, config.password, config.system_type)
        command_id = BIND_COMMANDS[config.bind]
        try:
            answer = await self._ask(command_id, lambda sequence: encode_bind(config.bind, sequence, bind))
        except PduError as error:
            raise BindError(
                None, sentence("The bind cannot be written: %(reason)s.", reason=str(error))
            ) from None
        if answer is None:
            raise BindError(None, self.reason or sentence("The carrier did not answer the bind in time."))
        if answer.status or answer.command_id == GENERIC_NACK:
            said = _BIND_REFUSALS.get(answer.status) or sentence("The carrier refused the bind.")
            raise BindError(answer.status, joined(said, f"({status_name(answer.status)})"))
        if answer.command_id != command_id | RESPONSE:
            raise BindError(
                None,
                sentence(
                    "The carrier answered bind_%(bind)s with %(answer)s. Choose the kind of bind that it offers, or "
                    "ask the carrier.",
                    bind=config.bind,
                    answer=BIND_RESPONSE_NAMES.get(answer.command_id, f"0x{answer.command_id:08X}"),
                ),
            )
        if not self.bound:
            raise BindError(None, self.reason)

    async def _unbind(self, timeout: float) -> None:
        await self._ask(UNBIND, encode_unbind, timeout)

    def _lose(self, reason: str, cause: LossCause = "other") -> None:
        """Close the session, whichever side ended it, and answer everything that waits."""
        if self.closed.is_set():
            return
        self.reason = reason
        if self.bound or self._unbound_by is not None:
            self.loss = Loss(cause, asyncio.get_running_loop().time() - self._heard, reason)
        self.bound = False
        self.closed.set()
        if self._timer is not None:
            self._timer.cancel()
        self._transport.close()
        self._end()
        for request in self._requests.values():
            if not request.answer.done():
                request.answer.set_result(None)
        self._requests.clear()
        self._make_room()
        self._tell("closed", reason)

    def _hear_the_end(self, reason: str) -> None:
        cause: LossCause = "closed"
        if self._unbound_by is not None:
            reason, cause = sentence("The carrier ended the session (unbind)."), "unbound"
        elif not self._bind_answered:
            # A firewall or an allow list closes without an answer, so the sentence says where to look.
            place = f"{self.config.host}:{self.config.port}"
            reason = sentence(
                "%(place)s closed the connection instead of answering the bind. "
                "Check that it lets this machine's address in, and the TLS setting.",
                place=place,
            )
        self._lose(reason, cause)

    def _tell(self, state: str, said: str) -> None:
        if self._on_state is not None:
            self._on_state(state, said)

    # -- requests of our own ---------------------------------------------------------------------------

    def _take_sequences(self, wanted: int) -> tuple[int, int]:
        """Reserve up to `wanted` consecutive sequence numbers, none of which awaits a response; return (first, count).

        Numbers go up to 0x7FFFFFFF and start again at 1 (SMPP 3.4 §5.1.4); a run ends there, or before a number that
        is still in use.
        """
        first = self._next_sequence
        if self._wrapped:
            while first > MAX_SEQUENCE or self._in_use(first):
                first = 1 if first >= MAX_SEQUENCE else first + 1
        elif first > MAX_SEQUENCE:
            self._next_sequence, self._wrapped = 1, True
            return self._take_sequences(wanted)
        count = min(wanted, MAX_SEQUENCE - first + 1)
        if self._wrapped:
            for step in range(1, count):
                if self._in_use(first + step):
                    count = step
                    break
        self._next_sequence = first + count
        return first, count

    async def _ask(
        self, command_id: int, encode: Callable[[int], bytes], timeout: float | None = None
    ) -> Pdu | None:
        """Send a request and return the response; None when none came in time or the connection ended."""
        if self.closed.is_set():
            return None
        sequence, _ = self._take_sequences(1)
        data = encode(sequence)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Pdu | None] = loop.create_future()
        patience = self.config.response_timeout if timeout is None else timeout
        self._requests[sequence] = _Request(command_id, answer, loop.time() + patience)
        self._transport.write(data)
        try:
            return await answer
        finally:
            self._requests.pop(sequence, None)

    def _take_answer(self, pdu: Pdu) -> bool:
        """Give a response to the request that waits for it; return False when none does."""
        request = self._requests.get(pdu.sequence)
        if request is None:
            return False
        right = pdu.command_id == request.command_id | RESPONSE
        # Nothing else is asked before a bind is answered: another kind of response is meant for it.
        if not right and pdu.command_id != GENERIC_NACK and request.command_id not in BINDS:
            return False
        del self._requests[pdu.sequence]
        if request.command_id in BINDS:
            self._bind_answered = True
            if right and not pdu.status:
                # Set here and not in `open`, which goes on later: reports may follow in the same bytes.
                self.bound = True
                self._tell("bound", sentence("Bound as %(bind)s.", bind=self.config.bind))
        if not request.answer.done():
            request.answer.set_result(pdu)
        return True

    # -- requests of the peer --------------------------------------------------------------------------

    def _take_request(self, pdu: Pdu) -> None:
        if pdu.command_id == ENQUIRE_LINK:
            self._transport.write(encode_enquire_link_resp(pdu.sequence))
        elif pdu.command_id == UNBIND:
            self._take_unbind(pdu.sequence)
        elif pdu.command_id not in (ALERT_NOTIFICATION, OUTBIND):
            self._transport.write(encode_generic_nack(pdu.sequence, command_statuses.ESME_RINVCMDID))

    def _take_unbind(self, sequence: int) -> None:
        # A carrier that unbinds takes nothing new, but may still answer what it has, after its unbind.
        again = self._unbound_by is not None
        self.bound, self._unbound_by = False, sequence
        if not again:
            self._tell("closing", sentence("Waiting for the last responses."))
            patience = min(self.config.response_timeout, _LONGEST_UNBIND)
            asyncio.get_running_loop().call_later(patience, self._answer_unbind)

    def _answer_unbind(self) -> None:
        if self._unbound_by is not None and not self.closed.is_set():
            self._transport.write(encode_unbind_resp(self._unbound_by))
            self._lose(sentence("The carrier ended the session (unbind)."), "unbound")

    # -- time ------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        """Check deadlines and keep the connection alive; runs at a tenth of the shortest of these times."""
        loop, config = asyncio.get_running_loop(), self.config
        now = loop.time()
        period = min(config.response_timeout / 10, config.enquire_interval / 10, _LONGEST_TICK)
        self._timer = loop.call_later(period, self._tick)
        if not self._check_deadlines(now):
            return
        for sequence, request in list(self._requests.items()):
            if request.deadline <= now and not request.answer.done():
                del self._requests[sequence]
                request.answer.set_result(None)
        if self.bound:
            self._keep_alive(now)

    def _keep_alive(self, now: float) -> None:
        if self._enquired_at is not None and self._heard >= self._enquired_at:
            # Any PDU shows that the peer is alive.
            self._enquired_at = None
        if self._enquired_at is None:
            if self._in_doubt or now - self._heard >= self.config.enquire_interval:
                self._enquired_at = now
                self._transport.write(encode_enquire_link(self._take_sequences(1)[0]))
        elif self._silent_too_long(now, self._enquired_at):
            self._lose(sentence("The carrier does not answer any more (enquire_link)."), "silent")

    def _silent_too_long(self, now: float, enquired_at: float) -> bool:
        if self.config.silence_timeout:
            return now - self._heard >= self.config.silence_timeout
        return now - enquired_at >= self.config.response_timeout
