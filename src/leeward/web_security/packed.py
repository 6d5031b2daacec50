"""Fetches rows of another table as JSON within a query, for pages that would otherwise need many queries."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject


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
