"""Gives every command in a process in which Django never becomes ready; a program of its own.

A command that touches a model before `prepare` works in the process of the tests, where Django
is ready, and fails for everybody else. Prints one JSON object: command → exit status and sentence.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import django

from sendmill.cli.errors import NotRunningError

STOPPED = "stopped where Django would be made ready"
# What runs Sendmill itself or its tables begins before there is a database, and a backup is checked without one.
EXEMPT = {"up", "demo", "web", "worker", "sender", "simulator", "migrate", "backup", "restore"}


def stop(*_: object, **__: object) -> None:
    raise NotRunningError(STOPPED)


def words_for(parameter: Any, file: Path) -> list[str]:
    """The least that a needed parameter takes."""
    from tests.rig.shell import choices_of

    kind = parameter.type_descriptor.annotation
    value = {Path: str(file), int: "1"}.get(kind) or next(iter(choices_of(parameter)), "1")
    return [value] if parameter.param_type_name == "argument" else [parameter.opts[0], value]


def main(file: Path) -> None:
    django.setup = stop
    from tests.rig.shell import leaves
    from typer.testing import CliRunner

    from sendmill.cli.app import app

    found = {}
    for name, command in leaves().items():
        path = name.split()[1:]
        if path[0] in EXEMPT:
            continue
        needed = [word for one in command.params if one.required for word in words_for(one, file)]
        done = CliRunner().invoke(app, [*path, *needed])
        found[name] = [done.exit_code, done.output.strip()]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
