"""Drop from a page what an earlier page has brought already, where the spans of a source overlap."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import batched

from leeward.hashbank.formats import Entry
from leeward.hashbank.models import Vote
from leeward.hashbank.records.services.voting import name_key
from leeward.hashbank.scene import hotline_here
from leeward.hashbank.sources.protocols import Page

_AT_ONCE = 400


def without_repeats(source: str, page: Page) -> Page:
    """Return the page without entries that say exactly what is on record from this source, and without deletions of
    entries of which nothing is left. Only what is dated before `page.again_until` can be one.
    """
    if page.again_until is None:
        return page
    parts: dict[str, list[Entry]] = defaultdict(list)
    for one in page.entries:
        parts[one.foreign_id].append(one)
    early = {number for number, some in parts.items() if _is_early(page.again_until, (one.at for one in some))}
    lost = {number for number, at in page.gone.items() if _is_early(page.again_until, (at,))}
    on_record = _on_record(source, early | lost)
    repeats = {number for number in early if _is_on_record(parts[number], on_record[number])}
    return replace(
        page,
        entries=tuple(one for one in page.entries if one.foreign_id not in repeats),
        whole=page.whole - repeats,
        gone={number: at for number, at in page.gone.items() if number not in lost or on_record[number]},
    )


def _is_early(until: datetime, moments: Iterable[datetime | None]) -> bool:
    return all(at is not None and at < until for at in moments)


def _is_on_record(parts: list[Entry], on_record: dict[str, tuple[datetime, str]]) -> bool:
    """Return whether the votes on record are those of these parts of an entry, no more and no fewer."""
    mine = {name_key(one.source): (one.at, one.verdict) for one in parts}
    return mine.keys() == on_record.keys() and all(
        on_record[who][0] == at and on_record[who][1] == (verdict or on_record[who][1])
        for who, (at, verdict) in mine.items()
    )


def _on_record(source: str, numbers: set[str]) -> dict[str, dict[str, tuple[datetime, str]]]:
    """Return the current votes that came from this source, by entry: who said what, and when."""
    found: dict[str, dict[str, tuple[datetime, str]]] = defaultdict(dict)
    there = Vote.objects.filter(hotline_id=hotline_here(), via__name_key=name_key(source), withdrawn_at=None)
    for some in batched(sorted(numbers), _AT_ONCE):
        rows = there.filter(foreign_id__in=some).values_list("foreign_id", "source__name_key", "at", "verdict")
        for number, who, at, verdict in rows:
            found[number][who] = (at, verdict)
    return found
