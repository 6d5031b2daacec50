"""Places: one row for each thing per hotline."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from leeward.audit.services import hotline_transaction
from leeward.hosting.models import Location
from leeward.hosting.rules.address import BadAddress, canonical_url
from leeward.hosting.rules.keys import key_of
from leeward.jobs.services import erased
from leeward.payments.rules.masking import place_without_card_numbers
from leeward.sealing.errors import WordsLocked
from leeward.sealing.keys import are_there, may_open
from leeward.sealing.services import forget, unseal

ACCESS_KEYS = ("user", "password", "referrer")


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as somebody named it; `alone` as in `open_location`."""

    kind: str
    display: str
    comparable: str
    service: str = ""
    alone: str = ""


def open_location(
    *, hotline_id: int, kind: str, display: str, comparable: str, service: str = "", alone: str = ""
) -> int:
    """Return the number of this place; the same thing always has the same number within a hotline. `alone` tells apart
    what no other report can name, whatever its words are. No number of a card is stored.
    """
    return opened_location(
        hotline_id=hotline_id, kind=kind, display=display, comparable=comparable, service=service, alone=alone
    )[0]


def opened_location(
    *, hotline_id: int, kind: str, display: str, comparable: str, service: str = "", alone: str = ""
) -> tuple[int, bool]:
    """Do the same, and say whether the place is new."""
    place = _place(hotline_id, NamedPlace(kind, display, comparable, service, alone))
    found = Location.objects.filter(hotline_id=hotline_id, key=place.key).values_list("pk", flat=True).first()
    if found is not None:
        return found, False
    place.host = host_of(kind, place.display)
    try:
        with transaction.atomic(savepoint=False):  # within an act nobody can be faster: it is the hotline's turn
            place.save(force_insert=True)
    except IntegrityError:  # another process was faster
        return Location.objects.values_list("pk", flat=True).get(hotline_id=hotline_id, key=place.key), False
    return place.pk, True


def open_new_locations(hotline_id: int, named: Sequence[NamedPlace]) -> list[int | None]:
    """Store those of these places that are new, in the caller's transaction; return the number of each, None where it was known or
    an earlier one of them is the same."""
    places = [_place(hotline_id, one) for one in named]
    keys = {place.key for place in places}
    known = set(Location.objects.filter(hotline_id=hotline_id, key__in=keys).values_list("key", flat=True))
    new: list[Location] = []
    for place in places:
        if place.key not in known:
            known.add(place.key)
            place.host = host_of(place.kind, place.display)
            new.append(place)
    Location.objects.bulk_create(new)
    return [place.pk for place in places]


def _place(hotline_id: int, named: NamedPlace) -> Location:
    display, comparable = (
        place_without_card_numbers(named.kind, text, named.service) for text in (named.display, named.comparable)
    )
    return Location(
        hotline_id=hotline_id,
        kind=named.kind,
        key=key_of(named.kind, named.alone or comparable),
        display=display,
        comparable=comparable or named.alone,
        service=named.service[:100],
    )


def host_of(kind: str, display: str) -> str:
    """Return the host of a web or onion address, or ""."""
    if kind not in ("url", "onion"):
        return ""
    try:
        return canonical_url(display).host[:255]
    except BadAddress:
        return ""


def add_access(location_id: int, details: Mapping[str, str]) -> None:
    """Store how a page is accessed: `user`, `password`, `referrer`; known values stay unless given again. Raises WordsLocked, also
    for a place of which nothing is known: what a process without the key gives is the sentence that stands for the words."""
    given = {name: str(details[name])[:2000] for name in ACCESS_KEYS if details.get(name)}
    if not given:
        return
    if are_there() and not may_open():
        raise WordsLocked
    with hotline_transaction():
        place = _opened(location_id)
        if given.items() - place.access.items():
            _store_access(place, place.access | given)


def keep_access(location_id: int, rows: Collection[Mapping[str, str]]) -> None:
    """Forget how a page is accessed, except what one of these still says. Raises WordsLocked."""
    with hotline_transaction():
        place = _opened(location_id)
        kept = {name: text for name, text in place.access.items() if any(one.get(name) == text for one in rows)}
        if kept != place.access:
            _store_access(place, kept)
            erased(Location)


def make_older(rows: QuerySet[Any], now: datetime) -> None:
    """Let rows that a clock which was ahead dated count as older than what is stored now, in the caller's transaction."""
    rows.filter(at__gte=now).update(at=now - timedelta(milliseconds=1))


def access_of(place: Location) -> dict[str, str]:
    """Return how a page is accessed, to access it. Raises WordsLocked: without that, what is fetched is the page to log in."""
    unseal([place])
    return place.access


def require_access(location_id: int) -> None:
    """Raise WordsLocked where it is known how a page is accessed, and that can't be opened here."""
    access_of(Location.objects.get(pk=location_id))


def _opened(location_id: int) -> Location:
    """Return a place to be changed; where what is known can't be opened, nothing new may take its place."""
    place: Location = Location.objects.select_for_update().get(pk=location_id)
    unseal([place])
    return place


def _store_access(place: Location, details: Mapping[str, str]) -> None:
    forget(Location.objects.filter(pk=place.pk), "way")
    place.access = dict(details)
    place.save(update_fields=["way"])


def forget_words(*, hotline_id: int, kind: str, alone: str) -> None:
    """Forget the words, and what was added about access, of a place that was opened with `alone`."""
    with hotline_transaction():
        place = Location.objects.filter(hotline_id=hotline_id, key=key_of(kind, alone))
        forget(place, "way")
        if place.update(display="", comparable=alone, way=""):
            erased(Location)
