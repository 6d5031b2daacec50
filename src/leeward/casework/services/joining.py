"""Two cases that turn out to be one thing are merged; a report that joined the wrong case is split out. Receipts follow, and
both can be undone."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from leeward.audit.services import turn
from leeward.casework.errors import CantBeJoined, ReasonMissing
from leeward.casework.models import Case, CaseItem
from leeward.casework.rules.transitions import LAST_STATES, Situation
from leeward.casework.services.opening import PREPARE, count_reports, next_reference
from leeward.casework.services.steps import (
    demand,
    is_free,
    locked_case,
    note_act,
    now_utc,
    person,
    put_in_order,
    take_step,
)
from leeward.casework.services.telling import tell_reporters
from leeward.casework.several import Joining
from leeward.duties.services import cancel, schedule
from leeward.ground.actor import Actor
from leeward.ground.errors import NotFound
from leeward.hosting import services as hosting
from leeward.intake import queries as reports


def merge(case_id: int, into: int, *, reason: str, actor: Actor) -> int:
    """Move every report of a case that still waits into another one and close it; return the number of the joining.

    The other case must be open: what was decided about it was decided without these reports. New reports of the closed
    case's address join the other one from now on.
    """
    with turn():
        case, other = _both(case_id, into)
        demand(actor, "case.merge", case.hotline_id)
        _refuse_merge(case, other)
        _demand_reason(reason)
        now = Situation(reason=reason, is_held=case.held_until is not None, is_appealed=case.appealed)
        take_step(case, "merge", now, actor=actor)
        items = list(CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True))
        case.merged_into, case.closed_at = other, now_utc()
        _move(items, case, other)
        cancel(PREPARE, subject_id=case.pk, hotline_id=case.hotline_id)
        row = _written("merge", case, other, items=items, reason=reason, actor=actor)
        note_act("case.merged", case, actor=actor, facts={"into": other.pk, "items": len(items)})
        note_act("case.took_in", other, actor=actor, facts={"from": case.pk, "items": len(items)})
    return row.pk


def split(case_id: int, report_id: int, *, reason: str, actor: Actor) -> str:
    """Give what one report named a case of its own, which waits for its own first look; return its reference."""
    report = reports.report(report_id)
    with turn():
        case = locked_case(case_id)
        demand(actor, "case.merge", case.hotline_id)
        _demand_reason(reason)
        named = reports.items_of(report_id)
        joined = CaseItem.objects.filter(case_id=case.pk, item_id__in=[item.id for item in named])
        mine = set(joined.values_list("item_id", flat=True))
        if not mine:
            raise NotFound(what="report")
        if case.state in LAST_STATES or CaseItem.objects.filter(case_id=case.pk).count() == len(mine):
            raise CantBeJoined(why=_("It is the only report of this case, or the case is closed."))
        first = next(item for item in named if item.id in mine)
        location_id = hosting.open_location(
            hotline_id=case.hotline_id,
            kind=first.kind,
            display=first.display,
            comparable=f"{first.comparable} split:{first.id}",
            service=first.service,
        )
        if Case.objects.filter(location_id=location_id).exists():
            raise CantBeJoined(why=_("This report was split out before. Undo the merge instead."))
        made = Case(
            hotline_id=case.hotline_id, portal_id=report.portal_id, location_id=location_id, urgent=report.urgent,
            language=report.language, source=report.source, received_at=report.received_at,
        )  # fmt: skip
        put_in_order(made)
        made.reference = next_reference(case.hotline_id, now_utc().year)
        made.save(force_insert=True)
        _move(sorted(mine), case, made)
        schedule(PREPARE, subject_id=made.pk, hotline_id=made.hotline_id)
        _written("split", case, made, items=sorted(mine), reason=reason, actor=actor)
        note_act("case.split", case, actor=actor, facts={"to": made.pk, "items": len(mine)})
        note_act("case.split_off", made, actor=actor, facts={"from": case.pk})
    return made.reference


def undo_joining(joining_id: int, *, actor: Actor) -> None:
    """Put the reports of a merge or a split back where they were; each thing can be undone once."""
    row = Joining.objects.filter(pk=joining_id).first()
    if row is None:
        raise NotFound(what="joining")
    with turn():
        case, other = _both(row.case_id, row.other_id)
        demand(actor, "case.merge", case.hotline_id)
        row = Joining.objects.select_for_update().get(pk=joining_id)
        if row.undone_at is not None:
            raise CantBeJoined(why=_("This was undone before."))
        if row.kind == "merge":
            take_step(case, "unmerge", Situation(is_merged=case.merged_into_id == other.pk), actor=actor)
            case.merged_into = case.closed_at = None
            put_in_order(case)
            _move(row.items, other, case)
            schedule(PREPARE, subject_id=case.pk, hotline_id=case.hotline_id)
        else:
            if not Case.objects.filter(is_free(now_utc()), pk=other.pk).exists():
                raise CantBeJoined(why=_("Somebody holds the case that was split out."))
            take_step(other, "merge", Situation(reason=row.reason, is_appealed=other.appealed), actor=actor)
            other.merged_into, other.closed_at = case, now_utc()
            _move(row.items, other, case)
        row.undone_at = now_utc()
        row.save(update_fields=["undone_at"])
        for one in (case, other):
            note_act("case.join_undone", one, actor=actor, facts={"joining": joining_id, "kind": row.kind})


def _both(first: int, second: int) -> tuple[Case, Case]:
    """Two cases, locked in the order of their numbers."""
    found = {case_id: locked_case(case_id) for case_id in sorted({first, second})}
    return found[first], found[second]


def _refuse_merge(case: Case, other: Case) -> None:
    if case.pk == other.pk:
        raise CantBeJoined(why=_("A case can’t be merged into itself."))
    if other.state in LAST_STATES:
        raise CantBeJoined(why=_("The other case is closed. Have it opened again first."))
    if case.claimed_by_id is not None and not Case.objects.filter(is_free(now_utc()), pk=case.pk).exists():
        raise CantBeJoined(why=_("Somebody holds this case. It has to be given back first."))


def _demand_reason(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing


def _move(item_ids: Iterable[int], source: Case, target: Case) -> None:
    """Let items follow another case, count both anew, and tell the receipts; saves both."""
    CaseItem.objects.filter(case_id=source.pk, item_id__in=list(item_ids)).update(case_id=target.pk)
    for case in (source, target):
        case.report_count = count_reports(case.pk)
    if target.state not in ("received", "triaged"):
        target.news_at = now_utc()
    if source.urgent and not target.urgent and source.state == "closed":
        target.urgent = True
        put_in_order(target)
    source.save()
    target.save()
    tell_reporters(source)
    tell_reporters(target)


def _written(kind: str, case: Case, other: Case, *, items: list[int], reason: str, actor: Actor) -> Joining:
    return Joining.objects.create(
        hotline_id=case.hotline_id, kind=kind, case=case, other=other, items=items, reason=reason.strip()[:500],
        by_id=person(actor), at=now_utc(),
    )  # fmt: skip
