"""Groups the rows of a task by the carriers that take them, so that each chunk is sent over one carrier."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import polars as pl

from sendmill.domain.routing import rules_of
from sendmill.message_store.queries.bulk_import import Cut


def split(frame: pl.DataFrame, routes: Sequence[Any]) -> tuple[pl.DataFrame, list[Cut]]:
    """The rows of `frame` (column number), grouped by their carriers and in their order within a group.

    `routes` as a task's snapshot has them. The groups come in the order in which the file first needs them;
    rows that no route takes come last, and their cut has no carriers.
    """
    rules = rules_of((prefix, carrier) for prefix, carriers in routes for carrier in carriers)
    groups = list(dict.fromkeys(rules.values()))
    place = frame.select(_places(rules, groups)).to_series()
    found = place.unique(maintain_order=True).to_list()
    order = [group for group in found if group is not None] + [group for group in found if group is None]
    if len(order) == 1:
        return frame, [Cut(frame.height, _carriers(groups, order[0]))]
    parts = [frame.filter(place.is_null() if group is None else place == group) for group in order]
    cuts = [Cut(part.height, _carriers(groups, group)) for part, group in zip(parts, order, strict=True)]
    return pl.concat(parts), cuts


def unrouted(frame: pl.DataFrame, routes: Sequence[Any] | None) -> int:
    """How many rows no route takes; none where the application's own carrier takes all (no routes)."""
    if not routes:
        return 0
    _ordered, cuts = split(frame, routes)
    return sum(cut.rows for cut in cuts if cut.carriers == ())


def _places(rules: dict[str, tuple[int, ...]], groups: list[tuple[int, ...]]) -> pl.Expr:
    """The group of each number: that of the longest prefix it begins with, null without one."""
    digits = pl.col("number").cast(pl.String)
    by_length: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for prefix, carriers in rules.items():
        by_length[len(prefix)][prefix] = groups.index(carriers)
    found = [
        digits.str.slice(0, length).replace_strict(
            list(places), list(places.values()), default=None, return_dtype=pl.Int32
        )
        for length, places in sorted(by_length.items(), reverse=True)
    ]
    return pl.coalesce(*found, pl.lit(None, dtype=pl.Int32)).alias("group")


def _carriers(groups: list[tuple[int, ...]], group: int | None) -> tuple[int, ...]:
    return () if group is None else groups[group]
