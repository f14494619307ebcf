"""Commands about a held store: `sendmill held …`, and what `sendmill doctor` says of store and binds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from sendmill.message_store.sender_locks import SENDER_LOCK, as_int4

if TYPE_CHECKING:
    from tests.rig.paper_mill import Mill
    from tests.rig.shell import Shell


def execute(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def hold(kind: str = "older", rule: str = "older") -> None:
    from sendmill.message_store.engine.store_holds import begin_hold
    from sendmill.message_store.marks.judgement import RULES, Ground, HoldKind

    with connection.cursor() as cursor:
        begin_hold(cursor, Ground(HoldKind(kind), RULES[rule], {"count": "1", "noted": "now"}))


def test_held_without_more_words_shows(shell: Shell, mill: Mill) -> None:
    assert "not held" in shell.say("held")
    hold()
    assert shell.say("held") == shell.say("held", "show")
    assert '"held": true' in shell.say("held", "--json")
    assert "release" in shell.say("held", "--help")


def test_a_hold_without_tasks_says_how_it_ends(shell: Shell, mill: Mill) -> None:
    hold()
    done = shell.run("held")
    assert "No task could go twice: release the store" in done.stdout
    assert "sendmill held release --as send|uncertain|end" in done.stderr


def test_at_another_place_a_task_is_released_after_the_place(shell: Shell, mill: Mill) -> None:
    hold("elsewhere", "machine")
    assert "first `sendmill held here`, then" in shell.run("held").stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--task", "1", "--only-one"), "is about the whole store"),
        (("--member", "demo"), "need --task"),
        (("--account", "mill"), "need --task"),
    ],
)
def test_options_that_would_be_ignored_are_refused(
    shell: Shell, mill: Mill, words: tuple[str, ...], said: str
) -> None:
    hold()
    assert said in " ".join(shell.refuse("held", "release", "--as", "send", *words, status=2).split())
    assert "not held" not in shell.say("held")


def test_an_environment_for_other_commands_does_not_stop_a_release(
    shell: Shell, mill: Mill, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold()
    monkeypatch.setenv("SENDMILL_ACCOUNT", "mill")
    monkeypatch.setenv("SENDMILL_AS", "somebody")
    assert "Released." in shell.say("held", "release", "--as", "send", "--yes")


def test_doctor_calls_no_bind_up_that_no_living_sender_holds(mill: Mill) -> None:
    from sendmill.cli.commands.doctor import look_at_binds

    execute(
        "INSERT INTO bind_state (carrier_id, slot, owner, state, sentence) VALUES (%s, 0, 7, 'bound', 'Bound.')",
        mill.carrier.pk,
    )
    assert not look_at_binds().fine
    execute("SELECT pg_advisory_xact_lock(%s::int, 7)", as_int4(SENDER_LOCK))
    assert look_at_binds().fine


def test_doctor_says_what_was_not_looked_at(mill: Mill) -> None:
    from sendmill.cli.commands.doctor import look_at_store

    assert "as new as" in look_at_store().sentence
    execute("INSERT INTO stamp (run, lane, count) VALUES (gen_random_uuid(), 0, 3)")
    assert "No sender has looked" in look_at_store().sentence
    hold()
    assert not look_at_store().fine
