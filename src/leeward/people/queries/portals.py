"""Hotlines and their portals, and the choices available for them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.conf import settings
from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import get_language_info

from leeward.people.holiday_calendar import Holidays, free_days
from leeward.people.models import Hotline, Portal
from leeward.people.rules.desk_parts import BANK
from leeward.people.rules.helplines import is_due
from leeward.people.rules.names import OUR_PATHS
from leeward.people.rules.own_picture import OFF, UNKNOWN, offers_own_picture

# What a public face that runs apart may not read of a portal, and of its hotline (site/rights.py).
NOT_PUBLIC = ("police_email", "police_words_by", "emergency_confirmed_by")
NOT_PUBLIC_OF_HOTLINES = ("notify_foreign_hosts", "commercial_first", "created_at")


@dataclass(frozen=True, slots=True)
class HotlineRow:
    """A hotline as other slices see it."""

    id: int
    slug: str
    name: str
    country: str
    email: str
    notify_foreign_hosts: bool
    unused_parts: tuple[str, ...]
    commercial_first: bool = False


@dataclass(frozen=True, slots=True)
class PortalRow:
    """A portal as other slices see it; `languages` begins with the main language."""

    id: int
    hotline_id: int
    slug: str
    name: str
    country: str
    languages: tuple[str, ...]
    emergency_number: str
    police_name: str
    police_email: str
    police_for_hosts: str
    run_by: str
    accountable_to: str
    reached_at: str
    police_on_danger: str
    police_on_urgent: str
    exit_url: str
    time_zone: str
    working_days: frozenset[int]
    holidays: frozenset[date]
    added_holidays: frozenset[date]
    hotline_name: str
    mode: str
    email: str
    is_open: bool
    takes_reports: bool = True
    own_picture: str = OFF
    own_removal: str = UNKNOWN
    police_words: Mapping[str, str] = field(default_factory=dict)
    police_words_at: datetime | None = None
    offers_own_picture: bool = False
    commercial_first: bool = False
    emergency_confirmed_at: datetime | None = None
    formerly_id: int | None = None
    handed_over_at: datetime | None = None

    @property
    def emergency_is_due(self) -> bool:
        """Return whether somebody has to confirm the emergency number, again or for the first time."""
        return bool(self.emergency_number) and is_due(self.emergency_confirmed_at, datetime.now(UTC))


def _hotline_row(hotline: Hotline) -> HotlineRow:
    return HotlineRow(
        hotline.pk,
        hotline.slug,
        hotline.name,
        hotline.country,
        hotline.email,
        not is_public_face() and hotline.notify_foreign_hosts,
        tuple(hotline.unused_parts),
        not is_public_face() and hotline.commercial_first,
    )


def is_public_face() -> bool:
    """Return whether this process is a public face that runs apart, and may not read all of a portal."""
    return bool(settings.LEEWARD.is_split) and settings.LEEWARD.face == "public"


def _portals() -> QuerySet[Portal]:
    rows = Portal.objects.select_related("hotline")
    of_hotlines = (f"hotline__{name}" for name in NOT_PUBLIC_OF_HOTLINES)
    return rows.defer(*NOT_PUBLIC, *of_hotlines) if is_public_face() else rows


def _hotlines() -> QuerySet[Hotline]:
    rows = Hotline.objects.order_by("name")
    return rows.defer(*NOT_PUBLIC_OF_HOTLINES) if is_public_face() else rows


def _portal_row(portal: Portal) -> PortalRow:
    return PortalRow(
        id=portal.pk,
        commercial_first=not is_public_face() and portal.hotline.commercial_first,
        hotline_id=portal.hotline_id,
        slug=portal.slug,
        name=portal.name,
        country=portal.country,
        languages=tuple(portal.languages) or ("en",),
        emergency_number=portal.emergency_number,
        police_name=portal.police_name,
        police_email="" if is_public_face() else portal.police_email,
        police_for_hosts=portal.police_for_hosts,
        run_by=portal.run_by,
        accountable_to=portal.accountable_to,
        reached_at=portal.reached_at,
        police_on_danger=portal.police_on_danger,
        police_on_urgent=portal.police_on_urgent,
        exit_url=portal.exit_url,
        time_zone=portal.time_zone,
        working_days=frozenset(portal.working_days or (1, 2, 3, 4, 5)),
        holidays=free_days(_holidays(portal)),
        added_holidays=_holidays(portal).added,
        hotline_name=portal.hotline.name,
        mode=portal.mode,
        email=portal.hotline.email,
        is_open=portal.is_open,
        takes_reports=portal.takes_reports,
        own_picture=portal.own_picture,
        own_removal=portal.own_removal,
        police_words=dict(portal.police_words),
        police_words_at=portal.police_words_at,
        emergency_confirmed_at=(
            portal.emergency_confirmed_at if portal.emergency_confirmed == portal.emergency_number else None
        ),
        offers_own_picture=offers_own_picture(
            way=portal.own_picture,
            mode=portal.mode,
            has_bank=BANK not in portal.hotline.unused_parts,
            takes_reports=portal.takes_reports,
        ),
        formerly_id=portal.formerly_id,
        handed_over_at=portal.handed_over_at,
    )


def _holidays(portal: Portal) -> Holidays:
    return Holidays(
        country=portal.country,
        follows=portal.follows_holidays,
        added=frozenset(date.fromisoformat(day) for day in portal.holidays),
        worked=frozenset(date.fromisoformat(day) for day in portal.worked_holidays),
    )


def holidays_of(portal_id: int) -> Holidays:
    """Return how a portal's holidays are worked out; raises Portal.DoesNotExist."""
    return _holidays(_portals().get(pk=portal_id))


def hotline(hotline_id: int) -> HotlineRow:
    """Return the hotline of this number; raises Hotline.DoesNotExist."""
    return _hotline_row(_hotlines().get(pk=hotline_id))


def hotlines() -> list[HotlineRow]:
    """Return every hotline of the installation."""
    return [_hotline_row(row) for row in _hotlines()]


def portal(portal_id: int) -> PortalRow:
    """Return the portal of this number; raises Portal.DoesNotExist."""
    return _portal_row(_portals().get(pk=portal_id))


def former_portals(row: PortalRow) -> list[PortalRow]:
    """Return the portals that had this one's name before, the newest first; no query if there was none."""
    found: list[PortalRow] = []
    while row.formerly_id is not None and row.formerly_id not in {one.id for one in found}:
        row = portal(row.formerly_id)
        found.append(row)
    return found


def later_portals(portal_id: int) -> list[PortalRow]:
    """Return the portals that have this one's name since it was handed over, the next one first."""
    found: list[PortalRow] = []
    number = portal_id
    while (row := _portals().filter(formerly_id=number).first()) is not None:
        number = row.pk
        if number in {one.id for one in found}:
            break
        found.append(_portal_row(row))
    return found


def portals_by_id(portal_ids: Iterable[int]) -> dict[int, PortalRow]:
    """Return portals of any hotline by their numbers; one query."""
    found = _portals().filter(pk__in=list(portal_ids))
    return {row.pk: _portal_row(row) for row in found}


def portal_by_slug(slug: str) -> PortalRow | None:
    """Return the open portal with this slug, or None."""
    found = _portals().filter(slug=slug, is_open=True).first()
    return _portal_row(found) if found else None


def rows_of(portal: Portal) -> tuple[PortalRow, HotlineRow]:
    """Return the rows of a portal that was loaded with something else and of its hotline; no query if the hotline was
    loaded too."""
    return _portal_row(portal), _hotline_row(portal.hotline)


def portal_of_slug(slug: str) -> PortalRow | None:
    """Return the portal of this name, open or not, or None."""
    found = _portals().filter(slug=slug).first()
    return _portal_row(found) if found else None


def is_name_free(slug: str) -> bool:
    """Return whether a new portal can have this slug: no other portal and none of our own pages uses it."""
    return slug not in OUR_PATHS and not Portal.objects.filter(slug=slug).exists()


def portals_open() -> list[PortalRow]:
    """Return every open portal, by name."""
    return [_portal_row(row) for row in _portals().filter(is_open=True).order_by("name")]


def portals_of(hotline_id: int, *, with_records: bool = True) -> list[PortalRow]:
    """Return every portal of a hotline, open or not, by name; without those that are only records of a time before they were
    handed over, if wanted: nothing new comes to them."""
    found = _portals().filter(hotline_id=hotline_id).order_by("name")
    return [_portal_row(row) for row in (found if with_records else found.filter(handed_over_at=None))]


def portals_in_use(hotline_id: int) -> list[PortalRow]:
    """Return the portals of a hotline that take reports or ever did, by name."""
    found = _portals().filter(hotline_id=hotline_id)
    return [_portal_row(row) for row in found.filter(Q(takes_reports=True) | Q(was_opened=True)).order_by("name")]


# Portals that were opened to reports before others, which one person alone enters; then that of the hotline's own country; then the oldest.
_OPENED_FIRST = (
    Case(When(Q(takes_reports=True) | Q(was_opened=True), then=0), default=1),
    Case(When(country=F("hotline__country"), then=0), default=1),
    "pk",
)


def home_zone(hotline: str = "hotline_id") -> Coalesce:
    """Return an expression for the time zone of a row's hotline, chosen as in `time_zone_of`, for use inside another
    query; `hotline` is the column with the hotline's number."""
    zones = Portal.objects.filter(hotline_id=OuterRef(hotline)).order_by(*_OPENED_FIRST)
    return Coalesce(Subquery(zones.values("time_zone")[:1]), Value("UTC"))


@dataclass(frozen=True, slots=True)
class DeskFrame:
    """The frame around every page of a hotline's desk; `is_first`: no hotline here was made before it."""

    name: str = ""
    zone: str = "UTC"
    unused_parts: tuple[str, ...] = ()
    slug: str = ""
    is_first: bool = False


def desk_frame(hotline_id: int) -> DeskFrame:
    """Return the hotline's name, the time zone in which times are shown, the parts that its desk leaves out, and which
    of the hotlines here it is."""
    first = Subquery(Hotline.objects.order_by("pk").values("pk")[:1])
    found = Hotline.objects.annotate(zone=home_zone("pk"), first=first).filter(pk=hotline_id)
    row = found.values_list("name", "zone", "unused_parts", "slug", "first").first()
    return DeskFrame(row[0], row[1], tuple(row[2]), row[3], row[4] == hotline_id) if row else DeskFrame()


def time_zone_of(hotline_id: int) -> str:
    """Return the time zone of a hotline's staff: that of the portal of its own country, else of its first portal, of those that were opened
    to reports if any was, which takes two people; else UTC."""
    found = Portal.objects.filter(hotline_id=hotline_id).order_by(*_OPENED_FIRST)
    return found.values_list("time_zone", flat=True).first() or "UTC"


def language_choices(hotline_id: int, *, also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the languages in which reports to this hotline can come, with their own names: those installed, those of
    its portals, and `also` those chosen before."""
    offered = Portal.objects.filter(hotline_id=hotline_id).values_list("languages", flat=True)
    return _languages(offered, also)


def _languages(offered: Iterable[Iterable[str]], also: Iterable[str]) -> list[tuple[str, str]]:
    tags = [tag for tag, _ in settings.LANGUAGES] + [tag for tags in offered for tag in tags] + list(also)
    return [(tag, own_name(tag)) for tag in dict.fromkeys(tags)]


def country_choices(hotline_id: int, *, also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the countries that this hotline has portals for, with the portals' names, and `also` those chosen before."""
    found = dict(Portal.objects.filter(hotline_id=hotline_id).order_by("name").values_list("country", "name"))
    return _countries(found, also)


def _countries(found: dict[str, str], also: Iterable[str]) -> list[tuple[str, str]]:
    return list((found | {code: code for code in also if code not in found}).items())


def work_choices(
    hotline_id: int, *, languages: Iterable[str], countries: Iterable[str]
) -> dict[str, list[tuple[str, str]]]:
    """Return `language_choices` and `country_choices`, with those chosen before, by one query."""
    rows = list(
        Portal.objects.filter(hotline_id=hotline_id).order_by("name").values_list("country", "name", "languages")
    )
    return {
        "languages": _languages([tags for _country, _name, tags in rows], languages),
        "countries": _countries({country: name for country, name, _tags in rows}, countries),
    }


def own_name(tag: str) -> str:
    """Return a language's name in that language, or its tag if Django doesn't know it."""
    try:
        return str(get_language_info(tag)["name_local"])
    except KeyError:
        return tag
