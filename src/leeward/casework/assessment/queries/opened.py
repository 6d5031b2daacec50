"""A case as its pages read it: the row, and in the same query what a page would otherwise query one by one."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from leeward.casework.acting.services.case_briefs import seen_by_somebody
from leeward.casework.models import Case, PendingAction, SampledAssessment, View
from leeward.foundation.errors import NotFound
from leeward.hosting import queries as hosting_queries
from leeward.intake.queries import own_questions
from leeward.people.queries import home_zone


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with its holder, portal and hotline, and in the same query: who has it for a blind assessment
    (`sampler_id`); a sample waiting for one whose findings the viewer has not read yet (`drawn_id`); who can still undo
    the last act (`undoer_id`); the newest fetch and the hotline's own questions as packed rows; the time zone of the
    hotline's first portal; of how many files something was shown to the viewer (`services/seeing.py`); and whether
    anybody here has looked at it.
    """

    case: Case
    sampler_id: int | None
    drawn_id: int | None
    undoer_id: int | None
    newest_fetch: str | None
    own_questions: str | None
    home_zone: str
    files_shown: int
    was_seen: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A case with its holder, portal and hotline, and whether it may be read: `sampler_id` and `drawn_id` as in
    `Opened`.
    """

    case: Case
    sampler_id: int | None
    drawn_id: int | None


def found(reference: str, *, person_id: int) -> Found:
    """Return the case of this reference for a page that shows a part of it, in one query; raises NotFound. On the case stands whether it
    `took_in` others."""
    merged = Case.objects.filter(merged_into=OuterRef("pk"))
    case = _case(_readable(person_id).annotate(took_in=Exists(merged)), reference)
    return Found(case, case.sampler_id, case.drawn_id)


def opened(reference: str, *, person_id: int) -> Opened:
    """Return the case of this reference as this person opens it, in one query; raises NotFound."""
    shown = View.objects.filter(case_id=OuterRef("pk"), by_id=person_id, cycle=OuterRef("cycle"), was_shown=True)
    undoer = PendingAction.objects.filter(case_id=OuterRef("pk")).values("by_id")[:1]
    cases = _readable(person_id).annotate(
        undoer_id=Subquery(undoer),
        newest_fetch=hosting_queries.newest_fetch(),
        own_questions=own_questions(),
        home_zone=home_zone(),
        files_shown=Coalesce(Subquery(_files(shown)), 0),
        was_seen=seen_by_somebody(),
    )
    case = _case(cases, reference)
    return Opened(
        case,
        case.sampler_id,
        case.drawn_id,
        case.undoer_id,
        case.newest_fetch,
        case.own_questions,
        case.home_zone,
        case.files_shown,
        case.was_seen,
    )


def _readable(person_id: int) -> QuerySet[Any]:
    """Return the cases, each with what says whether this person may read it."""
    drawn = SampledAssessment.objects.filter(case_id=OuterRef("pk"), state="taken").values("taken_by")[:1]
    unread = SampledAssessment.objects.filter(
        case_id=OuterRef("pk"), state__in=("waiting", "taken"), first__cycle=OuterRef("cycle")
    )
    unread = unread.exclude(readers=person_id).exclude(first__by=person_id)
    return Case.objects.select_related("claimed_by", "portal__hotline").annotate(
        sampler_id=Subquery(drawn), drawn_id=Subquery(unread.values("pk")[:1])
    )


def _case(cases: QuerySet[Any], reference: str) -> Any:
    case = cases.filter(reference=reference).first()
    if case is None:
        raise NotFound(what=_("case"))
    return case


def _files(rows: QuerySet[View]) -> QuerySet[View, int]:
    return (
        rows.order_by()
        .values("case_id")
        .annotate(files=Count("file_id", distinct=True))
        .values_list("files", flat=True)
    )
