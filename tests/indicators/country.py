"""A small made-up country with two portals, counted year by year; and somebody who collects everything published about it."""

import csv
import io
import random
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import highspy
from django.test import Client

from leeward.indicators.definitions import DEFINITIONS
from leeward.indicators.rules.cells import FEWEST, TABLES
from leeward.indicators.rules.marks import (
    CaseSeen,
    Mark,
    marks_of_appeal,
    marks_of_block,
    marks_of_case,
    marks_of_provider,
    marks_of_report,
)

type Key = tuple[str, int]  # portal and year
type File = dict[str, int | None]  # what a file shows; None: hidden; or `About`
type Marked = dict[tuple[str, int, int], Counter[Mark]]

_CELL = {one.name: one.of[0] for one in DEFINITIONS if one.how in ("spread", "count") and one.is_public}
ENDS = ("24", "48", "72", "168", "longer")  # hours
_SPREADS = {one.of[0] for one in DEFINITIONS if one.how == "spread"}
# What is never more than what: somebody knows it of every hotline.
ORDERS = [
    *(([f"cases_by_month:{month:02}"], [f"reports_by_month:{month:02}"]) for month in range(1, 13)),
    (["first_hours:never"], ["outcome:open"]),
    (["appeal_hours:never"], ["appeal:open", "appeal:withdrawn"]),
    (["block_hours:never"], ["block_state:approved", "block_state:suspended"]),
    *(
        ([f"host_hours:{end}" for end in ENDS[:last]], [f"police_hours:{end}" for end in ENDS[:last]])
        for last in range(1, 6)
    ),
]
_HOSTS = ("US", "US", "NL", "JM", "GY", "")


class About(int):
    """A multiple of 5 that a file shows as rounded."""


def years_of_a_country(chance: random.Random, keys: Iterable[Key], *, cases: int = 24, is_late: bool = False) -> Marked:
    """Return the marks of everything that came in, by portal, year and month. Some reports are about a case of before, here or there.
    `is_late`: what was open is decided by then.
    """
    found: Marked = {}
    opened: list[tuple[tuple[str, int, int], CaseSeen]] = []

    def add(key: tuple[str, int, int], marks: Mapping[Mark, int]) -> None:
        found.setdefault(key, Counter()).update(marks)

    for portal, year in keys:
        for _ in range(cases):
            at = datetime(year, chance.randrange(1, 13), 3, tzinfo=UTC)
            key = (portal, year, at.month)
            source = chance.choices(("form", "telephone", "sms", "provider"), (80, 15, 3, 8))[0]
            kind = chance.choices(("page", "me", "danger", "else"), (70, 18, 3, 9))[0]
            add(key, dict.fromkeys(marks_of_report(source, kind, chance.choice(("en", "en", "fr"))), 1))
            if source == "provider":
                add(key, dict.fromkeys(marks_of_provider(chance.choice(("P1", "P2", ""))), 1))
            if opened and chance.random() < 0.06:  # a case that is there already
                at_case = chance.randrange(len(opened))
                where, case = opened[at_case]
                opened[at_case] = where, replace(case, reports=case.reports + 1)
            else:
                opened.append((key, _case(chance, at)))
            if chance.random() < 0.15:
                state = chance.choice(("upheld", "rejected", "rejected", "open"))
                add(
                    key,
                    dict.fromkeys(marks_of_appeal(at, state, None if state == "open" else at + timedelta(days=3)), 1),
                )
            if chance.random() < 0.3:
                ended = at + timedelta(days=chance.choice((3, 60))) if chance.random() < 0.3 else None
                add(key, dict.fromkeys(marks_of_block(at, "removed" if ended else "approved", ended), 1))
    for key, case in opened:
        late = replace(case, outcome="not_found", first_assessed_at=case.received_at + timedelta(days=20))
        add(key, marks_of_case(late if is_late and not case.outcome else case))
    return found


def _case(chance: random.Random, at: datetime) -> CaseSeen:
    hour = timedelta(hours=1)
    outcome = chance.choices(("illegal", "not_illegal", "not_found", ""), (35, 30, 15, 20))[0]
    case = CaseSeen(at, outcome, chance.choice(_HOSTS), known=chance.random() < 0.2, reports=1, facts={})
    if not outcome:
        return case
    decided = at + chance.choice((2, 30, 90)) * hour
    case = replace(case, first_assessed_at=decided, decided_at=decided)
    if chance.random() < 0.2:
        case = replace(case, urgent_since=at, passed_at=at + chance.choice((0, 3, 20)) * hour)
    if outcome != "illegal":
        return case
    facts = {
        "age_band": chance.choice(("3-6", "7-10", "11-13", "14-15")),
        "sex": chance.choice(("female", "female", "male")),
        "medium": chance.choices(("photograph", "video", "ai_generated"), (8, 3, 1))[0],
        "site_type": chance.choice(("website", "forum", "image_host")),
        "self_generated": chance.choice(("yes", "no", "unknown")),
        "commercial": chance.choice(("no", "no", "yes")),
        "victim": chance.choice(("known", "new", "unknown", "unknown")),
    }
    told = decided + chance.choice((3, 26)) * hour if chance.random() < 0.8 else None
    gone = told + chance.choice((5, 30, 60, 100)) * hour if told and chance.random() < 0.8 else None
    return replace(
        case,
        facts=facts,
        police_told_at=decided + hour if chance.random() < 0.9 else None,
        host_told_at=told,
        removed_at=gone,
        watched_until=told + timedelta(days=9) if told else None,
        peer_told_at=decided if case.country not in ("JM", "") else None,
        peer_answered_at=decided + 30 * hour if chance.random() < 0.6 else None,
    )


def file_of(portal: str, year: int) -> File:
    """Return the cells of the newest edition as anybody reads them from the file."""
    text = Client().get(f"/{portal}/figures/{year}/data.csv").content.decode()
    kinds = {"": int, "rounded": About}
    return {
        _CELL[row["indicator"]] + (f":{row['of']}" if row["of"] else ""): kinds[row["why"]](row["number"])
        if row["number"]
        else None
        for row in csv.DictReader(io.StringIO(text))
        if row["indicator"] in _CELL and (row["number"] or row["why"] == "hidden")
    }


class Collector:
    """An integer program over every file of every portal and year, which knows that zeros are shown, what adds up to what, and which sums
    mostly hold: it is told where they do (`truth`), elsewhere they would only mislead it. It has nothing of the program but the tables.
    """

    def __init__(self) -> None:
        self.model = highspy.Highs()
        self.model.setOptionValue("output_flag", False)
        self.model.setOptionValue("threads", 1)
        self.cells: dict[tuple[Key, str], highspy.highs.highs_var] = {}
        self.hidden: list[tuple[Key, str]] = []
        self.numbers: dict[tuple[Key, str], int] = {}
        self.offsets: dict[tuple[Key, str], highspy.highs.highs_var] = {}
        self.apart: list[
            tuple[tuple[Key, str], tuple[Key, str]]
        ] = []  # the same cell in two editions, with few more in the first

    def read(self, key: Key, files: list[File], truth: list[Mapping[str, int]]) -> None:
        """Add every edition of a portal's year. A cell that is the same in two of them is one cell, and one that is rounded twice was
        rounded by the same offset."""
        for file, counted in zip(files, truth, strict=True):
            names = {name: f"{name} {counted.get(name, 0)}" for name in file}
            for name, number in file.items():
                at = (key, names[name])
                if at not in self.cells:
                    self.cells[at] = self.model.addIntegral(0, 10_000)
                    self.numbers[at] = counted.get(name, 0)
                    self.hidden.append(at)
                if number is None:
                    self._between(at, 1, None)
                elif isinstance(number, About):  # as the page says: at most 4 away
                    self._between(at, max(1, number - 4), number + 4)
                    self._rounded((key, name), at, number)
                else:
                    self._between(at, number, number)
                    self.hidden = [one for one in self.hidden if one != at]
                then = {one.get(name, 0) for one in truth}
                less = [(key, f"{name} {one}") for one in then if 0 < one < counted.get(name, 0) < one + FEWEST]
                self.apart += [(at, one) for one in less if (at, one) not in self.apart]
            of = {name: self.cells[key, named] for name, named in names.items()}
            for whole, parts in self._sums(key, file, counted):
                self.model.addConstr(sum(of[part] for part in parts) - of[whole] == 0)
            for smaller, larger in ORDERS:
                less, more = ([name for name in names_of if name in of] for names_of in (smaller, larger))
                if less and more and 0 < sum(counted[one] for one in less) <= sum(counted[one] for one in more):
                    self.model.addConstr(sum(of[one] for one in more) - sum(of[one] for one in less) >= 0)

    def _rounded(self, cell: tuple[Key, str], at: tuple[Key, str], shown: int) -> None:
        if cell not in self.offsets:
            self.offsets[cell] = self.model.addIntegral(0, 4)
        raised = self.cells[at] + self.offsets[cell]
        self.model.addConstr(raised <= shown + 4)
        if shown > 5:
            self.model.addConstr(raised >= shown)

    def _between(self, at: tuple[Key, str], low: int, high: int | None) -> None:
        index = self.cells[at].index
        _status, _cost, least, most, _nonzeros = self.model.getCol(index)
        self.model.changeColBounds(index, max(least, low), min(most, 10_000 if high is None else high))

    def _sums(self, key: Key, file: File, counted: Mapping[str, int]) -> list[tuple[str, list[str]]]:
        found = [
            (table.whole, [name for name in file if name.startswith(f"{table.name}:")])
            for table in TABLES
            if table.name in _SPREADS
        ]
        found.append(
            ("hosts_told", [one for one in file if one.startswith("host_hours:") and one != "host_hours:never"])
        )
        for end in ("24", "48", "72", "168", "longer", "never"):
            by_law = [name for name in file if name.startswith("law_hours:") and name.endswith(f":{end}")]
            found.append((f"up_hours:{end}", by_law))
        mostly = [
            ("reports", ["cases", "again"]),
            ("provider_reports", ["channel:provider"]),
            ("first_hours:never", ["outcome:open"]),
            ("appeal_hours:never", ["appeal:open", "appeal:withdrawn"]),
            ("block_hours:never", ["block_state:approved", "block_state:suspended"]),
        ]
        for whole, parts in mostly:
            there = [part for part in parts if part in file]
            if there and counted.get(whole, 0) == sum(counted.get(part, 0) for part in there):
                found.append((whole, there))
        return [(whole, parts) for whole, parts in found if parts and whole in file]

    def add_up(self, truth: Mapping[Key, Mapping[str, int]]) -> bool:
        """Every report of all years and portals is the first of its case, or a further one. Return whether that holds."""
        holds = sum(one["reports"] - one["cases"] - one["again"] for one in truth.values()) == 0
        if holds:
            terms = [
                sign * self.cells[key, f"{name} {truth[key][name]}"]
                for key in truth
                for name, sign in (("reports", 1), ("cases", -1), ("again", -1))
            ]
            self.model.addConstr(sum(terms) == 0)
        return holds

    def found(self) -> dict[tuple[Key, str], tuple[int, int]]:
        """Return the least and most that each small hidden cell can be, and every fifth of the others."""
        small = [at for at in self.hidden if self.numbers[at] < FEWEST]
        reach = {}
        for at in [*small, *[at for at in self.hidden if self.numbers[at] >= FEWEST][::5]]:
            reach[at] = self._reach(at)
        return reach

    def grown(self) -> dict[tuple[Key, str], tuple[int, int]]:
        """Return by how many each hidden or rounded cell can have grown or shrunk between two editions, where it was by few."""
        return {more: self._reach(more, less) for more, less in self.apart}

    def _reach(self, at: tuple[Key, str], less: tuple[Key, str] | None = None) -> tuple[int, int]:
        ends = []
        signs = {at: 1.0} if less is None else {at: 1.0, less: -1.0}
        for one, sign in signs.items():
            self.model.changeColCost(self.cells[one].index, sign)
        for sense in (highspy.ObjSense.kMinimize, highspy.ObjSense.kMaximize):
            self.model.changeObjectiveSense(sense)
            self.model.run()
            assert self.model.getModelStatus() == highspy.HighsModelStatus.kOptimal
            ends.append(round(sum(sign * self.model.val(self.cells[one]) for one, sign in signs.items())))
        for one in signs:
            self.model.changeColCost(self.cells[one].index, 0.0)
        return ends[0], ends[1]
