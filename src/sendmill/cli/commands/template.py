"""`sendmill template`: the texts of messages, from draft to activated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sendmill.cli.caller import Caller, tells
from sendmill.cli.catalog_rows import delete_row, named_changes
from sendmill.cli.errors import RefusedError
from sendmill.cli.lookup import find_application, find_signature, find_template
from sendmill.cli.output import YES
from sendmill.cli.review_steps import REJECT, SUBMIT, WITHDRAW, Step, Subject, add_steps, parameter
from sendmill.domain.review import ReviewState
from sendmill.domain.types import ServiceType
from sendmill.schemas.deleted import DeletedSchema
from sendmill.schemas.template import TemplateSchema

if TYPE_CHECKING:
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


TEMPLATE = Subject("Template", NAME, parameter("application", HOME, None), find_template, TemplateSchema)


@app.command("list")
@tells(TemplateSchema, many=True)
def list_templates(
    caller: Caller,
    application: Annotated[str | None, typer.Option(help="Only of this application.")] = None,
    state: Annotated[ReviewState | None, typer.Option(help="Only in this state.")] = None,
    type_: Annotated[ServiceType | None, typer.Option("--type", help="Only of this type.")] = None,
    search: Annotated[str, typer.Option(help="Part of the name or text.")] = "",
    usable: Annotated[
        bool,
        typer.Option("--usable", help="Only those a task can be made with; says why when there is none."),
    ] = False,
    signature: Annotated[str | None, typer.Option(help="With --usable: the signature (mainland).")] = None,
) -> None:
    """List templates, newest first."""
    member = caller.member
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
    caller.tell_rows(
        [TemplateSchema.of(row) for row in rows],
        {
            "id": "id",
            "name": "name",
            "type": "type",
            "application": "application",
            "signature": lambda row: "(universal)" if row.universal else row.signature,
            "state": _state,
            "content": "content",
        },
        none=reason or "No template fits.",
    )


@app.command()
@tells(TemplateSchema)
def show(caller: Caller, name: NAME, application: HOME = None) -> None:
    """Show a template with an example of its message, its length and its parts."""
    member = caller.member
    found = find_template(member, name, application)
    answer = TemplateSchema.of(found)
    attributes = ", ".join(f"{name}={kind}" for name, kind in answer.attributes.items())
    caller.tell(
        answer,
        lambda: {
            "id": found.pk,
            "name": found.name,
            "type": found.type,
            "application": found.application.name,
            "signature": "(universal)" if found.universal else answer.signature,
            "state": _state(answer),
            **({"reason": found.reason} if found.reason else {}),
            "content": found.content,
            **({"attributes": attributes} if attributes else {}),
            **_example(found),
        },
    )


@app.command()
@tells(TemplateSchema)
def create(
    caller: Caller,
    name: Annotated[str, typer.Argument(help="Name, at most 64 characters.", show_default=False)],
    application: Annotated[str, typer.Option(help="Application it belongs to.", show_default=False)],
    type_: Annotated[ServiceType, typer.Option("--type", help="What it is for.", show_default=False)],
    content: CONTENT = None,
    content_file: CONTENT_FILE = None,
    attribute: ATTRIBUTE = None,
    signature: SIGNATURE = None,
    universal: UNIVERSAL = None,
    submit: Annotated[bool, typer.Option("--submit", help="Submit it for review at once.")] = False,
) -> None:
    """Create a template as a draft."""
    member = caller.member
    from django.db import transaction

    from sendmill.catalog import review, templates

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
        made = review.submit(member, made) if submit else made
    TEMPLATE.tell(caller, made, "waits for review" if submit else "was created as a draft")


@app.command()
@tells(TemplateSchema)
def edit(
    caller: Caller,
    name: NAME,
    rename: Annotated[str | None, typer.Option(help="New name.")] = None,
    new_type: Annotated[ServiceType | None, typer.Option(help="New type.")] = None,
    content: CONTENT = None,
    content_file: CONTENT_FILE = None,
    attribute: ATTRIBUTE = None,
    signature: SIGNATURE = None,
    universal: UNIVERSAL = None,
    application: HOME = None,
) -> None:
    """Change a draft or rejected template, which makes it a draft; attributes are replaced all together."""
    member = caller.member
    from sendmill.catalog import templates

    found = find_template(member, name, application)
    named: dict[str, Any] = {
        "name": rename,
        "type": new_type.value if new_type is not None else None,
        "content": _read_content(content, content_file),
        "attributes": _read_attributes(attribute) if attribute else None,
        "universal": universal,
    }
    if signature is not None:
        of_type = new_type or ServiceType(found.type)
        named["signature"] = find_signature(member, signature, of_type, found.application)
        named["universal"] = bool(universal)
    changes = named_changes(named, "one of the options, such as --content")
    if universal and signature is None:
        changes["signature"] = None
    TEMPLATE.tell(caller, templates.edit(member, found, **changes), "was changed and is a draft")


add_steps(
    app,
    TEMPLATE,
    [
        SUBMIT,
        WITHDRAW,
        Step("approve", "Approve what waits for review, and activate it.", "was approved and activated"),
        REJECT,
        Step("activate", "Let tasks be made from an approved template.", "is activated"),
        Step(
            "deactivate",
            "Let no task be made or started from an approved template; scheduled ones wait, and are canceled when "
            "they are overdue.",
            "is deactivated",
        ),
    ],
)


@app.command()
@tells(DeletedSchema)
def delete(caller: Caller, name: NAME, application: HOME = None, yes: YES = False) -> None:
    """Delete a draft, rejected or deactivated template that no task refers to."""
    member = caller.member
    from sendmill.catalog import templates

    delete_row(caller, "template", find_template(member, name, application), templates.delete, yes)


def _state(answer: TemplateSchema) -> str:
    if answer.state != ReviewState.APPROVED:
        return answer.state
    return "approved, activated" if answer.active else "approved, deactivated"


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
