"""How somebody who states facts has seen the content: from the previews that were really shown to them, never from what a form
says by itself. And who has read what was found, and so can't look at it blind."""

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
        SampledAssessment.objects.get(pk=sample_id).readers.add(person_id)


def read_openly(case: Case, actor: Actor) -> None:
    """Somebody reads what was found of a case: one that is drawn is not for them any more. Raises CaseIsBlind where they have it for
    a blind look."""
    drawn = SampledAssessment.objects.filter(case_id=case.pk, state__in=("waiting", "taken"))
    for sample_id, state, holder in list(drawn.values_list("pk", "state", "taken_by_id")):
        if state == "taken" and holder == actor.id:
            raise CaseIsBlind
        note_reader(sample_id, staff_id(actor))
