"""The criteria of each kind of list for a case. Pure; the wording is in another layer."""

from collections.abc import Iterable
from typing import Literal

from leeward.blocklist.rules.scopes import Scope
from leeward.laws.rules.facts import Facts, actual_ages, apparent_ages
from leeward.laws.rules.schemes import derive

Criterion = Literal["law", "real_child", "under_13", "severe", "confirmed", "domain"]
WORST_OF_AGE = 13
CONFIRMATIONS = 2
_SEVERE = frozenset({"A", "B"})
_MADE_UP = frozenset({"ai_generated", "drawing", "text"})


def missing(kind: str, facts: Facts, *, scope: Scope, confirmed_by: Iterable[str]) -> tuple[Criterion, ...]:
    """Return the criteria of a kind of list that a case does not meet.

    A national list only needs a basis (`queries/resting.py`). A worst-of list needs INTERPOL's criteria: a real child
    under 13 or appearing so, severe abuse, two countries or agencies that confirm it, and a whole domain.
    """
    if kind == "national":
        return ()
    wanted: dict[Criterion, bool] = {
        "confirmed": len(distinct(confirmed_by)) >= CONFIRMATIONS,
        "domain": scope is Scope.DOMAIN,
    }
    return (*of_the_case(kind, facts), *(criterion for criterion, is_met in wanted.items() if not is_met))


def of_the_case(kind: str, facts: Facts) -> tuple[Criterion, ...]:
    """Return the criteria that depend on the case alone, which no form can change."""
    if kind == "national":
        return ()
    wanted: dict[Criterion, bool] = {
        "real_child": facts.real_person == "yes" and facts.medium not in _MADE_UP,
        "under_13": is_under_13(facts),
        "severe": derive(facts).get("uk") in _SEVERE,
    }
    return tuple(criterion for criterion, is_met in wanted.items() if not is_met)


def is_under_13(facts: Facts) -> bool:
    """Return whether the child is certainly under 13, in truth or in appearance."""
    return min(actual_ages(facts)[1], apparent_ages(facts)[1]) < WORST_OF_AGE


def distinct(names: Iterable[str]) -> tuple[str, ...]:
    """Return names in order, without repetitions that differ only in case or spacing."""
    found: dict[str, str] = {}
    for name in (" ".join(name.split()) for name in names):
        if name:
            found.setdefault(name.casefold(), name)
    return tuple(found.values())
