"""A bind that reconnects: it opens one session after another, and waits longer after each failure."""

import asyncio
import random
from collections.abc import Callable, Iterable

from sendmill.carriers import command_statuses
from sendmill.carriers.back_off import BackOff
from sendmill.carriers.protocol import BindConfig, BindError, CarrierError, Late, Loss, Report
from sendmill.carriers.sentences import joined, sentence
from sendmill.carriers.smpp.configuration import CarrierConfig
from sendmill.carriers.smpp.session import Session

_ONE_TOO_MANY = frozenset({command_statuses.ESME_RALYBND, command_statuses.ESME_RINVSYSID})
_WRONG_CREDENTIALS = frozenset({command_statuses.ESME_RINVPASWD, command_statuses.ESME_RINVSYSID})


class ReconnectingBind:
    """Keeps one bind to a carrier open until it is stopped.

    `state` is one of "idle", "connecting", "bound", "closing", "waiting"; `sentence` explains it to people.
    `on_reports` and `on_late` get the session too, because reports are acknowledged where they came from. `on_lost`
    gets what is known of each session that ended after it was bound, and not by us. `one_too_many` is true while the
    carrier refuses the bind in a way that may mean that it allows no further one.
    """

    def __init__(
        self,
        config: CarrierConfig,
        *,
        on_reports: Callable[[Session, list[Report]], None],
        on_state: Callable[[str, str], None] | None = None,
        on_late: Callable[[Session, list[Late]], None] | None = None,
        on_lost: Callable[[Loss], None] | None = None,
        back_off: BackOff | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.config = config
        self.state = "idle"
        self.sentence = ""
        self.failures = 0
        self.one_too_many = False
        self._on_reports = on_reports
        self._on_state = on_state
        self._on_late = on_late
        self._on_lost = on_lost
        self._back_off = back_off or BackOff()
        self._chance = chance
        self._session: Session | None = None
        self._bound = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def session(self) -> Session | None:
        """The session that is bound now, or None."""
        session = self._session
        return session if session is not None and session.bound else None

    @property
    def running(self) -> tuple[asyncio.Task[None], ...]:
        """The tasks that keep the bind open and end only by `stop`, for whoever supervises them."""
        return () if self._task is None else (self._task,)

    def start(self) -> None:
        """Begin to connect, in the background of the running event loop."""
        if self._task is None:
            self._task = asyncio.create_task(self._run())

    async def stop(self, drain: float = 5.0) -> None:
        """Close the session and open none again; parts in flight have `drain` seconds to be answered."""
        self._stopping.set()
        if self._session is not None and self._session.bound:
            await self._session.close(drain)
        if self._task is not None:
            await self._task
            self._task = None

    async def wait_bound(self) -> Session:
        """Return the bound session as soon as there is one. Waits for ever when the carrier refuses every bind."""
        while True:
            session = self.session
            if session is not None:
                return session
            self._bound.clear()
            await self._bound.wait()

    async def _run(self) -> None:
        while not self._stopping.is_set():
            began = asyncio.get_running_loop().time()
            error = await self._hold_session()
            if self._stopping.is_set():
                break
            lasted = asyncio.get_running_loop().time() - began
            self.failures = 1 if error is None and lasted >= self._back_off.steady else self.failures + 1
            await self._pause(error)
        self._tell("idle", sentence("Stopped."))

    async def _hold_session(self) -> CarrierError | None:
        """Run one session until it ends; return the error when it could not be opened."""
        session = Session(
            self.config, on_reports=self._take_reports, on_state=self._tell, on_late=self._take_late
        )
        self._session = session
        opening = asyncio.create_task(session.open())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait((opening, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not opening.done():
                opening.cancel()
                await asyncio.wait((opening,))
                return None
            opening.result()
            await session.closed.wait()
        except CarrierError as error:
            return error
        finally:
            stopping.cancel()
            opening.cancel()
            await session.close(0.0)
            self._session = None
            if session.loss is not None and self._on_lost is not None and not self._stopping.is_set():
                self._on_lost(session.loss)
        return None

    async def _pause(self, error: CarrierError | None) -> None:
        self.one_too_many = isinstance(error, BindError) and error.status in _ONE_TOO_MANY
        seconds = self._back_off.wait(self.failures, self._chance())
        if isinstance(error, BindError) and error.status in _WRONG_CREDENTIALS:
            # More attempts with a wrong password get an account or an address locked.
            seconds = max(seconds, self._back_off.longest)
        again = sentence("Trying again in %(seconds)s seconds.", seconds=round(seconds))
        self._tell("waiting", joined(self.sentence, again))
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    def _tell(self, state: str, said: str) -> None:
        # "closed" is followed by "waiting" or "idle" at once; its sentence is what those explain.
        self.state, self.sentence = ("waiting" if state == "closed" else state), said
        if state == "bound":
            self.one_too_many = False
            self._bound.set()
        if self._on_state is not None and state != "closed":
            self._on_state(state, said)

    def _take_reports(self, reports: list[Report]) -> None:
        assert self._session is not None  # noqa: S101 (reports come only while a session is held)
        self._on_reports(self._session, reports)

    def _take_late(self, late: list[Late]) -> None:
        if self._on_late is not None and self._session is not None:
            self._on_late(self._session, late)


def connect(
    config: BindConfig,
    *,
    on_reports: Callable[[Session, list[Report]], None],
    on_state: Callable[[str, str], None],
    on_late: Callable[[Session, list[Late]], None],
    on_lost: Callable[[Loss], None],
) -> ReconnectingBind:
    """Return a bind over SMPP: `carriers.protocol.Connect`. Raises TypeError for settings of another protocol."""
    if not isinstance(config, CarrierConfig):
        raise TypeError(f"{type(config).__name__} are no settings of a bind over SMPP")
    return ReconnectingBind(
        config, on_reports=on_reports, on_state=on_state, on_late=on_late, on_lost=on_lost
    )


async def test_binds(configs: Iterable[CarrierConfig]) -> str:
    """Connect, bind and unbind once for each of `configs`; return a sentence that tells of the success.

    Raises CarrierError with a sentence for the operator at the first that fails.
    """
    return joined(*[await _test_bind(config) for config in configs])


async def _test_bind(config: CarrierConfig) -> str:
    session = Session(config, on_reports=lambda reports: None)
    await session.open()
    await session.close(0.0)
    about: dict[str, str | int] = {
        "place": f"{config.host}:{config.port}",
        "bind": config.bind,
        "system_id": config.system_id,
    }
    if config.tls:
        return sentence("Bound to %(place)s over TLS as %(bind)s with %(system_id)s.", **about)
    return sentence("Bound to %(place)s as %(bind)s with %(system_id)s.", **about)
