"""Who gets a case: whoever reads its language and works on its country, is here today, and has the least in hand. Pure."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

MOST_HELD = 10


@dataclass(frozen=True, slots=True)
class Colleague:
    """One person who works on cases: what they said of themselves, what they hold, how much of today's exposure is used."""

    id: int
    languages: Collection[str] = ()
    countries: Collection[str] = ()
    held: int = 0
    used: float = 0
    is_away: bool = False
    is_stopped: bool = False

    @property
    def is_ready(self) -> bool:
        """Whether a case can wait for them: they are here, their day is not used up, their hands are not full."""
        return not self.is_away and not self.is_stopped and self.used < 1 and self.held < MOST_HELD


@dataclass(frozen=True, slots=True)
class Work:
    """What a case asks of whoever gets it; `barred` had a part in it already."""

    language: str = ""
    country: str = ""
    urgent: bool = False
    barred: frozenset[int] = frozenset()


def _fit(wanted: str, said: Collection[str]) -> int:
    """0 for a fit, 1 where nothing was said, 2 for a misfit."""
    if not wanted or wanted in said:
        return 0
    return 2 if said else 1


def in_order(work: Work, colleagues: Iterable[Colleague]) -> list[Colleague]:
    """Everybody who can get the case now, the first choice first.

    Language goes before country, country before load, load before how much of the day is used. An urgent case may also go to
    somebody whose day is used up or whose hands are full, after the others: its text is read at any hour.
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
    """The languages, or the countries, whose cases somebody leaves to colleagues who have them.

    Nothing is left to others by somebody who has said nothing of themselves, and nothing is left to nobody.
    """
    if not mine:
        return frozenset()
    return frozenset(one for said in others for one in said) - frozenset(mine)


@dataclass(frozen=True, slots=True)
class Left:
    """What somebody who asks for the next case leaves to colleagues."""

    languages: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()


def left_by(person_id: int, colleagues: Collection[Colleague]) -> Left:
    """What this person leaves to colleagues who are ready for it: who is on leave, has used up the day or holds a great deal
    is waited for by nobody."""
    mine = next((one for one in colleagues if one.id == person_id), None)
    if mine is None:
        return Left()
    ready = [one for one in colleagues if one.id != person_id and one.is_ready]
    return Left(
        left_to_others(mine.languages, [one.languages for one in ready]),
        left_to_others(mine.countries, [one.countries for one in ready]),
    )
