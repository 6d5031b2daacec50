"""A draft law tried on what was decided before it: how many opinions would change, and by which clause. Facts only, in constant memory."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from leeward.casework.assessment.queries.rerun import first_assessments, judged_chunks
from leeward.casework.assessment.rules.rerun import has_decided
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.laws.queries import register, verdicts_for
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_trial import trial_law
from leeward.laws.rules.facts import parse_facts

FEWEST = 10  # smaller counts are shown to nobody outside of the desk's own lists


@dataclass(frozen=True, slots=True)
class TrialRow:
    """How many opinions go from one verdict to another by one clause; no clause where the draft reaches none of them."""

    clause: str
    heading: str
    before: str
    after: str
    count: int

    @property
    def is_small(self) -> bool:
        """Whether these are too few to show."""
        return self.count < FEWEST


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of it: how many decisions were asked, and each change; `is_cut` where more were there than were asked."""

    asked: int
    rows: tuple[TrialRow, ...]
    is_cut: bool

    @property
    def changed(self) -> int:
        """How many opinions would change."""
        return sum(row.count for row in self.rows)


def trial_of(
    bill: Bill,
    since: datetime,
    on: date,
    *,
    most: int | None = None,
    progress: Callable[[float, float], None] | None = None,
) -> Trial:
    """Hold a draft's definition against the facts of the decisions made since a moment, beside the country's law of the day `on`.

    Each decision is asked once of each; no case is read but for its facts, and none is changed. At most `most` are asked, oldest first.
    """
    law, laws = trial_law(bill), register()
    found: Counter[tuple[str, str, str]] = Counter()
    asked = 0
    for rows in judged_chunks(since, progress):
        firsts = first_assessments(rows)
        for row in rows:
            result = AssessmentResult(row.outcome, parse_facts(row.facts))
            first = firsts.get((row.case_id, row.cycle)) if row.round == "second" else None
            if not has_decided(row.round, result, first):
                continue
            if most is not None and asked == most:
                return Trial(asked, _rows(found, bill), is_cut=True)
            asked += 1
            before = verdicts_for(result.facts, [bill.country], on, laws)[bill.country]
            if law is not None:
                tried = law.try_on(result.facts, on)
                if tried.verdict != before:
                    found[tried.clause, before, tried.verdict] += 1
    return Trial(asked, _rows(found, bill), is_cut=False)


def _rows(found: Counter[tuple[str, str, str]], bill: Bill) -> tuple[TrialRow, ...]:
    heading = bill.clause("material").heading if bill.has("material") else ""
    return tuple(
        TrialRow(clause, heading if clause else "", before, after, count)
        for (clause, before, after), count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    )
