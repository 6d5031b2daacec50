"""Since when an entry is given out, and who has taken it, or still has it after it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from leeward.blocklist.publishing.models import Fetch, Publication
from leeward.blocklist.rules.serials import is_newer

_MOST = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """An entry as far as this needs it: since when it is on its list, or off it."""

    entry_id: int
    list_id: int
    since: datetime
    is_listed: bool


@dataclass(frozen=True, slots=True)
class Carrier:
    """A subscriber's copy in one format, and when it was taken last."""

    name: str
    form: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Carriage:
    """The first publication that carries the entry (or leaves it out again), and the copies that hold it."""

    serial: int | None
    published_at: datetime | None
    carriers: tuple[Carrier, ...] = ()


def carriage_of(marks: Iterable[Mark]) -> dict[int, Carriage]:
    """Entry -> its carriage, in two queries. What a subscriber's servers hold is what they fetched last."""
    asked = list(marks)
    if not asked:
        return {}
    lists = {mark.list_id for mark in asked}
    first = min(mark.since for mark in asked)
    rows = Publication.objects.filter(list_id__in=lists, state="published", at__gte=first).order_by("id")
    published = list(rows.only("list_id", "serial", "at", "only_removals", "back_to_id")[:_MOST])
    fetches = list(Fetch.objects.filter(list_id__in=lists, subscriber__ended_at=None).select_related("subscriber"))
    return {mark.entry_id: _carriage(mark, published, fetches) for mark in asked}


def _carriage(mark: Mark, published: list[Publication], fetches: list[Fetch]) -> Carriage:
    found = next((row for row in published if _tells(mark, row)), None)
    carriers = tuple(
        Carrier(row.subscriber.name, row.form, row.at)
        for row in fetches
        if row.list_id == mark.list_id and _holds(mark, found, row.serial)
    )
    return Carriage(found.serial if found else None, found.at if found else None, carriers)


def _tells(mark: Mark, row: Publication) -> bool:
    """Whether this publication is one that could bring the news about the entry."""
    if row.list_id != mark.list_id or row.at < mark.since:
        return False
    return not mark.is_listed or not (row.only_removals or row.back_to_id)


def _holds(mark: Mark, news: Publication | None, serial: int) -> bool:
    """Whether a copy of this serial holds the entry."""
    is_older = news is None or news.serial is None or is_newer(news.serial, serial)
    return is_older != mark.is_listed
