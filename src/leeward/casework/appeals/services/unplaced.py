"""Requests to review an address about which nothing was decided here: a person reads each, and answers it or assigns it
to a case. To the requester they look like any other.
"""

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
from leeward.hosting import queries as hosting_queries
from leeward.hosting.queries import Nearness
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.notices import services as notices_services
from leeward.people.queries import portal, staff_of
from leeward.people.rules.permissions import ADMINISTRATOR, SUPERVISOR
from leeward.people.services import authorize, demand_second, staff_id

MOST_NEAR = 10
SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NearCase:
    """A case that the requester may have meant, although no case has exactly their address."""

    case: Case
    how: Nearness


def open_unplaced(portal_id: int, *, origin: str, origin_id: int, text: str, asked_at: datetime) -> None:
    """Keep a request without a case for a person to answer; the same one twice counts once."""
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


def appealed_addresses(appeals: Sequence[Appeal]) -> dict[int, str]:
    """Return the addresses of the requests from outside that have no case; a reporter asks about a report."""
    mine = {row.pk: row.origin_id for row in appeals if row.case_id is None and row.origin == "outside"}
    addresses = intake_queries.appealed_addresses(list(mine.values()))
    return {pk: addresses[number] for pk, number in mine.items() if number in addresses}


def report_of(appeal: Appeal) -> int | None:
    """Return the report that the person depicted made along with their request, or None."""
    return intake_queries.outside_appeal(appeal.origin_id).report_id if appeal.origin == "outside" else None


def has_others(case_id: int, report_id: int | None) -> bool:
    """Return whether a case holds more than what this report named."""
    own = [item.id for item in intake_queries.items_of(report_id)] if report_id is not None else []
    return bool(CaseItem.objects.filter(case_id=case_id).exclude(item_id__in=own).exists())


def of_others(appeal: Appeal, near: list[NearCase]) -> list[NearCase]:
    """Return the near cases that may be meant, without the one that the requester's own report opened."""
    report_id = report_of(appeal)
    return [one for one in near if has_others(one.case.pk, report_id)]


def near_cases(appeal: Appeal) -> list[NearCase]:
    """Return the cases whose address the requester may have meant, nearest first; none for a reporter, who named no
    address.
    """
    if appeal.origin != "outside":
        return []
    request = intake_queries.outside_appeal(appeal.origin_id)
    near = hosting_queries.locations_near(request.comparable)
    cases = {case.location_id: case for case in Case.objects.filter(location_id__in=near)}
    found = [NearCase(cases[number], how) for number, how in near.items() if number in cases]
    return found[:MOST_NEAR]


def had_part_nearby(appeal: Appeal, near: list[NearCase], account_id: int) -> bool:
    """Return whether this person had a part in a case practically equal to the one asked about, so that somebody else
    must answer.
    """
    return account_id in people_nearby(appeal, near)


def people_nearby(appeal: Appeal, near: list[NearCase]) -> set[int]:
    """Return everybody with a part in a case practically equal to the one asked about. An answer to another request
    that was pending at the same time doesn't count.
    """
    close = [one.case for one in near if one.how < Nearness.ON_HOST]
    return {account_id for case in close for account_id in people_with_part(case, asked_at=appeal.asked_at)}


def answer_unplaced(appeal_id: int, *, reasons: str, actor: Actor) -> None:
    """Answer a request about an address without a case; the actor must have no part in a case that nearly matches.

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
        settle = intake_services.settle_appeal if appeal.origin == "outside" else intake_services.settle_review
        settle(appeal.origin_id, upheld=False, reasons=appeal.reasons, actor=actor)
        _note("appeal.decided", appeal, actor, {"origin": appeal.origin, "upheld": False})


def place_appeal(appeal_id: int, reference: str, *, actor: Actor) -> None:
    """Assign a request to this case: from now on it is a request about the case like any other, with its original time.

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


def withdraw_unplaced(origin: str, origin_id: int) -> None:
    """Settle a withdrawn request, whose words are gone: nobody needs to answer it."""
    with hotline_transaction():
        for appeal in Appeal.objects.select_for_update().filter(
            case=None, origin=origin, origin_id=origin_id, state="open"
        ):
            appeal.state, appeal.decided_at = "withdrawn", now_utc()
            appeal.save()
            _note("appeal.withdrawn", appeal, SYSTEM, {"origin": origin})


def tell_if_nobody_may_answer(appeal: Appeal, involved: set[int]) -> None:
    """Notify supervisors and administrators if every supervisor had a part or is away: somebody must be invited to answer."""
    today = now_utc().date()
    staff = [row for row in staff_of(appeal.hotline_id) if row.is_active and SUPERVISOR in row.roles]
    if any(row.id not in involved and not row.is_away(today) for row in staff):
        return
    for role, path in (
        (SUPERVISOR, reverse("casework:list-appeals")),
        (ADMINISTRATOR, reverse("people:list-invitations")),
    ):
        key = f"case appeal {appeal.pk} {role}"
        notices_services.tell_staff(appeal.hotline_id, what="review_unanswerable", key=key, path=path, roles=(role,))


def remind_of_unplaced(now: datetime) -> int:
    """Remind supervisors of each open request without a case a day before it is due, and administrators too when it is;
    return how many people are written to. These requests have no case clock that would do that.
    """
    count = 0
    rows = Appeal.objects.filter(Q(due_at__lt=now + SOON), case=None, state="open").order_by("due_at")
    for appeal in rows[:500]:
        is_late = appeal.due_at < now
        roles = (SUPERVISOR, ADMINISTRATOR) if is_late else (SUPERVISOR,)
        key, path = f"appeal {appeal.pk} {'late' if is_late else 'soon'}", reverse("casework:list-appeals")
        count += notices_services.tell_staff(appeal.hotline_id, what="review_waits", key=key, path=path, roles=roles)
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
