"""Writes docs/CLI.md from the commands: `python -m tests.unit.cli.reference`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.rig.shell import ROOT, choices_of, leaves

DOCUMENT = Path(__file__).parents[3] / "docs" / "CLI.md"
HEAD = """# Commands

`sendmill COMMAND --help` says the same. Without `--json` a command prints aligned columns and sentences for people;
with `--json` it prints one line of JSON whose keys are listed here and stay. Remarks and errors go to standard error.

A command acts as the first administrator of the only account, or as told by `--account` (`SENDMILL_ACCOUNT`) and
`--as` (`SENDMILL_AS`): the role of that member decides what is allowed, and only the account's own things exist.
Things are named by their name, or by their id where a name is not enough. Secrets are printed once, when they are
made; in arguments they could be read by others on the machine, so give them by the environment.

| exit status | meaning |
|---|---|
| 0 | done |
| 1 | failed: the sentence says what to do |
| 2 | wrong usage |
| 3 | what was given was refused, nothing was changed |
| 4 | something that is needed does not run: the database, a worker, a sender |
| 5 | `sendmill up` or `sendmill demo` runs on this data folder already |
| 130 | interrupted |

`sendmill apply FILE` sets everything up from one file: [examples/resources.yaml](examples/resources.yaml).
"""
HIDDEN = {"--help"}


def render() -> str:
    """The whole document."""
    return HEAD + "".join(_section(name, command) for name, command in leaves(ROOT).items())


def _section(name: str, command: Any) -> str:
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option" and one.opts[0] not in HIDDEN]
    usage = " ".join([name, *(_word(one) for one in arguments)])
    lines = ["", f"## {usage}", "", " ".join(command.help.split()), ""]
    if arguments or options:
        lines += ["| | |", "|---|---|"]
        lines += [f"| {_spell(one, _word(one))} | {_escape(one.help)} |" for one in arguments]
        lines += [
            f"| {_spell(one, *one.opts, *one.secondary_opts)} | {_escape(one.help)} |" for one in options
        ]
        lines.append("")
    answer = getattr(command.callback, "answer", None)
    if answer is not None:
        form = (
            "an array of objects"
            if answer.many
            else "an object by name, each"
            if answer.named
            else "an object"
        )
        keys = ", ".join(f"`{key}`" for key in answer.shape.__annotations__)
        lines += [f"JSON: {form} with {keys}.", ""]
    return "\n".join(lines[:-1]) + "\n"


def _word(argument: Any) -> str:
    return str(argument.metavar or argument.name.rstrip("_").upper())


def _spell(parameter: Any, *names: str) -> str:
    choices = choices_of(parameter)
    spelt = ", ".join(f"`{name}`" for name in names)
    if choices:
        spelt += " " + ", ".join(choices)
    needed = parameter.required and parameter.param_type_name == "option"
    return spelt + (" (needed)" if needed else "")


def _escape(text: str | None) -> str:
    return (text or "").replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(render())
