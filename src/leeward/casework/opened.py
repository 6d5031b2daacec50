"""A case as its page reads it: the row, and in the same query what the page would ask for one by one."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from leeward.casework.models import Case, Grace, SampledLook
from leeward.ground.errors import NotFound
from leeward.hosting import queries as places
from leeward.intake.queries import own_questions
from leeward.people.queries import home_zone


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with its holder, portal and hotline; who has it for a blind look (`sampler_id`), who can still undo the last act on it
    (`undoer_id`), the newest fetch and the hotline's own questions as packed rows, the time zone of the hotline's first portal."""

    case: Case
    sampler_id: int | None
    undoer_id: int | None
    newest_fetch: str | None
    own_questions: str | None
    home_zone: str


def opened(reference: str) -> Opened:
    """The case of this reference in one query; raises NotFound."""
    drawn = SampledLook.objects.filter(case_id=OuterRef("pk"), state="taken").values("taken_by")[:1]
    undoer = Grace.objects.filter(case_id=OuterRef("pk")).values("by_id")[:1]
    cases = Case.objects.select_related("claimed_by", "portal__hotline").annotate(
        sampler_id=Subquery(drawn),
        undoer_id=Subquery(undoer),
        newest_fetch=places.newest_look(),
        own_questions=own_questions(),
        home_zone=home_zone(),
    )
    case = cases.filter(reference=reference).first()
    if case is None:
        raise NotFound(what=_("case"))
    return Opened(case, case.sampler_id, case.undoer_id, case.newest_fetch, case.own_questions, case.home_zone)
