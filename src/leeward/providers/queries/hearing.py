"""What providers hear of their lines, found anew each time: from what the desk told of their reports, and from its open questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from leeward.casework.queries import came_before
from leeward.intake.queries import open_questions, shown_of_reports, wording
from leeward.providers.models import ProviderLine
from leeward.providers.rules.hearing import feedback_of
from leeward.providers.rules.words import FOLDED, Feedback


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a line, and what the hotline asks its provider about it."""

    feedback: Feedback = "received"
    questions: tuple[str, ...] = ()


def replies_to(rows: Sequence[ProviderLine]) -> dict[int, Reply]:
    """Return what providers hear of some lines, by their numbers, in a bounded number of queries. A question is answered by a later
    report about the same first one."""
    reports = _reports_of(rows)
    numbers = set(reports.values())
    shown, before = (shown_of_reports(numbers), came_before(numbers)) if numbers else ({}, set())
    questions = open_questions(numbers) if numbers else []
    newest = _newest_later(rows) if questions else {}
    found = {}
    for row in rows:
        number = reports.get(row.pk, 0)
        at = max((newest[one] for one in _about(row) if one in newest), default=None)
        open_ones = [one for one in questions if one.report_id == number and (at is None or at < one.at)]
        is_known = row.state == FOLDED or number in before
        feedback = feedback_of(shown.get(number, ()), is_known=is_known, has_question=bool(open_ones))
        found[row.pk] = Reply(feedback, tuple(wording(one)[0] for one in open_ones))
    return found


def _reports_of(rows: Sequence[ProviderLine]) -> dict[int, int]:
    """Return the report of each line that has one: of a folded line, that of the line into which it was folded."""
    others = {row.folded_into_id for row in rows if row.report_id is None and row.folded_into_id}
    elsewhere = dict(ProviderLine.objects.filter(pk__in=others).values_list("pk", "report_id")) if others else {}
    found = {row.pk: row.report_id or elsewhere.get(row.folded_into_id or 0) for row in rows}
    return {number: report for number, report in found.items() if report}


def _about(row: ProviderLine) -> set[int]:
    return {number for number in (row.pk, row.first_id, row.folded_into_id) if number}


def _newest_later(rows: Sequence[ProviderLine]) -> dict[int, datetime]:
    """Return when the newest later report about each first line came."""
    firsts = {number for row in rows for number in _about(row)}
    later = ProviderLine.objects.filter(first__in=firsts).order_by("id").values_list("first_id", "received_at")
    return dict(later)
