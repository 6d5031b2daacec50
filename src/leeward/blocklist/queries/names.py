"""Names that set limits: ours, the government's, popular sites, shared platforms."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from django.conf import settings

from leeward.blocklist.models import NameList
from leeward.blocklist.packaged import packaged_platforms
from leeward.blocklist.rules.gates import Limits, read_popular
from leeward.blocklist.rules.government import government_suffixes
from leeward.blocklist.rules.overblocking import Platforms, read_platforms
from leeward.people.queries import hotline, portals_of


@dataclass(frozen=True, slots=True)
class NameListRow:
    """Which list of names counts: how many it has, from which day, and whose it is."""

    kind: str
    as_of: date
    source: str
    names: int


def _newest(kind: str) -> NameList | None:
    return NameList.objects.filter(kind=kind).order_by("-id").first()


def platforms() -> Platforms:
    """The shared platforms in force: those imported last, else the list that ships."""
    found = _newest("platforms")
    return read_platforms(found.content.splitlines()) if found else packaged_platforms()


def popular_names() -> frozenset[str]:
    """The most popular sites, of the list imported last; none where none was."""
    found = _newest("popular")
    return read_popular(found.content.splitlines()) if found else frozenset()


def own_names(hotline_id: int) -> frozenset[str]:
    """Our own names: where this installation answers, and where the hotline's mail goes."""
    base = urlsplit(settings.LEEWARD.base_url).hostname or ""
    mail = hotline(hotline_id).email.rpartition("@")[2].lower()
    return frozenset(name for name in (base, mail, *settings.LEEWARD.hosts) if name)


def government_names(hotline_id: int) -> frozenset[str]:
    """The government's names: the usual ones of the hotline's countries, the police's mail, and those of the imported list."""
    found = _newest("government")
    listed = read_popular(found.content.splitlines()) if found else frozenset()
    portals = portals_of(hotline_id)
    police = {row.police_email.rpartition("@")[2].lower() for row in portals if row.police_email}
    countries = {hotline(hotline_id).country, *(row.country for row in portals)}
    return listed | police | government_suffixes(countries)


def name_lists() -> list[NameListRow]:
    """The lists of names in force, one a kind; the platforms that ship where none was imported."""
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
    """Everything that no entry of this hotline may touch."""
    return Limits(
        own_names=own_names(hotline_id),
        government_names=government_names(hotline_id),
        popular_names=popular_names(),
        platforms=platforms(),
    )
