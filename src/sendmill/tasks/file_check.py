"""The check of a number file: what is sent, what is deleted and why, how many parts, at what price.

`check_file` is the check itself and knows no database; `check_draft` is the job that runs it for a draft.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext_noop as _

from sendmill.catalog.snapshots import snapshot
from sendmill.domain.phone_numbers import NumberRules, region_column
from sendmill.domain.pricing import estimate, plain
from sendmill.domain.row_check import CheckedFile, announce, check_rows
from sendmill.domain.segments import measure, measure_column
from sendmill.domain.templates import Template, parse, render, render_column
from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.runtime.settings import ENV
from sendmill.spreadsheets import Limits, SpreadsheetError, read_rows
from sendmill.tasks import disk_errors, stored_files
from sendmill.tasks.models import Draft, DraftState
from sendmill.tasks.routed_rows import unrouted

FILE_GONE = _("The uploaded file is no longer there. Upload it again.")

SAMPLES = 10


def upload_limits() -> Limits:
    """The limits of an upload as the operator set them."""
    return Limits(max_bytes=ENV.max_file_mb * 1024 * 1024, max_rows=ENV.max_numbers)


def template_of(basis: Mapping[str, Any]) -> Template:
    """The template of a snapshot, taken apart."""
    return parse(
        basis["content"],
        ApplicationType(basis["application_type"]),
        basis["attributes"],
        service_type=ServiceType(basis["service_type"]),
    )


def rules_of(basis: Mapping[str, Any]) -> NumberRules:
    """The number rules of a snapshot."""
    return NumberRules.of(basis["application_type"], **basis["number_rules"])


def check_file(
    path: Path,
    rules: NumberRules,
    template: Template,
    signature: str | None = None,
    *,
    limits: Limits | None = None,
    prices: Mapping[str, Decimal] | None = None,
    currency: str = "",
) -> tuple[CheckedFile, dict[str, Any]]:
    """Check a number file against the rules and the template; what is found, and its outcome as plain JSON.

    The accepted rows get two more columns: parts (Int16), and written (String), the number's cell as it was
    where it was not the number with its plus, else null. Raises SpreadsheetError for a file that cannot be
    read. Without `prices` the outcome's price is None.
    """
    rows = read_rows(path, columns=1 + len(template.variables), limits=limits)
    checked = check_rows(rows, rules, template)
    measured = _measure(_with_written(checked.accepted, rows), template, signature)
    regions = _regions(measured)
    counts = checked.counts
    outcome = {
        "rows": counts.rows,
        "accepted": counts.accepted,
        "invalid": counts.invalid,
        "duplicate": counts.duplicate,
        "unfit": counts.unfit,
        "unusual": counts.unusual,
        "repaired": counts.repaired,
        "reasons": _reasons(checked.deleted),
        "parts": int(measured["parts"].sum()),
        "parts_min": _number(measured["parts"].min()),
        "parts_max": _number(measured["parts"].max()),
        "ucs2": int(measured["ucs2"].sum()),
        "forcing": _forcing(measured, template, signature),
        "regions": regions,
        "price": _price(regions, prices, currency),
        "sample": _sample(measured, template, signature),
    }
    return replace(checked, accepted=measured.drop("ucs2")), outcome


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
                limits=upload_limits(),
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


def _with_written(accepted: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The accepted rows with what stood in the file, where that is not the number itself."""
    written = accepted.select("row").join(
        rows.select("row", "c0"), on="row", how="left", maintain_order="left"
    )
    changed = written["c0"] != "+" + accepted["number"].cast(pl.String)
    return accepted.with_columns(written=written["c0"].set(~changed, None))


def _measure(accepted: pl.DataFrame, template: Template, signature: str | None) -> pl.DataFrame:
    """The accepted rows with the parts and alphabet of their texts; measured once when all are equal."""
    if template.variables:
        texts = render_column(template, accepted["variables"], signature, accepted.height)
        return accepted.with_columns(
            measure_column(texts, template.application_type).select("parts", "ucs2").get_columns()
        )
    one = measure(render(template, [], signature), template.application_type)
    return accepted.with_columns(
        parts=pl.lit(one.parts, dtype=pl.Int16), ucs2=pl.lit(one.encoding == "ucs2", dtype=pl.Boolean)
    )


def _reasons(deleted: pl.DataFrame) -> dict[str, int]:
    counted = deleted.get_column("reason").value_counts(sort=True)
    return dict(counted.iter_rows())


def _forcing(measured: pl.DataFrame, template: Template, signature: str | None) -> dict[str, Any] | None:
    """The first character that forces UCS-2, with its row; None for mainland, where everything is UCS-2."""
    if template.application_type is ApplicationType.MAINLAND:
        return None
    first = measured.filter("ucs2").head(1)
    if first.is_empty():
        return None
    row = first.row(0, named=True)
    found = measure(render(template, row["variables"] or [], signature), template.application_type).forcing
    fixed = "".join(piece for piece in template.pieces if isinstance(piece, str))
    return {
        "character": found,
        "row": row["row"],
        "in_template": measure(fixed, template.application_type).forcing is not None,
    }


def _regions(measured: pl.DataFrame) -> dict[str, list[int]]:
    """Messages and parts by destination, the largest first."""
    grouped = (
        measured.select(region=region_column(measured["number"]), parts="parts")
        .group_by("region")
        .agg(messages=pl.len(), parts=pl.col("parts").sum())
        .sort("messages", "region", descending=[True, False])
    )
    return {region: [messages, parts] for region, messages, parts in grouped.iter_rows()}


def _sample(measured: pl.DataFrame, template: Template, signature: str | None) -> list[dict[str, Any]]:
    return [
        {
            "row": row["row"],
            "number": f"+{row['number']}",
            "text": render(template, row["variables"] or [], signature),
            "parts": row["parts"],
        }
        for row in measured.head(SAMPLES).iter_rows(named=True)
    ]


def _number(value: Any) -> int:
    return int(value or 0)


def _price(
    regions: Mapping[str, list[int]], prices: Mapping[str, Decimal] | None, currency: str
) -> dict[str, Any] | None:
    """What the parts cost: the price of one part from … to, the total, and the regions without a price."""
    if prices is None:
        return None
    cost = estimate({region: parts for region, (_, parts) in regions.items()}, prices)
    return {
        "min": plain(cost.minimum),
        "max": plain(cost.maximum),
        "total": plain(cost.total),
        "currency": currency,
        "unpriced": list(cost.unpriced),
    }
