"""Every scale is derived from the facts, never stored: COPINE, SAP, A-C, A1-B2, INTERPOL's baseline, ICCAM's grade."""

from dataclasses import dataclass
from datetime import date

from leeward.laws.rules.acts import Scale, acts_vocabulary
from leeward.laws.rules.facts import ADULT, Facts, actual_ages, apparent_ages
from leeward.laws.rules.reading import Reading, read
from leeward.laws.rules.three import NO, UNKNOWN, YES, Three, agreed

UNDETERMINED = "undetermined"
NONE = "none"
SAP_FROM = date(2002, 11, 21)  # R v Oliver
CATEGORIES_FROM = date(2014, 4, 1)  # the Sentencing Council's guideline replaces SAP

_SCALES: dict[str, Scale] = {"copine": "copine", "sap": "sap", "uk": "uk"}


@dataclass(frozen=True, slots=True)
class SchemeLevel:
    """A level on one scale. `possible` has more than one entry if the facts leave it open."""

    scheme: str
    level: str
    possible: tuple[str, ...]
    is_verified: bool
    in_use: bool


def derive(facts: Facts, *, on: date | None = None, national: str | None = None) -> dict[str, str]:
    """Return scheme -> level; `national`, the verdict of the hotline's own law, decides ICCAM's national grade.

    With `on`, the United Kingdom's scale that was not in use on that day is left out.
    """
    return {row.scheme: row.level for row in levels(facts, on=on, national=national) if row.in_use}


def levels(facts: Facts, *, on: date | None = None, national: str | None = None) -> tuple[SchemeLevel, ...]:
    """Return the level on every scheme, with the remaining possibilities and whether its text was read."""
    reading = read(facts)
    baseline = baseline_of(facts)
    rows = [_by_act(scheme, reading, in_use=_in_use(scheme, on)) for scheme in _SCALES]
    rows.append(_industry(facts, reading))
    rows.append(_plain("interpol", {YES: "baseline", NO: "not baseline"}.get(baseline, UNDETERMINED)))
    rows.append(_plain("iccam", iccam_grade(baseline, national)))
    return tuple(rows)


def _plain(scheme: str, level: str) -> SchemeLevel:
    return SchemeLevel(scheme, level, (level,) if level != UNDETERMINED else (), is_verified=True, in_use=True)


def _in_use(scheme: str, on: date | None) -> bool:
    if on is None:
        return True
    return {"sap": SAP_FROM <= on < CATEGORIES_FROM, "uk": on >= CATEGORIES_FROM}.get(scheme, True)


def _by_act(scheme: str, reading: Reading, *, in_use: bool) -> SchemeLevel:
    acts = acts_vocabulary().acts
    found = {acts[code].levels[_SCALES[scheme]] for code in reading.acts}
    possible = tuple(sorted((level for level in found if level), key=_order))
    sure = len(found) == 1 and None not in found
    verified = not any(_SCALES[scheme] in acts[code].unverified for code in reading.acts)
    return SchemeLevel(scheme, possible[0] if sure else UNDETERMINED, possible, verified, in_use)


def _order(level: str) -> tuple[int, str]:
    return (int(level) if level.isdigit() else 0, level)


def _industry(facts: Facts, reading: Reading) -> SchemeLevel:
    """Return the level A1-B2: the letter depends on puberty (A before it), the figure on the act (1 a sex act, 2 an
    exhibition).
    """
    acts = acts_vocabulary().acts
    figures = {acts[code].levels["exhibit"] for code in reading.acts}
    letters = {YES: ("A",), NO: ("B",)}.get(is_prepubescent(facts), ("A", "B"))
    if is_adult(facts) or figures == {NONE}:
        return SchemeLevel("a1_b2", NONE, (NONE,), is_verified=False, in_use=True)
    sure_figures = sorted(figure for figure in figures if figure and figure.isdigit())
    possible = tuple(f"{letter}{figure}" for letter in letters for figure in sure_figures)
    sure = len(possible) == 1 and len(figures) == 1
    return SchemeLevel("a1_b2", possible[0] if sure else UNDETERMINED, possible, is_verified=False, in_use=True)


def is_prepubescent(facts: Facts) -> Three:
    """Return whether the person is before puberty, by age and stage as INTERPOL's baseline reads them."""
    reading = read(facts)
    return max(reading.prepubescent(actual_ages(facts)), reading.prepubescent(apparent_ages(facts)))


def is_adult(facts: Facts) -> bool:
    """Return whether the person is certainly an adult."""
    return actual_ages(facts)[0] >= ADULT


def baseline_of(facts: Facts) -> Three:
    """Return INTERPOL's baseline: a recording of a real child before puberty, and an act or focus that it names."""
    reading = read(facts)
    acts = acts_vocabulary().acts
    named = {acts[code].levels["baseline"] for code in reading.acts}
    act = agreed(some_yes="yes" in named, some_no="no" in named)
    age = reading.prepubescent(actual_ages(facts))  # a proven adult who looks like a child does not count
    return min(reading.real, act, age, _is_recording(reading))


def _is_recording(reading: Reading) -> Three:
    media = set(reading.media)
    if media <= {"photograph", "video", "edited"}:
        return YES
    return NO if media <= {"text", "audio"} else UNKNOWN


def iccam_grade(baseline: Three, national: str | None) -> str:
    """Return ICCAM's single grade: baseline, else national by the hotline's own law, else not illegal."""
    if baseline is YES:
        return "baseline"
    if national == "likely":
        return "national" if baseline is NO else UNDETERMINED
    return "not illegal" if baseline is NO and national == "unlikely" else UNDETERMINED


def convert(level: str, *, from_scheme: Scale, to_scheme: Scale) -> frozenset[str]:
    """Return every level of one scheme that a level of another may correspond to: SAP 4 is A, but A is 4 or 5."""
    vocabulary = acts_vocabulary()
    found = {vocabulary.acts[code].levels[to_scheme] for code in vocabulary.having(from_scheme, level)}
    return frozenset(level for level in found if level)
