"""A simulated SMSC on a TCP port."""

import asyncio
import ssl
from collections.abc import Mapping
from pathlib import Path

from sendmill.simulator.faults import Faults
from sendmill.simulator.journal import Journal
from sendmill.simulator.reports import Reply, write_reply
from sendmill.simulator.service_center import Center, Statistics, first_id_of
from sendmill.simulator.session import factory

_BACKLOG = 128


class Smsc:
    """Speaks SMPP 3.4 to any client that binds with one of `accounts` (system_id to password).

    `log_path` names the journal; it is appended to, and ids continue where it ended. `first_id` is the first message
    id of a centre without a journal; by default it comes from the seed. `tls` makes the port speak TLS. Reports that
    a stopped centre had not delivered are lost with it.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        faults: Faults | None = None,
        log_path: Path | None = None,
        accounts: Mapping[str, str] | None = None,
        seed: int = 0,
        first_id: int | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self._faults = faults or Faults()
        self._log_path = log_path
        self._accounts = dict(accounts) if accounts is not None else {"demo": "demo"}
        self._seed = seed
        self._first_id = first_id
        self._tls = tls
        self._journal: Journal | None = None
        self._center: Center | None = None
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Open the journal and listen; afterwards `port` is the real port. Raises OSError when either fails."""
        first_id = self._first_id if self._first_id is not None else first_id_of(self._seed)
        if self._log_path is not None:
            self._journal = Journal(self._log_path)
            if self._journal.last_serial is not None:
                first_id = self._journal.last_serial + 1
        self._center = Center(self._faults, self._accounts, self._seed, self._journal, first_id)
        try:
            await self.come_up()
        except OSError:
            self._close_journal()
            raise

    async def stop(self) -> None:
        """Stop listening, cut every connection, close the journal. Does nothing when stopped already."""
        await self.go_down()
        if self._center is not None:
            self._center.wheel.stop()
        self._close_journal()

    def _close_journal(self) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    async def go_down(self) -> None:
        """Stop listening and cut every connection, as a carrier that is down. Reports are kept."""
        server, self._server = self._server, None
        if server is None:
            return
        server.close()
        self.disconnect()
        await server.wait_closed()

    async def come_up(self) -> None:
        """Listen, on the same port as before."""
        if self._server is not None:
            return
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            factory(self.center), self.host, self.port, ssl=self._tls, backlog=_BACKLOG, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    def disconnect(self) -> None:
        """Cut every connection; new ones are accepted."""
        for connection in list(self.center.connections):
            connection.cut()

    def reply(self, number: int | str, text: str, to: str, *, system_id: str | None = None) -> None:
        """Send a person's message from `number` to the sender ID `to`; it is delivered as soon as a bind receives.

        Raises ValueError when the text is longer than one part or the system_id is unknown.
        """
        account = system_id if system_id is not None else next(iter(self._accounts))
        if account not in self._accounts:
            raise ValueError(f"The simulator has no account {account!r}.")
        payload, coding = write_reply(text)
        self.center.reply(Reply(str(number).lstrip("+"), to, account, 0, payload, coding))

    @property
    def center(self) -> Center:
        """The state shared by all sessions; raises RuntimeError before :meth:`start`."""
        if self._center is None:
            raise RuntimeError("The simulator has not been started.")
        return self._center

    @property
    def faults(self) -> Faults:
        """The faults; a change takes effect with the next batch."""
        return self._faults

    @faults.setter
    def faults(self, faults: Faults) -> None:
        self._faults = faults
        if self._center is not None:
            self._center.configure(faults)

    @property
    def statistics(self) -> Statistics:
        """Counts since the start."""
        return self.center.statistics

    @property
    def pending(self) -> int:
        """The number of reports and replies that clients have not acknowledged yet."""
        return self.center.pending
