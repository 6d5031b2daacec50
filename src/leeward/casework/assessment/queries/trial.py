"""Testing a draft law on past decisions: how many opinions would change, and by which clause. Reads facts only, in
constant memory.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from leeward.casework.assessment.queries.rerun import first_assessments, judged_chunks
from leeward.casework.assessment.rules.rerun import has_decided
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.laws.queries import register, verdicts_for
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_offences import Material, OffenceLaw, conduct_today, offence_law
from leeward.laws.rules.bill_trial import TrialLaw, trial_law
from leeward.laws.rules.facts import Facts, parse_facts

FEWEST = 10  # smaller counts are not shown, and larger ones only in tens, so that none can be derived by subtraction
About = Literal["content", "deed"]
type _Change = tuple[About, str, str, str, str]


@dataclass(frozen=True, slots=True)
class TrialRow:
    """How many opinions change from one verdict to another because of one clause; no clause if the draft covers none of
    them.

    `about` says whether the opinions are on content, by the definition, or on what was done with it, by an offence.
    """

    about: About
    clause: str
    heading: str
    before: str
    after: str
    count: int

    @property
    def is_small(self) -> bool:
        """Return whether there are too few to show."""
        return self.count < FEWEST

    @property
    def tens(self) -> tuple[int, int]:
        """Return the range of ten in which the count lies, as a page shows it."""
        return _tens(self.count)


@dataclass(frozen=True, slots=True)
class Trial:
    """The result of a test: how many decisions were tested, for how many an opinion would change, and each change by
    its clause.

    `is_cut`: there were more decisions than were tested.
    """

    decisions: int
    changed: int
    rows: tuple[TrialRow, ...]
    is_cut: bool

    @property
    def tens(self) -> tuple[int, int]:
        """The ten that the number asked lies in, as a page shows it."""
        return _tens(self.decisions)


def _tens(count: int) -> tuple[int, int]:
    low = count // FEWEST * FEWEST
    return low, low + FEWEST - 1


def trial_of(
    bill: Bill,
    since: datetime,
    on: date,
    *,
    most: int | None = None,
    progress: Callable[[float, float], None] | None = None,
) -> Trial:
    """Test a draft's definition and offences on the facts of decisions made since a moment, compared with the law of
    the day `on`.

    Each decision is evaluated once for the definition and once for each offence; nothing but its facts is read, and
    nothing is changed. At most `most` decisions are tested, oldest first.
    """
    laws = register()
    draft = _Draft(bill, trial_law(bill), offence_law(bill, conduct_today(laws.file(bill.country), on)), on)
    found: Counter[_Change] = Counter()
    decisions = changed = 0
    for rows in judged_chunks(since, progress):
        firsts = first_assessments(rows)
        for row in rows:
            result = AssessmentResult(row.outcome, parse_facts(row.facts))
            first = firsts.get((row.case_id, row.cycle)) if row.round == "second" else None
            if not has_decided(row.round, result, first):
                continue
            if most is not None and decisions == most:
                return Trial(decisions, changed, _rows(found), is_cut=True)
            decisions += 1
            before = verdicts_for(result.facts, [bill.country], on, laws)[bill.country]
            changes = list(draft.changes(result.facts, before))
            changed += bool(changes)
            found.update(changes)
    return Trial(decisions, changed, _rows(found), is_cut=False)


@dataclass(frozen=True, slots=True)
class _Draft:
    """A draft prepared for evaluating many sets of facts, with what today's law says of each deed."""

    bill: Bill
    law: TrialLaw | None
    offences: OffenceLaw
    on: date

    def changes(self, facts: Facts, before: str) -> Iterator[_Change]:
        """Yield what the draft would judge differently: first the content, then what was done with it."""
        after = before
        if self.law is not None:
            tried = self.law.try_on(facts, self.on)
            after = tried.verdict
            if after != before:
                yield (
                    "content",
                    tried.clause,
                    self.bill.clause("material").heading if tried.clause else "",
                    before,
                    after,
                )
        for row in self.offences.try_on(facts, Material(before, after)):
            yield "deed", row.clause, row.heading, row.before, row.after


def _rows(found: Counter[_Change]) -> tuple[TrialRow, ...]:
    """Return the rows with the definition first, then by count."""
    return tuple(
        TrialRow(*change, count)
        for change, count in sorted(found.items(), key=lambda item: (item[0][0], -item[1], item[0]))
    )
