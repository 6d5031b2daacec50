"""The registered name of a case: its records, what can be said about them, and its other names."""

from dataclasses import dataclass
from datetime import datetime

from leeward.casework.models import Case
from leeward.hosting import queries as hosting_queries
from leeward.hosting.queries import Hop, NameRow
from leeward.hosting.rules.registrant import Statement, statements
from leeward.people.queries import country_names


@dataclass(frozen=True, slots=True)
class ShownHop:
    """Another name, and the references of the cases about it."""

    hop: Hop
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseName:
    """What is known of the name of a case; `newest` is None if no registry has been heard, `name` empty if it has none."""

    name: str
    newest: NameRow | None
    earlier: list[NameRow]
    statements: tuple[Statement, ...]
    hops: list[ShownHop]

    @property
    def country(self) -> str:
        """Return the country whose domain the name is under, "" for another domain."""
        end = self.name.rpartition(".")[2].upper()
        code = "GB" if end == "UK" else end
        return code if code in country_names() else ""

    @property
    def odd(self) -> tuple[str, ...]:
        """Return the codes of what is odd in the registrant's data."""
        return tuple(one.code for one in self.statements if one.standing == "odd")


def name_of(case: Case, now: datetime) -> CaseName:
    """Return what is known of the name of a case; at most nine queries."""
    place = hosting_queries.locations_by_id([case.location_id])[case.location_id]
    name = hosting_queries.name_of_host(place.host) if place.kind == "url" and place.host else ""
    if not name:
        return CaseName("", None, [], (), [])
    records = hosting_queries.name_history(name)
    newest = records[0] if records else None
    key = newest.holder_key if newest else ""
    found: tuple[Statement, ...] = ()
    if newest:
        elsewhere = hosting_queries.count_with_holder(key, but_not=name)
        found = statements(newest.registration, now.date(), elsewhere=elsewhere, countries=country_names())
    hops = hosting_queries.hops_of(case.location_id, name, key)
    return CaseName(name, newest, records[1:], found, _with_cases(hops))


def _with_cases(hops: list[Hop]) -> list[ShownHop]:
    places = {number for hop in hops for number in hop.location_ids}
    cases = dict(Case.objects.filter(location_id__in=places).values_list("location_id", "reference")) if places else {}
    return [ShownHop(hop, tuple(cases[number] for number in hop.location_ids if number in cases)) for hop in hops]
