"""Query for rows by up to a thousand ids with SQL whose text is always the same."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import BigIntegerField, ExpressionWrapper, F, Model, QuerySet
from django.db.models.expressions import RawSQL

from leeward.hashbank.scene import hotline_here


def among(numbers: Iterable[int]) -> RawSQL:
    """Return the ids for `…__in` as a single parameter. Building a query with a thousand placeholders takes longer than
    running it.
    """
    wanted = sorted(set(numbers))  # in index order, so that each page is read once
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(wanted),))
    return RawSQL("SELECT unnest(%s::bigint[])", (wanted,))


def numbered(model: type[Model], hotline_id: int) -> QuerySet[Any]:
    """Return the hotline's rows, for queries by id.

    The hotline id is written as a sum: without statistics, SQLite would otherwise scan all rows of the hotline, which
    are millions, instead of looking up a hundred. As large as ids are: Django finds nothing by a number beyond a smaller field's.
    """
    own = ExpressionWrapper(F("hotline_id") + 0, BigIntegerField())
    rows: QuerySet[Any] = model._base_manager.alias(own=own)
    return rows.filter(own=hotline_id)


def by_number(model: type[Model], numbers: Iterable[int]) -> QuerySet[Any]:
    """Return the current hotline's rows with these ids."""
    return numbered(model, hotline_here()).filter(id__in=among(numbers))
