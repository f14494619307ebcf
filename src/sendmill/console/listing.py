"""Pages of a list: newest first, paged by id, so that no page counts rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

Row = TypeVar("Row", bound=Model)
SIZE = 50


@dataclass(frozen=True)
class RowPage(Generic[Row]):
    """Rows of one page; `older` and `newer` are the keys of the pages beside it, None where there is none."""

    rows: list[Row]
    older: int | None
    newer: int | None


def row_page(rows: QuerySet[Row], query: Mapping[str, str], size: int = SIZE) -> RowPage[Row]:
    """The page that `before` or `after` in the query names, else the first; ids give the order."""
    before, after = whole(query.get("before")), whole(query.get("after"))
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        more = len(found) > size
        shown = found[:size][::-1]
        return RowPage(shown, shown[-1].pk if shown else None, shown[0].pk if more else None)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    shown = found[:size]
    older = shown[-1].pk if len(found) > size else None
    return RowPage(shown, older, shown[0].pk if shown and before is not None else None)


def pick(rows: Sequence[Row], key: object) -> Row | None:
    """The row whose id is `key`, which may be text as it was typed; None when none of them has it."""
    wanted = whole(str(key)) if key is not None else None
    return next((row for row in rows if row.pk == wanted), None)


def whole(text: str | None) -> int | None:
    """The whole number in a query value that the database can hold; None for anything else."""
    if text and text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    return None
