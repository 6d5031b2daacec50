"""What a withdrawn report leaves behind: no word of its reporter."""

from collections.abc import Sequence
from itertools import batched

from leeward.audit.services import hotline_transaction
from leeward.casework.acting.services import passing
from leeward.casework.acting.services.case_briefs import make_brief
from leeward.casework.merging.services.merged import EverTogether, ever_together, where_work_goes_on
from leeward.casework.models import Case, CaseItem, PendingAction
from leeward.casework.queue.services.apart import own_place, split_place
from leeward.casework.rules.states import STATES, Stage
from leeward.casework.situations import count_reports
from leeward.casework.steps import can_step, locked_case, note_act, now_utc, take_step
from leeward.foundation.actor import SYSTEM
from leeward.hosting import queries as hosting_queries
from leeward.hosting import services as hosting_services
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ItemRow
from leeward.intake.rules.where import IN_WORDS
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.notices.rules.briefs import CaseBrief, Plan

_AT_ONCE = 500  # cases


def report_withdrawn(report_id: int) -> None:
    """Handle a withdrawn report: the case goes on if others reported the same or somebody has begun, else it is closed.
    Idempotent.
    """
    items = intake_queries.items_of(report_id)
    for case_id in _cases_without_its_places(report_id, items):
        with hotline_transaction():
            case = _without_the_report(case_id)
            ever = ever_together(case.pk, [item.id for item in items])
            _forget_words(case, ever, report_id, items)
            _forget_access(ever)
            note_act("case.report_withdrawn", case, actor=SYSTEM, facts={"report": report_id})


def forget_again(report_id: int) -> None:
    """Forget what came back of the words of a withdrawn report with rows of a backup, and close a case that came back and has no other
    report; nothing else follows. Raises WordsLocked."""
    items = intake_queries.items_of(report_id)
    for case_id in _cases_without_its_places(report_id, items):
        with hotline_transaction():
            case = _without_the_report(case_id)
            ever = ever_together(case.pk, [item.id for item in items])
            _forget_texts(case, ever, report_id, items, left=make_brief(case))
            _forget_access(ever)


def _without_the_report(case_id: int) -> Case:
    """Return a case, locked, once it counts its reports without the withdrawn one, and is closed if nobody has begun and none is left."""
    case = locked_case(case_id)
    case.report_count = count_reports(case.pk)
    if can_step(case, "withdraw"):
        take_step(case, "withdraw", actor=SYSTEM)
        case.closed_at = now_utc()
    case.save()
    return case


def _cases_without_its_places(report_id: int, items: Sequence[ItemRow]) -> list[int]:
    """Return the cases of a report, once the places that only its words name are forgotten."""
    hotline_id = intake_queries.report(report_id).hotline_id
    for item in items:
        if item.kind in IN_WORDS:
            for alone in (own_place(report_id, item.id), split_place(item.id)):
                hosting_services.forget_words(hotline_id=hotline_id, kind=item.kind, alone=alone)
    joined = CaseItem.objects.filter(item_id__in=[item.id for item in items])
    return list(joined.values_list("case_id", flat=True).distinct())


def _forget_words(case: Case, ever: EverTogether, report_id: int, items: Sequence[ItemRow]) -> None:
    """Remove the words of a withdrawn report from pending messages to the police, from what is kept of sent ones and from mail that quotes
    them."""
    found, brief = notices_queries.notice_case_of(case.pk), make_brief(case)
    notice_case = None if found is None or found.state == "stopped" else found
    passes_on = notice_case is not None and not brief.judged and notice_case.tells_police
    if passes_on:
        brief = passing.brief_to_pass(case)
    _forget_texts(case, ever, report_id, items, left=brief)
    if passes_on:
        notices_services.forward_to_police(brief)
    elif notice_case is not None and brief.judged and _is_acted_on(case):
        plan = Plan(police=notice_case.tells_police, host=notice_case.tells_host, foreign=notice_case.tells_abroad)
        notices_services.act_on(brief, plan=plan, actor=SYSTEM)


def _is_acted_on(case: Case) -> bool:
    """Return whether what was decided is being told, or was: before that a person looks at the messages, and may still undo having sent
    them."""
    is_sent = STATES[case.state].stage in (Stage.ACTED, Stage.OVER)
    return is_sent and not PendingAction.objects.filter(case_id=case.pk, act__in=("act", "act_again")).exists()


def _forget_texts(case: Case, ever: EverTogether, report_id: int, items: Sequence[ItemRow], *, left: CaseBrief) -> None:
    """Do so with what is kept, also of cases that were ever connected with this one by a merge or a split; addresses stay."""
    briefs = {case.pk: left}
    goes_on = {number: where_work_goes_on(number) for number in ever.had}
    briefs |= {one.pk: make_brief(one) for one in Case.objects.filter(pk__in={*goes_on.values()} - {case.pk})}
    notices_services.forget_reporter_texts(
        ever.cases,
        report_id=report_id,
        left={number: briefs[there] for number, there in goes_on.items()},
        addresses=[left.address, *(item.display for item in items if item.display)],
    )


def _forget_access(ever: EverTogether) -> None:
    """Forget how the places of these cases are reached, except what a report that is left in one of them says, too."""
    known = list[int]()
    for numbers in batched(sorted(ever.cases), _AT_ONCE):
        locations = Case.objects.filter(pk__in=numbers).values_list("location_id", flat=True)
        known += hosting_queries.places_with_access(list(locations))
    access = _access_left(ever) if known else []
    for location_id in known:
        hosting_services.keep_access(location_id, access)


def _access_left(ever: EverTogether) -> list[dict[str, str]]:
    """Return how the reports that are left in these cases say that their places are reached."""
    found = list[dict[str, str]]()
    for numbers in batched(sorted(ever.cases), _AT_ONCE):
        joined = CaseItem.objects.filter(case_id__in=numbers)
        rows = intake_queries.reports_of_items(list(joined.values_list("item_id", flat=True)))
        found += [{"password": row.password, "referrer": row.referrer} for row in rows if row.withdrawn_at is None]
    return found
