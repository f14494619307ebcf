"""Choosing what a task needs by name, as the command line and programs do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sendmill.accounts.models import Account
from sendmill.catalog import association
from sendmill.catalog.models import Application, ApplicationType, Signature, Template

Item = TypeVar("Item", Application, Signature, Template)


@dataclass(frozen=True)
class Selection:
    """What a task is made from."""

    application: Application
    signature: Signature | None
    template: Template


class SelectionError(LookupError):
    """Nothing usable of that name; the text says what could be chosen, or why nothing can."""

    def __str__(self) -> str:
        return str(self.args[0])


def select(account: Account, *, application: str, signature: str | None, template: str) -> Selection:
    """The usable application, signature and template of these names. Raises SelectionError.

    A mainland application with one usable signature that fits the template needs no name of it.
    """
    app = _pick("application", application, association.applications(account))
    if app.type == ApplicationType.INTERNATIONAL:
        return Selection(app, None, _pick("template", template, association.templates(app, None)))
    signatures = association.signatures(app)
    if signature is not None or not signatures.items:
        chosen = _pick("signature", signature or "", signatures)
        return Selection(app, chosen, _pick("template", template, association.templates(app, chosen)))
    for candidate in signatures.items:
        for found in association.templates(app, candidate).items:
            if found.name == template:
                return Selection(app, candidate, found)
    names = ", ".join(sorted({candidate.name for candidate in signatures.items}))
    raise SelectionError(
        f"No signature of {app.name} has a usable template {template!r}. Signatures: {names}."
    )


def _pick(kind: str, name: str, choices: association.Choices[Item]) -> Item:
    for item in choices.items:
        if item.name == name:
            return item
    if not choices.items:
        raise SelectionError(f"No {kind} can be chosen: {choices.reason}")
    names = ", ".join(sorted({item.name for item in choices.items}))
    raise SelectionError(f"There is no usable {kind} {name!r}. There are: {names}.")
