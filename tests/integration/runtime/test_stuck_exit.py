"""A process that was told to stop ends without a database that is away, and waits for one that is there."""

from __future__ import annotations

import queue
import socket

from psycopg.conninfo import make_conninfo

from sendmill.runtime.stuck_exit import answers, end_without_database


def test_a_server_is_there_also_when_it_refuses_us(database_url: str) -> None:
    assert answers(database_url)
    assert answers(make_conninfo(database_url, user="nobody_here"))


def test_who_is_away_does_not_answer() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        address = f"host=127.0.0.1 port={nobody.getsockname()[1]} dbname=d user=u"
        assert not answers(address)
        nobody.listen()
        assert not answers(address), "it is there and says nothing"


def test_the_process_ends_with_status_one() -> None:
    ended: queue.Queue[int] = queue.Queue()
    end_without_database("host=127.0.0.1 port=1 dbname=d user=u", ended.put)
    assert ended.get(timeout=60) == 1
