"""Autosaving a blind assessment or a proposal for its author while it is written: marked facts, and text.

This is not an act: nothing follows from it, and it isn't logged. The draft is deleted when it is sent, or after a
month.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leeward.audit.services import hotline_transaction
from leeward.casework.assessment.queries.drafts import PROPOSAL, SAMPLE
from leeward.casework.assessment.rules.seen import answered_elsewhere
from leeward.casework.assessment.services.drafts import MOST_WORDS
from leeward.casework.models import Case, Draft
from leeward.casework.quality.errors import NotInAdjudication
from leeward.casework.quality.services.adjudicating import is_one_of_two, is_third, open_one
from leeward.casework.quality.services.sampling import held, until
from leeward.casework.steps import now_utc
from leeward.foundation.actor import Actor
from leeward.foundation.whole_text import whole
from leeward.laws.rules.facts import parse_facts
from leeward.people.services import authorize, staff_id


def keep_sample_draft(
    sample_id: int, given: Mapping[str, Any], *, comment: str, elsewhere: str = "", actor: Actor
) -> datetime:
    """Keep what is marked and written so far of a blind assessment by the holder of the drawn case; also renews the
    hold.

    Raises SampleNotHeld, BadFacts.
    """
    facts = parse_facts(given)
    with hotline_transaction():
        sample, case = held(sample_id, actor)
        sample.taken_until = until()
        sample.save(update_fields=["taken_until"])
        begun = {"facts": facts.to_dict(), "seen": answered_elsewhere(elsewhere), "text": whole(comment, MOST_WORDS)}
        return _keep(case, SAMPLE, begun, actor)


def keep_proposal_draft(adjudication_id: int, given: Mapping[str, Any], *, comment: str, actor: Actor) -> datetime:
    """Keep what is marked and written so far of a proposal, or of a third person's decision.

    Raises AdjudicationIsOver, NotInAdjudication, BadFacts.
    """
    facts = parse_facts(given)
    with hotline_transaction():
        adjudication, case = open_one(adjudication_id)
        authorize(actor, "case.assess", case.hotline_id)
        if not is_one_of_two(adjudication, actor) and not is_third(adjudication, actor):
            raise NotInAdjudication
        return _keep(case, PROPOSAL, {"facts": facts.to_dict(), "text": whole(comment, MOST_WORDS)}, actor)


def draft_of(case_id: int, kind: str, actor: Actor) -> Draft | None:
    """Return this person's draft of this kind, or None."""
    return Draft.objects.filter(case_id=case_id, by_id=actor.id, kind=kind).first()


def _keep(case: Case, kind: str, begun: Mapping[str, object], actor: Actor) -> datetime:
    values = {"hotline_id": case.hotline_id, "at": now_utc(), **begun}
    row, _made = Draft.objects.update_or_create(case_id=case.pk, by_id=staff_id(actor), kind=kind, defaults=values)
    return row.at
