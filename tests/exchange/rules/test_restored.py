"""The notice of a restoring, as hotlines give it to each other."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from leeward.exchange.rules.restored import MOST_BYTES, NoticeUnusable, read_restored, write_restored

NOW = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)
BACKUP, RESTORED = NOW - timedelta(days=2), NOW - timedelta(hours=1)


def test_what_is_written_is_read() -> None:
    assert json.loads(write_restored(BACKUP, RESTORED)) == {
        "version": 1,
        "backup_at": "2026-11-27T12:00:00+00:00",
        "restored_at": "2026-11-29T11:00:00+00:00",
    }
    assert read_restored(write_restored(BACKUP, RESTORED), NOW) == (BACKUP, RESTORED)
    assert read_restored(write_restored(NOW, NOW + timedelta(days=1)), NOW) == (NOW, NOW + timedelta(days=1))
    assert read_restored(write_restored(NOW, NOW), NOW) == (NOW, NOW)
    elsewhere = json.dumps({"backup_at": "2026-11-27T14:00:00+02:00", "restored_at": "2026-11-29T11:00:00Z"}).encode()
    assert read_restored(elsewhere, NOW) == (BACKUP, RESTORED)
    assert read_restored(elsewhere + b" " * (MOST_BYTES - len(elsewhere)), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff",
        b"[]",
        b"7",
        b"{}",
        b'{"backup_at": "2026-11-27T12:00:00+00:00"}',
        b'{"backup_at": 5, "restored_at": 6}',
        b'{"backup_at": "2026-11-27T12:00:00", "restored_at": "2026-11-29T11:00:00+00:00"}',
        b'{"backup_at": "0001-01-01T00:00:00+14:00", "restored_at": "2026-11-29T11:00:00+00:00"}',
        b"[" * 900,
        write_restored(RESTORED, BACKUP),
        write_restored(BACKUP, NOW + timedelta(days=1, seconds=1)),
        write_restored(BACKUP, RESTORED) + b" " * MOST_BYTES,
    ],
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(NoticeUnusable):
        read_restored(body, NOW)
