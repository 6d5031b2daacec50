"""Reading where money was asked for. All in the hotline's scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from leeward.payments.models import Demand, Payee
from leeward.payments.rules.records import facts_of, keys_of_typed
from leeward.payments.rules.traces import FAMILIES, NAMES_NOBODY

type Where = tuple[str, int]
MOST_FOLLOWED = 100  # with more places than this, a payee's places are read on its own page only
MOST_SHOWN = 200
MOST_AT = 200
SEVERAL, NEWEST = "several", "newest"
VIEWS = (SEVERAL, NEWEST)


@dataclass(frozen=True, slots=True)
class DemandRow:
    """A payee as it was seen at one place ("location") or in one report ("report")."""

    place: str
    number: int
    amount: str
    currency: str
    descriptor: str
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class PayeeRow:
    """One thing to which money was asked for: at how many places and in reports it was seen, at how many pages among
    them, and where. Of one that was seen at very many, only some or none are in `demands`.
    """

    id: int
    kind: str
    brand: str
    value: str
    weak: bool
    first_at: datetime
    last_at: datetime
    places: int
    pages: int
    demands: list[DemandRow]

    @property
    def times(self) -> int:
        """Return how often it was seen at the places that are listed."""
        return sum(one.times for one in self.demands)

    @property
    def names_nobody(self) -> bool:
        """Return whether it is a brand only: many are paid by it."""
        return self.kind in NAMES_NOBODY


def payees_at(where: Collection[Where]) -> list[PayeeRow]:
    """Return what was asked for at any of these places, with every place of each; two queries."""
    if not where:
        return []
    return rows_of(Payee.objects.filter(pk__in=_at(where).values("payee_id")).order_by("kind", "id")[:MOST_AT])


def payee(number: int, most: int = MOST_SHOWN) -> PayeeRow | None:
    """Return one payee with the newest places where it was seen."""
    found = Payee.objects.filter(pk=number).first()
    if found is None:
        return None
    newest = Demand.objects.filter(payee=found).order_by("-place", "-number")[:most]
    return _row(found, sorted(map(_demand, newest), key=lambda one: (one.first_at, one.place, one.number)))


def payees(*, view: str = SEVERAL, kind: str = "", search: str = "", only_pages: bool = False) -> QuerySet[Payee]:
    """Return payees in order: those seen at several places, most places first; or all, seen last first. With a search, the
    one that is written so. `only_pages`: what only reports say doesn't count.
    """
    seen = "pages" if only_pages else "places"
    found: QuerySet[Payee] = Payee.objects.all()
    kind = kind if kind in FAMILIES else ""
    if kind:
        found = found.filter(kind=kind)
    if search:
        keys = sorted(keys_of_typed(search))
        # In the order of its index, also with one key only: by time or kind, the database would rather read every row.
        return found.filter(key__in=keys, **{f"{seen}__gt": 0}).order_by("key", "id")
    if view == NEWEST:
        return found.filter(**{f"{seen}__gt": 0}).order_by("-last_at", "-id")
    if not kind:
        found = found.exclude(kind__in=NAMES_NOBODY)
    return found.filter(**{f"{seen}__gt": 1}).order_by(f"-{seen}", "-last_at", "-id")


def rows_of(found: Iterable[Payee]) -> list[PayeeRow]:
    """Return payees as rows, with where each was seen unless that is at more than `MOST_FOLLOWED` places; one more query."""
    every = list(found)
    at: dict[int, list[DemandRow]] = defaultdict(list)
    few = [one.pk for one in every if one.places <= MOST_FOLLOWED]
    for one in Demand.objects.filter(payee_id__in=few).order_by("first_at", "id"):
        at[one.payee_id].append(_demand(one))
    return [_row(one, at[one.pk]) for one in every]


def facts_at(where: Collection[Where]) -> list[str]:
    """Return the kinds of payment, as an assessment names them, that were seen at these places; one query."""
    if not where:
        return []
    return facts_of(_at(where).values_list("payee__kind", "payee__brand").distinct())


def is_paid_at(location_id: int) -> bool:
    """Return whether a page at this place asks for money."""
    return bool(Demand.objects.filter(place="location", number=location_id).exists())


def edges_of(payee_ids: Collection[int], most: int, *, only_pages: bool = False) -> list[tuple[int, Where]]:
    """Return where these payees were seen, at most so many times; one query."""
    found = Demand.objects.filter(payee_id__in=list(payee_ids))
    return _edges(found.filter(place="location") if only_pages else found, most)


def edges_at(where: Collection[Where], most: int) -> list[tuple[int, Where]]:
    """Return which payees were seen at these places, at most so many; brands that name nobody are left out. One query."""
    return _edges(_at(where).exclude(payee__kind__in=NAMES_NOBODY), most) if where else []


def by_id(payee_ids: Collection[int]) -> dict[int, PayeeRow]:
    """Return payees by number, without their places; one query."""
    return {one.pk: _row(one, []) for one in Payee.objects.filter(pk__in=list(payee_ids))}


def on_pages() -> QuerySet[Payee]:
    """Return those that a page names, for whoever may not read what only reports say."""
    return Payee.objects.filter(pages__gt=0)


def _edges(found: QuerySet[Demand], most: int) -> list[tuple[int, Where]]:
    rows = found.order_by("payee_id", "place", "number").values_list("payee_id", "place", "number")[:most]
    return [(payee_id, (place, number)) for payee_id, place, number in rows]


def _at(where: Collection[Where]) -> QuerySet[Demand]:
    by_place: dict[str, list[int]] = defaultdict(list)
    for place, number in where:
        by_place[place].append(number)
    wanted = Q()
    for place, numbers in by_place.items():
        wanted |= Q(place=place, number__in=numbers)
    return Demand.objects.filter(wanted)


def _demand(one: Demand) -> DemandRow:
    return DemandRow(
        one.place, one.number, one.amount, one.currency, one.descriptor, one.times, one.first_at, one.last_at
    )


def _row(one: Payee, demands: list[DemandRow]) -> PayeeRow:
    return PayeeRow(
        one.pk,
        one.kind,
        one.brand,
        one.value,
        one.weak,
        one.first_at,
        one.last_at,
        one.places,
        one.pages,
        demands,
    )
