"""Updating the queue and the appeals when a portal's time rules change."""

from leeward.audit.services import hotline_transaction
from leeward.blocklist import services as blocklist_services
from leeward.casework.models import Appeal, Case
from leeward.casework.rules.states import lanes_before
from leeward.casework.steps import reprioritise
from leeward.clocks.queries import calendar_of, rules_of
from leeward.clocks.rules.due import due_at
from leeward.people.queries import portal

AT_ONCE = 200
UNASSESSED = lanes_before("first_assessment")


def reprioritise_portal(portal_id: int) -> int:
    """Recalculate the priority of every case of a portal that waits for its first assessment; return how many moved."""
    row, moved, last = portal(portal_id), 0, 0
    while True:
        with hotline_transaction():
            found = Case.objects.filter(portal_id=portal_id, lane__in=UNASSESSED, pk__gt=last).order_by("pk")
            cases = list(found.select_for_update()[:AT_ONCE])
            rules = rules_of(portal_id)
            for case in cases:
                before = case.priority
                reprioritise(case, row, rules)
                if case.priority != before:
                    case.save(update_fields=["priority"])
                    moved += 1
        if len(cases) < AT_ONCE:
            return moved
        last = cases[-1].pk


def move_appeals(portal_id: int) -> None:
    """Recalculate when a portal's open appeals are due, including those against blocks."""
    calendar = calendar_of(portal(portal_id))
    with hotline_transaction():
        rule = rules_of(portal_id)["appeal"].rule
        for row in Appeal.objects.filter(portal_id=portal_id, state="open").order_by("pk"):
            due = due_at(row.asked_at, rule, calendar)
            if due != row.due_at:
                Appeal.objects.filter(pk=row.pk).update(due_at=due)
        blocklist_services.move_block_appeals(portal_id, lambda asked_at: due_at(asked_at, rule, calendar))
