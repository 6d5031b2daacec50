"""Setting a rule, and updating the running clocks."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django_scopes import scope

from leeward.audit.services import hotline_transaction, record
from leeward.clocks.errors import RuleIsWrong
from leeward.clocks.models import OnCall, RuleVersion
from leeward.clocks.queries import calendar_of, due_of, rule_of, rules_of, running_of
from leeward.clocks.rules.due import ACTS, PAUSES, UNITS, Rule
from leeward.clocks.rules.recommended import RECOMMENDED, wrong_with
from leeward.clocks.services.keeping import plan_step
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.jobs.services import publish_event
from leeward.people.queries import portal, portals_of
from leeward.people.rules.reach import ON_CALL_MAIL
from leeward.people.services import ask_change, authorize, takes_two

AT_ONCE = 200


def _own_portal(portal_id: int, actor: Actor) -> int:
    """Check that a portal belongs to the actor's hotline and return the hotline; raises NotFound."""
    hotline_id = actor.hotline_id or 0
    if portal_id not in {row.id for row in portals_of(hotline_id)}:
        raise NotFound(what=_("portal"))
    return hotline_id


def set_rule(portal_id: int, kind: str, rule: Rule, *, actor: Actor) -> int | None:
    """Set a portal's rule for one kind of clock, from now on; open clocks follow it. Return its number, or None if it
    is already in force. Raises RuleIsWrong, NotAllowed, NotFound.
    """
    if kind not in RECOMMENDED:
        raise NotFound(what=_("clock"))
    well_formed = rule.unit in UNITS and set(rule.pauses) <= set(PAUSES) and {s.act for s in rule.steps} <= set(ACTS)
    wrong = wrong_with(kind, rule) if well_formed else ("amount", "out_of_range")
    if wrong:
        raise RuleIsWrong(*wrong)
    with hotline_transaction(actor.hotline_id):
        hotline_id = _own_portal(portal_id, actor)
        authorize(actor, "clock.edit", hotline_id)
        before = rule_of(portal_id, kind)
        if before.rule == rule:
            return None
        RuleVersion.objects.filter(portal_id=portal_id, kind=kind, is_current=True).update(is_current=False)
        version = RuleVersion.objects.create(
            hotline_id=hotline_id,
            portal_id=portal_id,
            kind=kind,
            number=before.number + 1,
            amount=rule.amount,
            unit=rule.unit,
            pauses=list(rule.pauses),
            steps={step.act: step.hours_before for step in rule.steps},
            by_id=actor.id,
            since=datetime.now(UTC),
        )
        facts = {
            "portal": portal_id,
            "kind": kind,
            "number": version.number,
            "amount": rule.amount,
            "unit": rule.unit,
            "pauses": version.pauses,
            "steps": version.steps,
        }
        subject = f"clock_rule:{version.pk}"
        record("clock_rule.set", actor=actor, hotline_id=hotline_id, subject=subject, facts=facts)
        publish_event("clock_rule.set", subject_id=version.pk, hotline_id=hotline_id)
    return version.number


def follow_rule(rule_id: int) -> int:
    """Make every open clock of a rule's kind follow it, in batches; return how many are now due at another time.

    Can be interrupted and restarted to do the rest. A rule that was replaced in the meantime is not followed.
    """
    version = RuleVersion.objects.get(pk=rule_id)
    return _follow(version.portal_id, [version.kind]) if version.is_current else 0


def follow_calendar(portal_id: int) -> int:
    """Recalculate the due times of a portal's open clocks after its working days changed; return how many moved."""
    return _follow(portal_id, list(RECOMMENDED))


def _follow(portal_id: int, kinds: list[str]) -> int:
    moved = 0
    for kind in kinds:
        last = 0
        while True:
            with hotline_transaction():
                last, changed, more = _follow_some(portal_id, kind, after=last)
            moved += changed
            if not more:
                break
    return moved


def _follow_some(portal_id: int, kind: str, *, after: int) -> tuple[int, int, bool]:
    row, calendar = rules_of(portal_id)[kind], calendar_of(portal(portal_id))
    clocks = list(running_of(portal_id, [kind]).filter(pk__gt=after).select_for_update()[:AT_ONCE])
    moved = 0
    for clock in clocks:
        due = due_of(clock, row.rule, calendar)
        is_new_rule = clock.rule_id != row.id
        if due == clock.due_at and not is_new_rule:
            continue
        moved += due != clock.due_at
        clock.due_at, clock.rule_id = due, row.id
        clock.save(update_fields=["due_at", "rule"])
        plan_step(clock)
    return (clocks[-1].pk if clocks else after), moved, len(clocks) == AT_ONCE


def set_on_call(portal_id: int, email: str, *, actor: Actor) -> int | None:
    """Set where a portal's pages go; empty means its supervisors. For a portal in use the change waits for a second
    person, unless whoever operates the server makes it; return the number of the waiting change, or None.
    """
    with hotline_transaction(actor.hotline_id):
        hotline_id = _own_portal(portal_id, actor)
        authorize(actor, "clock.edit", hotline_id)
        mine = OnCall.objects.filter(portal_id=portal_id)
        before = mine.values_list("email", flat=True).first() or ""
        if before == email:
            return None
        if takes_two(portal_id, actor):
            return ask_change(
                portal_id,
                ON_CALL_MAIL,
                hotline_id=hotline_id,
                before={ON_CALL_MAIL: before},
                wanted={ON_CALL_MAIL: email},
                actor=actor,
            )
        if email:
            OnCall.objects.update_or_create(portal_id=portal_id, defaults={"hotline_id": hotline_id, "email": email})
        else:
            mine.delete()
        facts = {"set": bool(email)}
        record("on_call.set", actor=actor, hotline_id=hotline_id, subject=f"portal:{portal_id}", facts=facts)
    return None


def copy_rules(portal_id: int, to_portal_id: int, *, to_hotline_id: int, now: datetime) -> None:
    """Let a portal of another hotline begin with the rules of this one, in the caller's transaction."""
    rows = list(RuleVersion.objects.filter(portal_id=portal_id, is_current=True).order_by("pk"))
    with scope(hotline=to_hotline_id):
        for row in rows:
            row.pk, row.hotline_id, row.portal_id, row.number = None, to_hotline_id, to_portal_id, 1
            row.by_id, row.since = None, now
            row.save(force_insert=True)
