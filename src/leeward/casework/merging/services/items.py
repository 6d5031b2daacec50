"""Reports that follow another case, and the row that keeps what was joined: for merging and for splitting."""

from collections.abc import Iterable, Mapping
from typing import Any

from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.bulk.models import Joining
from leeward.casework.errors import ReasonMissing
from leeward.casework.models import Case, CaseItem
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.situations import count_reports
from leeward.casework.steps import locked_case, now_utc, reprioritise
from leeward.foundation.actor import Actor
from leeward.people.services import staff_id


def both(first: int, second: int) -> tuple[Case, Case]:
    """Two cases, locked in the order of their numbers."""
    found = {case_id: locked_case(case_id) for case_id in sorted({first, second})}
    return found[first], found[second]


def demand_reason(reason: str) -> None:
    """Raise ReasonMissing where nobody said why."""
    if not reason.strip():
        raise ReasonMissing


def move_items(item_ids: Iterable[int], source: Case, target: Case) -> None:
    """Let items follow another case, count both again, and tell the receipts; saves both."""
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
    """What is urgent of a case that is merged is so of the other one, passed on only if all of it was (the caller saves)."""
    passed = [case.passed_at for case in (source, target) if case.urgent]
    target.passed_at = None if None in passed else max(at for at in passed if at)
    target.urgent, target.urgent_since = True, source.urgent_since or target.urgent_since
    target.marked_by = target.not_urgent_by = None  # nobody said of all of it what they said of a part
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
) -> Joining:
    """Keep what was joined, why and by whom, and with `before` how the case stood."""
    return Joining.objects.create(
        hotline_id=case.hotline_id, kind=kind, case=case, other=other, items=items, reason=reason.strip()[:500],
        by_id=staff_id(actor), at=now_utc(), before=dict(before or {}),
    )  # fmt: skip
