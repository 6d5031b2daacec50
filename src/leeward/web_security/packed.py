"""Rows of another table that come along with a query, as JSON: a page that shows many things asks for them at once."""

import json
from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from django.db.models import QuerySet, StringAgg, Subquery, TextField, Value
from django.db.models.functions import Cast, JSONObject


def packed(rows: QuerySet[Any], columns: Collection[str], *, by: str) -> Subquery:
    """All of these rows, in no order; they are of one outer row, and share the column `by`."""
    together = StringAgg(_as_text(columns), Value(","))
    return Subquery(rows.order_by().values(by).annotate(packed=together).values("packed"), output_field=TextField())


def packed_first(rows: QuerySet[Any], columns: Collection[str]) -> Subquery:
    """The first of these rows, in their order."""
    return Subquery(rows.annotate(packed=_as_text(columns)).values("packed")[:1], output_field=TextField())


def _as_text(columns: Collection[str]) -> Cast:
    return Cast(JSONObject(**{column: column for column in columns}), TextField())


def unpacked(text: str | None) -> list[dict[str, Any]]:
    """The rows again, each as its columns; none where there were none."""
    found: list[dict[str, Any]] = json.loads(f"[{text or ''}]")
    return found


def moment_of(text: str) -> datetime:
    """A time that came along so."""
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def mapping_of(value: Any) -> dict[str, Any]:
    """A column of JSON that came along so: SQLite gives it as text."""
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found
