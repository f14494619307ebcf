"""One TCP or TLS connection that carries PDUs: each read gives a list of PDUs, each batch is one write."""

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any, Final, cast

from sendmill.carriers.command_statuses import ESME_RINVCMDLEN
from sendmill.carriers.protocol import ConnectError
from sendmill.carriers.sentences import Sentence, sentence
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.pdu import Decoder, FramingError, Pdu, encode_generic_nack

_HIGH_WATER: Final = 256 * 1024
_MOST_UNREAD: Final = 16 * 1024 * 1024
_FLUSH_SECONDS: Final = 2.0
_ENDS_OF_A_HANDSHAKE: Final = (
    ssl.SSLEOFError,
    ssl.SSLZeroReturnError,
    ConnectionResetError,
    ConnectionAbortedError,
    BrokenPipeError,
)


class Transport(asyncio.Protocol):
    """Cuts incoming bytes into PDUs and writes bytes. It encodes no PDU but generic_nack, for a broken frame.

    `gone` is set while there is no connection. `on_lost` is called with the reason why the connection has to end,
    `on_ended` with how the other side ended it.
    """

    def __init__(
        self,
        on_pdus: Callable[[list[Pdu]], None],
        on_writable: Callable[[], None],
        on_lost: Callable[[str], None],
        on_ended: Callable[[str], None],
    ) -> None:
        self.writable = False
        self._on_pdus = on_pdus
        self._on_writable = on_writable
        self._on_lost = on_lost
        self._on_ended = on_ended
        self._decoder = Decoder()
        self._transport: asyncio.Transport | None = None
        self._deadline: asyncio.TimerHandle | None = None
        self.gone = asyncio.Event()
        self.gone.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Set the connection up (called by asyncio)."""
        # uvloop's transports have the methods without the base class, so no isinstance.
        self._transport = transport = cast(asyncio.Transport, transport)
        self.gone.clear()
        transport.set_write_buffer_limits(high=_HIGH_WATER)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            # Nagle's algorithm and delayed acknowledgements together cost 44 ms a batch.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.writable = True

    def data_received(self, data: bytes) -> None:
        """Hand over the PDUs in `data`; close the connection when they cannot be told apart (called by asyncio)."""
        if self._transport is None:
            return
        try:
            pdus = self._decoder.feed(data)
        except FramingError as error:
            self._on_pdus(error.pdus)
            self.write(encode_generic_nack(error.sequence, ESME_RINVCMDLEN))
            self.close()
            self._on_lost(
                sentence("The carrier sent a PDU of an impossible length (%(length)s).", length=error.length)
            )
            return
        if pdus:
            self._on_pdus(pdus)

    def pause_writing(self) -> None:
        """Note that the write buffer is full (called by asyncio)."""
        self.writable = False

    def resume_writing(self) -> None:
        """Note that the write buffer has room again (called by asyncio)."""
        self.writable = True
        self._on_writable()

    def connection_lost(self, exc: Exception | None) -> None:
        """Report how the connection ended (called by asyncio)."""
        self._transport = None
        self.writable = False
        self.gone.set()
        if self._deadline is not None:
            self._deadline.cancel()
        if exc is None:
            self._on_ended(sentence("The carrier closed the connection."))
        else:
            self._on_ended(sentence("The connection broke: %(reason)s.", reason=_reason_of(exc)))

    def write(self, data: bytes) -> None:
        """Write `data`; without a connection do nothing.

        A carrier that stops reading loses the connection before its unread bytes fill our memory.
        """
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        transport.write(data)
        if not self.writable and transport.get_write_buffer_size() > _MOST_UNREAD:
            transport.abort()
            self._on_lost(sentence("The carrier stopped reading."))

    def pause_reading(self) -> None:
        """Stop reading: what the carrier sends stays in the buffers of the network."""
        if self._transport is not None:
            self._transport.pause_reading()

    def resume_reading(self) -> None:
        """Read again after `pause_reading`."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def close(self) -> None:
        """Close once everything was written, and at the latest after two seconds."""
        transport = self._transport
        if transport is not None and self._deadline is None:
            transport.close()
            self._deadline = asyncio.get_running_loop().call_later(_FLUSH_SECONDS, transport.abort)


async def connect(config: CarrierConfig, transport: Transport) -> None:
    """Connect `transport` to the first of the host's addresses that accepts.

    Each address gets its share of the time that is left. Raises ConnectError with a sentence that says what to check.
    """
    try:
        context = _tls_context(config)
        if not 0 < config.port < 65536:
            raise OverflowError("a port is a number from 1 to 65535")
        loop = asyncio.get_running_loop()
        deadline = loop.time() + config.connect_timeout
        async with asyncio.timeout_at(deadline):
            addresses = await loop.getaddrinfo(config.host, config.port, type=socket.SOCK_STREAM)
        errors: list[Exception] = []
        # create_connection may spend all the time on an address that does not answer, and uvloop's always does.
        for left, (family, _, protocol, _, address) in zip(
            range(len(addresses), 0, -1), addresses, strict=True
        ):
            now = loop.time()
            try:
                async with asyncio.timeout_at(now + (deadline - now) / left):
                    connection = await _reach(family, protocol, address)
                    await loop.create_connection(
                        lambda: transport,
                        sock=connection,
                        ssl=context,
                        server_hostname=config.host if context else None,
                    )
                return
            except OSError as error:
                errors.append(error)
        raise max(errors, key=_weight)
    except (OSError, UnicodeError, OverflowError) as error:
        raise ConnectError(_sentence_of(error, config)) from None


async def _reach(family: int, protocol: int, address: tuple[Any, ...]) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM, protocol)
    try:
        connection.setblocking(False)
        await asyncio.get_running_loop().sock_connect(connection, address)
    except BaseException:
        connection.close()
        raise
    return connection


def _weight(error: Exception) -> int:
    """Return how far an attempt got before it failed: the error of the one that got furthest tells most."""
    kinds = (TimeoutError, ConnectionRefusedError, ConnectionError, ssl.SSLError)
    return max((place for place, kind in enumerate(kinds, 1) if isinstance(error, kind)), default=0)


def _sentence_of(error: Exception, config: CarrierConfig) -> Sentence:
    place = f"{config.host}:{config.port}"
    if isinstance(error, TimeoutError):
        return _too_late(config)
    if isinstance(error, ssl.SSLCertVerificationError):
        return sentence(
            "The certificate of %(place)s was not accepted: %(reason)s.",
            place=place,
            reason=error.verify_message,
        )
    if config.tls and isinstance(error, _ENDS_OF_A_HANDSHAKE):
        return sentence(
            "%(place)s closed the connection during the TLS handshake. Check that this port speaks TLS.",
            place=place,
        )
    if isinstance(error, ssl.SSLError):
        return sentence(
            "%(place)s does not speak TLS as expected (%(reason)s). Check the port and the TLS setting.",
            place=place,
            reason=error.reason or _reason_of(error),
        )
    if isinstance(error, socket.gaierror | UnicodeError):
        return sentence("The host name %(host)s is not known. Check the host.", host=config.host)
    if isinstance(error, ConnectionRefusedError):
        return sentence("Nothing listens at %(place)s. Check host and port.", place=place)
    return sentence("No connection to %(place)s: %(reason)s.", place=place, reason=_reason_of(error))


def _too_late(config: CarrierConfig) -> Sentence:
    about = {"place": f"{config.host}:{config.port}", "seconds": f"{config.connect_timeout:g}"}
    if config.tls:
        return sentence(
            "No TLS connection to %(place)s within %(seconds)s seconds. Check host and port, that this port "
            "speaks TLS, and that the carrier lets this machine's address in.",
            **about,
        )
    return sentence(
        "No connection to %(place)s within %(seconds)s seconds. "
        "Check host and port, and that the carrier lets this machine's address in.",
        **about,
    )


def _reason_of(error: BaseException) -> str:
    # Some of asyncio's errors have no text.
    return str(getattr(error, "strerror", None) or error) or type(error).__name__


def _tls_context(config: CarrierConfig) -> ssl.SSLContext | None:
    if not config.tls:
        return None
    try:
        context = ssl.create_default_context(cafile=config.tls_ca_file)
    except OSError:
        raise ConnectError(
            sentence(
                "The file of trusted certificates %(file)s cannot be read.", file=config.tls_ca_file or ""
            )
        ) from None
    if not config.tls_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
