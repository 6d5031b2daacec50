"""Reading what somebody has begun on a case and not yet sent: facts that are marked, words that are written."""

from typing import Any

from leeward.casework.models import Case, Draft
from leeward.foundation.actor import Actor

FACTS = "facts"
# Begun beside the case's own assessment: a blind assessment of a drawn case, a proposal in an adjudication. Facts and words in one row.
SAMPLE, PROPOSAL = "sample", "proposal"


def drafts_of(case: Case, actor: Actor) -> dict[str, Draft]:
    """Kind -> what this person has begun on the case; asked for once a page."""
    kept: dict[int | None, dict[str, Draft]] = case.__dict__.setdefault("_drafts", {})
    if actor.id not in kept:
        kept[actor.id] = {row.kind: row for row in Draft.objects.filter(case_id=case.pk, by_id=actor.id)}
    return kept[actor.id]


def my_draft(case: Case, actor: Actor) -> dict[str, Any]:
    """The facts that this person has marked so far; empty where nothing is marked."""
    draft = drafts_of(case, actor).get(FACTS)
    return dict(draft.facts) if draft else {}
