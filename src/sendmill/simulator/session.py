"""One connection of a client to the service centre."""

import asyncio
import socket
from collections.abc import Callable
from typing import cast

from sendmill.carriers.smpp.pdu import (
    BIND_RECEIVER,
    BIND_TRANSCEIVER,
    BIND_TRANSMITTER,
    BINDS,
    DELIVER_SM_RESP,
    ENQUIRE_LINK,
    ENQUIRE_LINK_RESP,
    GENERIC_NACK,
    QUERY_SM,
    RESPONSE,
    SUBMIT_SM,
    SUBMIT_SM_RESP,
    UNBIND,
    UNBIND_RESP,
    Decoder,
    FramingError,
    Pdu,
    PduError,
    decode_bind,
    decode_query_sm,
    encode_bind_resp,
    encode_enquire_link,
    encode_enquire_link_resp,
    encode_generic_nack,
    encode_pdu,
    encode_query_sm_resp,
    encode_submit_sm_resps,
    encode_unbind_resp,
)
from sendmill.simulator.answer_times import LateAnswers, behind_answers
from sendmill.simulator.delivery import Courier
from sendmill.simulator.intake import Lane, Taken
from sendmill.simulator.service_center import Center

RINVCMDLEN, RINVCMDID, RINVBNDSTS, RALYBND = 0x02, 0x03, 0x04, 0x05
_GARBAGE = bytes(16)
_NAME = "sendmill-sim"
_ANOTHER_BIND = {
    BIND_TRANSCEIVER: BIND_TRANSMITTER,
    BIND_TRANSMITTER: BIND_RECEIVER,
    BIND_RECEIVER: BIND_TRANSCEIVER,
}


class Session(asyncio.Protocol):
    """Reads a batch of PDUs and answers it in one write; the journal is written before the responses are sent."""

    def __init__(self, center: Center) -> None:
        self._center = center
        self._loop = asyncio.get_running_loop()
        self._decoder = Decoder()
        self._lane: Lane | None = None
        self._transmits = False
        self._late: LateAnswers | None = None
        self._courier: Courier | None = None
        self._ending = False
        self._paused = False
        self._garbled = False
        self._dripping = bytearray()
        self._enquiry: asyncio.TimerHandle | None = None
        self._enquiries = 0x7000_0000
        self._silence: asyncio.TimerHandle | None = None
        self._heard = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Register the connection (called by asyncio)."""
        self._transport = cast(asyncio.Transport, transport)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._center.connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        """Detach the bind (called by asyncio)."""
        self._center.connections.discard(self)
        self._ending = True
        for timer in (self._enquiry, self._silence):
            if timer is not None:
                timer.cancel()
        if self._lane is not None:
            self._center.sessions[self._lane.system_id] -= 1
        if self._late is not None:
            self._late.stop()
        if self._courier is not None:
            courier, self._courier = self._courier, None
            self._center.detach(courier)

    def pause_writing(self) -> None:
        """Stop reading while the client does not read (called by asyncio)."""
        self._paused = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """Read and deliver again (called by asyncio)."""
        self._paused = False
        if not self._ending:
            self._transport.resume_reading()
        if self._courier is not None:
            self._center.pump(self._courier)

    def data_received(self, data: bytes) -> None:
        """Answer the PDUs in `data`; close on one that cannot be framed (called by asyncio)."""
        if self._silence is not None:
            self._heard = self._loop.time()
        broken: FramingError | None = None
        try:
            pdus = self._decoder.feed(data)
        except FramingError as error:
            broken, pdus = error, error.pdus
        answers = self._answer_batch(pdus)
        if answers:
            self._send(b"".join(answers))
        if broken is not None and not self._ending:
            self._send(encode_generic_nack(broken.sequence, RINVCMDLEN))
            self._end()
        if self._courier is not None:
            self._center.pump(self._courier)

    def _answer_batch(self, pdus: list[Pdu]) -> list[bytes]:
        answers: list[bytes] = []
        submits: list[Pdu] = []
        acknowledged: list[tuple[int, int]] = []
        for pdu in pdus:
            command, status, sequence, _ = pdu
            if command == SUBMIT_SM:
                submits.append(pdu)
            elif command == DELIVER_SM_RESP and self._courier is not None:
                acknowledged.append((sequence, status))
            else:
                self._take(submits, answers)
                submits = []
                if not self._ending:
                    self._answer(pdu, answers)
            if self._ending:
                break
        self._take(submits, answers)
        if acknowledged and self._courier is not None:
            self._center.acknowledge(self._courier, acknowledged)
        return answers

    def _take(self, submits: list[Pdu], answers: list[bytes]) -> None:
        if not submits or self._ending:
            return
        lane, center = self._lane, self._center
        if lane is None or not self._transmits:
            answers.extend(_refusal(pdu.sequence, RINVBNDSTS, center.faults.bare_errors) for pdu in submits)
            return
        submits = self._refuse_excess(submits, answers)
        first = center.states.next_serial
        taken = center.intake.take(lane, submits)
        center.statistics.accepted += len(taken.accepted)
        center.statistics.refused += len(taken.refused)
        if center.faults.report_before_response:
            center.deliver_now(taken.deliveries)
        elif not center.faults.answers_late or taken.cut:
            center.schedule(taken.deliveries)
        if taken.cut:
            answers.clear()
            self.cut()
            return
        if center.faults.answers_late:
            self._respond_late(lane, taken, first)
        else:
            self._respond(lane, taken, answers)
        if center.faults.garbage_after and lane.taken >= center.faults.garbage_after and not self._garbled:
            self._garbled = True
            answers.append(_GARBAGE)

    def _refuse_excess(self, submits: list[Pdu], answers: list[bytes]) -> list[Pdu]:
        """Refuse the submits above the server's window; return the others."""
        faults = self._center.faults
        if not faults.server_window:
            return submits
        unanswered = self._late.unanswered if self._late is not None else 0
        room = max(0, faults.server_window - unanswered)
        excess = submits[room:]
        self._center.statistics.refused += len(excess)
        answers += [_refusal(pdu.sequence, faults.server_window_status, faults.bare_errors) for pdu in excess]
        return submits[:room]

    def _respond(self, lane: Lane, taken: Taken, answers: list[bytes]) -> None:
        faults, accepted = self._center.faults, taken.accepted
        if faults.drop_responses:
            draw = lane.random.random
            accepted = [answer for answer in accepted if draw() >= faults.drop_responses]
        answers.append(encode_submit_sm_resps(accepted))
        answers += [_refusal(*refused, faults.bare_errors) for refused in taken.refused]

    def _respond_late(self, lane: Lane, taken: Taken, first: int) -> None:
        """Respond to each part at its time, and report it after that; `first` is the serial number of the first."""
        faults, draw = self._center.faults, lane.random.random
        lost = faults.drop_responses
        responses = [
            b"" if lost and draw() < lost else encode_submit_sm_resps([answer]) for answer in taken.accepted
        ]
        responses += [_refusal(*refused, faults.bare_errors) for refused in taken.refused]
        if self._late is None:
            self._late = LateAnswers(self._send, lane.random)
        waits = self._late.add(faults, responses)
        if not faults.report_before_response:
            deliveries = taken.deliveries
            if faults.times_each_answer:
                deliveries = behind_answers(deliveries, first, waits[: len(taken.accepted)])
            self._center.schedule(deliveries)

    def _answer(self, pdu: Pdu, answers: list[bytes]) -> None:
        command = pdu.command_id
        if command in BINDS:
            self._bind(pdu, answers)
        elif command == ENQUIRE_LINK:
            answers.append(encode_enquire_link_resp(pdu.sequence))
        elif command == QUERY_SM:
            answers.append(self._query(pdu))
        elif command == UNBIND:
            answers.append(encode_unbind_resp(pdu.sequence, 0 if self._lane else RINVBNDSTS))
            self._send(b"".join(answers))
            answers.clear()
            self._end()
        elif command == UNBIND_RESP:
            self._end()
        elif command == GENERIC_NACK and self._courier is not None:
            if self._center.faults.huge_reply:
                return  # a client that cannot read it has not got it
            self._center.acknowledge(self._courier, [(pdu.sequence, 0)])
        elif not command & RESPONSE and command != ENQUIRE_LINK_RESP:
            answers.append(encode_generic_nack(pdu.sequence, RINVCMDID))

    def _bind(self, pdu: Pdu, answers: list[bytes]) -> None:
        center = self._center
        if self._lane is not None:
            answers.append(encode_bind_resp(pdu.command_id, pdu.sequence, RALYBND))
            return
        try:
            bind = decode_bind(pdu.body)
            status = center.admit(bind.system_id, bind.password)
        except PduError:
            status = RINVCMDLEN
        if center.faults.enquire_before_bind:
            answers.append(self._enquire())
        command = _ANOTHER_BIND[pdu.command_id] if center.faults.wrong_bind_response else pdu.command_id
        answers.append(encode_bind_resp(command, pdu.sequence, status, _NAME))
        # Sent at once, so that a report held for this system_id cannot overtake the bind response.
        self._send(b"".join(answers))
        answers.clear()
        if status:
            self._end()
            return
        self._lane = center.open_lane(bind.system_id)
        self._transmits = pdu.command_id != BIND_RECEIVER
        if pdu.command_id != BIND_TRANSMITTER:
            self._courier = Courier(
                self._lane.number,
                bind.system_id,
                send=self._send,
                ready=lambda: not self._paused and not self._ending,
            )
            center.attach(self._courier)
        if center.faults.close_after_silence:
            self._heard = self._loop.time()
            self._watch_silence()
        if center.faults.enquire_interval:
            self._enquiry = self._loop.call_later(center.faults.enquire_interval, self._enquire_again)

    def _query(self, pdu: Pdu) -> bytes:
        if not self._transmits:
            return encode_query_sm_resp(pdu.sequence, RINVBNDSTS)
        try:
            answer = self._center.query(decode_query_sm(pdu.body).message_id)
        except PduError:
            answer = RINVCMDLEN
        if isinstance(answer, int):
            return encode_query_sm_resp(pdu.sequence, answer)
        return encode_query_sm_resp(pdu.sequence, 0, answer)

    def _enquire(self) -> bytes:
        self._enquiries += 1
        return encode_enquire_link(self._enquiries)

    def _enquire_again(self) -> None:
        self._send(self._enquire())
        interval = self._center.faults.enquire_interval
        if interval:
            self._enquiry = self._loop.call_later(interval, self._enquire_again)

    def _watch_silence(self) -> None:
        left = self._heard + self._center.faults.close_after_silence - self._loop.time()
        if left > 0:
            self._silence = self._loop.call_later(left, self._watch_silence)
        elif self._center.faults.close_after_silence:
            self._end()

    def _send(self, data: bytes) -> None:
        faults = self._center.faults
        if faults.silent or self._transport.is_closing():
            return
        if faults.split_writes or self._dripping:
            if not self._dripping:
                self._loop.call_soon(self._drip)
            self._dripping += data
        else:
            self._transport.write(data)

    def _drip(self) -> None:
        size = self._center.faults.split_writes or len(self._dripping)
        if not self._transport.is_closing():
            self._transport.write(bytes(self._dripping[:size]))
        del self._dripping[:size]
        if self._dripping:
            self._loop.call_soon(self._drip)
        elif self._ending:
            self._transport.close()

    def _end(self) -> None:
        """Close once everything was written."""
        self._ending = True
        if not self._dripping:
            self._transport.close()

    def cut(self) -> None:
        """Close at once; what was not written yet is lost."""
        self._ending = True
        self._dripping.clear()
        self._transport.abort()


def _refusal(sequence: int, status: int, bare: bool) -> bytes:
    return encode_pdu(SUBMIT_SM_RESP, status, sequence, b"" if bare else b"\0")


def factory(center: Center) -> Callable[[], Session]:
    """Return what asyncio calls for every connection: a function that creates a session."""
    return lambda: Session(center)
