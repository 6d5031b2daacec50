"""Looking at a picture: small, grey, blurred, with a reason, and counted."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import Sum

from leeward.casework.errors import BudgetSpent, WrongReason
from leeward.casework.models import View
from leeward.casework.services.steps import demand, demand_holder, locked_case, note_act, now_utc, person
from leeward.ground.actor import Actor
from leeward.ground.errors import NotFound
from leeward.hosting import queries as places
from leeward.hosting import services as hosting
from leeward.people.queries import portal

REASONS = ("age", "act", "same", "police", "appeal")
BUDGET_A_DAY = 200
BLURRED_WEIGHT, CLEAR_WEIGHT = 1, 3


@dataclass(frozen=True, slots=True)
class Shown:
    """A preview as it goes to the page, and whether the content differs from what was hashed."""

    png: bytes
    changed: bool
    blurred: bool
    used: int


def used_today(person_id: int, zone: str, now: datetime) -> int:
    """How much of today's budget a person has used, in the portal's time zone."""
    midnight = now.astimezone(ZoneInfo(zone)).replace(hour=0, minute=0, second=0, microsecond=0)
    found = View.objects.filter(by_id=person_id, at__gte=midnight, at__lt=midnight + timedelta(days=1))
    return int(found.aggregate(sum=Sum("weight"))["sum"] or 0)


def preview_file(case_id: int, file_id: int, *, reason: str, blurred: bool, actor: Actor) -> Shown:
    """Fetch a file again and return a small grey picture of it; the view is written down before anything is shown.

    Reaches out to the network: never inside a transaction. Raises PreviewImpossible of hosting where there is no picture.
    """
    if reason not in REASONS:
        raise WrongReason
    with transaction.atomic():
        case = locked_case(case_id)
        demand(actor, "case.preview", case.hotline_id)
        demand_holder(case, actor)
        known = places.file_of(file_id)
        if known is None or known[1] != case.location_id:
            raise NotFound(what="file")
        used = used_today(person(actor), portal(case.portal_id).time_zone, now_utc())
        if used >= BUDGET_A_DAY:
            raise BudgetSpent(number=used)
        weight = BLURRED_WEIGHT if blurred else CLEAR_WEIGHT
        view = View.objects.create(
            hotline_id=case.hotline_id,
            case=case,
            file_id=file_id,
            by_id=person(actor),
            reason=reason,
            blurred=blurred,
            weight=weight,
            at=now_utc(),
        )
        case.save(update_fields=["claimed_until"])
        facts = {"file": file_id, "reason": reason, "blurred": blurred}
        note_act("preview.shown", case, actor=actor, facts=facts)
    made = hosting.preview(file_id, blurred=blurred)
    if made.changed:
        View.objects.filter(pk=view.pk).update(changed=True)
    return Shown(made.png, made.changed, blurred, used + weight)
