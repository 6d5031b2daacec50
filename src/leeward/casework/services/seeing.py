"""How somebody who states facts has seen the content: from the previews that were really shown to them, never from what a form
says by itself."""

from leeward.casework.models import Case, View
from leeward.casework.rules import seen
from leeward.casework.services import known_images
from leeward.casework.services.steps import person
from leeward.ground.actor import Actor
from leeward.laws.rules.facts import Facts


def files_shown(case: Case, actor: Actor) -> int:
    """How many files of the case were shown to this person in this turn of the work."""
    rows = View.objects.filter(case_id=case.pk, by_id=person(actor), turn=case.turn, was_shown=True)
    return int(rows.values("file_id").distinct().count())


def how_seen(case: Case, actor: Actor, facts: Facts, *, elsewhere: str) -> str:
    """What is kept with a statement of facts (`rules/seen.py`)."""
    shown = files_shown(case, actor)
    is_record = not shown and known_images.facts_from_record(case) == facts.to_dict()
    return seen.how_seen(files_shown=shown, elsewhere=elsewhere, is_record=is_record)
