"""What a hotline tells its peers once it was restored from a backup: between which moments it knows of nothing. Pure."""

import json
from datetime import UTC, datetime, timedelta

AHEAD = timedelta(days=1)
MOST_BYTES = 1000


class NoticeUnusable(Exception):
    """It is no such notice."""


def write_restored(backup_at: datetime, restored_at: datetime) -> bytes:
    """Return the notice as JSON."""
    return json.dumps(
        {"version": 1, "backup_at": backup_at.isoformat(), "restored_at": restored_at.isoformat()}
    ).encode()


def read_restored(body: bytes, now: datetime) -> tuple[datetime, datetime]:
    """Return when the backup was made and when it was restored. Raises NoticeUnusable."""
    if len(body) > MOST_BYTES:
        raise NoticeUnusable
    try:
        found = json.loads(body.decode())
        backup_at, restored_at = _moment(found["backup_at"]), _moment(found["restored_at"])
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise NoticeUnusable from error
    if not backup_at <= restored_at <= now + AHEAD:
        raise NoticeUnusable
    return backup_at, restored_at


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(text)
    return at.astimezone(UTC)
