"""Watches locations, and checks them."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from typing import cast

from django.db.models import F

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hosting import services as hosting_services
from leeward.jobs.clockwatch import Reading, is_sure, jump_between, read_clocks
from leeward.jobs.services import cancel, publish_event, schedule
from leeward.monitoring.limits import limits_now
from leeward.monitoring.models import Check, Watch
from leeward.monitoring.rules.verdict import CheckResult, Outcome, Standing, judge, next_check_at

CHECK = "monitoring.check"
_STANDING = tuple(Standing.__dataclass_fields__)


def watch(location_id: int, *, hotline_id: int, actor: Actor = SYSTEM) -> int:
    """Check a location repeatedly from now on; return the watch's number.

    Repeating this changes nothing; a watch that was off starts again, and so does one that has seen the content gone, at once: whoever asks
    says that it is there, and is told if it isn't.
    """
    now = datetime.now(UTC)
    first_assessment = now + limits_now().often
    with hotline_transaction():
        found, is_new = Watch.objects.get_or_create(
            hotline_id=hotline_id, location_id=location_id, defaults={"since": now, "next_at": first_assessment}
        )
        if is_new or found.state in ("off", "removed"):
            if not is_new:
                found.next_at = now if found.state == "removed" else first_assessment
                _take(found, Standing(state="up", since=now))
                found.save()
            _record("watch.started", found, actor)
            schedule(CHECK, subject_id=found.pk, hotline_id=hotline_id, due_at=found.next_at)
    return found.pk


def stop_watching(location_id: int, *, actor: Actor = SYSTEM) -> bool:
    """Stop checking; return False if it was not watched. Must run within the hotline's scope."""
    with hotline_transaction():
        found = Watch.objects.select_for_update().filter(location_id=location_id).exclude(state="off").first()
        if found is None:
            return False
        found.state, found.next_at = "off", None
        found.save(update_fields=["state", "next_at"])
        cancel(CHECK, subject_id=found.pk, hotline_id=found.hotline_id)
        _record("watch.stopped", found, actor)
    return True


def check_soon(location_id: int) -> bool:
    """Check as soon as a worker is free (somebody says that it is gone, or back); return False if it is not watched."""
    now = datetime.now(UTC)
    with hotline_transaction():
        found = Watch.objects.select_for_update().filter(location_id=location_id).exclude(state="off").first()
        if found is None:
            return False
        found.next_at = now
        found.save(update_fields=["next_at"])
        schedule(CHECK, subject_id=found.pk, hotline_id=found.hotline_id, due_at=now)
    return True


def move_checks(watches: list[int], after: datetime, by: timedelta) -> None:
    """Move the next check of these watches by `by` if it is later than `after`: the clock that it was set by was ahead."""
    Watch.objects.filter(pk__in=watches, next_at__gt=after).update(next_at=F("next_at") + by)


def run_check(watch_id: int) -> datetime | None:
    """Check now if it is due, store the result, publish what is new; return when to check next (None: never).

    Two workers that check at the same time store one check: the second one finds that the first has done it.
    """
    found = Watch.objects.filter(pk=watch_id).first()
    if found is None or found.state == "off":
        return None
    if found.next_at is not None and found.next_at > datetime.now(UTC):
        return found.next_at
    began = read_clocks()
    probe = hosting_services.probe(found.location_id)
    control_answers = probe.outcome == "same" or hosting_services.control_answers()
    seen = CheckResult(cast(Outcome, probe.outcome), datetime.now(UTC), control_answers)
    limits = limits_now()
    with hotline_transaction():
        current = Watch.objects.select_for_update().get(pk=watch_id)
        if current.checked_at != found.checked_at or current.state == "off":
            return current.next_at
        verdict = judge(_standing(current, began), seen, limits)
        _take(current, verdict.standing)
        current.checked_at = seen.at
        current.next_at = next_check_at(verdict.standing, seen.at, limits, counted=verdict.counted)
        current.save()
        Check.objects.create(
            hotline_id=current.hotline_id,
            watch=current,
            at=seen.at,
            outcome=probe.outcome,
            counted=verdict.counted,
            status=probe.status,
            reason=(probe.reason if control_answers else "control_silent")[:60],
            distance_bits=probe.distance_bits,
        )
        if verdict.news:
            event = f"location.{verdict.news}"
            _record(event, current, SYSTEM, {"status": probe.status, "outcome": probe.outcome, "state": current.state})
            publish_event(event, subject_id=current.location_id, hotline_id=current.hotline_id)
    return current.next_at


def _standing(row: Watch, began: Reading) -> Standing:
    """Return how a watch stands. Where the clock doesn't tell for how long nobody could reach the address, that counts from this check, which
    `began` then: a clock that jumps gives up no watch."""
    standing, now = Standing(**{name: getattr(row, name) for name in _STANDING}), read_clocks()
    since = standing.unreachable_since
    if since is None or (is_sure(since, now.at) and jump_between(began, now) is None):
        return standing
    return replace(standing, unreachable_since=None)


def _take(row: Watch, standing: Standing) -> None:
    for name, value in asdict(standing).items():
        setattr(row, name, value)


def _record(event: str, row: Watch, actor: Actor, facts: dict[str, object] | None = None) -> None:
    subject = f"location:{row.location_id}"
    record(event, actor=actor, hotline_id=row.hotline_id, subject=subject, facts={"watch": row.pk, **(facts or {})})
