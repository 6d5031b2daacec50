"""Many places that nobody looked at before: what was found out about them is stored together, which costs less than one by one."""

import logging
import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from leeward.audit.services import record_all
from leeward.foundation.actor import SYSTEM
from leeward.hosting.fetching.in_memory import FetchedFile, fetch_page
from leeward.hosting.models import Fetch, Finding, FoundFile, Location, NameRecord
from leeward.hosting.name_history import name_of_host
from leeward.hosting.services.fetching import FETCHED, facts_of, fetch_of, files_of, note_rest
from leeward.hosting.services.hopping import note_hop_of
from leeward.hosting.services.locating import LOCATED, FoundOut, find_out, finding_of, note_answers
from leeward.payments.rules.traces import Trace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class NewPlace:
    """A web address that was looked at for the first time, and what was found out, which is not stored yet."""

    place: Location
    found: FoundOut
    row: Fetch
    files: Sequence[FetchedFile]
    payments: Sequence[Trace]

    @property
    def location_id(self) -> int:
        """Return the number of the place."""
        return self.place.pk


def find_out_new(on_behalf: Mapping[int, str], *, windows: bool, seconds: float) -> list[NewPlace]:
    """Find out where these places are and what is there, one after the other, until so many seconds are over: of web addresses of
    which nothing is known, each on behalf of a report. Network only; what fails is left out."""
    ends, found = time.monotonic() + seconds, []
    unseen = Location.objects.filter(pk__in=_unseen(on_behalf), kind="url").exclude(host="")
    for place in unseen.order_by("pk"):
        if time.monotonic() >= ends:
            break
        if not place.way:  # no way that would have to be opened
            try:
                found.append(_find_out(place, on_behalf[place.pk], windows=windows))
            except Exception:
                log.warning("place.not_seen", extra={"location": place.pk}, exc_info=True)
    return found


def _unseen(location_ids: Collection[int]) -> set[int]:
    ids = list(location_ids)
    seen = set(Finding.objects.filter(location_id__in=ids).values_list("location_id", flat=True))
    return {*ids} - seen - set(Fetch.objects.filter(location_id__in=ids).values_list("location_id", flat=True))


def _find_out(place: Location, on_behalf: str, *, windows: bool) -> NewPlace:
    found, at = find_out(place.host), datetime.now(UTC)
    result = fetch_page(place.display, on_behalf=on_behalf, windows=windows)
    row = fetch_of(place, result, at, on_behalf=on_behalf, windows=windows)
    return NewPlace(place, found, row, result.files, result.payments)


def keep_new(places: Sequence[NewPlace], hotline_id: int) -> list[NewPlace]:
    """Store what was found out about these places of a hotline as `locate` and `fetch` do, in the caller's transaction; return those
    of which nothing was stored meanwhile by somebody else: only these are."""
    unseen = _unseen([one.location_id for one in places])
    kept = [one for one in places if one.location_id in unseen]
    Finding.objects.bulk_create(
        finding_of(one.place, learned, one.found.at) for one in kept for learned in one.found.learned if learned[1]
    )
    Fetch.objects.bulk_create(one.row for one in kept)
    FoundFile.objects.bulk_create((file for one in kept for file in files_of(one.row, one.files)), batch_size=200)
    for one in kept:
        note_answers(one.place, one.found)
        note_rest(one.row, one.payments)
    located = [(f"location:{one.location_id}", {"findings": len(one.found.learned)}) for one in kept]
    fetched = [(f"location:{one.location_id}", facts_of(one.row, len(one.files))) for one in kept]
    for event, acts in ((LOCATED, located), (FETCHED, fetched)):
        record_all(event, acts, actor=SYSTEM, hotline_id=hotline_id)
    return kept


def note_hops(places: Sequence[NewPlace]) -> None:
    """Note which names joined the timeline of another, after what was found out about these places was stored."""
    names = {name_of_host(one.place.host) for one in places}
    held = set(NameRecord.objects.filter(name__in=names).exclude(holder_key="").values_list("name", flat=True))
    for one in places:
        if one.files or name_of_host(one.place.host) in held:
            note_hop_of(one.place, saw_files=bool(one.files))
