"""The job that checks the number file of a draft (`number_file`) and writes down what was found."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_noop as _

from sendmill.catalog.task_snapshot import snapshot
from sendmill.domain.row_check import CheckedFile, announce
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets.errors import SpreadsheetError
from sendmill.spreadsheets.limits import Limits
from sendmill.tasks import disk_errors, stored_files
from sendmill.tasks.models import Draft, DraftState
from sendmill.tasks.number_file import check_file, rules_of, template_of
from sendmill.tasks.routed_rows import unrouted

FILE_GONE = _("The uploaded file is no longer there. Upload it again.")


def check_draft(draft_id: int) -> None:
    """Check the file of a draft and write what was found; a draft that is not waiting for it is left alone.

    A file that cannot be taken, of which no number is valid, or for which the disk has no room leaves the draft
    refused with the sentence; of the latter no file of the check is left.
    """
    related = ("account", "application__carrier", "application__account", "signature", "template")
    draft = Draft.objects.select_related(*related).filter(pk=draft_id, state=DraftState.CHECKING).first()
    if draft is None:
        return
    basis = snapshot(draft.application, draft.signature, draft.template)
    prices = {region: Decimal(price) for region, price in basis["prices"].items()}
    try:
        with stored_files.local_path(draft.file) as path:
            checked, outcome = check_file(
                path,
                rules_of(basis),
                template_of(basis),
                basis["signature"],
                limits=Limits.of(ENV),
                prices=prices,
                currency=basis["currency"],
            )
        found = _kept(draft, checked)
    except SpreadsheetError as error:
        _refuse(draft, error.code, error.sentence, dict(error.params))
        return
    except OSError as error:
        if (short := disk_errors.told("check", error)) is not None:
            _refuse(draft, short.code, short.message, {})
        elif isinstance(error, FileNotFoundError):
            _refuse(draft, "file_gone", FILE_GONE, {})
        else:
            raise
        return
    missing = unrouted(checked.accepted, basis.get("routes"))
    found["outcome"] = outcome | {"basis": unpriced(basis), "unrouted": missing}
    if outcome["accepted"] == 0:
        said = announce(checked.counts)
        found |= {"state": DraftState.REFUSED, "refusal": _refusal(said.code, said.message, {})}
    Draft.objects.filter(pk=draft.pk, state=DraftState.CHECKING).update(**found)


def _kept(draft: Draft, checked: CheckedFile) -> dict[str, Any]:
    """The files of a check, all of them or none, by the fields that name them, and the state that they make."""
    frames = {
        "accepted": checked.accepted.drop("written"),
        "written": checked.accepted.select("row", "written").drop_nulls(),
        "deleted": checked.deleted,
    }
    names: dict[str, Any] = {}
    try:
        for name, frame in frames.items():
            names[f"{name}_file"] = stored_files.store_frame(f"drafts/{draft.key}/{name}.arrow", frame)
    except OSError:
        with suppress(OSError):
            stored_files.remove(*names.values())
        raise
    return names | {"state": DraftState.CHECKED}


def unpriced(basis: Mapping[str, Any]) -> dict[str, Any]:
    """What of a snapshot decides the result of a check; prices and routes may change until OK is pressed."""
    later = ("prices", "currency", "routes", "sources")
    return {name: value for name, value in basis.items() if name not in later}


def _refuse(draft: Draft, code: str, message: str, parameters: dict[str, object]) -> None:
    Draft.objects.filter(pk=draft.pk, state=DraftState.CHECKING).update(
        state=DraftState.REFUSED, refusal=_refusal(code, message, parameters)
    )


def _refusal(code: str, message: str, parameters: dict[str, object]) -> dict[str, object]:
    return {"code": code, "message": message, "parameters": parameters}
