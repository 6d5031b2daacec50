"""Reads places, findings and visits."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet, Subquery
from django_scopes import get_scope

from leeward.hosting import address_parts
from leeward.hosting.fetching.control import FILES_THAT_WAIT, PAGES_THAT_WAIT
from leeward.hosting.lookups.hearing import CLOCKS, HEARING
from leeward.hosting.lookups.names import resolve
from leeward.hosting.models import Fetch, Finding, FoundFile, Location
from leeward.hosting.name_history import (
    Hop,
    Joined,
    NameRow,
    count_with_holder,
    hops_of,
    joined_places,
    name_history,
    name_of_host,
    name_record,
    names_under,
    places_held_since,
)
from leeward.hosting.rows import FetchRow, FileRow, FindingRow, LocationRow, Whereabouts
from leeward.hosting.rules.keys import address_key, key_of
from leeward.hosting.rules.nearness import Nearness, halves, nearness
from leeward.hosting.rules.peer_to_peer import hashes_named
from leeward.hosting.rules.undoing import visible
from leeward.hosting.rules.whereabouts import Found, country_for_acting, listed, newest
from leeward.hosting.sharing import (
    Changed,
    Shared,
    changes_of,
    hash_in,
    locations_with_file,
    places_with_its_files,
    shared_with,
)
from leeward.web_security.paging import moment_of, packed_first, unpacked

__all__ = [
    "Changed",
    "FetchRow",
    "FileRow",
    "FindingRow",
    "Hop",
    "Joined",
    "LocationRow",
    "NameRow",
    "Nearness",
    "Shared",
    "Whereabouts",
    "changes_of",
    "count_with_holder",
    "fetch_from",
    "fetches_of",
    "file_of",
    "files_of",
    "find_location",
    "hash_in",
    "hashes_of_location",
    "hops_of",
    "hosts_at",
    "hosts_named",
    "joined_places",
    "latest_fetch",
    "locations_by_id",
    "locations_matching",
    "locations_near",
    "locations_on_host",
    "locations_with_file",
    "name_history",
    "name_of_host",
    "name_record",
    "names_under",
    "newest_fetch",
    "places_held_since",
    "places_with_its_files",
    "resolve",
    "shared_with",
    "whereabouts",
    "whereabouts_of",
]
RECENT = 50_000
MOST_NEAR = 2000
_FETCH = tuple(FetchRow.__dataclass_fields__)


def find_location(*, kind: str, comparable: str) -> int | None:
    """Return the number of a place in this hotline, or None."""
    return Location.objects.filter(key=key_of(kind, comparable)).values_list("id", flat=True).first()


def address_key_of(location_id: int) -> str:
    """Return the key of the address of a place, which several places can have: those of cases that were kept apart."""
    return address_key(*Location.objects.values_list("kind", "comparable", "key").get(pk=location_id))


def find_locations(things: Collection[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Return the numbers of those places (kind and comparable) that exist in this hotline; one query."""
    keys = {key_of(*thing): thing for thing in things}
    found = Location.objects.filter(key__in=keys).values_list("key", "id")
    return {keys[key]: number for key, number in found}


def locations_by_id(ids: Collection[int]) -> dict[int, LocationRow]:
    """Return several places at once."""
    return {row.pk: _location(row) for row in Location.objects.filter(pk__in=ids)}


def places_with_access(location_ids: Collection[int]) -> list[int]:
    """Return those of these places of which it is known how they are accessed."""
    return list(
        Location.objects.filter(pk__in=location_ids).exclude(way="").order_by("pk").values_list("pk", flat=True)
    )


def hashes_of_location(location_id: int, *, as_typed: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the hashes that identify a place (a file's hash, a magnet or ed2k link), each with its kind (`as_typed`:
    only the stated kind, else every kind of that length); empty for an address."""
    row = Location.objects.filter(pk=location_id).values_list("kind", "display", "service").first()
    return hashes_named(*row, as_typed=as_typed) if row else ()


def locations_matching(text: str, *, most: int = 1000) -> list[int]:
    """Return the numbers of places matching a text: the same address, else the same host, else a file found there by
    its hash, else a part of the address; newest first.

    A part is searched among all places of the hotline; if the database has no index of parts, or the part has fewer
    than three letters, among the newest RECENT only, since that means reading them one by one.
    """
    from leeward.hosting.rules.address import BadAddress, canonical_url, recognise

    text = visible(text.encode("utf-8", "replace").decode())[0].strip()
    if not text:
        return []
    named = [key_of(item.kind, item.comparable) for item in recognise(text)[:20] if item.kind != "unknown"]
    if "://" in text:  # the address itself, too, where it is a link to somebody's page
        with suppress(BadAddress):
            named.append(key_of("url", canonical_url(text).key))
    newest = Location.objects.order_by("-pk").values_list("pk", flat=True)
    for wanted in ({"key__in": named}, {"host": text.lower()}):
        if found := list(newest.filter(**wanted)[:most]):
            return found
    if digest := hash_in(text):
        return locations_with_file(digest, most=most)
    return _with_part(text, most=most)


def _with_part(text: str, *, most: int) -> list[int]:
    """Return the numbers of places with this part in their address, newest first, as described in `locations_matching`."""
    newest = Location.objects.order_by("-pk").values_list("pk", flat=True)
    if address_parts.can_find(text) and address_parts.is_there():
        if connection.vendor == "postgresql":
            return list(newest.filter(comparable__icontains=text)[:most])
        hotline = get_scope()["hotline"]
        return address_parts.found_on_sqlite(text, hotline_id=getattr(hotline, "pk", hotline), most=most)
    return list(newest.filter(pk__gt=_newest_place() - RECENT, comparable__icontains=text)[:most])


def locations_near(comparable: str, *, most: int = 200) -> dict[int, Nearness]:
    """Return the places whose address the writer of this one may have meant, nearest first: by number, how near each is.

    Examines `most` places on the same host and `most` with either half of the address.
    """
    text = comparable[:MOST_NEAR]
    host = text.partition("/")[0].rpartition(":")[0] or text.partition("/")[0]
    found = set(Location.objects.filter(host=host.lower()).order_by("-pk").values_list("pk", flat=True)[:most])
    for part in halves(text):
        found |= set(_with_part(part, most=most)) if len(part) >= address_parts.LETTERS else set()
    rows = Location.objects.filter(pk__in=found).values_list("pk", "comparable")
    near = {pk: how for pk, other in rows if (how := nearness(text, other[:MOST_NEAR])) is not None}
    return dict(sorted(near.items(), key=lambda one: (one[1], -one[0])))


def _newest_place() -> int:
    """Return the number of the hotline's newest place, 0 if it has none, by walking back from the end. The hotline's
    index isn't ordered by number, so using it would take time proportional to the number of places."""
    hotline = get_scope()["hotline"]
    table = connection.ops.quote_name(Location._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} WHERE +hotline_id = %s ORDER BY id DESC LIMIT 1",  # noqa: S608 - our own name only
            [getattr(hotline, "pk", hotline)],
        )
        found = cursor.fetchone()
    return int(found[0]) if found else 0


def locations_on_host(host: str, *, most: int = 1000) -> list[int]:
    """Return the numbers of places on one host, newest first."""
    return list(Location.objects.filter(host=host).order_by("-pk").values_list("pk", flat=True)[:most]) if host else []


def hosts_at(address: str) -> set[str]:
    """Return every host that was ever found at this IP address. Reads all findings: for rare use."""
    found = Finding.objects.filter(kind="ip", value=address).exclude(location__host="")
    return set(found.values_list("location__host", flat=True))


def whereabouts(location_id: int) -> Whereabouts:
    """Return a place's whereabouts as far as known; one query. Raises Location.DoesNotExist."""
    found = whereabouts_of([location_id])
    return found[location_id] if found else _whereabouts(Location.objects.get(pk=location_id), [])


def whereabouts_of(location_ids: Collection[int]) -> dict[int, Whereabouts]:
    """Return the whereabouts of several places as far as known; one query for all."""
    rows: dict[int, list[Finding]] = {}
    for row in Finding.objects.select_related("location").filter(location_id__in=location_ids).order_by("at", "pk"):
        rows.setdefault(row.location_id, []).append(row)
    return {location_id: _whereabouts(found[0].location, found) for location_id, found in rows.items()}


def hosts_named(location_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the network and the registrar of several places, each "" where it isn’t known; one query for all."""
    found: dict[int, list[Found]] = {}
    rows = Finding.objects.filter(location_id__in=location_ids, kind__in=("network", "registrar")).order_by("at", "pk")
    for place, kind, value, source, at, corrected in rows.values_list(
        "location_id", "kind", "value", "source", "at", "corrected_by"
    ):
        found.setdefault(place, []).append(Found(kind, value, source, at, bool(corrected)))
    best = {place: newest(ones) for place, ones in found.items()}
    return {
        place: (one["network"].value if "network" in one else "", one["registrar"].value if "registrar" in one else "")
        for place, one in best.items()
    }


def _whereabouts(place: Location, rows: list[Finding]) -> Whereabouts:
    best = newest(Found(row.kind, row.value, row.source, row.at, bool(row.corrected_by)) for row in rows)
    country, sources = country_for_acting(best)

    def value(kind: str) -> str:
        return best[kind].value if kind in best else ""

    return Whereabouts(
        location_id=place.pk,
        kind=place.kind,
        display=place.display,
        host=place.host,
        ip=value("ip"),
        network=value("network"),
        asn=value("asn"),
        country=country,
        country_sources=sources,
        behind=value("behind"),
        abuse_emails=listed(value("abuse_email")),
        registrar=value("registrar"),
        registrar_abuse_emails=listed(value("registrar_abuse_email")),
        domain_created=value("domain_created"),
        domain_status=listed(value("domain_status")),
        upstream_emails=listed(value("upstream_email")),
        findings=tuple(
            FindingRow(row.kind, row.value, row.source, row.at, row.corrected_by, row.reason) for row in reversed(rows)
        ),
    )


def latest_fetch(location_id: int) -> FetchRow | None:
    """Return the newest visit, or None."""
    row = _newest_first(location_id).values(*_FETCH).first()
    return FetchRow(**row) if row else None


def newest_fetch() -> Subquery:
    """Return an expression for the newest fetch of a row's location, for use inside another query and `fetch_from`."""
    return packed_first(_newest_first(OuterRef("location_id")), _FETCH)


def fetch_from(text: str | None) -> FetchRow | None:
    """Return the fetch loaded with another query, or None."""
    found = unpacked(text)
    return FetchRow(**found[0] | {"at": moment_of(found[0]["at"])}) if found else None


def fetches_of(location_id: int, *, most: int = 50) -> list[FetchRow]:
    """Return the newest visits, newest first."""
    rows = _newest_first(location_id).values(*_FETCH)[:most]
    return [FetchRow(**row) for row in rows]


def _newest_first(location_id: int | OuterRef) -> QuerySet[Fetch]:
    undecoded = Exists(FoundFile.objects.filter(fetch=OuterRef("pk"), problem__in=FILES_THAT_WAIT))
    waits = Q(waiting__gt=0) & (Q(reason__in=PAGES_THAT_WAIT) | undecoded)
    rows = Fetch.objects.filter(location_id=location_id).annotate(
        awaits_decoders=ExpressionWrapper(waits, BooleanField())
    )
    return rows.order_by("-at", "-pk")


def files_of(fetch_id: int) -> list[FileRow]:
    """Return the files of one visit, in the order of the page."""
    return [_file(row) for row in FoundFile.objects.filter(fetch_id=fetch_id).order_by("position")]


def files_now(location_id: int) -> list[FileRow]:
    """Return the files of the newest visit to a place, if any; one query."""
    newest_fetch = Fetch.objects.filter(location_id=location_id).order_by("-at", "-pk").values("pk")[:1]
    rows = FoundFile.objects.filter(fetch_id=newest_fetch).order_by("position").defer("variants", "windows")
    return [_file(row) for row in rows]


def variants_kept(file_ids: Collection[int]) -> dict[int, list[Mapping[str, Any]]]:
    """Return what these files may have been before they were altered, by file; files for which that is unknown are left
    out."""
    rows = FoundFile.objects.filter(pk__in=list(file_ids)).exclude(variants=[])
    return dict(rows.values_list("pk", "variants"))


def file_of(file_id: int) -> tuple[FileRow, int] | None:
    """Return a file and the place where it was found, or None."""
    row = FoundFile.objects.select_related("fetch").filter(pk=file_id).first()
    return (_file(row), row.fetch.location_id) if row else None


def _location(row: Location) -> LocationRow:
    return LocationRow(row.pk, row.kind, row.display, row.comparable, row.service, row.host)


def _file(row: FoundFile) -> FileRow:
    return FileRow(
        id=row.pk,
        position=row.position,
        kind=row.media,
        url=row.url,
        problem=row.problem,
        content_type=row.content_type,
        bytes=row.bytes,
        width=row.width,
        height=row.height,
        md5=row.md5,
        sha1=row.sha1,
        sha256=row.sha256,
        pdq=row.pdq,
        pdq_quality=row.pdq_quality,
        pdq_nn512=row.pdq_nn512,
        licensed=row.licensed,
    )


def registries_silent_since() -> datetime | None:
    """Return since when no registry has answered this process; None while they do, or nobody asked."""
    return HEARING.silence()


def clock_ahead_seconds() -> float | None:
    """Return by how many seconds this machine's clock is ahead of those of registries, other hotlines, witnesses and the mail server;
    None if too few of them told, or they don't agree."""
    return CLOCKS.ahead_seconds()


def data_of_corrections(label: str) -> list[dict[str, Any]]:
    """Return what a member of staff, as the log calls them, corrected about places, for whoever asks for their own data."""
    fields = ("kind", "value", "source", "reason", "at")
    return list(Finding.objects.filter(corrected_by=label).order_by("pk").values(*fields))
