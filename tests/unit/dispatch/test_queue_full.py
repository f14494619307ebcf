"""Whose queue is full, and when a message is given up."""

from __future__ import annotations

from sendmill.dispatch.queue_full import LAST_TRY, OTHERS, REST, TRIES, FullQueues
from sendmill.message_store.engine.chunks import Recipient


def window(*seqs: int) -> list[Recipient]:
    return [Recipient(seq, 12020000000 + seq, None) for seq in seqs]


def test_many_refused_for_the_first_time_are_the_carriers_own_queue() -> None:
    full = FullQueues()
    assert full.note(range(50), 100, 0)
    assert not full.note(range(50), 50, 0)  # the same again say nothing new
    assert full.note(range(60, 63), 3, 0)


def test_one_of_a_small_batch_says_nothing_yet() -> None:
    full = FullQueues()
    assert not full.note([1], 1, 0)
    assert not full.note([], 18, 0)
    assert not full.note([2], 1, 0)


def test_one_of_many_is_a_recipients_queue_and_is_given_up_when_others_get_through() -> None:
    full = FullQueues()
    for turn in range(TRIES):
        assert full.given_up(turn * 100) == set()
        assert not full.note([7], 100, turn * 100)
    assert full.given_up(OTHERS - 1) == set()
    assert full.given_up(OTHERS) == {7}


def test_with_nobody_to_compare_it_with_it_is_tried_for_long() -> None:
    full = FullQueues()
    full.note([7], 1, 5)
    for _ in range(LAST_TRY - 2):
        full.note([7], 1, 5)
    assert full.given_up(5) == set()
    full.note([7], 1, 5)
    assert full.given_up(5) == {7}


def test_there_is_a_rest_before_a_window_of_nothing_else() -> None:
    full = FullQueues()
    assert full.rest_before(window(1)) == 0.0
    full.note([1, 2], 100, 0)
    assert full.rest_before(window(1, 2)) == REST
    assert full.rest_before(window(1, 3)) == 0.0
