"""What is backed up and what is kept; how far numbers jump."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from leeward.backup.rules.choosing import belongs
from leeward.backup.rules.jumps import next_case, next_row
from leeward.backup.rules.manifest import File, moment_of, name_at

AT = datetime(2026, 11, 28, 2, 0, 0, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    ["secret", "audit.key", "lists.key", "locale/fr/LC_MESSAGES/django.po", "shields.csv", "lists/states/a.gz", "new"],
)
def test_what_nobody_can_make_again_is_backed_up(path: str) -> None:
    assert belongs(path)


@pytest.mark.parametrize(
    "path",
    [
        "leeward.sqlite3",
        "leeward.sqlite3-wal",
        "hashbank/1/index",
        "salt.2026-11-28",
        "signer/log.key",
        "before-upgrade-20261128T020000.sqlite3",
        "busy",
        ".backup-x/a",
        "lists/.a.new",
    ],
)
def test_what_is_of_the_moment_or_made_again_is_not(path: str) -> None:
    assert not belongs(path)


def test_case_numbers_jump_a_round_thousand_a_day() -> None:
    assert next_case(17, timedelta(hours=1)) == 2000
    assert next_case(17, timedelta(days=3)) == 5000
    assert next_case(0, timedelta(0)) == 1000
    assert next_case(17, timedelta(days=-2)) == 2000  # a clock that was set back


def test_row_numbers_jump_beyond_a_million() -> None:
    assert next_row(0) == 1_000_000
    assert next_row(1_000_001) == 3_000_000


def test_a_name_says_when() -> None:
    assert moment_of(name_at(AT)) == AT
    assert moment_of("notes.backup") is None


def test_a_name_is_in_utc_wherever_the_server_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "XXX-5")
    time.tzset()
    try:
        assert name_at(AT) == "20261128T020000.000017Z.backup"
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize("path", ["/etc/passwd", "../a", "data/../../a", "", "a\0b"])
def test_a_manifest_names_no_place_outside(path: str) -> None:
    with pytest.raises(ValueError, match="path"):
        File(path=path, size=0, sha256="0" * 64, pieces=[])
