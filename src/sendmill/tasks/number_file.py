"""The check of a number file: what is sent, what is deleted and why, how many parts, at what price.

Knows neither database nor Django.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from sendmill.domain.amounts import plain
from sendmill.domain.phone_numbers import NumberRules, region_column
from sendmill.domain.pricing import estimate
from sendmill.domain.row_check import CheckedFile, check_rows
from sendmill.domain.segments import measure, measure_column
from sendmill.domain.templates import Template, parse, render, render_column
from sendmill.domain.types import ApplicationType, ServiceType
from sendmill.spreadsheets.limits import Limits
from sendmill.spreadsheets.reader import read_rows

SAMPLES = 10


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
    """Read a number file and check it as `check_recipients` does. Raises SpreadsheetError."""
    rows = read_rows(path, columns=1 + len(template.variables), limits=limits)
    return check_recipients(rows, rules, template, signature, prices=prices, currency=currency)


def check_recipients(
    rows: pl.DataFrame,
    rules: NumberRules,
    template: Template,
    signature: str | None = None,
    *,
    prices: Mapping[str, Decimal] | None = None,
    currency: str = "",
) -> tuple[CheckedFile, dict[str, Any]]:
    """Check the rows of a number file against the rules and the template; what is found, and its outcome as plain JSON.

    The accepted rows get two more columns: parts (Int16), and written (String), the number's cell as it was
    where it was not the number with its plus, else null. Without `prices` the outcome's price is None.
    """
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
