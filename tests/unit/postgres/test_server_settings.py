"""What a server lacks for the promise: judged from what it said of itself."""

from dataclasses import replace

import pytest

from sendmill.postgres.server_settings import (
    Server,
    Standby,
    UnsafeServerError,
    find_shortcomings,
    refuse_unsafe,
)

SAFE = Server(
    fsync=True,
    full_page_writes=True,
    synchronous_commit="on",
    locks=256,
    triggers=True,
    names_standbys=False,
)


def codes(server: Server) -> list[str]:
    return [one.code for one in find_shortcomings(server)]


def test_a_safe_server_lacks_nothing() -> None:
    assert codes(SAFE) == []
    refuse_unsafe(SAFE)


@pytest.mark.parametrize(
    ("unsafe", "code"),
    [
        (replace(SAFE, fsync=False), "fsync"),
        (replace(SAFE, full_page_writes=False), "full_page_writes"),
        (replace(SAFE, synchronous_commit="off"), "synchronous_commit"),
        (replace(SAFE, synchronous_commit="local"), "synchronous_commit"),
        (replace(SAFE, triggers=False), "session_replication_role"),
    ],
)
def test_what_may_lose_commits_is_refused_and_says_what_an_override_gives_up(
    unsafe: Server, code: str
) -> None:
    assert codes(unsafe) == [code]
    with pytest.raises(UnsafeServerError, match=r"SENDMILL_ALLOW_UNSAFE_SERVER.*twice"):
        refuse_unsafe(unsafe)


@pytest.mark.parametrize(
    ("server", "code"),
    [
        (replace(SAFE, locks=64), "max_locks_per_transaction"),
        (replace(SAFE, standbys=(Standby("b", "async"),)), "asynchronous_standby"),
        (replace(SAFE, standbys=(Standby("b", "potential"),)), "asynchronous_standby"),
        (replace(SAFE, standbys=(Standby("a standby", None),)), "standby_unknown"),
        (replace(SAFE, names_standbys=True), "standby_missing"),
    ],
)
def test_what_may_lose_something_at_a_failover_is_said_and_not_refused(server: Server, code: str) -> None:
    assert codes(server) == [code]
    refuse_unsafe(server)


@pytest.mark.parametrize("state", ["sync", "quorum"])
def test_one_synchronous_standby_is_enough(state: str) -> None:
    standbys = (Standby("a", "async"), Standby("b", state))
    assert codes(replace(SAFE, standbys=standbys, names_standbys=True)) == []


def test_every_sentence_fills_its_places() -> None:
    worst = Server(False, False, "off", 64, False, True, (Standby("b", "async"),))
    assert all("%" not in str(one) for one in find_shortcomings(worst))
