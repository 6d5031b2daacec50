"""The figures of a quarter, as hotlines report them to INHOPE: whole numbers, each with how it was counted. Pure."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from leeward.foundation.patterns import Pattern
from leeward.laws.rules.facts import Facts
from leeward.outputs.rules.refusals import Refusal

VALIDATOR = "inhope quarter, ours 1"
MEDIA_TYPE = "text/csv; charset=utf-8"
_QUARTER = Pattern(r"([0-9]{4})[-]?Q([1-4])", ignore_case=True)
_YEARS = range(2000, 9999)  # the last quarter of 9999 has no end that Python knows
_MADE = frozenset({"ai_generated", "drawing", "photo_realistic"})
_POSING = frozenset({"posing", "erotic_posing", "explicit_posing"})
COUNTED = {
    "reports": "reports received in the quarter",
    "items": "addresses and other things named in them",
    "duplicates": "items whose case was there already",
    "cases": "cases opened in the quarter",
    "illegal": "cases opened in the quarter and decided as illegal so far",
    "self_generated": "illegal: made by the child",
    "posing": "illegal: posing",
    "computer_generated": "illegal: drawn, photo-realistic or made by a model",
    "commercial": "illegal: paid for",
}


@dataclass(frozen=True, slots=True)
class Quarter:
    """What was counted: reports, items, cases, and the facts of each illegal one."""

    name: str
    reports: int
    items: int
    cases: int
    illegal: tuple[Facts, ...]


def bounds(text: str) -> tuple[str, datetime, datetime] | None:
    """Return a quarter's name, its beginning and its end (UTC), or None where the text is none."""
    found = _QUARTER.fullmatch(text.strip())
    if found is None or int(found[1]) not in _YEARS:
        return None
    year, number = int(found[1]), int(found[2])
    begins = datetime(year, number * 3 - 2, 1, tzinfo=UTC)
    ends = datetime(year + number // 4, number % 4 * 3 + 1, 1, tzinfo=UTC)
    return f"{year}Q{number}", begins, ends


def build(quarter: Quarter, country: str) -> bytes:
    """Return the figures as CSV: each with its name, its number and how it was counted."""
    facts = quarter.illegal
    values = {
        "reports": quarter.reports,
        "items": quarter.items,
        "duplicates": max(quarter.items - quarter.cases, 0),
        "cases": quarter.cases,
        "illegal": len(facts),
        "self_generated": sum(one.self_generated == "yes" for one in facts),
        "posing": sum(one.act in _POSING for one in facts),
        "computer_generated": sum(one.medium in _MADE for one in facts),
        "commercial": sum(one.commercial == "yes" for one in facts),
    }
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(("quarter", "country", "figure", "number", "counted"))
    for name, number in values.items():
        lines.writerow((quarter.name, country, name, number, COUNTED[name]))
    for group in ("site_type", "sex", "age_band"):
        for value, number in _spread(getattr(one, group) for one in facts):
            counted = f"illegal: by {group.replace('_', ' ')}"
            lines.writerow((quarter.name, country, f"{group}:{value}", number, counted))
    return out.getvalue().encode()


def _spread(values: Iterable[str]) -> list[tuple[str, int]]:
    return sorted(Counter(values).items())


def check(content: bytes) -> tuple[Refusal, ...]:
    """Return what is wrong: a figure that is none, one that is missing, a part larger than its whole."""
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
        figures = {row["figure"]: int(row["number"]) for row in rows}
    except (UnicodeDecodeError, KeyError, TypeError, ValueError):
        return (Refusal("malformed"),)
    if missing := [name for name in COUNTED if name not in figures]:
        return tuple(Refusal("schema", name) for name in missing)
    whole = figures["illegal"]
    parts = ("self_generated", "posing", "computer_generated", "commercial")
    wrong = [name for name in parts if figures[name] > whole]
    wrong += [name for name in figures if figures[name] < 0]
    for group in ("site_type", "sex", "age_band"):
        if sum(number for name, number in figures.items() if name.startswith(f"{group}:")) != whole:
            wrong.append(group)
    if whole > figures["cases"]:
        wrong.append("illegal")
    return tuple(Refusal("count_bad", name) for name in wrong)
