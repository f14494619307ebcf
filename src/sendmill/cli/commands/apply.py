"""`sendmill apply`: create and change resources to be as a file describes them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.errors import RefusedError
from sendmill.cli.output import note, show_json, show_table
from sendmill.schemas.manifest import AppliedSchema

if TYPE_CHECKING:
    from sendmill.catalog.apply_manifest import Applied

LARGEST = 4 * 1024 * 1024  # bytes
NOTHING = re.compile("(?:~|null|Null|NULL|)$")


@tells(AppliedSchema)
def apply(
    caller: Caller,
    file: Annotated[Path, typer.Argument(help="A YAML or JSON file of resources.", show_default=False)],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Try everything and take it back; tells what would be done.")
    ] = False,
) -> None:
    """Create and change resources to be as a file describes them; safe to run twice.

    All of it is done or, with every problem named, nothing. Nothing is ever deleted, and what the file does
    not mention stays as it is. docs/examples/resources.yaml shows every field.
    """
    document = read_document(file)
    member = caller.member
    from sendmill.catalog.apply_manifest import apply

    applied = apply(member, document, dry_run=dry_run)
    if caller.as_json:
        show_json(AppliedSchema.of(applied, dry_run))
    else:
        _show(applied, dry_run)


def read_document(file: Path) -> Any:
    """What a YAML or JSON file says, every value as the text that was written.

    What a value means is decided by the form of the file, so that a country NO, a channel number 010690 and a
    price 0.10 stay what they are. `!env NAME` takes a value from the environment: secrets need not be in the
    file. Raises RefusedError naming the line, never a value.
    """
    import yaml

    try:
        if file.stat().st_size > LARGEST:
            raise RefusedError(f"{file} is larger than 4 MB; that is no file of resources.")
        text = file.read_text("utf-8-sig")
        return yaml.load(text, Loader=_loader())  # noqa: S506 - builds nothing but text, lists and maps
    except UnicodeDecodeError as error:
        raise RefusedError(f"{file} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark is not None else ""
        raise RefusedError(f"{file}{line}: {error.problem}.") from None
    except yaml.YAMLError:
        raise RefusedError(f"{file} holds characters that YAML does not allow.") from None
    except RecursionError:
        raise RefusedError(f"{file} is nested too deeply.") from None


def _loader() -> Any:
    """BaseLoader, which takes every value as text, with null and !env; a key given twice is an error."""
    import yaml
    from yaml.constructor import ConstructorError

    class Loader(yaml.BaseLoader):
        pass

    def construct_mapping(loader: Any, node: Any) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ConstructorError(None, None, "a name is expected", key.start_mark)
            if key.value in found:
                raise ConstructorError(None, None, f"“{key.value}” is given twice", key.start_mark)
            found[key.value] = loader.construct_object(value, deep=True)
        return found

    def construct_variable(loader: Any, node: Any) -> str:
        name = loader.construct_scalar(node)
        if name not in os.environ:
            raise ConstructorError(None, None, f"the environment has no variable {name}", node.start_mark)
        return os.environ[name]

    def refuse(loader: Any, node: Any) -> None:
        raise ConstructorError(None, None, f"the tag {node.tag} is not known", node.start_mark)

    constructors: dict[str | None, Any] = {
        "tag:yaml.org,2002:null": lambda loader, node: None,
        "tag:yaml.org,2002:str": lambda loader, node: loader.construct_scalar(node),
        "tag:yaml.org,2002:seq": lambda loader, node: loader.construct_sequence(node, deep=True),
        "tag:yaml.org,2002:map": construct_mapping,
        "!env": construct_variable,
        None: refuse,
    }
    Loader.add_implicit_resolver("tag:yaml.org,2002:null", NOTHING, ["~", "n", "N", ""])
    for tag, construct in constructors.items():
        Loader.add_constructor(tag, construct)
    return Loader


def _show(applied: Applied, dry_run: bool) -> None:
    if applied.steps:
        show_table(
            ["", "name", "would be" if dry_run else "was", "note"],
            [[step.kind, step.name, step.done or "as it is", step.note] for step in applied.steps],
        )
    changes = len(applied.changes)
    counted = f"{changes} of {len(applied.steps)} were" if not dry_run else f"{changes} would be"
    typer.echo(
        f"{counted} created or changed." if changes else "Nothing to do: everything is as the file says."
    )
    if dry_run or not applied.credentials:
        return
    for name, made in applied.credentials.items():
        typer.echo(f"\nApplication “{name}”\napp key     {made.app_key}\napp secret  {made.app_secret}")
    note("Keep the secrets now: they are not shown again.")
