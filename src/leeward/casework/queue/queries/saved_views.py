"""Named views: those every desk has, those shared in the hotline, and personal ones; and how many cases each has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.casework.acting.rules.plan import PLACES
from leeward.casework.bulk.models import ListTaken, SavedView
from leeward.casework.models import Case
from leeward.casework.queries import MOST_COUNTED, narrowed, view_of
from leeward.casework.queue.queries.search import search
from leeward.casework.queue.rules.filters import Filters, filters_from
from leeward.casework.queue.rules.views import VIEWS
from leeward.casework.rules.states import STATES
from leeward.foundation.actor import Actor

SHIPPED: tuple[tuple[str | Promise, Filters], ...] = (
    (_("Urgent, unassigned"), Filters(view="waiting", holder="nobody", flags=("urgent",))),
    (_("Known files that wait"), Filters(view="waiting", known="yes")),
    (_("From the police, waiting"), Filters(view="waiting", source="police")),
    (_("Back again"), Filters(view="all", flags=("returned",))),
    (_("Online for more than a month"), Filters(view="up", age="older_month")),
    (_("Abroad and awaiting removal"), Filters(view="up", place="abroad")),
    (_("Review requested"), Filters(view="all", flags=("appealed",))),
)
MOST_VIEWS = 100


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A named view. `count` stops at MOST_COUNTED and is None for a text search; `owner` is None for a shipped view."""

    id: int | None
    name: str
    filters: Filters
    is_shared: bool
    owner: int | None
    count: int | None


def read_filters(given: Mapping[str, object]) -> Filters:
    """Parse filters with the desk's own views, states and places."""
    return filters_from(given, views=tuple(VIEWS), states=tuple(STATES), places=PLACES)


def cases_matching(
    filters: Filters, actor: Actor, now: datetime
) -> tuple[QuerySet[Case] | list[int], Mapping[int, str]]:
    """Return the cases that a page shows, in order, and quotes from notes if those were searched. A search covers all
    cases and finds few enough to list them by number.
    """
    person = actor.id or 0
    if not filters.q:
        return view_of(filters.view or "waiting", person, filters), {}
    found = search(filters.q, actor)
    if not found.ids or filters.named == ("q",):
        return found.ids, found.quotes
    left = narrowed(Case.objects.filter(pk__in=found.ids).order_by("-id"), filters, person, now)
    return list(left.values_list("pk", flat=True)), found.quotes


def numbers_of(cases: QuerySet[Case] | list[int], most: int) -> list[int]:
    """Return the numbers of the first cases."""
    return cases[:most] if isinstance(cases, list) else list(cases.values_list("pk", flat=True)[:most])


def views_of(actor: Actor, now: datetime) -> list[ViewRow]:
    """Return every view of this person, the shipped ones first, each with its count. Two queries, and one for each host
    named.
    """
    mine = SavedView.objects.filter(Q(by=actor.id) | Q(is_shared=True)).order_by("-is_shared", "name")
    views: list[tuple[int | None, str, Filters, bool, int | None]] = [
        (None, str(name), filters, True, None) for name, filters in SHIPPED
    ]
    views += [(row.pk, row.name, read_filters(row.asked), row.is_shared, row.by_id) for row in mine[:MOST_VIEWS]]
    counted = counts_of([row[2] for row in views], actor, now)
    return [ViewRow(*row, count) for row, count in zip(views, counted, strict=True)]


def counts_of(wanted: Sequence[Filters], actor: Actor, now: datetime) -> list[int | None]:
    """Return how many cases each has, none counted beyond MOST_COUNTED, in one query; None for a text search."""
    parts: list[str] = []
    values: list[Any] = []
    for filters in wanted:
        if filters.q:
            continue
        inner, given = (
            view_of(filters.view or "waiting", actor.id or 0, filters)
            .order_by()
            .values("pk")[:MOST_COUNTED]
            .query.sql_with_params()
        )
        parts.append(f"(SELECT COUNT(*) FROM ({inner}) AS found)")  # noqa: S608 - Django's own query, its values apart
        values += given
    counted: Any = iter(())
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(parts)}", values)
            counted = iter(cursor.fetchone())
    return [None if filters.q else next(counted) for filters in wanted]


def lists_taken(most: int = 20) -> list[ListTaken]:
    """Return the newest lists exported from the desk."""
    return list(ListTaken.objects.select_related("by").order_by("-id")[:most])
