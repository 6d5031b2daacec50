"""What about a tip a person has to decide before it becomes a case. Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from leeward.tips.rules.facts import moment
from leeward.tips.rules.tip import Tip

Doubt = Literal["other_country", "contradiction", "from_the_future", "unsigned_mail", "came_again", "was_cut"]
_A_DAY = timedelta(days=1)
_CLASSES = ("A1", "A2", "B1", "B2")


def doubts_of(tip: Tip, *, own_countries: Collection[str], by_mail: bool, now: datetime) -> tuple[Doubt, ...]:
    """Return what keeps a tip from becoming a case by itself. `own_countries`: those of the hotline's portals."""
    found: list[Doubt] = []
    if tip.countries and not set(tip.countries) & set(own_countries):
        found.append("other_country")
    if contradicts(tip):
        found.append("contradiction")
    if any(at is not None and at > now + _A_DAY for at in (moment(tip.happened), moment(tip.dated))):
        found.append("from_the_future")
    if by_mail:
        found.append("unsigned_mail")
    if tip.is_cut:
        found.append("was_cut")
    return tuple(found)


def contradicts(tip: Tip) -> bool:
    """Return whether a tip states what can't both be: a file classified that nobody viewed, two different hashes of one
    kind for one name, or something that happened after it was passed on."""
    classified = any(one.classification in _CLASSES and one.viewed is False for one in tip.files)
    by_name: dict[tuple[str, str], set[str]] = {}
    for one in tip.files:
        for kind, value in one.hashes:
            by_name.setdefault((one.name, kind), set()).add(value)
    differ = any(len(values) > 1 for (name, _kind), values in by_name.items() if name)
    happened, dated = moment(tip.happened), moment(tip.dated)
    return classified or differ or (happened is not None and dated is not None and happened > dated + _A_DAY)


def is_urgent(tip: Tip) -> bool:
    """Return whether a tip goes the way of urgent reports. How many tips are about the same makes none urgent."""
    return bool(tip.raised)
