"""Splitting a report that joined the wrong case out of it, with its receipt; this and a merge (`merging.py`) can be
undone.
"""

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.services.following import was_removed
from leeward.casework.acting.services.hotline_updates import tell_what_is_so, tell_what_was_done_before
from leeward.casework.acting.services.owing import goes_at_once
from leeward.casework.acting.services.passing import tell_at_once
from leeward.casework.errors import CannotMerge
from leeward.casework.merging.models import Merging
from leeward.casework.merging.services.items import both, demand_police_first, demand_reason, move_items, written
from leeward.casework.merging.services.merged import was_seen_removed
from leeward.casework.merging.services.merging import undo_merge
from leeward.casework.models import Case, CaseItem
from leeward.casework.queue.services.apart import split_place
from leeward.casework.queue.services.opening import PREPARE
from leeward.casework.queue.services.references import next_reference
from leeward.casework.rules.states import LAST_STATES, STATES, Stage
from leeward.casework.steps import is_free, locked_case, note_act, now_utc, reprioritise, take_step
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.hosting import services as hosting_services
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ReportRow
from leeward.intake.rules.where import IN_WORDS
from leeward.jobs.services import schedule
from leeward.oncall import services as oncall_services
from leeward.people.services import authorize


def split(case_id: int, report_id: int, *, reason: str, actor: Actor) -> str:
    """Open a separate case for what one report named, waiting for a first assessment of its own; return its reference.

    Raises CannotMerge if nothing would be left, and while the police hold the case or its host waits for them.
    """
    report = intake_queries.report(report_id)
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.merge", case.hotline_id)
        demand_reason(reason)
        named = intake_queries.items_of(report_id)
        joined = CaseItem.objects.filter(case_id=case.pk, item_id__in=[item.id for item in named])
        mine = set(joined.values_list("item_id", flat=True))
        if not mine:
            raise NotFound(what=_("report"))
        if case.state in LAST_STATES or CaseItem.objects.filter(case_id=case.pk).count() == len(mine):
            raise CannotMerge(why=_("It is the only report of this case, or the case is closed."))
        demand_police_first(case, urgent=report.urgent)
        first = next(item for item in named if item.id in mine)
        location_id = hosting_services.open_location(
            hotline_id=case.hotline_id,
            kind=first.kind,
            display=first.display,
            comparable=f"{first.comparable} {split_place(first.id)}",
            service=first.service,
            alone=split_place(first.id) if first.kind in IN_WORDS else "",
        )
        if Case.objects.filter(location_id=location_id).exists():
            raise CannotMerge(why=_("This report was split out before. Undo the merge instead."))
        made = Case(
            hotline_id=case.hotline_id, portal_id=report.portal_id, location_id=location_id, urgent=report.urgent,
            urgent_since=report.received_at if report.urgent else None,
            language=report.language, source=report.source, received_at=report.received_at,
        )  # fmt: skip
        reprioritise(made)
        made.reference = next_reference(case.hotline_id, now_utc().year)
        made.save(force_insert=True)
        move_items(sorted(mine), case, made)
        tell_what_is_so(made)
        schedule(PREPARE, subject_id=made.pk, hotline_id=made.hotline_id, urgent=made.urgent)
        written("split", case, made, items=sorted(mine), reason=reason, actor=actor)
        note_act("case.split", case, actor=actor, facts={"to": made.pk, "items": len(mine)})
        note_act("case.split_off", made, actor=actor, facts={"from": case.pk})
        if made.urgent:
            _call_for_help(made, report)
    return made.reference


def _call_for_help(case: Case, report: ReportRow) -> None:
    """Page people about an urgent case that was split out, and tell the police when the portal prescribes: what they
    know of the other case was about another child.
    """
    oncall_services.call_anew(report.id)
    if goes_at_once(report):
        tell_at_once(case)


def undo_merging(merging_id: int, *, actor: Actor) -> None:
    """Move the reports of a merge or a split back where they were; each can be undone once."""
    row = Merging.objects.filter(pk=merging_id).first()
    if row is None:
        raise NotFound(what=_("merge"))
    with hotline_transaction():
        case, other = both(row.case_id, row.other_id)
        authorize(actor, "case.merge", case.hotline_id)
        row = Merging.objects.select_for_update().get(pk=merging_id)
        if row.undone_at is not None:
            raise CannotMerge(why=_("This has already been undone."))
        if row.kind == "merge":
            undo_merge(row, case, other, actor=actor)
        else:
            if not Case.objects.filter(is_free(now_utc()), pk=other.pk).exists():
                raise CannotMerge(why=_("Somebody holds the case that was split out."))
            if STATES[other.state].stage is not Stage.NEW:
                raise CannotMerge(why=_("The case that was split out has now been decided. Merge the two instead."))
            take_step(other, "merge", actor=actor, reason=row.reason)
            other.merged_into, other.closed_at = case, now_utc()
            move_items(row.items, other, case)
            tell_what_was_done_before(case)
        row.undone_at = now_utc()
        row.save(update_fields=["undone_at"])
        for one in (case, other):
            note_act("case.merge_undone", one, actor=actor, facts={"merging": merging_id, "kind": row.kind})
        for location_id in (case.location_id, other.location_id):
            if row.kind == "merge" and was_seen_removed(location_id):
                was_removed(location_id)  # what was learned while merged counts for the case that it is about
