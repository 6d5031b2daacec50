"""What is known of registered names over time, and which belong together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Exists, Max, OuterRef
from publicsuffixlist import PublicSuffixList

from leeward.foundation.http.networks import address_of
from leeward.hosting.models import Location, NameHop, NameRecord
from leeward.hosting.rules.jcard import Card, Postal
from leeward.hosting.rules.registration import Registration
from leeward.hosting.sharing import places_with_its_files

MOST_RECORDS, MOST_HOPS, MOST_PLACES = 50, 50, 5
# Smaller pictures are icons and buttons, which strangers share.
LEAST_SIDE = 64
_COLUMNS = ("registrar", "statuses", "created", "expires", "nameservers", "redacted")


@dataclass(frozen=True, slots=True)
class NameRow:
    """What a registry's records are of a name from `first_at` to `last_at`; `has_holder`: the registrant's data are still kept."""

    id: int
    name: str
    source: str
    first_at: datetime
    last_at: datetime
    is_suspended: bool
    has_holder: bool
    holder_key: str
    registration: Registration


@dataclass(frozen=True, slots=True)
class Hop:
    """Another name with the same content or registrant: since when it is known here, and where."""

    name: str
    by: tuple[str, ...]
    first_at: datetime
    is_suspended: bool
    location_ids: tuple[int, ...]


@cache
def _suffixes() -> PublicSuffixList:
    """Return only the suffixes of registries: a private one (a page builder's name) has no registry of its own."""
    return PublicSuffixList(only_icann=True)


def name_of_host(host: str) -> str:
    """Return the name that a registry knows of a host: the suffix of a registry and one label more."""
    if address_of(host) is not None or host.endswith(".onion"):
        return ""
    return _suffixes().privatesuffix(host) or host


def name_history(name: str) -> list[NameRow]:
    """Return what was recorded of a name, newest first; one query."""
    return [_row(one) for one in NameRecord.objects.filter(name=name).order_by("-pk")[:MOST_RECORDS]]


def name_record(record_id: int) -> NameRow | None:
    """Return one record, or None."""
    found = NameRecord.objects.filter(pk=record_id).first()
    return _row(found) if found else None


def names_under(end: str, *, before: int | None, most: int) -> list[NameRow]:
    """Return the newest record of each name under a top-level domain, newest first, those before one if given; one query."""
    newer = NameRecord.objects.filter(name=OuterRef("name"), pk__gt=OuterRef("pk"))
    found = NameRecord.objects.filter(~Exists(newer), end=end).order_by("-pk")
    return [_row(one) for one in (found.filter(pk__lt=before) if before else found)[:most]]


def count_with_holder(holder_key: str, *, but_not: str) -> int:
    """Return how many other names have this registrant, at most `MOST_HOPS`; one query."""
    if not holder_key:
        return 0
    found = NameRecord.objects.filter(holder_key=holder_key).exclude(name=but_not).order_by()
    return len(found.values_list("name", flat=True).distinct()[:MOST_HOPS])


@dataclass(frozen=True, slots=True)
class Joined:
    """That a name joined the timeline of another: the place at which that was seen, and the newest places of the other name."""

    name: str
    other: str
    location_id: int
    other_ids: tuple[int, ...]


def joined_places(hop_id: int) -> Joined | None:
    """Return where a hop was seen, and the other name's places with the same content or under that name; None without a hop."""
    found = NameHop.objects.filter(pk=hop_id).first()
    if found is None:
        return None
    newest = NameRecord.objects.filter(name=found.name).order_by("-pk").first()
    hops = hops_of(found.location_id, found.name, newest.holder_key if newest else "")
    places = next((hop.location_ids for hop in hops if hop.name == found.other), ())
    return Joined(found.name, found.other, found.location_id, places)


def hops_of(location_id: int, name: str, holder_key: str) -> list[Hop]:
    """Return the other names under which the same content or registrant was seen, oldest first; four queries."""
    by: dict[str, set[str]] = {}
    at: dict[str, list[tuple[datetime, int]]] = {}
    same_files = places_with_its_files(location_id, most=400, least_side=LEAST_SIDE)
    same = Location.objects.filter(pk__in=same_files).exclude(host="")
    for number, host, created_at in same.values_list("pk", "host", "created_at"):
        if (other := name_of_host(host)) not in ("", name):  # an address by its number has no name
            by.setdefault(other, set()).add("content")
            at.setdefault(other, []).append((created_at, number))
    if holder_key:
        of_holder = NameRecord.objects.filter(holder_key=holder_key).exclude(name=name).order_by("-pk")
        for other, first_at, place_id in of_holder.values_list("name", "first_at", "place_id")[: MOST_HOPS * 4]:
            by.setdefault(other, set()).add("registrant")
            at.setdefault(other, []).append((first_at, place_id or 0))
    names = sorted(by, key=lambda one: min(at[one])[0])[:MOST_HOPS]
    held = _held(names)
    return [
        Hop(
            other,
            tuple(sorted(by[other])),
            min(at[other])[0],
            other in held,
            tuple(dict.fromkeys(number for _, number in sorted(at[other]) if number))[-MOST_PLACES:],
        )
        for other in names
    ]


def _held(names: Collection[str]) -> set[str]:
    """Return which of these names are suspended by their newest record; one query."""
    newest = (
        NameRecord.objects.filter(name__in=names).order_by().values("name").annotate(newest=Max("pk")).values("newest")
    )
    return set(NameRecord.objects.filter(pk__in=newest, is_suspended=True).values_list("name", flat=True))


def places_held_since(moments: Mapping[int, datetime]) -> set[int]:
    """Return which of these places are under a name that its registry holds now, or has held after the place's moment; three
    queries."""
    if not moments:
        return set()
    hosts = Location.objects.filter(pk__in=list(moments)).exclude(host="").values_list("pk", "host")
    names = {number: name_of_host(host) for number, host in hosts}
    every = set(names.values())
    held = _held(every)
    seen = (
        NameRecord.objects.filter(name__in=every, is_suspended=True)
        .order_by()
        .values("name")
        .annotate(at=Max("last_at"))
    )
    last = dict(seen.values_list("name", "at"))
    return {
        number for number, name in names.items() if name in held or (name in last and last[name] >= moments[number])
    }


def _row(one: NameRecord) -> NameRow:
    values: dict[str, Any] = {column: getattr(one, column) for column in _COLUMNS}
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    registration = Registration(
        kind="domain",
        name=one.name,
        registrar_abuse=tuple(one.registrar_abuse),
        holder=_card(one.holder),
        **values | lists,
    )
    return NameRow(
        one.pk,
        one.name,
        one.source,
        one.first_at,
        one.last_at,
        one.is_suspended,
        one.has_holder,
        one.holder_key,
        registration,
    )


def _card(kept: dict[str, Any]) -> Card:
    if not kept:
        return Card()
    return Card(**kept | {"mailboxes": tuple(kept["mailboxes"]), "postal": Postal(**kept["postal"])})
