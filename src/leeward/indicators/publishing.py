"""Publishing a year: what is hidden is found, attacked once more together with every earlier edition, and only then kept."""

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.foundation.whole_text import whole
from leeward.indicators.errors import NotPublishable
from leeward.indicators.labels import table_title
from leeward.indicators.models import Publication
from leeward.indicators.queries import law_then, rounds, year_of
from leeward.indicators.rules.cells import FEWEST, HOURS, TOTAL, TOTAL_PARTS, adds_up
from leeward.indicators.rules.editions import (
    MOST_EDITIONS,
    MOST_NOTE,
    Beside,
    Edition,
    Together,
    changed_by_few,
    medians_shown,
    raised,
    roundings_of,
    together,
)
from leeward.indicators.rules.formulas import Year
from leeward.indicators.rules.rounded import Offsets, Range, both, offsets_by, raised_of, range_of
from leeward.indicators.rules.words import one_line
from leeward.indicators.suppression.attack import given_away
from leeward.indicators.suppression.hiding import hidden_in
from leeward.indicators.suppression.rounding import rounded_in
from leeward.people.queries import portals_of
from leeward.people.rules.reading import mark_of
from leeward.people.services import authorize, demand_read


def publish_year(
    portal_id: int,
    year: int,
    *,
    note: str,
    actor: Actor,
    now: datetime,
    is_rounded: bool | None = None,
    seen: str | None = None,
) -> int:
    """Publish a portal's figures of a year as they were last counted; return the edition. Raises NotPublishable, NotFound.

    A further edition says what was corrected. `is_rounded`: what would be hidden is shown as a multiple of 5 where that gives nothing
    away; without it as the portal last chose. `seen`: the mark of the figures that somebody read (`mark_of_year`), since no edition is taken
    back: raises EnteredSince where they are others now. None where nobody was shown any, as by the command. The search takes seconds at
    most and holds nothing up.
    """
    hotline_id = _authorized(portal_id, actor)
    note = one_line(note)
    newest = _newest()
    found, earlier = year_of(portal_id, year), _editions(portal_id, year)
    if seen is not None:
        demand_read(mark_of_year(found), seen=seen)
    counted = {name: number for name, number in found.cells.items() if number is not None}
    typed = _typed(found)
    offsets = _offsets(portal_id, year) if (rounds(portal_id) if is_rounded is None else is_rounded) else None
    is_same = _is_same(portal_id, year, counted, typed)
    is_same = is_same and (earlier[-1].rounded is None) == (offsets is None)
    _check(found, year, note, earlier, is_same=is_same, now=now)
    before = [_edition(row) for row in earlier]
    shown, rounded = _shown(
        counted, year, before, _beside(portal_id, year), home=_home(portal_id, hotline_id), offsets=offsets
    )
    medians = {series: hours for series, hours in found.medians.items() if hours is not None and series in HOURS}
    row = Publication(
        hotline_id=hotline_id,
        portal_id=portal_id,
        year=year,
        edition=len(earlier) + 1,
        shown=shown,
        rounded=rounded,
        counted=counted,
        medians=medians_shown(medians, shown, before),
        typed=typed,
        note=note,
        by_id=actor.id if actor.kind == "staff" else None,
        at=now,
    )
    if _keep(row, newest, actor):
        return row.edition
    return publish_year(portal_id, year, note=note, actor=actor, now=now, is_rounded=is_rounded, seen=seen)


def _keep(row: Publication, newest: int, actor: Actor) -> bool:
    """Keep an edition that was attacked together with all up to the newest; return False where another year or portal was published
    meanwhile. Raises NotPublishable where this year was."""
    with hotline_transaction():
        if Publication.objects.filter(portal_id=row.portal_id, year=row.year).count() != row.edition - 1:
            raise NotPublishable(why=_("somebody else published them just now"))
        if _newest() != newest:
            return False
        row.save(force_insert=True)
        rounded = len(row.rounded or {})
        facts = {
            "year": row.year,
            "edition": row.edition,
            "hidden": sum(one is None for one in row.shown.values()) - rounded,
            "rounded": rounded,
        }
        record(
            "figures.published",
            actor=actor,
            hotline_id=row.hotline_id,
            subject=f"portal:{row.portal_id}",
            facts=facts,
        )
    return True


def mark_of_year(found: Year) -> str:
    """Return a mark of the figures of a year: others have another mark."""
    return mark_of(sorted(found.cells.items()), sorted(found.medians.items()), _typed(found))


def note_changes(portal_id: int, year: int, *, actor: Actor, now: datetime) -> int:
    """Say of the newest edition, with the date and without numbers, that some changed since; return the edition. Only where a
    further edition is refused because too few changed, or because a year has no more of them. Raises NotPublishable, NotFound.
    """
    hotline_id = _authorized(portal_id, actor)
    found, earlier = year_of(portal_id, year), _editions(portal_id, year)
    if not earlier:
        raise NotPublishable(why=_("there is nothing to publish about this year"))
    if earlier[-1].changed_at:
        raise NotPublishable(why=_("readers were told already that some numbers changed since the last edition"))
    counted = {name: number for name, number in found.cells.items() if number is not None}
    _check(found, year, ".", earlier[-1:], is_same=_is_same(portal_id, year, counted, _typed(found)), now=now)
    try:
        if len(earlier) >= MOST_EDITIONS:
            raise NotPublishable(why=_most_editions())
        _shown(
            counted,
            year,
            [_edition(row) for row in earlier],
            _beside(portal_id, year),
            home=_home(portal_id, hotline_id),
            offsets=_offsets(portal_id, year) if rounds(portal_id) else None,
        )
    except NotPublishable:
        with hotline_transaction():
            rows = Publication.objects.filter(pk=earlier[-1].pk, changed_at=None)
            if rows.update(changed_at=now, changed_by_id=actor.id if actor.kind == "staff" else None):
                record(
                    "figures.noted",
                    actor=actor,
                    hotline_id=hotline_id,
                    subject=f"portal:{portal_id}",
                    facts={"year": year, "edition": len(earlier)},
                )
        return len(earlier)
    raise NotPublishable(why=_("enough changed for a further edition: publish that"))


def _authorized(portal_id: int, actor: Actor) -> int:
    hotline_id = actor.hotline_id or 0
    authorize(actor, "figure.publish", hotline_id)
    if portal_id not in {row.id for row in portals_of(hotline_id)}:
        raise NotFound(what=_("portal"))
    return hotline_id


def _edition(row: Publication) -> Edition:
    return Edition(row.shown, row.counted, row.medians, row.rounded or {})


def _offsets(portal_id: int, year: int) -> Offsets:
    return offsets_by(settings.LEEWARD.secret_bytes, portal_id=portal_id, year=year)


def _home(portal_id: int, hotline_id: int) -> str:
    return next(row.country for row in portals_of(hotline_id) if row.id == portal_id)


def _newest() -> int:
    """Return the number of the hotline's newest edition of any year and portal; 0 if there is none."""
    return Publication.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def _editions(portal_id: int, year: int) -> list[Publication]:
    return list(Publication.objects.filter(portal_id=portal_id, year=year).order_by("edition"))


def _typed(found: Year) -> list[list[object]]:
    return [[*key, number, *found.sources[key]] for key, number in sorted(found.typed.items())]


def _is_same(portal_id: int, year: int, counted: dict[str, int], typed: list[list[object]]) -> bool:
    last = Publication.objects.filter(portal_id=portal_id, year=year).order_by("-edition").first()
    return last is not None and (last.counted, last.typed) == (counted, typed)


def _check(found: Year, year: int, note: str, earlier: list[Publication], *, is_same: bool, now: datetime) -> None:
    if year > now.year or not (found.has_data or found.typed):
        raise NotPublishable(why=_("there is nothing to publish about this year"))
    if not adds_up(found.cells):
        raise NotPublishable(why=_("they were counted before tables were added; they are counted again each night"))
    if is_same:
        raise NotPublishable(why=_("nothing changed since they were last published"))
    if earlier and not note:
        raise NotPublishable(why=_("say in a sentence what was corrected since the last edition"))
    whole(note, MOST_NOTE)
    if len(earlier) >= MOST_EDITIONS:
        raise NotPublishable(why=_most_editions())


def _most_editions() -> str:
    return _("a year has at most %(most)s editions") % {"most": MOST_EDITIONS}


def _beside(portal_id: int, year: int) -> list[Beside]:
    """Return the newest editions of the portal's other years, and of all other years and portals of the hotline."""
    names = (TOTAL, *TOTAL_PARTS)
    rows = Publication.objects.exclude(portal_id=portal_id, year=year).order_by("edition")
    asked = [f"{field}__{name}" for field in ("shown", "counted", "rounded") for name in names]
    found: dict[tuple[int, int], Edition] = {}
    for portal, one, *numbers in rows.values_list("portal_id", "year", *asked):
        shown, counted, rounded = (numbers[at : at + len(names)] for at in range(0, len(numbers), len(names)))
        is_whole = None not in counted
        found[portal, one] = Edition(
            dict(zip(names, shown, strict=True)) if is_whole else {},
            dict(zip(names, counted, strict=True)) if is_whole else {},
            rounded={name: number for name, number in zip(names, rounded, strict=True) if number and is_whole},
        )
    mine = {f"portal {portal} {one}": row for (portal, one), row in found.items() if portal == portal_id}
    every = {f"portal {portal} {one}": row for (portal, one), row in found.items()}
    groups = [Beside("portal", mine), Beside("hotline", every)] if mine != every else [Beside("hotline", every)]
    return [group for group in groups if group.editions]


def _shown(
    counted: dict[str, int],
    year: int,
    earlier: list[Edition],
    beside: list[Beside],
    *,
    home: str,
    offsets: Offsets | None,
) -> tuple[dict[str, int | None], dict[str, int] | None]:
    """Return the cells as everybody may see them, and which hidden ones are shown as which multiple of 5 (None: none are by choice).
    Raises NotPublishable where hiding is not enough."""
    few = changed_by_few(counted, earlier)
    if few:
        name, edition = few
        raise NotPublishable(
            _("Wait until more has changed, or publish only a note that some numbers changed."),
            why=_(
                "in “%(figure)s” fewer than %(fewest)s changed since edition %(edition)s, so that it would show whom it was about"
            )
            % {"figure": table_title(name), "fewest": FEWEST, "edition": edition},
        )
    law_of = law_then()
    every = together(counted, earlier, lambda country: law_of(country, year).band, beside, home=home)
    unseen = frozenset(every.cells) - every.known - every.free
    free, within = every.free, every.within
    # What earlier editions give away is public; this one may not tell more.
    public = given_away(every.cells, every.sums_before, unseen, only=every.hidden_before, free=free, within=within)
    hidden = _hidden(every, public)
    rounded, published = dict[str, int](), within
    if hidden is not None and offsets is not None:
        could_be = roundings_of(hidden, counted, earlier, offsets)
        ranges = {
            name: {name: range_of(number)} | ({raised(name): raised_of(number)} if raised(name) in free else {})
            for name, number in could_be.items()
        }
        chosen = rounded_in(
            every.cells, every.sums, hidden, ranges, moves=every.moves, public=public, free=free, within=within
        )
        rounded = {name: number for name, number in could_be.items() if name in chosen}
        for name in rounded:
            published = both(published, ranges[name])
    if hidden is None or given_away(every.cells, every.sums, hidden, public=public, free=free, within=published):
        raise NotPublishable(
            _("Wait until more has changed, or publish only a note that some numbers changed.") if earlier else None,
            why=_("beside what was published of this year before, a small number could be worked out"),
        )
    shown = {name: None if name in hidden else number for name, number in counted.items()}
    return shown, rounded if offsets is not None else None


def _hidden(every: Together, public: Mapping[str, Range]) -> frozenset[str] | None:
    """Return which cells are hidden: what the tables ask for, then what is asked for besides by cells of which one is never more than
    another. Both at once would save a cell in some years, and take a minute.
    """
    found = every.hidden
    for left_out in dict.fromkeys((every.further, frozenset[str]())):
        cells = {name: number for name, number in every.cells.items() if name not in left_out}
        sums = [(whole, parts) for whole, parts in every.sums if not left_out.intersection((whole, *parts))]
        free = every.free - left_out
        chosen = hidden_in(cells, sums, also=found, known=every.known, public=public, free=free, within=every.within)
        if chosen is None:
            return None
        found = chosen
    return found
