"""Decide when a subscriber's copy of a list is too old, and when its fetching has failed. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Alarm = Literal["", "key_ended", "failing", "stale", "never_fetched"]
STALE_AFTER = timedelta(hours=36)
FIRST_FETCH_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known about one key and one list.

    `since`: when the key first had access to a published version, None for no version yet; `at`: the last successful
    fetch; `behind_since`: when the first version that the key lacks was published, None for none; `failed_at`: the
    first refusal after `at`; `has_run_out`: the key has expired and nobody revoked it.
    """

    since: datetime | None
    at: datetime | None
    behind_since: datetime | None
    failed_at: datetime | None
    has_run_out: bool


def alarm_of(standing: Standing, now: datetime) -> Alarm:
    """Return the most serious problem, "" for none."""
    if standing.has_run_out:
        return "key_ended"
    if standing.failed_at is not None:
        return "failing"
    if standing.at is not None:
        is_old = standing.behind_since is not None and now - standing.behind_since > STALE_AFTER
        return "stale" if is_old else ""
    is_waiting = standing.since is not None and now - standing.since > FIRST_FETCH_WITHIN
    return "never_fetched" if is_waiting else ""
