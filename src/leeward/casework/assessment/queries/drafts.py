"""Reading unsent drafts of a case: marked facts and written text."""

from typing import Any

from leeward.casework.models import Case, Draft
from leeward.foundation.actor import Actor

FACTS = "facts"
# Drafts besides the case's own assessment: a blind assessment of a drawn case, and a proposal in an adjudication. Facts
# and text in one row.
SAMPLE, PROPOSAL = "sample", "proposal"


def drafts_of(case: Case, actor: Actor) -> dict[str, Draft]:
    """Return this person's drafts on the case by kind; queried once per page."""
    kept: dict[int | None, dict[str, Draft]] = case.__dict__.setdefault("_drafts", {})
    if actor.id not in kept:
        kept[actor.id] = {row.kind: row for row in Draft.objects.filter(case_id=case.pk, by_id=actor.id)}
    return kept[actor.id]


def my_draft(case: Case, actor: Actor) -> dict[str, Any]:
    """Return the facts that this person has marked so far; empty if none."""
    draft = drafts_of(case, actor).get(FACTS)
    return dict(draft.facts) if draft else {}
