"""One jurisdiction's opinion on a set of facts: likely, unlikely or undetermined.

Every limb of the law is a chain of conditions, each yes, no or unknown; one limb that holds is enough. Unknown facts
and unrecorded rules count as unknown, so that they never become a no. In a part of a state whose own law was not read,
the state's law can lead to a yes but never to a no.
"""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from leeward.laws.rules.facts import Facts
from leeward.laws.rules.jurisdiction import AgeRule, Jurisdiction, Limb, Outside
from leeward.laws.rules.reading import Reading, read
from leeward.laws.rules.three import NO, UNKNOWN, YES, Three

Verdict = Literal["likely", "unlikely", "undetermined"]
_VERDICTS: dict[Three, Verdict] = {YES: "likely", NO: "unlikely", UNKNOWN: "undetermined"}


@dataclass(frozen=True, slots=True)
class Ground:
    """A provision behind an opinion: its citation, what it says, and the parts of it that fail here, if any."""

    citation: str
    says: str
    fails: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opinion:
    """The opinion, its grounds, and what would settle it: facts by name, and `law:` entries for open questions of law."""

    verdict: Verdict
    because: tuple[Ground, ...]
    would_settle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Standing:
    """The rules of a jurisdiction for one medium that are, or may be, in force on a given day."""

    limbs: tuple[tuple[Limb, Three], ...]
    outside: tuple[Outside, ...]


def opinion(facts: Facts, jurisdiction: Jurisdiction, on: date) -> Opinion:
    """Return the opinion of a jurisdiction's law, as of a given day, on a set of facts."""
    reading = read(facts)
    found = [_of_medium(reading, jurisdiction, medium, on) for medium in reading.media]
    if len(found) == 1:
        return found[0]
    verdicts = {part.verdict for part in found}
    alike = len(verdicts) == 1
    settles = () if alike and "undetermined" not in verdicts else ("medium",)
    return Opinion(
        verdict=found[0].verdict if alike else "undetermined",
        because=tuple(dict.fromkeys(ground for part in found for ground in part.because)),
        would_settle=tuple(dict.fromkeys((*settles, *(name for part in found for name in part.would_settle)))),
    )


@lru_cache(maxsize=16384)
def _standing(jurisdiction: Jurisdiction, medium: str, on: date) -> _Standing:
    in_force = ((limb, limb.span.holds(on)) for limb in jurisdiction.limbs if medium in limb.media)
    return _Standing(
        limbs=tuple((limb, force) for limb, force in in_force if force is not NO),
        outside=tuple(row for row in jurisdiction.outside if medium in row.media and row.span.holds(on) is YES),
    )


def _of_medium(reading: Reading, jurisdiction: Jurisdiction, medium: str, on: date) -> Opinion:
    rules = _standing(jurisdiction, medium, on)
    valued = [(limb, force, _value(limb, force, reading, medium)) for limb, force in rules.limbs]
    best = max((value for _limb, _force, value in valued), default=NO)
    if best is NO and not rules.limbs and not rules.outside:
        return Opinion("undetermined", (), (f"law:unrecorded:{medium}",))
    if best is NO:
        against = _against(rules, reading, medium)
        if any(limb.inherited for limb, _force in rules.limbs) or any(row.inherited for row in rules.outside):
            return Opinion("undetermined", against, (f"law:part:{medium}",))
        return Opinion("unlikely", against, ())
    deciding = [(limb, force) for limb, force, value in valued if value is best]
    because = tuple(
        Ground(provision.citation, provision.says) for limb, _force in deciding for provision in limb.provisions
    )
    settles = dict.fromkeys(name for limb, force in deciding for name in _open(limb, force, reading, medium))
    return Opinion(_VERDICTS[best], because, tuple(settles))


def _value(limb: Limb, force: Three, reading: Reading, medium: str) -> Three:
    """Return the value of the whole chain; the first no ends it."""
    value = force if limb.settled else UNKNOWN
    for condition in (_person, _act, _context):
        part = condition(limb, reading)
        if part is NO:
            return NO
        value = min(value, part)
    age = reading.age(limb.age, medium) if limb.age else UNKNOWN
    return min(value, age)


def _person(limb: Limb, reading: Reading) -> Three:
    if limb.person == "any":
        return YES
    if limb.person is None:
        return UNKNOWN
    return reading.real


def _act(limb: Limb, reading: Reading) -> Three:
    if reading.acts <= limb.acts_in:
        return YES
    return NO if reading.acts <= limb.acts_out else UNKNOWN


def _context(limb: Limb, reading: Reading) -> Three:
    return reading.exploitative if limb.exploitative else YES


def _against(rules: _Standing, reading: Reading, medium: str) -> tuple[Ground, ...]:
    """Return the provisions that do not cover the facts, with the parts that fail."""
    grounds = [
        Ground(provision.citation, provision.says, _failing(limb, reading, medium))
        for limb, _force in rules.limbs
        for provision in limb.provisions
    ]
    grounds += [
        Ground(provision.citation, provision.says, ("medium",)) for row in rules.outside for provision in row.provisions
    ]
    return tuple(grounds)


def _failing(limb: Limb, reading: Reading, medium: str) -> tuple[str, ...]:
    parts = {
        "real_person": _person(limb, reading),
        "age": reading.age(limb.age, medium) if limb.age else UNKNOWN,
        "act": _act(limb, reading),
        "exploitative": _context(limb, reading),
    }
    return tuple(name for name, value in parts.items() if value is NO)


def _open(limb: Limb, force: Three, reading: Reading, medium: str) -> list[str]:
    """Return what is unknown in a limb that may hold: facts by name, and questions of law; nothing for one that holds."""
    names = []
    if not limb.settled:
        names.append(f"law:{limb.question}")
    if force is UNKNOWN:
        names.append(f"law:commencement:{limb.id}")
    if limb.person is None:
        names.append(f"law:person:{limb.id}")
    elif _person(limb, reading) is UNKNOWN:
        names.append("real_person")
    if limb.age is None:
        names.append(f"law:age:{limb.id}")
    elif reading.age(limb.age, medium) is UNKNOWN:
        names += _open_age(limb.age, reading)
    if _act(limb, reading) is UNKNOWN:
        undecided = reading.acts - limb.acts_in - limb.acts_out
        decided = bool(reading.acts & (limb.acts_in | limb.acts_out))
        names += ["act"] * decided + [f"law:act:{code}" for code in sorted(undecided)[:1]]
    if _context(limb, reading) is UNKNOWN:
        names.append("exploitative")
    return names


def _open_age(rule: AgeRule, reading: Reading) -> list[str]:
    if rule.below is None and not rule.prepubescent:
        return ["law:no age is fixed"]
    names = []
    if "actual" in rule.by and reading.real is UNKNOWN:
        names.append("real_person")
    if "actual" in rule.by and reading.real is not NO and reading.actual[0] != reading.actual[1]:
        names.append("known_age")
    is_open = reading.apparent[0] != reading.apparent[1]
    if is_open and ("appears" in rule.by or "depicted" in rule.by):
        names.append("apparent_age")
    if "depicted" in rule.by and not is_open:
        names.append("presented_as_child")
    return names + ["pubertal_stage"] * rule.prepubescent
