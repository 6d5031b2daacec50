"""What happens before and after time runs out: a reminder, a colleague, a page. Each once per run of a clock.

A step is recorded in the transaction that puts its mail into the outbox or asks the desk for a colleague. So whenever
the machine stops, a step was taken completely or not at all, and it is never taken twice.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from leeward.audit.services import hotline_transaction, record
from leeward.clocks.models import Clock, Escalation
from leeward.clocks.queries import on_call
from leeward.clocks.rules.due import next_step_at, steps_due
from leeward.clocks.services.keeping import ESCALATE, rule_followed
from leeward.foundation.actor import SYSTEM
from leeward.jobs.services import publish_event, schedule_all
from leeward.notices.services import AlertLine, alert
from leeward.people.queries import StaffRow, portal, staff_of


def take_due_steps(clock_id: int, now: datetime) -> datetime | None:
    """Take every step of a clock that is due; return when the next one is, or None if none is left."""
    with hotline_transaction():
        clock = Clock.objects.select_for_update(of=("self",)).select_related("rule").filter(pk=clock_id).first()
        if clock is None or clock.state != "running":
            return None
        rule = rule_followed(clock)
        done = set(Escalation.objects.filter(clock=clock, run=clock.run).values_list("act", flat=True))
        for act in steps_due(rule, start=clock.started_at, due=clock.due_at, done=done, now=now):
            _take(clock, act, now)
            done.add(act)
        return next_step_at(rule, start=clock.started_at, due=clock.due_at, done=done)


def take_steps_anew(hotline_id: int, now: datetime) -> None:
    """Take again, when it is time, what was taken while the clock was ahead: else nobody would be reminded or paged when time really
    runs out. In the hotline's scope and in the caller's transaction."""
    early = Escalation.objects.filter(at__gt=now)
    clocks = sorted(set(early.values_list("clock_id", flat=True)))
    early.delete()
    schedule_all(ESCALATE, dict.fromkeys(clocks), hotline_id=hotline_id)


def _take(clock: Clock, act: str, now: datetime) -> None:
    taken = Escalation.objects.create(
        hotline_id=clock.hotline_id, clock=clock, run=clock.run, act=act, at=now, to_id=None
    )
    if act == "remind":
        _remind(clock, taken, now)
    elif act == "page":
        _page(clock, now)
    else:
        publish_event("clock.reassign_wanted", subject_id=taken.pk, hotline_id=clock.hotline_id)
    facts = {"case": clock.case_id, "kind": clock.kind, "step": act, "run": clock.run, "to": taken.to_id}
    subject = f"case:{clock.case_id}"
    record("clock.escalated", actor=SYSTEM, hotline_id=clock.hotline_id, subject=subject, facts=facts)


def _line(clock: Clock) -> AlertLine:
    return AlertLine(clock.reference, clock.kind, clock.due_at, portal(clock.portal_id).time_zone)


def _remind(clock: Clock, taken: Escalation, now: datetime) -> None:
    """Remind the holder; if there is none, supervisors see it on their page, and the next step follows."""
    holder = next((row for row in staff_of(clock.hotline_id) if row.id == clock.holder_id and row.is_active), None)
    if holder is None:
        return
    taken.to_id = holder.id
    taken.save(update_fields=["to_id"])
    _mail(clock, "remind", holder, now)


def _mail(clock: Clock, what: str, person: StaffRow, now: datetime) -> None:
    alert(clock.hotline_id, what, _line(clock), to=person.email, languages=person.languages, now=now)


def _page(clock: Clock, now: datetime) -> None:
    """Page the address that is on call, or every supervisor who is here; all colleagues if no supervisor is left."""
    address = on_call(clock.portal_id)
    if address:
        languages = portal(clock.portal_id).languages
        alert(clock.hotline_id, "page", _line(clock), to=address, languages=languages, now=now)
        return
    active = [row for row in staff_of(clock.hotline_id) if row.is_active]
    supervisors = [row for row in active if "supervisor" in row.roles]
    today = now.astimezone(ZoneInfo(portal(clock.portal_id).time_zone)).date()
    here = [row for row in supervisors if not row.is_away(today)]
    for row in here or supervisors or active:
        _mail(clock, "page", row, now)


def settle_step(escalation_id: int, *, outcome: str, to_id: int | None, now: datetime) -> bool:
    """Record, in the caller's transaction, the result of a step that asked for a colleague, and tell the colleague by
    mail; return False if that was done before.
    """
    taken = Escalation.objects.select_related("clock__rule").filter(pk=escalation_id, outcome="").first()
    if taken is None:
        return False
    taken.outcome, taken.to_id = outcome, to_id
    taken.save(update_fields=["outcome", "to_id"])
    person = next((row for row in staff_of(taken.hotline_id) if row.id == to_id), None)
    if person is not None:
        _mail(taken.clock, "reassign", person, now)
    return True
