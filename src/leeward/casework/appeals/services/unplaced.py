"""Requests for review of an address about which nothing was decided here: a person reads each, and answers it or says which case is
meant. From outside they are like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.errors import AppealIsSettled, SecondAssessmentNeedsOther
from leeward.casework.merging.services.merged import where_work_goes_on
from leeward.casework.models import Appeal, Case, CaseItem
from leeward.casework.situations import people_with_part
from leeward.casework.steps import locked_case, note_act, now_utc
from leeward.clocks.queries import due_for
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.hosting import queries as places
from leeward.hosting.queries import Nearness
from leeward.intake import queries as reports
from leeward.intake import services as intake
from leeward.notices import services as notices
from leeward.people.queries import portal, staff_of
from leeward.people.rules.permissions import ADMINISTRATOR, SUPERVISOR
from leeward.people.services import authorize, demand_second, staff_id

MOST_NEAR = 10
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NearCase:
    """A case that somebody may have meant who wrote an address about which there is none."""

    case: Case
    how: Nearness


def open_unplaced(portal_id: int, *, origin: str, origin_id: int, text: str, asked_at: datetime) -> None:
    """Keep a request for which there is no case, for a person to answer; the same one twice is one."""
    row = portal(portal_id)
    with hotline_transaction(row.hotline_id):
        if Appeal.objects.filter(origin=origin, origin_id=origin_id).exists():
            return
        appeal = Appeal.objects.create(
            hotline_id=row.hotline_id, portal_id=row.id, origin=origin, origin_id=origin_id, text=text, asked_at=asked_at,
            due_at=due_for(row, "appeal", asked_at),
        )  # fmt: skip
        _note("appeal.opened", appeal, SYSTEM, {"origin": origin})
        tell_if_nobody_may_answer(appeal, set())


def addresses_asked(appeals: Sequence[Appeal]) -> dict[int, str]:
    """The addresses of those requests that have no case and came from outside; a reporter asks about a report."""
    mine = {row.pk: row.origin_id for row in appeals if row.case_id is None and row.origin == "outside"}
    asked = reports.addresses_asked(list(mine.values()))
    return {pk: asked[number] for pk, number in mine.items() if number in asked}


def report_of(appeal: Appeal) -> int | None:
    """The report that the person in it made by asking, or None."""
    return reports.outside_appeal(appeal.origin_id).report_id if appeal.origin == "outside" else None


def has_others(case_id: int, report_id: int | None) -> bool:
    """Whether a case has more in it than what this report named."""
    own = [item.id for item in reports.items_of(report_id)] if report_id is not None else []
    return bool(CaseItem.objects.filter(case_id=case_id).exclude(item_id__in=own).exists())


def of_others(appeal: Appeal, near: list[NearCase]) -> list[NearCase]:
    """Those of the near cases that may be meant: not the one that their own report opened."""
    report_id = report_of(appeal)
    return [one for one in near if has_others(one.case.pk, report_id)]


def near_cases(appeal: Appeal) -> list[NearCase]:
    """The cases whose address whoever asks may have meant, the nearest first; none for a reporter, who named no address."""
    if appeal.origin != "outside":
        return []
    asked = reports.outside_appeal(appeal.origin_id)
    near = places.locations_near(asked.comparable)
    cases = {case.location_id: case for case in Case.objects.filter(location_id__in=near)}
    found = [NearCase(cases[number], how) for number, how in near.items() if number in cases]
    return found[:MOST_NEAR]


def had_part_nearby(appeal: Appeal, near: list[NearCase], account_id: int) -> bool:
    """Whether this person had a part in a case that is as good as the one asked about, so that somebody else answers."""
    return account_id in people_nearby(appeal, near)


def people_nearby(appeal: Appeal, near: list[NearCase]) -> set[int]:
    """Everybody with a part in a case that is as good as the one asked about. An answer to another request that waited at the same
    time is none."""
    close = [one.case for one in near if one.how < Nearness.ON_HOST]
    return {account_id for case in close for account_id in people_with_part(case, asked_at=appeal.asked_at)}


def answer_unplaced(appeal_id: int, *, reasons: str, actor: Actor) -> None:
    """Answer a request about an address for which there is no case; only by somebody with no part in a case that is nearly it.

    Raises BadInput, NotFound, NotAllowed, NotYours, AppealIsSettled.
    """
    if not reasons.strip():
        raise BadInput(what=_("The answer"), why=_("it has no reasons"))
    with hotline_transaction():
        appeal = _open(appeal_id, actor)
        involved = people_nearby(appeal, near_cases(appeal))
        if staff_id(actor) in involved:
            raise SecondAssessmentNeedsOther
        demand_second(actor, involved, act="appeal.decide")
        appeal.state, appeal.reasons = "rejected", reasons.strip()
        appeal.decided_by_id, appeal.decided_at = actor.id, now_utc()
        appeal.save()
        settle = intake.settle_appeal if appeal.origin == "outside" else intake.settle_review
        settle(appeal.origin_id, upheld=False, reasons=appeal.reasons, actor=actor)
        _note("appeal.decided", appeal, actor, {"origin": appeal.origin, "upheld": False})


def place_appeal(appeal_id: int, reference: str, *, actor: Actor) -> None:
    """Say that a request is about this case: from now on it is one about it like any other, from when it was made.

    Raises NotFound, NotAllowed, AppealIsSettled.
    """
    with hotline_transaction():
        appeal = _open(appeal_id, actor)
        named = Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
        if named is None:
            raise NotFound(what=_("case"))
        case = locked_case(where_work_goes_on(named))
        appeal.case = case
        appeal.save(update_fields=["case"])
        case.appealed = True
        case.save(update_fields=["appealed"])
        note_act("appeal.placed", case, actor=actor, facts={"appeal": appeal.pk, "origin": appeal.origin})
        tell_if_nobody_may_answer(appeal, people_with_part(case))
        tell_reporters(case)


def take_back_unplaced(origin: str, origin_id: int) -> None:
    """Whoever asked took it back: its words are forgotten and nobody needs to answer it."""
    with hotline_transaction():
        for appeal in Appeal.objects.select_for_update().filter(
            case=None, origin=origin, origin_id=origin_id, state="open"
        ):
            appeal.state, appeal.text, appeal.decided_at = "withdrawn", "", now_utc()
            appeal.save()
            _note("appeal.taken_back", appeal, SYSTEM, {"origin": origin})


def tell_if_nobody_may_answer(appeal: Appeal, involved: set[int]) -> None:
    """Where every supervisor had a part or is away, it waits for ever unless somebody is invited."""
    today = now_utc().date()
    staff = [row for row in staff_of(appeal.hotline_id) if row.is_active and SUPERVISOR in row.roles]
    if any(row.id not in involved and not row.is_away(today) for row in staff):
        return
    for role, path in (
        (SUPERVISOR, reverse("casework:list-appeals")),
        (ADMINISTRATOR, reverse("people:list-invitations")),
    ):
        key = f"case appeal {appeal.pk} {role}"
        notices.tell_staff(appeal.hotline_id, what="review_unanswerable", key=key, path=path, roles=(role,))


def remind_of_unplaced(now: datetime) -> int:
    """Write to supervisors about each open request without a case a day before its time is over, and to administrators as well
    when it is; return to how many people. No clock of a case does that for these."""
    count = 0
    rows = Appeal.objects.filter(Q(due_at__lt=now + SOON), case=None, state="open").order_by("due_at")
    for appeal in rows[:500]:
        is_late = appeal.due_at < now
        roles = (SUPERVISOR, ADMINISTRATOR) if is_late else (SUPERVISOR,)
        key, path = f"appeal {appeal.pk} {'late' if is_late else 'soon'}", reverse("casework:list-appeals")
        count += notices.tell_staff(appeal.hotline_id, what="review_waits", key=key, path=path, roles=roles)
    return count


def _open(appeal_id: int, actor: Actor) -> Appeal:
    appeal = Appeal.objects.select_for_update().filter(pk=appeal_id).first()
    if appeal is None:
        raise NotFound(what=_("appeal"))
    authorize(actor, "appeal.decide", appeal.hotline_id)
    if appeal.state != "open" or appeal.case_id is not None:
        raise AppealIsSettled
    return appeal


def _note(event: str, appeal: Appeal, actor: Actor, facts: dict[str, object]) -> None:
    subject = f"review:{appeal.pk}"
    record(event, actor=actor, hotline_id=appeal.hotline_id, subject=subject, facts={"appeal": appeal.pk} | facts)
