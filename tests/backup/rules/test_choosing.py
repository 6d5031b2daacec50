"""What is backed up and what is kept; how far numbers jump."""

import time
from datetime import UTC, datetime, timedelta

import pytest

from leeward.backup.rules.choosing import belongs
from leeward.backup.rules.jumps import CASES_DRAWN, ROWS_DRAWN, next_case, next_row
from leeward.backup.rules.manifest import File, moment_of, name_at

AT = datetime(2026, 11, 28, 2, 0, 0, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "path",
    [
        "secret",
        "audit.key",
        "lists.key",
        "locale/fr/LC_MESSAGES/django.po",
        "shields.csv",
        "lists/states/a.gz",
        "new",
        "logos/basalt.svg",
        "logos/salt.svg",
    ],
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
        "volatile/salt.2026-11-28",
        ".salt.2026-11-28.x1.new",
        "new-salt.x1",
        "old/data/new-salt.x1",
        "signer/log.key",
        "before-upgrade-20261128T020000.sqlite3",
        "aside/words.sqlite3-wal",
        "old/data/leeward.sqlite3",
        "old/data/before-upgrade-20261128T020000.sqlite3",
        "busy",
        "public-owner",
        "public.sqlite3-owner",
        ".backup-x/a",
        "lists/.a.new",
        "lost+found/#12",
    ],
)
def test_what_is_of_the_moment_or_made_again_is_not(path: str) -> None:
    assert not belongs(path)


def test_case_numbers_jump_a_million_a_day_and_by_a_draw() -> None:
    day = timedelta(days=1)
    assert (next_case(17, day / 2, 0), next_case(17, 3 * day, 5), next_case(0, 0 * day, 0)) == (
        1000017,
        4000022,
        1000000,
    )
    assert next_case(17, -2 * day, 3) == 1000020, "a clock that was set back"
    assert next_case(17, 12 * day, 0) - next_case(17, day, CASES_DRAWN - 1) > 10**6, "eleven days apart never the same"


def test_row_numbers_jump_beyond_a_million_and_by_a_draw() -> None:
    assert (next_row(0, 0), next_row(1_000_001, 5)) == (1_000_000, 3_000_005)
    assert 900 * (ROWS_DRAWN + 2_000_000) < 2**53, "JSON has them exactly"


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
