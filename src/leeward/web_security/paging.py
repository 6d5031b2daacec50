"""Pages of long lists, by number, with a capped count; and rows of another table that come along as JSON within a query, for pages that
would otherwise need many queries."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from itertools import islice
from typing import Any

from django.db.models import Model, QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class Page[Row]:
    """One page of a list: its rows, its number from 1, and what is known about the whole."""

    rows: list[Row]
    number: int
    per_page: int
    total: int
    total_is_exact: bool

    @property
    def first(self) -> int:
        """Return the number of the first row shown, 0 if there are none."""
        return (self.number - 1) * self.per_page + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return (self.number - 1) * self.per_page + len(self.rows)

    @property
    def has_next(self) -> bool:
        """Return whether there is a page after this one."""
        return self.last < self.total or not self.total_is_exact

    @property
    def has_previous(self) -> bool:
        """Return whether there is a page before this one."""
        return self.number > 1


def page_of[M: Model](queryset: QuerySet[M], number: str | int | None, *, per_page: int = 50) -> Page[Any]:
    """Return page `number` (from 1; anything else means 1) of an ordered queryset: one query where the page is the last
    one, else two, the count capped so that a list of a million rows costs no more than one of ten thousand."""
    wanted = _wanted(number, per_page)
    start = (wanted - 1) * per_page
    rows = list(queryset[start : start + per_page])
    is_last = len(rows) < per_page and (rows or start == 0)
    total = start + len(rows) if is_last else queryset.order_by()[: MOST_COUNTED + 1].count()
    return Page(rows, wanted, per_page, min(total, MOST_COUNTED), total <= MOST_COUNTED)


def page_of_several(
    querysets: Sequence[QuerySet[Any]], number: str | int | None, *, by: str, per_page: int = 50
) -> Page[tuple[int, int]]:
    """Return page `number` of several querysets merged into one list, each in its own order, greatest `by` first. Each
    result says which queryset and which row; the caller loads the rows. Two queries per queryset."""
    wanted = _wanted(number, per_page)
    total = sum(rows.order_by()[: MOST_COUNTED + 1].count() for rows in querysets)
    most = min(wanted * per_page, MOST_COUNTED)
    keys = [[(at, which, pk) for at, pk in rows.values_list(by, "pk")[:most]] for which, rows in enumerate(querysets)]
    merged = merge(*keys, key=lambda key: key[0], reverse=True)
    rows = [(which, pk) for _at, which, pk in islice(merged, (wanted - 1) * per_page, wanted * per_page)]
    return Page(rows, wanted, per_page, min(total, MOST_COUNTED), total <= MOST_COUNTED)


def page_of_list[Row](rows: list[Row], number: str | int | None, *, per_page: int = 50) -> Page[Row]:
    """Return page `number` of a list in memory."""
    wanted = _wanted(number, per_page)
    start = (wanted - 1) * per_page
    return Page(rows[start : start + per_page], wanted, per_page, len(rows), total_is_exact=True)


def _wanted(number: str | int | None, per_page: int) -> int:
    try:
        wanted = max(int(number or 1), 1)
    except ValueError:
        wanted = 1
    return min(wanted, MOST_COUNTED // per_page)


def packed(rows: QuerySet[Any], columns: Collection[str], *, by: str) -> Subquery:
    """Return all of these rows, unordered; they belong to one outer row, and share the column `by`."""
    together = StringAgg(_as_text(columns), Value(","))
    return Subquery(rows.order_by().values(by).annotate(packed=together).values("packed"), output_field=TextField())


def packed_first(rows: QuerySet[Any], columns: Collection[str]) -> Subquery:
    """Return the first of these rows, in their order."""
    return Subquery(rows.annotate(packed=_as_text(columns)).values("packed")[:1], output_field=TextField())


def _as_text(columns: Collection[str]) -> Cast:
    return Cast(JSONObject(**{column: column for column in columns}), TextField())


def unpacked(text: str | None) -> list[dict[str, Any]]:
    """Return the rows, each as its columns; empty if there were none."""
    found: list[dict[str, Any]] = json.loads(f"[{text or ''}]")
    return found


def moment_of(text: str) -> datetime:
    """Return a packed time."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def mapping_of(value: Any) -> dict[str, Any]:
    """Return a packed JSON column: SQLite gives it as text."""
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found
