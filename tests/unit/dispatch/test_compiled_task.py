"""A task's snapshot made ready, and what happens when it cannot be."""

import pytest

from sendmill.dispatch.compiled_task import UnsendableError, compile_task, take_batch
from sendmill.message_store.engine.chunks import Recipient

SNAPSHOT = {
    "application_type": "international",
    "content": "Hello ${TXT_20}, your order is on its way.",
    "attributes": {},
    "signature": None,
    "source": "Sendmill",
}


def recipient(seq: int, *values: str) -> Recipient:
    return Recipient(seq, 120200 + seq, list(values))


def test_renders_with_the_values_of_the_row() -> None:
    text = compile_task(1, 2, SNAPSHOT)
    [part] = text.parts_of(recipient(0, "Ann"))
    assert part.payload == b"Hello Ann, your order is on its way."
    assert (part.total, part.destination) == (1, 120200)


def test_long_messages_to_one_number_have_different_references_in_different_tasks() -> None:
    snapshot = SNAPSHOT | {"content": "Hello. " * 40}
    references = {compile_task(task, 2, snapshot).parts_of(recipient(0))[0].reference for task in range(250)}
    assert len(references) == 250


@pytest.mark.parametrize("snapshot", [{}, SNAPSHOT | {"application_type": "lunar"}])
def test_a_snapshot_that_cannot_be_read_is_unsendable(snapshot: dict[str, object]) -> None:
    with pytest.raises(UnsendableError):
        compile_task(1, 2, snapshot)


def test_a_row_without_its_values_is_unsendable_and_the_reason_names_no_text() -> None:
    with pytest.raises(UnsendableError, match="message 7 does not fit the template") as caught:
        compile_task(1, 2, SNAPSHOT).parts_of(recipient(7))
    assert "Hello" not in str(caught.value)


@pytest.mark.parametrize(("most", "count"), [(1, 1), (3, 1), (4, 1), (6, 2), (500, 3)])
def test_a_window_counts_parts_and_has_at_least_one_message(most: int, count: int) -> None:
    text = compile_task(1, 2, SNAPSHOT | {"content": "Hello. " * 60})
    taken, window = take_batch(text, [recipient(0), recipient(1), recipient(2)], most)
    assert (taken, len(window)) == (count, count)
    assert all(len(parts) == 3 for parts in window)
