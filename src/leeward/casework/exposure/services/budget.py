"""The exposure budget: the totals of a person's day, what they forbid, and the limits of a hotline."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from leeward.audit.services import hotline_transaction, record
from leeward.casework.assessment.queries.drafts import FACTS
from leeward.casework.errors import LimitOutOfRange, LimitsClash, NothingNewNow, WideningNeedsReason
from leeward.casework.exposure.labels import CLASHES, LIMIT_NAMES, NEARING, NO_ROOM, STOPS, STOPS_UNTIL
from leeward.casework.exposure.queries import as_day
from leeward.casework.exposure.rules import budget
from leeward.casework.exposure.rules.budget import Day, Limits, Stop
from leeward.casework.models import Case, DeskDay, DeskLimits, Draft
from leeward.casework.steps import now_utc
from leeward.foundation.actor import Actor
from leeward.foundation.whole_text import whole
from leeward.installation.queries import config_now
from leeward.laws.rules.facts import Facts, is_infant, parse_facts
from leeward.laws.rules.schemes import derive
from leeward.people.queries import time_zone_of
from leeward.people.services import authorize, staff_id

MOST_REASON = 2000


def limits_of(hotline_id: int) -> Limits:
    """Return the limits that apply in a hotline; in the demonstration the desk is open all day."""
    row = limits_set(hotline_id)
    if row is not None:
        return Limits(**{part.name: getattr(row, part.name) for part in fields(Limits)})
    return Limits(last_hour=24) if settings.LEEWARD.demonstration else Limits()


def limits_set(hotline_id: int) -> DeskLimits | None:
    """Return who last set a hotline's limits, when, and why they are wider; None if the recommended ones apply."""
    return DeskLimits.objects.filter(hotline_id=hotline_id).first()


def local_now(hotline_id: int, now: datetime | None = None, *, zone: str = "") -> datetime:
    """Return the local time of the hotline's staff; in `zone` if the caller knows it already."""
    return (now or now_utc()).astimezone(ZoneInfo(zone or time_zone_of(hotline_id)))


def day_of(person_id: int, local: datetime) -> Day:
    """Return a person's day so far."""
    row = DeskDay.objects.filter(by_id=person_id, day=local.date()).first()
    return as_day(row) if row else Day()


@dataclass(frozen=True, slots=True)
class Standing:
    """A person's standing today: the day so far, the limits, the local time, and what forbids anything new now."""

    day: Day
    limits: Limits
    local: datetime
    stop: Stop | None

    @property
    def sentence(self) -> str:
        """Return why nothing new is shown, in words; empty if nothing forbids it."""
        if self.stop is None:
            return ""
        if self.stop.until:
            return str(STOPS_UNTIL) % {"time": self.stop.until.astimezone(self.local.tzinfo).strftime("%H:%M")}
        return str(STOPS[self.stop.why])

    @property
    def warnings(self) -> list[str]:
        """Return which limits are close, in words."""
        return [] if self.stop else [str(NEARING[why]) for why in budget.nearing(self.day, self.local, self.limits)]


def standing_of(actor: Actor, *, zone: str = "", for_new: bool = False) -> Standing:
    """Return a member of staff's standing today; `for_new` if they want another case. Three queries, or two if the
    hotline's time zone is known.
    """
    hotline_id = actor.hotline_id or 0
    limits, local = limits_of(hotline_id), local_now(hotline_id, zone=zone)
    day = day_of(staff_id(actor), local)
    stop = (budget.stop_before_new if for_new else budget.stop_of)(day, local, limits)
    return Standing(day, limits, local, stop)


def demand_open(actor: Actor, *, weight: int = 0, for_new: bool = False) -> None:
    """Raise NothingNewNow if this person may view nothing new now, may begin nothing new (`for_new`), or has no room
    for this weight today.
    """
    standing = standing_of(actor, for_new=for_new)
    if standing.stop:
        raise NothingNewNow(sentence=standing.sentence)
    if not budget.has_room(standing.day, weight, standing.limits):
        raise NothingNewNow(sentence=str(NO_ROOM))


def note_work(actor: Actor, *, weight: int = 0) -> int:
    """Count one act with material, in the caller's transaction; return the day's total weight of previews."""
    hotline_id = actor.hotline_id or 0
    local = local_now(hotline_id)
    row = _row(hotline_id, staff_id(actor), local)
    day = budget.after_work(as_day(row), local, limits_of(hotline_id))
    row.worked, row.stretch_from, row.last_at = day.worked, day.stretch_from, day.last_at
    row.spent += weight
    row.save()
    return row.spent


def weight_in(case: Case, *, blurred: bool, part: int = 100) -> int:
    """Return the weight of viewing one picture of this case, by what is marked or was found so far."""
    limits, found = limits_of(case.hotline_id), _facts_so_far(case)
    if found is None:
        return budget.weight_of(limits, blurred=blurred, part=part)
    category = derive(found).get("uk", "")
    return budget.weight_of(limits, blurred=blurred, part=part, category=category, infant=is_infant(found))


def say_not_today(*, actor: Actor, is_off: bool = True) -> None:
    """Switch previews and new cases off for this person today, or on again. No reason is asked."""
    hotline_id = actor.hotline_id or 0
    with hotline_transaction():
        authorize(actor, "case.preview", hotline_id)
        row = _row(hotline_id, staff_id(actor), local_now(hotline_id))
        row.is_off = is_off
        row.save(update_fields=["is_off"])


def set_limits(limits: Limits, *, reason: str, actor: Actor) -> None:
    """Set the limits of the actor's hotline. Exceeding the recommended ones, or exceeding them further, takes an
    administrator and a reason; the reason is kept while any limit exceeds them.

    Raises LimitOutOfRange, LimitsClash, WideningNeedsReason, NotAllowed.
    """
    hotline_id = actor.hotline_id or 0
    wrong, beyond = budget.out_of_range(limits), budget.beyond_recommended(limits)
    with hotline_transaction():
        authorize(actor, "limits.edit", hotline_id)
        wider, before = budget.widened(limits, limits_of(hotline_id)), limits_set(hotline_id)
        if wrong:
            raise LimitOutOfRange(field=LIMIT_NAMES[wrong[0]])
        if clash := budget.clash_of(limits):
            raise LimitsClash(field=clash, why=CLASHES[clash])
        if wider:
            authorize(actor, "limits.widen", hotline_id)
            if not reason.strip():
                raise WideningNeedsReason(field=wider[0])
        kept = before.reason if before and beyond else ""
        values = {
            **asdict(limits),
            "reason": whole(reason, MOST_REASON) or kept,
            "by_id": actor.id if actor.kind == "staff" else None,
            "at": now_utc(),
        }
        DeskLimits.objects.update_or_create(hotline_id=hotline_id, defaults=values)
        facts = {**asdict(limits), "wider": list(beyond)}
        record("limits.set", actor=actor, hotline_id=hotline_id, subject=f"hotline:{hotline_id}", facts=facts)


def forget_old_days(now: datetime) -> int:
    """Delete days older than the installation keeps them; return how many."""
    kept = timedelta(days=config_now().desk_days)
    deleted, _ = DeskDay.objects.filter(day__lt=(now - kept).date()).delete()
    return int(deleted)


def _row(hotline_id: int, person_id: int, local: datetime) -> DeskDay:
    row, _made = DeskDay.objects.get_or_create(hotline_id=hotline_id, by_id=person_id, day=local.date())
    return row


def _facts_so_far(case: Case) -> Facts | None:
    draft = Draft.objects.filter(case_id=case.pk, kind=FACTS).order_by("-at").first()
    if draft is not None:
        return parse_facts(draft.facts)
    assessment = case.assessments.order_by("-pk").first()
    return parse_facts(assessment.facts) if assessment else None
