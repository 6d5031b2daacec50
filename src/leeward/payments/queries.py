"""Reading where money was asked for. All in the hotline's scope."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from leeward.payments.models import Demand, Payee
from leeward.payments.rules.records import facts_of

type Where = tuple[str, int]


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
    """One thing to which money was asked for, with where it was seen."""

    id: int
    kind: str
    brand: str
    value: str
    weak: bool
    first_at: datetime
    last_at: datetime
    demands: list[DemandRow]

    @property
    def times(self) -> int:
        """Return how often it was seen in all."""
        return sum(one.times for one in self.demands)


def payees_at(where: Collection[Where]) -> list[PayeeRow]:
    """Return what was asked for at any of these places, with every place of each; two queries."""
    here = _at(where)
    return _rows(Payee.objects.filter(pk__in=here.values("payee_id")).order_by("kind", "id")) if where else []


def payee(number: int) -> PayeeRow | None:
    """Return one payee with everywhere that it was seen."""
    return next(iter(_rows(Payee.objects.filter(pk=number))), None)


def seen_most(most: int) -> list[PayeeRow]:
    """Return the payees that were seen at more than one place, those of most places first."""
    counted = Payee.objects.annotate(places=Count("demands")).filter(places__gt=1)
    return _rows(counted.order_by("-places", "-last_at")[:most])


def facts_at(where: Collection[Where]) -> list[str]:
    """Return the kinds of payment, as an assessment names them, that were seen at these places; one query."""
    if not where:
        return []
    return facts_of(_at(where).values_list("payee__kind", "payee__brand").distinct())


def _at(where: Collection[Where]) -> QuerySet[Demand]:
    by_place: dict[str, list[int]] = defaultdict(list)
    for place, number in where:
        by_place[place].append(number)
    wanted = Q()
    for place, numbers in by_place.items():
        wanted |= Q(place=place, number__in=numbers)
    return Demand.objects.filter(wanted)


def _rows(payees: Iterable[Payee]) -> list[PayeeRow]:
    found = list(payees)
    at: dict[int, list[DemandRow]] = defaultdict(list)
    for one in Demand.objects.filter(payee_id__in=[row.pk for row in found]).order_by("first_at", "id"):
        row = DemandRow(
            one.place, one.number, one.amount, one.currency, one.descriptor, one.times, one.first_at, one.last_at
        )
        at[one.payee_id].append(row)
    return [
        PayeeRow(one.pk, one.kind, one.brand, one.value, one.weak, one.first_at, one.last_at, at[one.pk])
        for one in found
    ]
