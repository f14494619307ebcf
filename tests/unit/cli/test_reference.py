"""Every command explains itself, and docs/CLI.md says what the commands are."""

from __future__ import annotations

import importlib
import typing

import pytest
from tests.rig.shell import ROOT, Shell, choices_of, leaves
from tests.unit.cli import reference

from sendmill.cli import errors

LEAVES = leaves()


def test_the_document_is_that_of_the_commands() -> None:
    """When this fails: python -m tests.unit.cli.reference"""
    assert reference.DOCUMENT.read_text() == reference.render()


@pytest.mark.parametrize("name", LEAVES)
def test_every_command_and_option_has_help(name: str, shell: Shell) -> None:
    command = LEAVES[name]
    assert command.help
    for parameter in command.params:
        assert parameter.help, f"{name} {parameter.name}"
    assert "Usage:" in shell.say(*name.split()[1:], "--help")


def test_every_group_has_help(shell: Shell) -> None:
    groups = [name for name, command in ROOT.commands.items() if hasattr(command, "commands")]
    assert groups
    for name in groups:
        assert ROOT.commands[name].help
        assert "Usage:" in shell.say(name, "--help")


def test_what_has_json_declares_its_keys_and_the_other_way_round() -> None:
    for name, command in LEAVES.items():
        has_json = any("--json" in parameter.opts for parameter in command.params)
        assert has_json == hasattr(command.callback, "answer"), name


def test_roles_are_those_of_members() -> None:
    from sendmill.accounts.models import Role
    from sendmill.cli.commands.member import ROLES

    assert set(typing.get_args(ROLES)) == set(Role.values)


def test_choices_of_carriers_are_those_of_the_catalog() -> None:
    from sendmill.catalog.carriers import CHOICES

    for command in ("sendmill carrier create", "sendmill carrier edit"):
        offered = {parameter.name: parameter for parameter in LEAVES[command].params}
        for field, choices in CHOICES.items():
            # Compared as sets: Python keeps one Literal for all orders of its values.
            assert set(choices_of(offered[field]) or ()) == set(choices)


def test_settings_of_carriers_all_have_an_option() -> None:
    from sendmill.catalog.carriers import EDITABLE

    names = {parameter.name for parameter in LEAVES["sendmill carrier edit"].params}
    assert set(EDITABLE) - names == {"draining", "enabled"}


@pytest.mark.parametrize("path", errors.STATUSES)
def test_every_error_in_the_table_exists(path: str) -> None:
    module, _, name = path.rpartition(".")
    assert issubclass(getattr(importlib.import_module(module), name), Exception)
