"""Rows whose number is among a thousand others, in one question whose text is always the same."""

import json
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import F, Model, QuerySet
from django.db.models.expressions import RawSQL

from leeward.hashbank.scene import hotline_here


def among(numbers: Iterable[int]) -> RawSQL:
    """For `…__in`: the numbers as one value. A thousand places in a question take longer to write than the rows to find."""
    wanted = sorted(set(numbers))  # in the order of the index, so that its pages are read once
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", (json.dumps(wanted),))
    return RawSQL("SELECT unnest(%s::bigint[])", (wanted,))


def numbered(model: type[Model], hotline_id: int) -> QuerySet[Any]:
    """The hotline's rows, for questions that name their numbers. The hotline is asked for as a sum: without statistics
    SQLite would rather walk all rows of a hotline, which are millions, than look up a hundred."""
    rows: QuerySet[Any] = model._base_manager.alias(own=F("hotline_id") + 0)
    return rows.filter(own=hotline_id)


def by_number(model: type[Model], numbers: Iterable[int]) -> QuerySet[Any]:
    """The open hotline's rows of these numbers."""
    return numbered(model, hotline_here()).filter(id__in=among(numbers))
