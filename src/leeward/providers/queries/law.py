"""What the law of each place makes of a provider's lines, from the register of laws."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from leeward.laws.errors import UnknownJurisdiction
from leeward.laws.queries import duties_due, duties_of
from leeward.people.queries import portal
from leeward.providers.models import Provider
from leeward.providers.rules.clocks import Standing, countries_of, kept_until, standing_of
from leeward.providers.rules.words import ROLE_IN_LAW


def standings(provider: Provider, *, known_at: datetime, reported_at: datetime) -> list[Standing]:
    """Return how a line of a provider stands in each country whose law is asked: the portal's first, then those where it works.
    A country without a file in the register is left out: nothing is on record of it."""
    found = []
    for country in countries_of(provider.countries, portal(provider.portal_id).country):
        due = _due(country, ROLE_IN_LAW[provider.kind], known_at, reported_at)
        if due is not None:
            found.append(standing_of(due, known_at=known_at, reported_at=reported_at))
    return found


def _due(country: str, role: str, known_at: datetime, reported_at: datetime) -> Mapping[str, Any] | None:
    try:
        due = duties_due(country, role=role, known_at=known_at, reported_at=reported_at)
        sheet = duties_of(country, known_at.astimezone(UTC).date())
    except UnknownJurisdiction:
        return None
    beside = {duty.id: duty for duty in sheet.duties}
    duties = [
        one | {"secrecy": beside[one["id"]].secrecy, "immunity": beside[one["id"]].immunity} for one in due["duties"]
    ]
    return due | {"duties": duties}


def duties_on(country: str, day: date) -> Any:
    """Return what is on record about reporting in a country on a day (`duties_of`), or None where it has no file in the register."""
    try:
        return duties_of(country, day)
    except UnknownJurisdiction:
        return None


def privilege_in(provider: Provider, day: date) -> str:
    """Return what the laws that are asked for a provider say of legal privilege, each with its country and provisions; "" where none
    on record says anything."""
    found = []
    for country in countries_of(provider.countries, portal(provider.portal_id).country):
        sheet = duties_on(country, day)
        for duty in sheet.binding(ROLE_IN_LAW[provider.kind]) if sheet else ():
            if duty.privilege:
                found.append(f"{sheet.name}: {duty.privilege} ({'; '.join(duty.citations)})")
    return " ".join(dict.fromkeys(found))


class Keeping:
    """Until when lines of one batch are kept: the law is asked once for each day on which something became known."""

    def __init__(self, provider: Provider, reported_at: datetime) -> None:
        self.provider, self.reported_at = provider, reported_at
        self._of_day = cache(self._asked)

    def until(self, known_at: datetime) -> tuple[datetime | None, bool]:
        """Return until when a line is kept, and whether it is destroyed then; None where no law on record says so."""
        return self._of_day(min(known_at, self.reported_at).astimezone(UTC).date())

    def _asked(self, day: date) -> tuple[datetime | None, bool]:
        known_at = min(datetime(day.year, day.month, day.day, tzinfo=UTC), self.reported_at)
        return kept_until(standings(self.provider, known_at=known_at, reported_at=self.reported_at))
