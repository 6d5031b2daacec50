"""The questions that can be asked of a case's reporters, as the analyst and the reporters read them."""

from dataclasses import dataclass

from leeward.casework.assessment.queries.case_page import CasePage
from leeward.foundation.actor import Actor
from leeward.intake import queries as intake_queries
from leeward.people.rules.permissions import may

MOST_LANGUAGES = 3


@dataclass(frozen=True, slots=True)
class Askable:
    """One canned question: its wording on this page, and the reporters' wording where that differs."""

    code: str
    text: str
    language: str
    previews: tuple[tuple[str, str], ...]


def askable(case_page: CasePage, actor: Actor) -> list[Askable]:
    """Return the canned questions for an actor who may ask; empty where no report is open."""
    reports = [entry.report for entry in case_page.reports if entry.takes_questions]
    if not reports or not may(actor, "report.ask", case_page.case.hotline_id):
        return []
    languages = list(dict.fromkeys(report.language for report in reports))[:MOST_LANGUAGES]
    first, rows = case_page.portal.languages[0], []
    for row in intake_queries.questions_of(case_page.own_questions):
        if row.is_off:
            continue
        text, language = row.text_in(otherwise=first)
        read = dict.fromkeys(row.text_in(tag, otherwise=first) for tag in languages)
        previews = tuple(one for one in read if one[0] and one[0] != text)
        rows.append(Askable(row.code, text, language, previews))
    return rows
