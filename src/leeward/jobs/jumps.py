"""Keeps urgent and repeating jobs going after the clock was set back.

Jobs wait until a time, and after a backward jump they would all wait that much longer. Except after failures, no urgent
job waits for more than a minute at a time, and no repeating one for more than its interval; so one that would wait
longer is due now.
"""

from datetime import datetime, timedelta

from leeward.foundation.clock import next_delay
from leeward.jobs.models import Job
from leeward.jobs.registry import HANDLERS, MOST_BETWEEN_REPEATS, Handler

# A job that says that it isn't time yet is asked again after this long.
URGENT_WAITS = timedelta(minutes=1)
AFTER_DEATHS = timedelta(minutes=1)
MOST_DELAY = timedelta(hours=6)
DEATHS_AT_ONCE = 3  # how often it is restarted at once
_MOST = 500


def bring_forward(now: datetime) -> int:
    """Make due every job that would wait longer than it ever should; return how many."""
    far = Job.objects.filter(dead=False, leased_until__isnull=True, due_at__gt=now + URGENT_WAITS)
    repeating = [kind for kind, handler in HANDLERS.items() if handler.every is not None]
    rows = [*far.filter(urgent=True)[:_MOST], *far.filter(urgent=False, kind__in=repeating)]
    held = [
        job for job in rows if (handler := HANDLERS.get(job.kind)) and job.due_at > now + longest_wait(job, handler)
    ]
    waiting = Job.objects.filter(pk__in=[job.pk for job in held], leased_until__isnull=True, due_at__gt=now)
    return waiting.update(due_at=now)


def longest_wait(job: Job, handler: Handler) -> timedelta:
    """Return how long an urgent or repeating job may have to wait from now: its minute or interval, or the back-off
    after its failures."""
    found = [handler.every or URGENT_WAITS]
    if job.attempts:
        found.append(next_delay(job.attempts, first=handler.first_delay, most=handler.most_delay))
    if job.hung or job.begun > DEATHS_AT_ONCE:
        ended = max(job.hung, job.begun - DEATHS_AT_ONCE)
        found.append(wait_after(ended, handler))
    return max(found)


def wait_after(ended: int, handler: Handler | None) -> timedelta:
    """Return how long a job waits that was ended so many times, by its time limit or with its worker: longer each time, and one that
    repeats no longer than after a failure."""
    repeats = handler is not None and handler.every is not None
    return next_delay(ended, first=AFTER_DEATHS, most=MOST_BETWEEN_REPEATS if repeats else MOST_DELAY)
