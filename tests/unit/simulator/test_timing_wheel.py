"""Time buckets, ids and states."""

import asyncio

import pytest

from sendmill.simulator.faults import State
from sendmill.simulator.message_ids import IdForm, read_id, writer
from sendmill.simulator.part_states import Known, States
from sendmill.simulator.timing_wheel import TICK, Wheel, ticks


async def test_items_come_in_the_order_of_their_time() -> None:
    turns: list[list[str]] = []
    wheel: Wheel[str] = Wheel(turns.append)
    wheel.add(8, ["late"])
    wheel.add(0, ["a", "b"])
    wheel.add(4, ["between"])
    wheel.add(0, ["c"])
    assert wheel.size == 5
    await asyncio.sleep(12 * TICK)
    assert [item for turn in turns for item in turn] == ["a", "b", "c", "between", "late"]
    assert wheel.size == 0


async def test_nothing_comes_before_its_time() -> None:
    loop = asyncio.get_running_loop()
    came: list[float] = []
    wheel: Wheel[int] = Wheel(lambda items: came.append(loop.time()))
    begun = loop.time()
    wheel.add(ticks(0.05), [1])
    await asyncio.sleep(0.1)
    assert came[0] - begun >= 0.05


async def test_a_stopped_wheel_gives_back_what_was_not_due() -> None:
    turns: list[list[int]] = []
    wheel: Wheel[int] = Wheel(turns.append)
    wheel.add(2, [2])
    wheel.add(1, [1])
    assert wheel.stop() == [1, 2]
    await asyncio.sleep(5 * TICK)
    assert turns == []
    assert wheel.size == 0


@pytest.mark.parametrize(("seconds", "expected"), [(0.0, 0), (0.001, 1), (TICK, 1), (1.0, 200)])
def test_delays_are_whole_ticks(seconds: float, expected: int) -> None:
    assert ticks(seconds) == expected


@pytest.mark.parametrize("form", list(IdForm))
@pytest.mark.parametrize("serial", [0, 1, 123456789, 2**63, 2**64 - 1])
def test_an_id_can_be_read_back(form: IdForm, serial: int) -> None:
    assert read_id(writer(form)(serial), form) == serial


@pytest.mark.parametrize("form", list(IdForm))
def test_nonsense_is_no_id(form: IdForm) -> None:
    assert read_id("no id at all", form) is None


def test_states_are_known_by_serial_number() -> None:
    states = States(10**9)
    assert states.next_serial == 10**9
    states.grow(3)
    states.settle(10**9 + 1, State.DELIVERED, 1_800_000_000)
    states.settle(5, State.EXPIRED, 1)
    assert states.find(10**9) == Known(State.ENROUTE, 0)
    assert states.find(10**9 + 1) == Known(State.DELIVERED, 1_800_000_000)
    assert states.find(10**9 + 3) is None
    assert states.find(5) is None
    assert (states.count, states.next_serial) == (3, 10**9 + 3)
