"""Shared by merging and splitting: whether the police come first, moving reports to another case, and the row that records it."""

from collections.abc import Iterable, Mapping
from typing import Any

from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.errors import CannotMerge, ReasonMissing
from leeward.casework.merging.models import Merging
from leeward.casework.merging.services.merged import numbers_merged_into
from leeward.casework.models import Case, CaseItem
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.situations import count_reports
from leeward.casework.steps import locked_case, now_utc, reprioritise
from leeward.foundation.actor import Actor
from leeward.foundation.whole_text import whole
from leeward.notices import queries as notices_queries
from leeward.notices.queries.labels import HINDRANCES
from leeward.people.services import staff_id

MOST_REASON = 500


def both(first: int, second: int) -> tuple[Case, Case]:
    """Return two cases, locked in the order of their numbers."""
    found = {case_id: locked_case(case_id) for case_id in sorted({first, second})}
    return found[first], found[second]


def police_come_first(source: Case, *, urgent: bool) -> bool:
    """Return whether what leaves a case would get round the police, since it has letters and a host of its own: they hold the case, or
    its host waits for them or for two people here, and what leaves is not `urgent` itself."""
    numbers = [source.pk, *numbers_merged_into(source.pk)]
    return notices_queries.is_held_by_police(numbers) or (not urgent and notices_queries.do_hosts_wait_for_two(numbers))


def demand_police_first(source: Case, *, urgent: bool) -> None:
    """Raise CannotMerge where the police come first."""
    if police_come_first(source, urgent=urgent):
        raise CannotMerge(why=HINDRANCES["police_first"])


def demand_reason(reason: str) -> None:
    """Raise ReasonMissing if no reason was given."""
    if not reason.strip():
        raise ReasonMissing


def move_items(item_ids: Iterable[int], source: Case, target: Case) -> None:
    """Move items to another case, recount the reports of both, and update the receipts; saves both cases."""
    CaseItem.objects.filter(case_id=source.pk, item_id__in=list(item_ids)).update(case_id=target.pk)
    for case in (source, target):
        case.report_count = count_reports(case.pk)
    if STATES[target.state].stage is not Stage.NEW:
        target.news_at = now_utc()
    if source.urgent and source.state == "closed":
        _carry_urgency(source, target)
    source.save()
    target.save()
    tell_reporters(source)
    tell_reporters(target)


def _carry_urgency(source: Case, target: Case) -> None:
    """Copy the urgency of a merged case to the other one, which counts as passed on only if both were (the caller
    saves).
    """
    passed = [case.passed_at for case in (source, target) if case.urgent]
    target.passed_at = None if None in passed else max(at for at in passed if at)
    target.urgent, target.urgent_since = True, source.urgent_since or target.urgent_since
    target.marked_by = target.not_urgent_by = None  # what people said about one part was not said about the whole
    reprioritise(target)


def written(
    kind: str,
    case: Case,
    other: Case,
    *,
    items: list[int],
    reason: str,
    actor: Actor,
    before: Mapping[str, Any] | None = None,
) -> Merging:
    """Record what was merged or split, why and by whom, and in `before` the earlier state of the case."""
    return Merging.objects.create(
        hotline_id=case.hotline_id, kind=kind, case=case, other=other, items=items, reason=whole(reason, MOST_REASON),
        by_id=staff_id(actor), at=now_utc(), before=dict(before or {}),
    )  # fmt: skip
