"""Who gets a case: whoever reads its language and works on its country, is here today, and holds the least. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

MOST_HELD = 10


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person who works on cases: their stated languages and countries, what they hold, and how much of today's
    exposure is used.
    """

    id: int
    languages: Collection[str] = ()
    countries: Collection[str] = ()
    held: int = 0
    used: float = 0
    is_away: bool = False
    is_stopped: bool = False

    @property
    def is_ready(self) -> bool:
        """Return whether a case can wait for them: they are here, their day is not used up, and they have capacity."""
        return not self.is_away and not self.is_stopped and self.used < 1 and self.held < MOST_HELD


@dataclass(frozen=True, slots=True)
class Work:
    """What a case requires of whoever gets it; people in `barred` already had a part in it."""

    language: str = ""
    country: str = ""
    urgent: bool = False
    barred: frozenset[int] = frozenset()


def _fit(wanted: str, languages: Collection[str]) -> int:
    """Return 0 for a match, 1 if nothing was stated, 2 for a mismatch."""
    if not wanted or wanted in languages:
        return 0
    return 2 if languages else 1


def in_order(work: Work, colleagues: Iterable[Colleague]) -> list[Colleague]:
    """Return everybody who can get the case now, best choice first.

    Language goes before country, country before load, load before how much of the day is used. An urgent case may also
    go to somebody whose day is used up or who has no capacity left, after the others: its text is read at any hour.
    """
    able = [
        one for one in colleagues if one.id not in work.barred and not one.is_away and (one.is_ready or work.urgent)
    ]
    return sorted(
        able,
        key=lambda one: (
            not one.is_ready,
            _fit(work.language, one.languages),
            _fit(work.country, one.countries),
            one.held,
            one.used,
            one.id,
        ),
    )


def left_to_others(mine: Collection[str], others: Iterable[Collection[str]]) -> frozenset[str]:
    """Return the languages, or the countries, whose cases a person leaves to colleagues who have stated them.

    Somebody who has stated nothing leaves nothing to others, and what no colleague has stated is left to nobody.
    """
    if not mine:
        return frozenset()
    return frozenset(one for taken in others for one in taken) - frozenset(mine)


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody who asks for the next case leaves to colleagues."""

    languages: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()


def left_by(person_id: int, colleagues: Collection[Colleague]) -> Left:
    """Return what this person leaves to colleagues who are ready for it: nobody waits for a colleague who is on leave,
    has used up the day or holds a great deal.
    """
    mine = next((one for one in colleagues if one.id == person_id), None)
    if mine is None:
        return Left()
    ready = [one for one in colleagues if one.id != person_id and one.is_ready]
    return Left(
        left_to_others(mine.languages, [one.languages for one in ready]),
        left_to_others(mine.countries, [one.countries for one in ready]),
    )
