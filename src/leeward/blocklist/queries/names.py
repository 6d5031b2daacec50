"""Names that set limits: ours, the government's, popular sites, shared platforms."""

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
    """Which list of names counts: how many it has, from which day, and whose it is."""

    kind: str
    as_of: date
    source: str
    names: int


def _newest(kind: str) -> NameList | None:
    return NameList.objects.filter(kind=kind).order_by("-id").first()


def _newest_of_all() -> dict[str, NameList]:
    """Kind -> the list of names imported last; one query."""
    newest = NameList.objects.order_by().values("kind").annotate(last=Max("pk")).values("last")
    return {row.kind: row for row in NameList.objects.filter(pk__in=newest)}


def platforms() -> Platforms:
    """The shared platforms in force: those imported last, else the list that ships."""
    return _platforms(_newest("platforms"))


def _platforms(found: NameList | None) -> Platforms:
    return read_platforms(found.content.splitlines()) if found else packaged_platforms()


def popular_names() -> frozenset[str]:
    """The most popular sites, of the list imported last; none where none was."""
    return _names(_newest("popular"))


def _names(found: NameList | None) -> frozenset[str]:
    return read_popular(found.content.splitlines()) if found else frozenset()


def own_names(hotline_id: int) -> frozenset[str]:
    """Our own names: where this installation answers, and where the hotline's mail goes."""
    return _own(hotline(hotline_id))


def _own(mine: HotlineRow) -> frozenset[str]:
    base = urlsplit(settings.LEEWARD.base_url).hostname or ""
    mail = mine.email.rpartition("@")[2].lower()
    return frozenset(name for name in (base, mail, *settings.LEEWARD.hosts) if name)


def government_names(hotline_id: int) -> frozenset[str]:
    """The government's names: the usual ones of the hotline's countries, the police's mail, and those of the imported list."""
    return _government(hotline(hotline_id), _newest("government"))


def _government(mine: HotlineRow, found: NameList | None) -> frozenset[str]:
    portals = portals_of(mine.id)
    police = {row.police_email.rpartition("@")[2].lower() for row in portals if row.police_email}
    countries = {mine.country, *(row.country for row in portals)}
    return _names(found) | police | government_suffixes(countries)


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
    """Everything that no entry of this hotline may touch. Three queries."""
    mine, newest = hotline(hotline_id), _newest_of_all()
    return Limits(
        own_names=_own(mine),
        government_names=_government(mine, newest.get("government")),
        popular_names=_names(newest.get("popular")),
        platforms=_platforms(newest.get("platforms")),
    )
