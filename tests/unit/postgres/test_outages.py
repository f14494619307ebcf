"""One line an outage, whatever many parts notice it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import psycopg
import pytest
from django.db import utils
from procrastinate.exceptions import ConnectorException
from structlog.testing import capture_logs

from sendmill.postgres.outages import Outage, loss_of

GONE = psycopg.OperationalError("server closed the connection unexpectedly")


def raised_from(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.fixture
def lines() -> Iterator[list[Any]]:
    with capture_logs() as lines:
        yield lines


@pytest.fixture
def outage() -> Outage:
    ticks = count(1)
    return Outage(clock=lambda: float(next(ticks)))


def events(lines: list[Any]) -> list[str]:
    return [line["event"] for line in lines]


def test_many_parts_and_tries_are_one_line_and_one_at_the_end(outage: Outage, lines: list[Any]) -> None:
    for part in ("control", "lane 1", "lane 2", "lane 1", "control"):
        outage.lost(part, GONE)
    assert outage.on
    for part in ("lane 1", "control"):
        outage.back(part)
    assert outage.on, "one part still waits"
    outage.back("lane 2")
    assert not outage.on
    assert events(lines) == ["database lost", "database back"]


def test_who_notices_late_says_nothing(outage: Outage, lines: list[Any]) -> None:
    outage.back("lane")
    outage.lost("control", GONE)
    outage.back("control")
    outage.lost("lane", GONE)
    outage.back("lane")
    assert events(lines) == ["database lost", "database back"]


def test_who_still_worked_while_others_were_cut_off_notices_late(outage: Outage, lines: list[Any]) -> None:
    outage.lost("control", GONE)
    outage.back("lane")
    outage.back("control")
    outage.lost("lane", GONE)
    outage.back("lane")
    assert events(lines) == ["database lost", "database back"]
    outage.lost("lane", GONE)
    assert events(lines) == ["database lost", "database back", "database lost"]


def test_who_notices_late_and_stays_away_says_so(outage: Outage, lines: list[Any]) -> None:
    outage.lost("control", GONE)
    outage.back("control")
    outage.lost("lane", GONE)
    outage.lost("lane", GONE)
    assert events(lines) == ["database lost", "database back", "database lost"]


def test_each_outage_is_said(outage: Outage, lines: list[Any]) -> None:
    for _ in range(2):
        outage.lost("control", GONE)
        outage.back("control")
    assert events(lines) == ["database lost", "database back"] * 2


def test_a_part_that_ends_is_waited_for_no_longer(outage: Outage, lines: list[Any]) -> None:
    outage.lost("lane", GONE)
    outage.lost("control", GONE)
    outage.back("control")
    outage.forget("lane")
    assert not outage.on
    assert events(lines) == ["database lost", "database back"]


@pytest.mark.parametrize(
    ("error", "away"),
    [
        (GONE, True),
        (psycopg.errors.AdminShutdown("terminating"), True),
        (psycopg.errors.CannotConnectNow("the database system is starting up"), True),
        (psycopg.errors.DiskFull("no space left"), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (raised_from(utils.OperationalError("gone"), GONE), True),
        (raised_from(ConnectorException(), GONE), True),
        (psycopg.errors.DeadlockDetected("deadlock"), False),
        (raised_from(utils.OperationalError("deadlock"), psycopg.errors.DeadlockDetected()), False),
        (psycopg.errors.QueryCanceled("canceled"), False),
        (psycopg.errors.UniqueViolation("twice"), False),
        (RuntimeError("ours"), False),
    ],
)
def test_what_counts_as_a_lost_database(error: Exception, away: bool) -> None:
    assert (loss_of(error) is not None) == away


def test_the_fault_of_a_statement_is_said_each_time(outage: Outage, lines: list[Any]) -> None:
    for _ in range(2):
        outage.lost("lane", psycopg.errors.DeadlockDetected("deadlock"))
    assert not outage.on
    assert events(lines) == ["tried again"] * 2


def test_a_shortage_is_said_when_it_begins_though_other_work_succeeds(lines: list[Any]) -> None:
    now = [0.0]
    outage = Outage(clock=lambda: now[0])
    for _ in range(20):
        now[0] += 5
        outage.lost("control", psycopg.errors.DiskFull("no space left"))
        outage.back("control")
    now[0] += 61
    outage.lost("control", psycopg.errors.DiskFull("no space left"))
    assert not outage.on
    assert events(lines) == ["database refuses"] * 2
