"""The dependent lists of a new task: applications, the signatures of one, the templates that go with both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sendmill.accounts.models import Account
from sendmill.catalog import association
from sendmill.catalog.association import Choices
from sendmill.catalog.models import Application, Signature, Template
from sendmill.console.listing import pick
from sendmill.domain.templates import TemplateError, parse
from sendmill.domain.types import ApplicationType


@dataclass(frozen=True)
class Chosen:
    """What can be chosen and what is; a choice that does not fit the one before it is dropped."""

    applications: Choices[Application]
    signatures: Choices[Signature]
    templates: Choices[Template]
    application: Application | None = None
    signature: Signature | None = None
    template: Template | None = None


@dataclass(frozen=True)
class Piece:
    """A piece of a template's text: plain text, or the name of a variable."""

    text: str
    variable: bool


@dataclass(frozen=True)
class Preview:
    """The text of a template with its signature, and the names of its variables in the file's order."""

    pieces: list[Piece]
    variables: list[str]


def choose(account: Account, values: Mapping[str, object]) -> Chosen:
    """The lists of the form for keys under `application`, `signature` and `template`."""
    nothing: Choices[Signature] = Choices([])
    applications = association.applications(account)
    application = pick(applications.items, values.get("application"))
    if application is None:
        return Chosen(applications, nothing, Choices([]))
    signatures = association.signatures(application)
    signature = pick(signatures.items, values.get("signature"))
    templates = association.templates(application, signature)
    template = pick(templates.items, values.get("template"))
    return Chosen(applications, signatures, templates, application, signature, template)


def preview(
    content: str, application_type: str, attributes: Mapping[str, str], signature: str | None
) -> Preview:
    """The text as it will look, with its variables told apart; raw when the content is no template."""
    head = [Piece(f"【{signature}】", False)] if signature else []
    try:
        template = parse(content, ApplicationType(application_type), attributes)
    except TemplateError:
        return Preview([*head, Piece(content, False)], [])
    pieces = [
        Piece(piece, False) if isinstance(piece, str) else Piece(template.variables[piece].name, True)
        for piece in template.pieces
    ]
    return Preview([*head, *pieces], [variable.name for variable in template.variables])
