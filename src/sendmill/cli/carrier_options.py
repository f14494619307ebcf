"""The options of `sendmill carrier create` and `edit`, made from the table of a carrier's settings."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Annotated, Any, Literal

import typer

from sendmill.catalog.carrier_fields import CARRIER_FIELDS, FIELD, CarrierField

AUTOMATIC = -1
"""Typed for a number that may be empty: Sendmill chooses it."""

_TYPES: dict[str, Any] = {
    "text": str,
    "ascii": str,
    "secret": str,
    "sender": str,
    "statuses": str,
    "number": int,
    "flag": bool,
    "table": str,
}
_BY_NAME = inspect.Parameter.KEYWORD_ONLY

_RENAME = typer.Option(help="New name.")
_NEW_SECRET = typer.Option(
    envvar="SENDMILL_CARRIER_PASSWORD",
    help="Password; better given by the environment, where others cannot read it.",
)
# Never from the environment: exported for one carrier it would overwrite the password of another.
_SECRET = typer.Option(
    help="New password; `sendmill apply` takes it from where others cannot read it (!env)."
)

Command = Callable[..., None]


def settings_as_options(*, new: bool) -> Callable[[Command], Command]:
    """Put an option for every setting of the form in the place of a command's parameter `settings`.

    The command is then called with `settings`: those that were given, by name. For a carrier that is `new` the name
    is an argument, and what is required must be given.
    """

    def declare(command: Command) -> Command:
        options = {field.name: _option(field, new) for field in CARRIER_FIELDS if field.section}

        def run(**given: Any) -> None:
            found = {name: given.pop(option.name) for name, option in options.items()}
            command(
                settings={name: _value(name, it) for name, it in found.items() if it is not None}, **given
            )

        parameters: list[inspect.Parameter] = []
        for name, own in inspect.signature(command, eval_str=True).parameters.items():
            parameters += options.values() if name == "settings" else [own.replace(kind=_BY_NAME)]
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.answer = command.answer  # type: ignore[attr-defined]
        return run

    return declare


def _option(field: CarrierField, new: bool) -> inspect.Parameter:
    """The parameter from which typer makes the option of a setting; None where it is not given."""
    name, declared = field.name, typer.Option(help=field.help)
    if name == "name":
        name, declared = ("name", typer.Argument(help=field.help)) if new else ("rename", _RENAME)
    elif field.kind == "secret":
        declared = _NEW_SECRET if new else _SECRET
    elif field.kind == "flag":
        spelt = name.replace("_", "-")
        declared = typer.Option(f"--{spelt}/--no-{spelt}", help=field.help)
    elif name == "port" and field.limits:
        # Wrong usage, as a port of any command; what the other numbers allow is the service's to say.
        declared = typer.Option(help=field.help, min=field.limits[0], max=field.limits[1])
    elif field.default is None:
        declared = typer.Option(help=field.help, min=AUTOMATIC)
    kind: Any = Literal[tuple(field.choices)] if field.choices else _TYPES[field.kind]
    if new and field.required:
        declared.show_default = False
        return inspect.Parameter(name, _BY_NAME, annotation=Annotated[kind, declared])
    return inspect.Parameter(name, _BY_NAME, default=None, annotation=Annotated[kind | None, declared])


def _value(name: str, given: Any) -> Any:
    return None if FIELD[name].default is None and given == AUTOMATIC else given
