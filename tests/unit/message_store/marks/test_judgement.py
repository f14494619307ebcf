"""When a store is held, and when it is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from sendmill.message_store.marks.files import Noted
from sendmill.message_store.marks.judgement import RULES, Facts, HoldKind, judge, weightiest
from sendmill.message_store.marks.place import Place

RUN, OTHER = uuid4(), uuid4()
HOME = Place("machine", "/data", "7000", "sendmill")
SENT = Facts(
    store=uuid4(),
    sent=True,
    counts={(RUN, 1): 10},
    excused={},
    places=[HOME],
    ran=frozenset({HOME.key}),
    living=frozenset(),
    confirmed=False,
)
NEVER_SENT = replace(SENT, sent=False, counts={}, places=[], ran=frozenset())


def noted(count: int = 10, **more: bool) -> Noted:
    return Noted(Path("x"), RUN, {(RUN, 1): count}, **more)


def kinds(facts: Facts, files: list[Noted], place: Place = HOME, twin: int | None = None) -> list[HoldKind]:
    grounds = judge(facts, files, place, folder="/state", noted="then", twin=twin)
    assert all("%(" not in str(ground) for ground in grounds)
    return [ground.kind for ground in grounds]


def test_a_store_that_holds_what_was_noted_goes_on() -> None:
    assert kinds(SENT, [noted()]) == []


def test_a_crash_between_commit_and_note_is_no_reason_to_hold() -> None:
    assert kinds(SENT, [noted(9)]) == []


def test_a_mark_that_is_missing_tells_an_older_store() -> None:
    (ground,) = judge(SENT, [noted(11)], HOME, folder="/state", noted="then")
    assert ground.kind is HoldKind.OLDER
    assert ground.missing == {(RUN, 1): 11}


def test_a_run_that_the_store_never_heard_of_tells_it_as_well() -> None:
    assert kinds(replace(SENT, counts={}), [noted(0)]) == [HoldKind.OLDER]


def test_even_a_store_that_was_never_sent_from() -> None:
    """A backup from before the first task, put back."""
    assert kinds(replace(NEVER_SENT, places=[]), [noted()]) == [HoldKind.OLDER]


def test_what_a_hold_has_named_raises_no_other_one() -> None:
    released = replace(SENT, excused={(RUN, 1): 12})
    assert kinds(released, [noted(12)]) == []
    assert kinds(released, [noted(13)]) == [HoldKind.OLDER]


def test_a_store_that_never_sent_is_at_home_anywhere() -> None:
    assert kinds(NEVER_SENT, []) == []
    assert kinds(replace(NEVER_SENT, places=[HOME]), [], replace(HOME, folder="/other")) == []


def test_a_copy_of_a_store_that_was_sent_from_only_after_it_was_copied_is_elsewhere() -> None:
    there = replace(HOME, folder="/copy|of it")
    file = Noted(Path("x"), RUN, {(RUN, 1): 10}, place=HOME.key)
    (elsewhere, older) = judge(NEVER_SENT, [file], there, folder="/state", noted="then")
    assert (elsewhere.kind, elsewhere.message) == (HoldKind.ELSEWHERE, RULES["folder"])
    assert older.kind is HoldKind.OLDER
    assert kinds(NEVER_SENT, [replace(file, counts={(RUN, 0): 0})], there) == [HoldKind.OLDER]
    assert Place.of_key(there.key) == there


@pytest.mark.parametrize("name", ["machine", "folder", "server", "database"])
def test_a_store_that_sent_is_held_at_another_place(name: str) -> None:
    there = replace(HOME, **{name: "another"})
    (ground,) = judge(SENT, [noted()], there, folder="/state", noted="then")
    assert ground.kind is HoldKind.ELSEWHERE
    assert ground.message == RULES[name]


def test_elsewhere_and_older_are_both_said() -> None:
    there = replace(HOME, folder="/copy")
    grounds = judge(SENT, [noted(11)], there, folder="/state", noted="then")
    assert [ground.kind for ground in grounds] == [HoldKind.ELSEWHERE, HoldKind.OLDER]
    heaviest = weightiest(grounds)
    assert heaviest is not None
    assert (heaviest.kind, heaviest.missing) == (HoldKind.ELSEWHERE, {(RUN, 1): 11})


def test_without_a_ground_there_is_nothing_to_hold_for() -> None:
    assert weightiest([]) is None


def test_another_sender_machine_joins_where_a_living_sender_confirms_the_store() -> None:
    assert kinds(replace(SENT, confirmed=True), [], replace(HOME, machine="second")) == []


@pytest.mark.parametrize("files", [[], [noted(damaged=True)]])
def test_a_lost_file_holds_once(files: list[Noted]) -> None:
    assert kinds(SENT, files) == [HoldKind.LOST]
    assert kinds(replace(SENT, confirmed=True), files) == []


def test_no_file_is_expected_where_no_sender_ran_yet() -> None:
    """A place that a person has just confirmed."""
    assert kinds(replace(SENT, ran=frozenset()), []) == []


def test_a_twin_holds_although_the_place_is_known() -> None:
    assert kinds(SENT, [noted()], twin=4711) == [HoldKind.ELSEWHERE]


def test_a_store_with_tasks_that_was_never_sent_from_is_not_at_home_anywhere() -> None:
    idle = replace(NEVER_SENT, places=[HOME])
    other = replace(HOME, machine="another")
    assert kinds(idle, [], other) == []
    assert kinds(replace(idle, tasks=True), [], other) == [HoldKind.ELSEWHERE]
