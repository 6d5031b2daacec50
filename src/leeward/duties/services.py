"""Asking for work: now, later, or by whoever wants to hear."""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import Case, F, IntegerField, Value, When
from django.db.models.functions import Least

from leeward.duties.models import Duty
from leeward.duties.registry import kinds_for


def announce(event: str, *, subject_id: int, hotline_id: int, now: datetime | None = None) -> None:
    """Tell every slice that listens; each gets a duty in the current transaction. `event` is `noun.past_verb`."""
    for kind in kinds_for(event):
        schedule(kind, subject_id=subject_id, hotline_id=hotline_id, due_at=now)


def schedule(kind: str, *, subject_id: int, hotline_id: int, due_at: datetime | None = None) -> None:
    """Want `kind` done for the subject at `due_at` (default: now). There is one row a subject: asking again moves it to the
    earlier time, revives a dead one, and makes a running one run once more."""
    due_at = due_at or datetime.now(UTC)
    same = Duty.objects.filter(kind=kind, subject_id=subject_id, hotline_id=hotline_id)

    def ask_again() -> int:
        return same.update(
            dead=False,
            attempts=Case(When(dead=True, then=0), default=F("attempts"), output_field=IntegerField()),
            problem=Case(When(dead=True, then=Value("")), default=F("problem")),
            due_at=Case(When(dead=True, then=Value(due_at)), default=Least(F("due_at"), due_at)),
            generation=F("generation") + 1,
        )

    if ask_again():
        return
    try:
        with transaction.atomic():
            Duty.objects.create(kind=kind, subject_id=subject_id, hotline_id=hotline_id, due_at=due_at)
    except IntegrityError:
        ask_again()


def cancel(kind: str, *, subject_id: int, hotline_id: int) -> None:
    """Want it no more. A run under way ends by itself."""
    Duty.objects.filter(kind=kind, subject_id=subject_id, hotline_id=hotline_id).delete()


def revive(duty_id: int, *, hotline_id: int) -> bool:
    """Try a dead duty of this hotline again from the start; False if there is none."""
    return bool(
        Duty.objects.filter(id=duty_id, hotline_id=hotline_id, dead=True).update(
            dead=False, attempts=0, due_at=datetime.now(UTC), leased_until=None, problem=""
        )
    )


def release_leases(owner: str) -> int:
    """Give back what `owner` (a worker that is gone) had under way, row by row: none is held while waiting for another."""
    rows = Duty.objects.filter(leased_by=owner, leased_until__isnull=False)
    return sum(
        Duty.objects.filter(pk=pk, leased_by=owner).update(leased_until=None, leased_by="")
        for pk in list(rows.values_list("pk", flat=True))
    )
