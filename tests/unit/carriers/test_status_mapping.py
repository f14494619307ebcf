"""Verdicts: what the outcomes of a window make of its messages."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from sendmill.carriers.protocol import NOT_SENT, WINDOW_FULL, Outcome, OutgoingPart
from sendmill.carriers.status_mapping import not_sent
from sendmill.dispatch.outcomes import Weighed, weigh
from sendmill.domain.results import Result
from sendmill.message_store.engine.chunks import Recipient

THROTTLED, QUEUE_FULL, INVALID_DESTINATION = 0x58, 0x14, 0x0B
STATUSES = st.sampled_from([0, 0, 0, None, NOT_SENT, WINDOW_FULL, THROTTLED, QUEUE_FULL, INVALID_DESTINATION])


def window_of(messages: Sequence[Sequence[int | None]], first: int = 100) -> Weighed:
    """Weigh messages given as the statuses of their parts; seqs count from `first`."""
    window = [Recipient(first + at, 12025550100 + at, None) for at in range(len(messages))]
    parts = [
        [OutgoingPart(recipient.number, b"", False, 7, len(own), number) for number in range(1, len(own) + 1)]
        for recipient, own in zip(window, messages, strict=True)
    ]
    flat = [status for own in messages for status in own]
    outcomes = [Outcome(status, f"id{at}" if status == 0 else "") for at, status in enumerate(flat)]
    return weigh(window, parts, outcomes)


def test_all_accepted_writes_no_other_rows() -> None:
    weighed = window_of([[0], [0], [0]])
    assert weighed.record.seqs == [100, 101, 102]
    assert weighed.record.parts == [0, 0, 0]
    assert weighed.record.ids == ["id0", "id1", "id2"]
    assert not weighed.record.part_rows
    assert not weighed.record.result_rows
    assert weighed.accepted == 3


def test_refused_is_final_for_the_message_only() -> None:
    weighed = window_of([[0], [INVALID_DESTINATION], [0]])
    assert weighed.record.result_rows == [(101, Result.FAILED, "SMPP-0x0000000B")]
    assert weighed.record.seqs == [100, 102]
    assert weighed.unsent == []


def test_unknown_is_uncertain_and_not_waiting() -> None:
    weighed = window_of([[None], [0]])
    assert weighed.record.result_rows == [(100, Result.UNCERTAIN, "UNCERTAIN")]
    assert weighed.unsent == []


def test_throttled_and_unwritten_wait() -> None:
    weighed = window_of([[0], [THROTTLED], [0], [NOT_SENT]])
    assert [recipient.seq for recipient in weighed.unsent] == [101, 103]
    assert weighed.throttled


def test_what_a_full_window_refused_waits_until_it_is_given_up() -> None:
    window = [Recipient(7, 12025550100, None)]
    parts = [[OutgoingPart(12025550100, b"", False, 7, 1, 1)]]
    weighed = weigh(window, parts, [Outcome(WINDOW_FULL, "69")])
    assert weighed.window_full == [7]
    assert weighed.unsent == window
    weighed = weigh(window, parts, [Outcome(WINDOW_FULL, "69")], {7})
    assert weighed.record.result_rows == [(7, Result.FAILED, "SMPP-0x00000045")]
    assert weighed.unsent == []


def test_parts_of_a_long_message() -> None:
    weighed = window_of([[0, 0, 0]])
    assert weighed.record.seqs == [100, 100, 100]
    assert weighed.record.parts == [1, 2, 3]
    assert weighed.record.part_rows == [(100, 1, 0, None), (100, 2, 0, None), (100, 3, 0, None)]
    assert weighed.accepted == 1


def test_a_long_message_is_as_certain_as_its_least_certain_part() -> None:
    weighed = window_of([[0, None], [0, INVALID_DESTINATION], [0, THROTTLED], [THROTTLED, NOT_SENT]])
    assert [row[:2] for row in weighed.record.result_rows] == [
        (100, Result.UNCERTAIN),
        (101, Result.FAILED),
        (102, Result.UNCERTAIN),
    ]
    assert [recipient.seq for recipient in weighed.unsent] == [103]


@given(st.lists(st.lists(STATUSES, min_size=1, max_size=4), min_size=1, max_size=20))
def test_every_message_ends_in_exactly_one_place(messages: list[list[int | None]]) -> None:
    weighed = window_of(messages)
    waiting = {recipient.seq for recipient in weighed.unsent}
    settled = {row[0] for row in weighed.record.result_rows}
    assert not waiting & settled
    assert weighed.accepted + weighed.refused + weighed.unknown + len(waiting) == len(messages)
    for at, statuses in enumerate(messages):
        seq = 100 + at
        # Waiting means: known that no byte of it was sent.
        assert (seq in waiting) == all(not_sent(status) for status in statuses)
        if seq not in waiting:
            assert weighed.record.seqs.count(seq) == statuses.count(0)
        else:
            assert seq not in weighed.record.seqs
