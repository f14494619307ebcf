"""Habits of real carriers: each is made of faults that exist, and several can be had at once."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from sendmill.cli.app import app
from sendmill.simulator.faults import AnswerForm, Faults, read_faults
from sendmill.simulator.habits import HABITS, described, faults_of, read_behaviour


@pytest.mark.parametrize("name", HABITS)
def test_each_habit_is_made_of_faults_and_said_in_a_sentence(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert HABITS[name].sentence.endswith(".")
    assert read_faults(HABITS[name].faults) != Faults()


def test_habits_go_together_and_single_faults_win() -> None:
    faults = read_behaviour(
        {"report_delay": [1, 2]}, ["answers-vary", "hex-ids"], '{"answer_time": 5, "bind_status": 13}'
    )
    assert (faults.answer_form, faults.answer_time) == (AnswerForm.LOGNORMAL, 5.0)
    assert (faults.id_form, faults.bind_status, faults.report_delay) == ("hex", 13, (1.0, 2.0))


def test_an_unknown_habit_is_named_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"no habit named 'lazy'.*slow-answers"):
        faults_of(["lazy"])


@pytest.mark.parametrize("text", ["{", "[]"])
def test_faults_are_a_json_object(text: str) -> None:
    with pytest.raises(ValueError, match="--faults"):
        read_behaviour({}, [], text)


def test_the_command_lists_them() -> None:
    result = CliRunner().invoke(app, ["simulator", "--habit", "list"])
    assert result.exit_code == 0
    assert result.output.strip() == described()
    assert "slow-answers" in result.output


def test_the_command_says_what_is_wrong() -> None:
    result = CliRunner().invoke(app, ["simulator", "--habit", "lazy"])
    assert result.exit_code == 2
    assert "no habit named" in result.output
