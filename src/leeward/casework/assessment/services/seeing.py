"""How somebody who states facts has seen the content: from the previews that were really shown to them, never from what a form
says by itself. And who has read what was found, and so can't look at it blind."""

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
    """How many files of the case were shown to this person in this cycle of the work."""
    rows = View.objects.filter(case_id=case.pk, by_id=staff_id(actor), cycle=case.cycle, was_shown=True)
    return int(rows.values("file_id").distinct().count())


def how_seen(case: Case, actor: Actor, facts: Facts, *, elsewhere: str) -> str:
    """What is kept with a statement of facts (`rules/seen.py`)."""
    shown = files_shown(case, actor)
    is_record = not shown and known_images.facts_from_record(case) == facts.to_dict()
    return seen.how_seen(files_shown=shown, elsewhere=elsewhere, is_record=is_record)


def note_reader(sample_id: int, person_id: int) -> None:
    """Somebody reads a case that is drawn for a blind look: it is not for them any more. Doing it twice changes nothing."""
    with hotline_transaction():
        readers = SampledAssessment.readers.through
        readers.objects.bulk_create([readers(sampledassessment_id=sample_id, user_id=person_id)], ignore_conflicts=True)


def read_openly(case: Case, actor: Actor) -> None:
    """Somebody reads what was found of a case: one that is drawn is not for them any more. Raises CaseIsBlind where they have it for
    a blind look."""
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
