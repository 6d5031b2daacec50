"""Names that limit what may be listed: ours, the government's, popular sites, shared platforms."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max

from leeward.blocklist.models import NameList
from leeward.blocklist.packaged import packaged_platforms
from leeward.blocklist.rules.gates import Limits, read_popular
from leeward.blocklist.rules.government import government_suffixes
from leeward.blocklist.rules.overblocking import Platforms, read_platforms
from leeward.people.queries import HotlineRow, hotline, portals_of


@dataclass(frozen=True, slots=True)
class NameListRow:
    """A list of names in force: its size, its date and its source."""

    kind: str
    as_of: date
    source: str
    names: int


def _newest(kind: str) -> NameList | None:
    return NameList.objects.filter(kind=kind).order_by("-id").first()


def _newest_of_all() -> dict[str, NameList]:
    """Return kind -> the list of names imported last; one query."""
    newest = NameList.objects.order_by().values("kind").annotate(last=Max("pk")).values("last")
    return {row.kind: row for row in NameList.objects.filter(pk__in=newest)}


def platforms() -> Platforms:
    """Return the shared platforms in force: those imported last, otherwise the shipped list."""
    return _platforms(_newest("platforms"))


def _platforms(found: NameList | None) -> Platforms:
    return read_platforms(found.content.splitlines()) if found else packaged_platforms()


def popular_names() -> frozenset[str]:
    """Return the most popular sites from the list imported last; empty if there is none."""
    return _names(_newest("popular"))


def _names(found: NameList | None) -> frozenset[str]:
    return read_popular(found.content.splitlines()) if found else frozenset()


def own_names(hotline_id: int) -> frozenset[str]:
    """Return our own names: where this installation is served, and the domain of the hotline's mail."""
    return _own(hotline(hotline_id))


def _own(mine: HotlineRow) -> frozenset[str]:
    base = urlsplit(settings.LEEWARD.base_url).hostname or ""
    mail = mine.email.rpartition("@")[2].lower()
    return frozenset(name for name in (base, mail, *settings.LEEWARD.hosts) if name)


def government_names(hotline_id: int) -> frozenset[str]:
    """Return the government's names: the usual ones of the hotline's countries, the domain of the police's mail, and
    the imported list.
    """
    return _government(hotline(hotline_id), _newest("government"))


def _government(mine: HotlineRow, found: NameList | None) -> frozenset[str]:
    portals = portals_of(mine.id)
    police = {row.police_email.rpartition("@")[2].lower() for row in portals if row.police_email}
    countries = {mine.country, *(row.country for row in portals)}
    return _names(found) | police | government_suffixes(countries)


def name_lists() -> list[NameListRow]:
    """Return the lists of names in force, one of each kind; the shipped platforms if none were imported."""
    rows = []
    for kind in ("platforms", "popular", "government"):
        found = _newest(kind)
        if found:
            rows.append(NameListRow(kind, found.as_of, found.source, found.names))
        elif kind == "platforms":
            shipped = packaged_platforms().rows
            rows.append(NameListRow(kind, max(row.as_of for row in shipped), "", len(shipped)))
    return rows


def limits_of(hotline_id: int) -> Limits:
    """Return everything that no entry of this hotline may affect. Three queries."""
    mine, newest = hotline(hotline_id), _newest_of_all()
    return Limits(
        own_names=_own(mine),
        government_names=_government(mine, newest.get("government")),
        popular_names=_names(newest.get("popular")),
        platforms=_platforms(newest.get("platforms")),
    )
