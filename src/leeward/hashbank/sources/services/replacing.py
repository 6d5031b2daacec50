"""Withdraw what a source no longer says: deleted entries, members' retractions, entries that now describe another file."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import batched
from typing import Any

from django.db.models import Q

from leeward.hashbank.formats import Entry
from leeward.hashbank.lists.services.list_votes import is_newer
from leeward.hashbank.models import RecordHash, Source, Vote
from leeward.hashbank.numbers import among
from leeward.hashbank.records.services.settling import follow_votes
from leeward.hashbank.records.services.voting import name_key
from leeward.hashbank.rules.kinds import KINDS
from leeward.hashbank.scene import hotline_here
from leeward.hashbank.sources.protocols import Page

_AT_ONCE = 400
_COLUMNS = ("id", "record_id", "source__name_key", "foreign_id", "at")


def left_behind(source: str, page: Page, entries: Sequence[Entry]) -> dict[tuple[int, int], datetime]:
    """Return the votes that a page withdraws, as (vote, record) with the time.

    `entries` are those of the page as imported; a vote newer than its withdrawal stays.
    """
    via = Source.objects.filter(hotline_id=hotline_here(), name_key=name_key(source)).first()
    if via is None:
        return {}
    now = datetime.now(UTC)
    prints_of: dict[tuple[str, str], set[tuple[int, bytes]]] = defaultdict(set)
    moments: dict[str, datetime] = {}
    for one in entries:
        if not one.gone:
            prints = {(KINDS[hash_.kind].number, hash_.value) for hash_ in one.hashes}
            prints_of[name_key(one.source or source), one.foreign_id] |= prints
    for one in page.entries:
        moments[_number(one.foreign_id, page)] = min(one.at or now, now)
    found: dict[tuple[int, int], datetime] = {}
    stays: list[tuple[int, int, tuple[str, str], datetime]] = []
    for vote_id, record_id, who, foreign, at in _votes(via.pk, page):
        number = _number(foreign, page)
        if page.is_all:
            if number not in page.whole:
                found[vote_id, record_id] = now
        elif number in page.gone:
            moment = min(page.gone[number] or now, now)
            if not is_newer(at, moment, now):
                found[vote_id, record_id] = moment
        elif (who, foreign) not in prints_of:
            found[vote_id, record_id] = max(at, moments.get(number, now))
        else:
            stays.append((vote_id, record_id, (who, foreign), max(at, moments.get(number, now))))
    return found | _of_other_files(stays, prints_of)


def count_votes(source: str) -> int:
    """Return how many votes this source's lists have here now."""
    found = Vote.objects.filter(hotline_id=hotline_here(), via__name_key=name_key(source), withdrawn_at=None)
    return found.count()


def withdraw_votes(behind: Mapping[tuple[int, int], datetime], *, revision: int) -> None:
    """Withdraw votes and update their records. Within a bank transaction."""
    for at in sorted(set(behind.values())):
        for some in batched([vote for (vote, _record), when in behind.items() if when == at], _AT_ONCE):
            Vote.objects.filter(id__in=some).update(withdrawn_at=at)
    follow_votes({record_id for _vote, record_id in behind}, revision=revision)


def _number(foreign_id: str, page: Page) -> str:
    return foreign_id.partition(":")[0] if page.under else foreign_id


def _votes(via: int, page: Page) -> Iterator[tuple[Any, ...]]:
    """Yield the current votes of this source that the page affects."""
    there = Vote.objects.filter(hotline_id=hotline_here(), via_id=via, withdrawn_at=None)
    if page.is_all:
        yield from there.values_list(*_COLUMNS).iterator()
        return
    for some in batched(sorted(page.whole | page.gone.keys()), _AT_ONCE):
        if page.under:
            for number in some:
                by_number = Q(foreign_id__gte=f"{number}:", foreign_id__lt=f"{number};")
                yield from there.filter(by_number).values_list(*_COLUMNS)
        else:
            yield from there.filter(foreign_id__in=some).values_list(*_COLUMNS)


def _of_other_files(
    stays: Sequence[tuple[int, int, tuple[str, str], datetime]],
    prints_sent: Mapping[tuple[str, str], set[tuple[int, bytes]]],
) -> dict[tuple[int, int], datetime]:
    """Return the votes on records that have none of the hashes that the entry has now."""
    prints = _prints({record_id for _vote, record_id, _key, _at in stays})
    return {
        (vote_id, record_id): at
        for vote_id, record_id, key, at in stays
        if prints_sent[key] and not prints_sent[key] & prints[record_id]
    }


def _prints(record_ids: Iterable[int]) -> dict[int, set[tuple[int, bytes]]]:
    found: dict[int, set[tuple[int, bytes]]] = defaultdict(set)
    for some in batched(sorted(record_ids), _AT_ONCE):
        rows = RecordHash.objects.filter(record_id__in=among(some)).values_list("record_id", "kind", "value")
        for record_id, kind, value in rows:
            found[record_id].add((kind, bytes(value)))
    return found
