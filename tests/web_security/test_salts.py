"""The salt of the day: shared while it lasts, gone when it is over, and nobody's count starts anew at midnight."""

import hashlib
import hmac
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.backup.rules.choosing import belongs
from leeward.site.config import Config
from leeward.web_security import salts
from leeward.web_security.models import Bucket
from leeward.web_security.salts import daily_hash, forget_at_midnight, forget_past, hashes_at
from leeward.web_security.services import allow, give_back
from tests.foundation.full import full_disk

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 25, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_place(settings: Any, tmp_path: Path) -> None:
    settings.LEEWARD = Config(data=settings.LEEWARD.data, volatile=str(tmp_path))


def test_yesterdays_hash_can_not_be_made_again(settings: Any, tmp_path: Path) -> None:
    """Neither with the installation's secret nor by trying all addresses: what made it is gone."""
    made = daily_hash("192.0.2.7", NOON.date())
    assert daily_hash("192.0.2.7", NOON.date()) == made
    assert daily_hash("192.0.2.7", MIDNIGHT.date()) != made
    derived = hmac.new(settings.LEEWARD.secret_bytes, b"leeward gate 2026-11-24", hashlib.sha256).digest()
    assert hmac.new(derived, b"192.0.2.7", hashlib.sha256).hexdigest() != made
    assert forget_past(NOON.date()) == 0
    assert forget_past(MIDNIGHT.date()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["salt.2026-11-25"]
    assert daily_hash("192.0.2.7", NOON.date()) != made


def test_all_who_ask_at_once_get_one_salt(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as many:
        assert len(set(many.map(lambda _: daily_hash("x", NOON.date()), range(64)))) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["salt.2026-11-24"]
    assert (tmp_path / "salt.2026-11-24").stat().st_mode & 0o777 == 0o600


def test_only_shortly_before_midnight_two_salts_count() -> None:
    assert len(hashes_at("x", NOON)) == 1
    before = hashes_at("x", MIDNIGHT - timedelta(minutes=1))
    assert len(before) == 2
    assert hashes_at("x", MIDNIGHT) == before[1:]


@pytest.mark.django_db
def test_midnight_empties_no_count_and_fills_none() -> None:
    late = MIDNIGHT - timedelta(seconds=2)
    assert [allow("receipt", "192.0.2.7", per_minute=6, burst=3, now=late) for _ in range(4)] == [True] * 3 + [False]
    give_back("receipt", "192.0.2.8", burst=3, now=late)  # of whom nothing is known: nothing happens
    forget_past(MIDNIGHT.date())
    assert not allow("receipt", "192.0.2.7", per_minute=6, burst=3, now=MIDNIGHT)
    assert allow("receipt", "192.0.2.8", per_minute=6, burst=3, now=MIDNIGHT)
    assert allow("receipt", "192.0.2.7", per_minute=6, burst=3, now=MIDNIGHT + timedelta(seconds=9))
    give_back("receipt", "192.0.2.7", burst=3, now=MIDNIGHT + timedelta(seconds=9))
    assert Bucket.objects.get(key=daily_hash("receipt\n192.0.2.7", MIDNIGHT.date())).tokens == pytest.approx(1.1)


@pytest.fixture(params=["Etc/GMT-14", "Etc/GMT+12"])  # at any hour one of them has another date than UTC
def _zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("_zone")
def test_a_process_forgets_at_once_and_again_as_each_day_ends(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(salts, "_CHECK_SECONDS", 0.02)
    day = datetime.now(UTC).date()
    past, today = (tmp_path / f"salt.{one}" for one in (day - timedelta(days=1), day))
    for path in (past, today):
        path.write_bytes(b"x" * 32)
    over = forget_at_midnight()
    try:
        assert not past.exists(), "at once"
        [thread] = [one for one in threading.enumerate() if one.name == "salts"]
        assert thread.daemon, "it keeps no process from ending"
        past.write_bytes(b"x" * 32)  # as if it were midnight now
        wait_for(lambda: not past.exists())
        assert today.exists()
    finally:
        over.set()
    thread.join(60)
    assert not thread.is_alive()


def wait_for(true: Any) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.1)
    pytest.fail("it did not happen within a minute")


def test_only_the_salts_of_other_days_go_and_nothing_else_in_the_folder(tmp_path: Path) -> None:
    today = NOON.date()
    for days in (-2, -1, 0, 1, 2):
        daily_hash("x", today + timedelta(days=days))
    (tmp_path / "other").write_bytes(b"stays")
    (tmp_path / "salt.kept").mkdir()  # what can't be deleted stops nothing
    assert forget_past(today) == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "other", "salt.2026-11-24", "salt.2026-11-25", "salt.kept",
    ]  # fmt: skip


def test_what_is_left_where_making_a_salt_was_cut_off_goes_with_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = NOON.date()
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)  # as if killed: the name by which it was made stays
    daily_hash("192.0.2.7", today)
    monkeypatch.undo()
    salt = (tmp_path / "salt.2026-11-24").read_bytes()
    (tmp_path / "new-salt.0a0b").write_bytes(salt)  # as 0.2.0 left it
    left = [path.name for path in tmp_path.iterdir()]
    assert len(left) == 3
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [salt] * 3
    assert not any(map(belongs, left)), "no backup has it"
    assert forget_past(today) == 1, "what may be of somebody who is about to link it stays for the day"
    assert forget_past(MIDNIGHT.date()) == 2
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_file_behind_for_each_visitor(tmp_path: Path) -> None:
    with full_disk():
        for number in range(20):
            with pytest.raises(OSError, match="large"):
                daily_hash(f"192.0.2.{number}", NOON.date())
    assert list(tmp_path.iterdir()) == []


def test_a_salt_whose_day_ends_while_it_is_made_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    link, forgotten = os.link, []

    def late(source: Path, target: Path) -> None:
        if not forgotten:
            forgotten.append(forget_past(MIDNIGHT.date()))
        link(source, target)

    monkeypatch.setattr(os, "link", late)
    assert daily_hash("192.0.2.7", NOON.date())
    assert forgotten == [1]


def test_a_salt_is_random_long_and_made_where_there_is_no_folder_yet(settings: Any, tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    settings.LEEWARD = Config(data=settings.LEEWARD.data, volatile=str(place))
    before = os.umask(0)
    try:
        first = _salt_of(place)
    finally:
        os.umask(before)
    assert (place / "salt.2026-11-24").stat().st_mode & 0o777 == 0o600, "whatever the umask"
    made = hmac.new(first, b"192.0.2.7", hashlib.sha256).hexdigest()
    assert daily_hash("192.0.2.7", NOON.date()) == made
    assert len(first) == 32
    assert place.stat().st_mode & 0o777 == 0o700
    forget_past(NOON.date() + timedelta(days=9))
    assert _salt_of(place) != first


def _salt_of(place: Path) -> bytes:
    daily_hash("x", NOON.date())
    return (place / f"salt.{NOON.date()}").read_bytes()


def test_ten_minutes_before_midnight_the_next_salt_counts_already() -> None:
    assert len(hashes_at("x", MIDNIGHT - timedelta(minutes=10, seconds=1))) == 1
    assert len(hashes_at("x", MIDNIGHT - timedelta(minutes=10))) == 2
