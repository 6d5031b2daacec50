"""Whether the decision stands on which what still waits to leave is based: a report to a receiver or to another hotline."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F

from leeward.casework.acting.rules.undoing import ASSESSING_ACTS
from leeward.casework.assessment.rules.second_assessment import ILLEGAL
from leeward.casework.models import Assessment, Case, Part, PendingAction
from leeward.casework.rules.reasons import denies_decision
from leeward.casework.rules.states import LAST_STATES
from leeward.laws.rules.facts import parse_facts

_READ = ("outcome", "state", "cycle", "merged_into", "close_reason")
REVOKES = "overturn_urgent"  # the one step that leaves a case undecided because its decision was wrong


def decisions_stand(case_ids: Collection[int]) -> dict[int, bool | None]:
    """Return for each of these cases that is here whether it, or the one into which it was merged, is decided as illegal; None while it is
    looked at anew, until that can't be undone any more. Where a review revoked the decision, or the case ended without another one or since
    it isn't illegal, it doesn't stand. A query for each layer of merges, and two if any was begun anew or closed."""
    into, rows, layer = dict[int, int](), dict[int, Case](), set(case_ids)
    while layer:
        found = Case.objects.only(*_READ).in_bulk(layer)
        rows |= found
        into |= {pk: case.merged_into_id for pk, case in found.items() if case.merged_into_id is not None}
        layer = set(into.values()) - rows.keys()
    last = {case_id: rows[_last(case_id, into)] for case_id in case_ids if case_id in rows}
    anew = {case.pk: case.cycle for case in last.values() if case.cycle > 1 or denies_decision(case.close_reason)}
    open_, revoked = _open_and_revoked(anew) if anew else (frozenset(), frozenset())
    return {case_id: _stands(case, open_, revoked) for case_id, case in last.items()}


def what_is_reported_stands(reported: Mapping[int, Mapping[str, Any] | None]) -> dict[int, bool | None]:
    """Return the same of cases of which these facts are to be reported; where a case is decided by others now, they don't stand. One query
    more."""
    stands = decisions_stand(reported)
    decided = {case_id: facts for case_id, does in stands.items() if does and (facts := reported[case_id]) is not None}
    rows = Assessment.objects.filter(case_id__in=decided, cycle=F("case__cycle")).exclude(round="sample").order_by("pk")
    facts_now = dict(rows.values_list("case_id", "facts"))
    others = {case_id for case_id, now in facts_now.items() if parse_facts(now) != parse_facts(decided[case_id])}
    return {case_id: does and case_id not in others for case_id, does in stands.items()}


def _stands(case: Case, open_: Collection[int], revoked: Collection[int]) -> bool | None:
    if case.pk in open_:
        return None
    if case.outcome:
        return case.outcome == ILLEGAL and not (case.state in LAST_STATES and denies_decision(case.close_reason))
    return False if case.pk in revoked or case.state in LAST_STATES else None


def _open_and_revoked(cycles: Mapping[int, int]) -> tuple[Collection[int], Collection[int]]:
    """Return of these cases those whose newest assessment or end can still be undone, and those whose cycle began since a review revoked the one
    before."""
    open_ = PendingAction.objects.filter(case_id__in=cycles, act__in=ASSESSING_ACTS | {"close"}).values_list(
        "case_id", flat=True
    )
    ended = Part.objects.filter(case_id__in=cycles, act=REVOKES).values_list("case_id", "cycle")
    return set(open_), {case_id for case_id, cycle in ended if cycle + 1 == cycles[case_id]}


def _last(case_id: int, into: Mapping[int, int]) -> int:
    seen = {case_id}
    while (case_id := into.get(case_id, case_id)) not in seen:
        seen.add(case_id)
    return case_id
