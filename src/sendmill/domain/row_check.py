"""The check of a file's rows: which are accepted, and why each of the others is deleted.

The order is number check, deduplication, values. A row with an unfit value does not use its number up: of
several rows with one number the first whose values fit is accepted, the ones before it are unfit, and every
one after it is a duplicate, whatever its values.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import and_

import polars as pl

from sendmill.domain.phone_numbers import MEANINGS, NumberReason, NumberRules, check_column
from sendmill.domain.templates import Template, explain_unfit, trim, unfit_column
from sendmill.domain.violations import Violation

DUPLICATE = "duplicate"
UNFIT = "unfit"

RULES: dict[str, str] = {
    DUPLICATE: "The number is already in row %(row)s.",
    UNFIT: "The value of %(variable)s does not fit.",
    "none_valid": "Submission request failed. The recipient number file includes invalid phone numbers.",
    "imported": "%(imported)d phone number(s) imported.",
    "some_deleted": "%(imported)d phone number(s) imported. Redundant and invalid numbers have been deleted. "
    "You will not be charged for the %(deleted)d message(s) deleted.",
}


@dataclass(frozen=True)
class Counts:
    """What became of the rows: rows = accepted + invalid + duplicate + unfit.

    `unusual` and `repaired` are counted among the accepted ones. Blank rows are not rows.
    """

    rows: int
    accepted: int
    invalid: int
    duplicate: int
    unfit: int
    unusual: int
    repaired: int

    @property
    def deleted(self) -> int:
        """The rows that are not sent to and not charged."""
        return self.invalid + self.duplicate + self.unfit


@dataclass(frozen=True)
class CheckedFile:
    """The rows of a file, parted, each in the order of the file.

    `accepted`: row Int32, number Int64, variables List[String] (empty lists where the template has none).
    `deleted`: row Int32, text String (the number's cell as it was), number Int64 or null, reason String (a
    `NumberReason`, "duplicate" or "unfit") and detail String, which `explain` turns into words.
    """

    accepted: pl.DataFrame
    deleted: pl.DataFrame
    counts: Counts


def check_rows(rows: pl.DataFrame, rules: NumberRules, template: Template | None) -> CheckedFile:
    """Check the rows of a file against the rules of numbers and of the template's variables.

    Columns of `rows`: `row` Int32, `c0` String the number, `c1`… String the values of the variables. Columns beyond
    the template's variables are not looked at; columns that lack are empty values.
    """
    frame = _with_columns(rows, len(template.variables) if template else 0)
    checked = check_column(frame.get_column("c0"), rules)
    frame = pl.concat([frame, checked], how="horizontal")
    frame = _without_blank_rows(frame)
    frame = frame.with_columns(_unfit(frame, template))
    frame = frame.with_columns(_first_fitting(frame))
    reason = (
        pl.when(pl.col("reason").is_not_null() | pl.col("kept"))
        .then("reason")
        .when("later")
        .then(pl.lit(DUPLICATE))
        .otherwise(pl.lit(UNFIT))
    )
    frame = frame.with_columns(reason=reason)
    return _part(frame, template)


def _with_columns(rows: pl.DataFrame, values: int) -> pl.DataFrame:
    """Return `row`, `c0` and as many value columns as the template has variables, values trimmed."""
    present = rows.columns
    value_columns = [
        (trim(pl.col(name)) if name in present else pl.lit("")).alias(name)
        for name in (f"c{position}" for position in range(1, values + 1))
    ]
    return rows.select(pl.col("row").cast(pl.Int32), pl.col("c0").cast(pl.String), *value_columns)


def _without_blank_rows(frame: pl.DataFrame) -> pl.DataFrame:
    """Drop the rows that have neither number nor values."""
    if not frame.get_column("reason").eq(NumberReason.EMPTY).any():
        return frame
    values = [pl.col(name) == "" for name in frame.columns if name.startswith("c") and name != "c0"]
    blank = reduce(and_, values, trim(pl.col("c0")) == "")
    return frame.filter(~blank)


def _unfit(frame: pl.DataFrame, template: Template | None) -> pl.Series:
    """Return the first broken rule of a row's values as "code variable", null where all fit."""
    broken = pl.Series("detail", [None], dtype=pl.String).new_from_index(0, frame.height)
    for position, variable in reversed(list(enumerate(template.variables if template else (), start=1))):
        codes = unfit_column(variable, frame.get_column(f"c{position}"))
        if codes.null_count() < len(codes):
            broken = pl.select(
                pl.when(codes.is_not_null()).then(codes + pl.lit(f" {variable.name}")).otherwise(broken)
            ).to_series()
    return broken.alias("detail")


def _first_fitting(frame: pl.DataFrame) -> list[pl.Series]:
    """Return `kept`, the first row of its number whose values fit, and `later`, the rows after such a one.

    The detail of a later row becomes the row that is kept instead of it.
    """
    valid = frame.get_column("number").is_not_null()
    fitting = valid & frame.get_column("detail").is_null()
    candidates = fitting.arg_true()
    first = frame.get_column("number").gather(candidates).is_first_distinct()
    none = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    kept = none.scatter(candidates.filter(first), values=True).alias("kept")
    others = (valid & ~kept).arg_true()
    later, detail = none.alias("later"), frame.get_column("detail")
    if not others.is_empty():
        positions = pl.int_range(frame.height, dtype=pl.UInt32, eager=True)
        chosen = pl.DataFrame({"position": positions, "number": frame["number"], "row": frame["row"]})
        pairs = (
            chosen.gather(others)
            .join(chosen.filter(kept), on="number", how="inner", suffix="_kept")
            .filter(pl.col("position") > pl.col("position_kept"))
        )
        later = later.scatter(pairs["position"], values=True)
        detail = detail.scatter(pairs["position"], pairs["row_kept"].cast(pl.String))
    return [kept, later, detail]


def _part(frame: pl.DataFrame, template: Template | None) -> CheckedFile:
    kept = frame.get_column("kept")
    accepted = frame.filter(kept)
    names = [f"c{position}" for position in range(1, len(template.variables) + 1)] if template else []
    values = pl.concat_list(names) if names else pl.lit([], dtype=pl.List(pl.String))
    deleted = frame.filter(~kept)
    reasons = deleted.get_column("reason")
    duplicate, unfit = int((reasons == DUPLICATE).sum()), int((reasons == UNFIT).sum())
    counts = Counts(
        rows=frame.height,
        accepted=accepted.height,
        invalid=deleted.height - duplicate - unfit,
        duplicate=duplicate,
        unfit=unfit,
        unusual=int(accepted.get_column("unusual").sum()),
        repaired=int(accepted.get_column("repaired").sum()),
    )
    detail = pl.when(pl.col("number").is_null()).then(pl.lit("")).otherwise(pl.col("detail"))
    return CheckedFile(
        accepted=accepted.select("row", "number", variables=values),
        deleted=deleted.select(
            "row", pl.col("c0").fill_null("").alias("text"), "number", "reason", detail=detail
        ),
        counts=counts,
    )


def explain(reason: str, detail: str, template: Template | None = None) -> Violation:
    """Return the reason of a deleted row in words, given the template that the file was checked with."""
    if reason == DUPLICATE:
        return Violation(DUPLICATE, RULES["duplicate"], {"row": detail})
    if reason == UNFIT:
        code, _, name = detail.partition(" ")
        for variable in template.variables if template else ():
            if variable.name == name:
                return explain_unfit(variable, code)
        return Violation(code, RULES["unfit"], {"variable": name})
    return Violation(reason, MEANINGS[NumberReason(reason)])


def announce(counts: Counts) -> Violation:
    """Return the sentence about a checked file: "imported", "some_deleted", or "none_valid" (a refusal)."""
    if counts.accepted == 0:
        return Violation("none_valid", RULES["none_valid"])
    parameters = {"imported": counts.accepted, "deleted": counts.deleted}
    if counts.deleted == 0:
        return Violation("imported", RULES["imported"], parameters)
    return Violation("some_deleted", RULES["some_deleted"], parameters)
