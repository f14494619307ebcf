"""The database below a supervisor: kept alive when it is the embedded one."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sendmill.cli.database_ready import await_server
from sendmill.cli.startup import embedded_server

if TYPE_CHECKING:
    from sendmill.postgres.embedded.keeper import Keeper
    from sendmill.runtime.settings import Environment
    from sendmill.runtime.supervisor import Output


def without_database(environment: Environment, keeper: Keeper | None) -> bool:
    """Whether the processes that are told to stop now must do so without the database."""
    from sendmill.postgres.embedded.server import database_dsn
    from sendmill.runtime.stuck_exit import answers

    return keeper.left() if keeper is not None else not answers(database_dsn(environment))


@contextmanager
def kept_database(
    environment: Environment, output: Output, *, report: bool = True
) -> Iterator[Keeper | None]:
    """The database for as long as the block runs, started again whenever it ends; None for one of one's own.

    Sets DATABASE_URL for this process and its children. The keeper's sentences go to `output`.
    """
    if environment.database_url:
        await_server(environment)
        yield None
        return
    from sendmill.postgres.embedded.keeper import Keeper

    # Until the supervisor hears it: asked to end while the database starts, we take it with us.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    embedded = embedded_server(environment, report)
    os.environ["DATABASE_URL"] = embedded.start()
    keeper = Keeper(embedded, lambda sentence: output.write("sendmill", sentence))
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()
