"""`sendmill template`: the texts of messages, from draft to activated."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.commands.review_steps import review
from sendmill.cli.errors import RefusedError
from sendmill.cli.identity import ACCOUNT, AS, act
from sendmill.cli.lookup import find_application, find_signature, find_template
from sendmill.cli.output import AS_JSON, YES, answers, make_sure, note, show_fields, show_json, show_table
from sendmill.cli.schemas import DeletedAnswer, TemplateAnswer, of_deleted, of_template
from sendmill.domain.review import ReviewState
from sendmill.domain.types import ServiceType

if TYPE_CHECKING:
    from sendmill.accounts.models import Member
    from sendmill.catalog.models import Template

app = typer.Typer(
    help="Templates are the texts of messages; usable once approved and activated.", no_args_is_help=True
)
NAME = Annotated[str, typer.Argument(help="Name of the template, or its id.", show_default=False)]
HOME = Annotated[str | None, typer.Option(help="Its application, when the name alone is not enough.")]
CONTENT = Annotated[
    str | None, typer.Option(help="The text; mainland variables are ${1} or ${name}, international ${TXT_1}.")
]
CONTENT_FILE = Annotated[
    Path | None, typer.Option("--content-file", help="A UTF-8 file with the text, when it has line breaks.")
]
ATTRIBUTE = Annotated[
    list[str] | None,
    typer.Option(
        "--attribute",
        help="Attribute of a mainland variable, such as 1=PHONE; PHONE, CHARDIGIT, DATETIME, MONEY or TEXT. "
        "Give it once for each variable.",
    ),
]
SIGNATURE = Annotated[str | None, typer.Option(help="Signature of the same type it belongs to (mainland).")]
UNIVERSAL = Annotated[
    bool | None,
    typer.Option("--universal/--not-universal", help="For every signature of its type (mainland)."),
]


@app.command("list")
@answers(TemplateAnswer, many=True)
def list_templates(
    application: Annotated[str | None, typer.Option(help="Only of this application.")] = None,
    state: Annotated[ReviewState | None, typer.Option(help="Only in this state.")] = None,
    type_: Annotated[ServiceType | None, typer.Option("--type", help="Only of this type.")] = None,
    search: Annotated[str, typer.Option(help="Part of the name or text.")] = "",
    usable: Annotated[
        bool,
        typer.Option("--usable", help="Only those a task can be made with; says why when there is none."),
    ] = False,
    signature: Annotated[str | None, typer.Option(help="With --usable: the signature (mainland).")] = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """List templates, newest first."""
    member = act(account, as_)
    from sendmill.catalog import association, listing

    home = find_application(member, application) if application is not None else None
    if usable and home is None:
        raise RefusedError("Name the --application too: what is usable depends on it.")
    rows = listing.templates(
        member.account,
        text=search,
        state=state or "",
        type=type_ or "",
        application=home.pk if home is not None else None,
    )
    reason = None
    if home is not None and usable:
        chosen = find_signature(member, signature, type_, home) if signature is not None else None
        choices = association.templates(home, chosen)
        reason = choices.reason
        rows = rows.filter(pk__in=[row.pk for row in choices.items])
    found = [of_template(row) for row in rows]
    if not found:
        note(reason or "No template fits.")
    if as_json:
        show_json(found)
    elif found:
        show_table(
            ["id", "name", "type", "application", "signature", "state", "content"],
            [
                [row["id"], row["name"], row["type"], row["application"],
                 "(universal)" if row["universal"] else row["signature"], _state(row), row["content"]]
                for row in found
            ],
        )  # fmt: skip


@app.command()
@answers(TemplateAnswer)
def show(
    name: NAME, application: HOME = None, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Show a template with an example of its message, its length and its parts."""
    member = act(account, as_)
    found = find_template(member, name, application)
    answer = of_template(found)
    if as_json:
        show_json(answer)
        return
    attributes = ", ".join(f"{name}={kind}" for name, kind in answer["attributes"].items())
    show_fields(
        {
            "id": found.pk,
            "name": found.name,
            "type": found.type,
            "application": found.application.name,
            "signature": "(universal)" if found.universal else answer["signature"],
            "state": _state(answer),
            **({"reason": found.reason} if found.reason else {}),
            "content": found.content,
            **({"attributes": attributes} if attributes else {}),
            **_example(found),
        }
    )


@app.command()
@answers(TemplateAnswer)
def create(
    name: Annotated[str, typer.Argument(help="Name, at most 64 characters.", show_default=False)],
    application: Annotated[str, typer.Option(help="Application it belongs to.", show_default=False)],
    type_: Annotated[ServiceType, typer.Option("--type", help="What it is for.", show_default=False)],
    content: CONTENT = None,
    content_file: CONTENT_FILE = None,
    attribute: ATTRIBUTE = None,
    signature: SIGNATURE = None,
    universal: UNIVERSAL = None,
    submit: Annotated[bool, typer.Option("--submit", help="Submit it for review at once.")] = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Create a template as a draft."""
    member = act(account, as_)
    from django.db import transaction

    from sendmill.catalog import templates

    text = _read_content(content, content_file)
    if text is None:
        raise RefusedError("A template needs its text: give --content or --content-file.")
    home = find_application(member, application)
    of = find_signature(member, signature, type_, home) if signature is not None else None
    with transaction.atomic():
        made = templates.create(
            member,
            home,
            name=name,
            type=type_.value,
            content=text,
            attributes=_read_attributes(attribute),
            signature=of,
            universal=bool(universal),
        )
        made = review("submit")(member, made) if submit else made
    _tell(made, as_json, "waits for review" if submit else "was created as a draft")


@app.command()
@answers(TemplateAnswer)
def edit(
    name: NAME,
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    new_type: Annotated[ServiceType | None, typer.Option(help="New type.")] = None,
    content: CONTENT = None,
    content_file: CONTENT_FILE = None,
    attribute: ATTRIBUTE = None,
    signature: SIGNATURE = None,
    universal: UNIVERSAL = None,
    application: HOME = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Change a draft or rejected template, which makes it a draft; attributes are replaced all together."""
    member = act(account, as_)
    from sendmill.catalog import templates

    found = find_template(member, name, application)
    named: dict[str, Any] = {
        "name": rename,
        "type": new_type.value if new_type is not None else None,
        "content": _read_content(content, content_file),
        "attributes": _read_attributes(attribute) if attribute else None,
        "universal": universal,
    }
    changes = {field: value for field, value in named.items() if value is not None}
    if signature is not None:
        of_type = new_type or ServiceType(found.type)
        changes["signature"] = find_signature(member, signature, of_type, found.application)
        changes.setdefault("universal", False)
    elif universal:
        changes["signature"] = None
    if not changes:
        raise RefusedError("Nothing to change was named: give one of the options, such as --content.")
    _tell(templates.edit(member, found, **changes), as_json, "was changed and is a draft")


@app.command()
@answers(TemplateAnswer)
def submit(
    name: NAME, application: HOME = None, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Submit a draft for review."""
    _move(name, application, account, as_, as_json, review("submit"), "waits for review")


@app.command()
@answers(TemplateAnswer)
def withdraw(
    name: NAME, application: HOME = None, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Take back what waits for review; it is a draft again."""
    _move(name, application, account, as_, as_json, review("withdraw"), "is a draft again")


@app.command()
@answers(TemplateAnswer)
def approve(
    name: NAME, application: HOME = None, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Approve what waits for review, and activate it."""
    _move(name, application, account, as_, as_json, review("approve"), "was approved and activated")


@app.command()
@answers(TemplateAnswer)
def reject(
    name: NAME,
    reason: Annotated[str, typer.Option(help="Why; its author reads it.", show_default=False)],
    application: HOME = None,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Reject what waits for review, with the reason."""
    _move(name, application, account, as_, as_json, review("reject", reason=reason), "was rejected")


@app.command()
@answers(TemplateAnswer)
def activate(
    name: NAME, application: HOME = None, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Let tasks be made from an approved template."""
    _move(name, application, account, as_, as_json, review("activate"), "is activated")


@app.command()
@answers(TemplateAnswer)
def deactivate(
    name: NAME, application: HOME = None, account: ACCOUNT = None, as_: AS = None, as_json: AS_JSON = False
) -> None:
    """Let no task be made or started from an approved template; scheduled ones are canceled at their time."""
    _move(name, application, account, as_, as_json, review("deactivate"), "is deactivated")


@app.command()
@answers(DeletedAnswer)
def delete(
    name: NAME,
    application: HOME = None,
    yes: YES = False,
    account: ACCOUNT = None,
    as_: AS = None,
    as_json: AS_JSON = False,
) -> None:
    """Delete a draft, rejected or deactivated template that no task refers to."""
    member = act(account, as_)
    from sendmill.catalog import templates

    found = find_template(member, name, application)
    make_sure(f"Delete the template “{found.name}”?", yes)
    templates.delete(member, found)
    if as_json:
        show_json(of_deleted(found.pk, found))
    else:
        typer.echo(f"Template “{found.name}” was deleted.")


def _move(
    name: str,
    application: str | None,
    account: str | None,
    as_: str | None,
    as_json: bool,
    step: Callable[[Member, Any], Template],
    became: str,
) -> None:
    member = act(account, as_)
    _tell(step(member, find_template(member, name, application)), as_json, became)


def _tell(template: Template, as_json: bool, became: str) -> None:
    if as_json:
        show_json(of_template(template))
    else:
        typer.echo(f"Template “{template.name}” (id {template.pk}) {became}.")


def _state(answer: TemplateAnswer) -> str:
    if answer["state"] != ReviewState.APPROVED:
        return answer["state"]
    return "approved, activated" if answer["active"] else "approved, deactivated"


def _read_content(content: str | None, file: Path | None) -> str | None:
    if content is not None and file is not None:
        raise RefusedError("Give --content or --content-file, not both.")
    if file is None:
        return content
    try:
        return file.read_text("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError as error:
        raise RefusedError(f"{file} is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise RefusedError(f"{file} cannot be read: {error.strerror}.") from error


def _read_attributes(given: list[str] | None) -> dict[str, str]:
    attributes = {}
    for pair in given or ():
        name, equals, kind = pair.partition("=")
        if not (name and equals and kind):
            raise RefusedError(f"“{pair}” is no attribute; write it like 1=PHONE.")
        attributes[name.strip()] = kind.strip().upper()
    return attributes


def _example(template: Template) -> dict[str, str]:
    """A message with sample values, how long it is, and what forces its encoding."""
    from sendmill.catalog.templates import SHORTEST_SIGNATURE
    from sendmill.domain.segments import measure
    from sendmill.domain.templates import parse, render, sample_values
    from sendmill.domain.types import ApplicationType

    kind = ApplicationType(template.application.type)
    parsed = parse(template.content, kind, template.attributes, service_type=ServiceType(template.type))
    signature = template.signature.name if template.signature is not None else None
    if kind is ApplicationType.MAINLAND:
        signature = signature or SHORTEST_SIGNATURE
    text = render(parsed, sample_values(parsed), signature)
    found = measure(text, kind)
    forced = f", because of “{found.forcing}”" if found.forcing else ""
    parts = "1 part" if found.parts == 1 else f"{found.parts} parts"
    return {"example": text, "length": f"{len(text)} characters, {parts} in {found.encoding.upper()}{forced}"}
