"""Marks of what the page of a case shows beside its state: where it is, to whom something goes, and what is new."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from leeward.audit.queries import log_of_each
from leeward.casework.acting.rules.plan import Follows
from leeward.casework.acting.services.case_briefs import follows_for
from leeward.casework.models import Case
from leeward.casework.queries import reports_of
from leeward.hosting import queries as hosting_queries
from leeward.hosting.queries import Whereabouts
from leeward.intake import queries as intake_queries
from leeward.intake.queries import MessageRow
from leeward.people.queries import hotline
from leeward.people.rules.reading import mark_of


@dataclass(frozen=True, slots=True)
class Marks:
    """What a case’s page has read, for the marks of its forms."""

    case: Case
    where: Whereabouts | None
    follows: Follows | None
    reports: Sequence[Any]  # as the page has them, each with its `messages`

    @property
    def to_send(self) -> str:
        """Return a mark of what sending would do."""
        return mark_to_send(self.case, self.where, self.follows) if self.where and self.follows else ""

    @property
    def of_place(self) -> str:
        """Return a mark of where the content is."""
        return mark_of_place(self.where) if self.where else ""

    @property
    def of_news(self) -> str:
        """Return a mark of what is new; one query."""
        return mark_of_news(self.case, [one for entry in self.reports for one in entry.messages])


def mark_to_send(case: Case, where: Whereabouts, follows: Follows) -> str:
    """Return a mark of what sending would do by what the page shows: whom it tells, and where the content is."""
    return mark_of(case.holder_mark, case.outcome, case.returned, follows.steps, mark_of_place(where))


def mark_to_send_now(case: Case) -> str:
    """Return the mark of what sending would do now."""
    where = hosting_queries.whereabouts(case.location_id)
    return mark_to_send(case, where, follows_for(case, where, hotline(case.hotline_id)))


def mark_of_place(where: Whereabouts) -> str:
    """Return a mark of where the content is, as far as somebody can correct it."""
    found = [(one.kind, one.value, one.reason) for one in where.findings if one.reason]
    return mark_of(where.location_id, where.country, where.behind, tuple(where.abuse_emails), found)


def mark_of_news(case: Case, messages: Iterable[MessageRow]) -> str:
    """Return a mark of what is new about a case, so that only what was there to be read is marked as read; one query."""
    lines = log_of_each(case.hotline_id, [f"case:{case.pk}"], events=["case.news_came"])
    newest = max((one.id for one in messages), default=0)
    return mark_of(case.pk, case.news_at, case.report_count, sum(1 for _line in lines), newest)


def mark_of_news_now(case: Case) -> str:
    """Return the mark of what is new about a case now."""
    return mark_of_news(case, intake_queries.messages_of_reports([row.id for row in reports_of(case.pk)]))
