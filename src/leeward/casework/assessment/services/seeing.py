"""How somebody who states facts has seen the content: from the previews really shown to them, never from what a form
claims. Also who has read the findings, and so can't assess blind.
"""

from django.db.models import Exists, OuterRef

from leeward.audit.services import hotline_transaction
from leeward.casework.assessment.rules import seen
from leeward.casework.assessment.services import known_images
from leeward.casework.errors import CaseIsBlind
from leeward.casework.models import Case, SampledAssessment, View
from leeward.foundation.actor import Actor
from leeward.laws.rules.facts import Facts
from leeward.people.services import staff_id


def files_shown(case: Case, actor: Actor) -> int:
    """Return how many files of the case were shown to this person in this cycle of the work."""
    rows = View.objects.filter(case_id=case.pk, by_id=staff_id(actor), cycle=case.cycle, was_shown=True)
    return int(rows.values("file_id").distinct().count())


def how_seen(case: Case, actor: Actor, facts: Facts, *, elsewhere: str) -> str:
    """Return how the content was seen, as stored with a statement of facts (`rules/seen.py`)."""
    shown = files_shown(case, actor)
    is_record = not shown and known_images.facts_from_record(case) == facts.to_dict()
    return seen.how_seen(files_shown=shown, elsewhere=elsewhere, is_record=is_record)


def note_reader(sample_id: int, person_id: int) -> None:
    """Record that somebody reads a case drawn for a blind assessment: they can't assess it any more. Idempotent."""
    with hotline_transaction():
        readers = SampledAssessment.readers.through
        readers.objects.bulk_create([readers(sampledassessment_id=sample_id, user_id=person_id)], ignore_conflicts=True)


def read_openly(case: Case, actor: Actor) -> None:
    """Record that somebody reads the findings of a case: if it is drawn, they can't assess it blind any more. Raises
    CaseIsBlind if they have it for a blind assessment.
    """
    reader = staff_id(actor)
    drawn = SampledAssessment.objects.filter(case_id=case.pk, state__in=("waiting", "taken"))
    known = Exists(
        SampledAssessment.readers.through.objects.filter(sampledassessment_id=OuterRef("pk"), user_id=reader)
    )
    for sample_id, state, holder, is_known in list(drawn.values_list("pk", "state", "taken_by_id", known)):
        if state == "taken" and holder == reader:
            raise CaseIsBlind
        if not is_known:
            note_reader(sample_id, reader)
