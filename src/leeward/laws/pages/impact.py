"""The effects of a proposed text of a file, in words, for the proposer and the second person."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext

from leeward.laws.files.lawfile import read_law_file
from leeward.laws.labels import ACTS, MEDIA, STANDINGS, VERDICTS
from leeward.laws.pages.country import NAMES
from leeward.laws.queries import open_cases_changed, register
from leeward.laws.rules.impact import Impact, Side, Turn, impact_of

MOST_SHOWN = 6


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One change, in words."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ImpactPage:
    """The effects of a change; `cases` is None if no desk can count the open cases affected."""

    criteria: tuple[TurnRow, ...]
    cited: TurnRow | None
    opinions: tuple[TurnRow, ...]
    opinions_changed: int
    combinations: int
    times: tuple[TurnRow, ...]
    cases: int | None
    is_empty: bool


def impact_page(code: str, text: str, on: date) -> ImpactPage:
    """Return the effects of a file's new text on a given day; raises BadLawFile if it can't be read."""
    before = register()
    after = before.with_file(read_law_file(text, name=f"{code}.yaml"))
    old = Side(before.file(code), before.jurisdiction(code))
    found = impact_of(old, Side(after.file(code), after.jurisdiction(code)), on)
    return _page(found, open_cases_changed(before, after, on) if found.opinions else 0)


def _page(found: Impact, cases: int | None) -> ImpactPage:
    nothing = gettext("nothing")
    cited = found.cited
    return ImpactPage(
        criteria=tuple(
            TurnRow(str(NAMES[row.what]), str(STANDINGS[row.before]), str(STANDINGS[row.after]))
            for row in found.criteria
        ),
        cited=TurnRow("", cited.before or nothing, cited.after or nothing) if cited else None,
        opinions=tuple(_opinion(row) for row in found.opinions[:MOST_SHOWN]),
        opinions_changed=len(found.opinions),
        combinations=found.combinations,
        times=tuple(TurnRow(row.what, row.before or nothing, row.after or nothing) for row in found.times),
        cases=cases,
        is_empty=found.is_empty,
    )


def _opinion(row: Turn) -> TurnRow:
    medium, age, act = row.what.split(" ")
    labels: dict[str, Promise] = {**MEDIA, **ACTS}
    values = {"medium": labels[medium], "age": age, "act": labels[act]}
    return TurnRow(
        gettext("%(medium)s, age %(age)s, %(act)s") % values, str(VERDICTS[row.before]), str(VERDICTS[row.after])
    )
