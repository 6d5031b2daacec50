"""Every read of quality, within a hotline's scope."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from leeward.casework.models import Assessment
from leeward.casework.quality.rules.agreement import Kappa
from leeward.casework.quality.rules.pairs import Agreement, TwoLooks, agreement_of, by_month, last_months, two_looks
from leeward.casework.services.exposure import local_now
from leeward.people.queries import staff_of, time_zone_of

MONTHS = 12
# A year of a busy hotline; more would only make the page slow, not the figures better.
MOST_PAIRS = 3000
_LOOK = ("case_id", "turn", "by", "outcome", "facts", "at")


@dataclass(frozen=True, slots=True)
class PersonAgreement:
    """One person's agreement with those who looked at the same cases."""

    id: int
    name: str
    end: Kappa
    facts: Kappa


def pairs_since(since: datetime, *, person_id: int | None = None) -> list[TwoLooks]:
    """The pairs of blind looks since a moment, the newest MOST_PAIRS; those of one person, or of all. Two queries."""
    seconds = Assessment.objects.filter(round__in=("second", "sample"), at__gte=since, by__isnull=False)
    rows = list(seconds.order_by("-at").values(*_LOOK)[:MOST_PAIRS])
    cases = {row["case_id"] for row in rows}
    firsts = Assessment.objects.filter(case_id__in=cases, round="first", by__isnull=False).order_by("-pk")
    first_of = {(row["case_id"], row["turn"]): row for row in firsts.values(*_LOOK)}
    pairs = []
    for second in rows:
        first = first_of.get((second["case_id"], second["turn"]))
        if first and person_id in (None, first["by"], second["by"]):
            pairs.append(two_looks(first, second))
    return pairs


@dataclass(frozen=True, slots=True)
class Year:
    """The agreement of the last twelve months: together, by month, and by person where somebody may see that."""

    whole: Agreement
    months: list[tuple[date, Kappa]]
    people: list[PersonAgreement]
    is_cut: bool


def year_of(hotline_id: int, *, person_id: int | None = None, with_people: bool = False) -> Year:
    """The last twelve months of a hotline, or of one person in it. Four queries."""
    today = local_now(hotline_id).date()
    months = last_months(today, MONTHS)
    since = local_now(hotline_id).replace(
        year=months[0].year, month=months[0].month, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    pairs = pairs_since(since - timedelta(hours=1), person_id=person_id)
    people = _people(hotline_id, pairs) if with_people else []
    return Year(
        agreement_of(pairs), by_month(pairs, months, time_zone_of(hotline_id)), people, len(pairs) >= MOST_PAIRS
    )


def _people(hotline_id: int, pairs: list[TwoLooks]) -> list[PersonAgreement]:
    found = []
    for row in staff_of(hotline_id):
        own = [pair for pair in pairs if row.id in (pair.first_by, pair.second_by)]
        if own or (row.is_active and row.roles & {"analyst", "supervisor"}):
            agreement = agreement_of(own)
            found.append(PersonAgreement(row.id, row.name, agreement.end, agreement.facts))
    return found
