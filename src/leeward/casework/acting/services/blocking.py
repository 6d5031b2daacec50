"""Blocking the content of a case until it is removed: what the lists are told about the case."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

from leeward.audit.services import hotline_transaction
from leeward.blocklist.rules.brief import BlockBrief
from leeward.blocklist.services import propose_entry
from leeward.casework.acting.services.case_briefs import deciding_assessment
from leeward.casework.models import Assessment, Case
from leeward.casework.rules.states import STATES
from leeward.casework.steps import locked_case, note_act
from leeward.foundation.actor import Actor
from leeward.hosting import queries as hosting_queries
from leeward.notices import queries as notices_queries

Tried = tuple[Literal["", "notice", "exchange"], datetime | None]


def block_brief(case: Case) -> BlockBrief:
    """Return what a list must know about a case."""
    place = hosting_queries.locations_by_id([case.location_id])[case.location_id]
    is_decided = case.outcome == "illegal" and STATES[case.state].is_up
    tried_by, tried_at = removal_tried(case)
    people = set(Assessment.objects.filter(case_id=case.pk).values_list("by_id", flat=True)) | {case.acted_by_id}
    return BlockBrief(
        case_id=case.pk,
        reference=case.reference,
        hotline_id=case.hotline_id,
        location_id=case.location_id,
        kind=place.kind,
        address=place.display,
        is_decided=is_decided,
        facts=deciding_assessment(case).facts if is_decided else {},
        tried_by=tried_by,
        tried_at=tried_at,
        people=tuple(sorted(person for person in people if person is not None)),
    )


def removal_tried(case: Case) -> Tried:
    """Return how and when removal at the source was tried: a notice to the host, or a message to the authorities where
    it is hosted.
    """
    if case.host_told_at is not None:
        return "notice", case.host_told_at
    informed_at = notices_queries.abroad_informed_at(case.pk) if case.place == "abroad" else None
    return ("exchange", informed_at) if informed_at is not None else ("", None)


def propose_block(
    case_id: int,
    *,
    list_id: int,
    scope: str,
    target: str,
    reason: str,
    confirmed_by: Sequence[str],
    review_on: date | None,
    actor: Actor,
) -> int:
    """Propose to block the content of the case; return the entry's number. A second person approves it."""
    with hotline_transaction():
        case = locked_case(case_id)
        entry_id = propose_entry(
            block_brief(case),
            list_id=list_id,
            scope=scope,
            target=target,
            reason=reason,
            confirmed_by=confirmed_by,
            review_on=review_on,
            actor=actor,
        )
        note_act("case.block_proposed", case, actor=actor, facts={"entry": entry_id})
    return entry_id
