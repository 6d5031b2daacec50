"""The installation's settings for monitoring, scaled by its pace."""

from datetime import timedelta

from leeward.foundation.clock import paced
from leeward.installation.queries import config_now
from leeward.monitoring.rules.verdict import Limits

OFTEN = timedelta(hours=1)
SELDOM = timedelta(days=1)
# After a removal: hourly for the first days like any other, daily for three months, then weekly while the case is
# watched.
REMOVED_FOR = timedelta(days=90)
RARELY = timedelta(days=7)


def limits_now() -> Limits:
    """Return the limits that are in force."""
    config = config_now()

    def short(interval: timedelta) -> timedelta:
        return paced(interval, config.pace)

    return Limits(
        misses=config.check_misses,
        miss_gap=short(timedelta(minutes=config.check_miss_minutes)),
        often=short(OFTEN),
        often_for=short(timedelta(days=config.check_first_days)),
        seldom=short(SELDOM),
        unreachable_for=short(timedelta(days=config.unreachable_days)),
        removed_for=short(REMOVED_FOR),
        rarely=short(RARELY),
    )
