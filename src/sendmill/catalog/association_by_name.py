"""Finds a usable application, signature and template by their names, for the command line and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from sendmill.accounts.models import Account
from sendmill.catalog import association
from sendmill.catalog.models import Application, Signature, Template
from sendmill.domain.types import ApplicationType

Item = TypeVar("Item", Application, Signature, Template)


@dataclass(frozen=True)
class Selection:
    """What a task is made from."""

    application: Application
    signature: Signature | None
    template: Template


class SelectionError(LookupError):
    """Nothing usable of that name; the text says what could be chosen, or why nothing can.

    `reason` is the one that the form of a new task would show, when there is one.
    """

    def __init__(self, sentence: str, reason: association.Reason | None = None) -> None:
        super().__init__(sentence)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.args[0])


def select(account: Account, *, application: str, signature: str | None, template: str) -> Selection:
    """The usable application, signature and template of these names. Raises SelectionError.

    A mainland application with one usable signature that fits the template needs no name of it.
    """
    app = _pick("application", application, association.applications(account), None)
    if app.type == ApplicationType.INTERNATIONAL:
        if signature:
            _refuse(association.unusable_signature(app, Signature(name=signature)))
        return Selection(app, None, _pick_template(app, None, template))
    signatures = association.signatures(app)
    if signature is not None or not signatures.items:
        chosen = _pick("signature", signature or "", signatures, _why_not_signature(app, signature))
        for other in signatures.items:
            # Signatures of one name differ in their type, and the template tells which is meant.
            if other.name == chosen.name and _fits(app, other, template):
                chosen = other
        return Selection(app, chosen, _pick_template(app, chosen, template))
    for candidate in signatures.items:
        if found := _fits(app, candidate, template):
            return Selection(app, candidate, found)
    only = signatures.items[0] if len(signatures.items) == 1 else None
    _refuse(_why_not_template(app, only, template))
    names = ", ".join(sorted({candidate.name for candidate in signatures.items}))
    raise SelectionError(
        f"No signature of {app.name} has a usable template {template!r}. Signatures: {names}."
    )


def _fits(app: Application, signature: Signature, template: str) -> Template | None:
    items = association.templates(app, signature).items
    return next((row for row in items if row.name == template), None)


def _pick_template(app: Application, signature: Signature | None, name: str) -> Template:
    choices = association.templates(app, signature)
    return _pick("template", name, choices, _why_not_template(app, signature, name))


def _why_not_template(app: Application, signature: Signature | None, name: str) -> association.Reason | None:
    row = Template.objects.filter(application=app, name=name).first()
    return association.unusable_template(row, signature) if row is not None else None


def _why_not_signature(app: Application, name: str | None) -> association.Reason | None:
    row = Signature.objects.filter(application=app, name=name or "").order_by("-state").first()
    return association.unusable_signature(app, row) if row is not None else None


def _pick(
    kind: str, name: str, choices: association.Choices[Item], why_not: association.Reason | None
) -> Item:
    for item in choices.items:
        if item.name == name:
            return item
    _refuse(why_not)
    if not choices.items:
        raise SelectionError(f"No {kind} can be chosen: {choices.reason}", choices.reason)
    names = ", ".join(sorted({item.name for item in choices.items}))
    raise SelectionError(f"There is no usable {kind} {name!r}. There are: {names}.")


def _refuse(reason: association.Reason | None) -> None:
    if reason is not None:
        raise SelectionError(str(reason), reason)
