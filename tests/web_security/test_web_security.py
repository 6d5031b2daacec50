"""Once is once, and too often is too often."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from leeward.jobs.clockwatch import Jump, note
from leeward.web_security.keys import (
    KEY_HOURS,
    is_form_key,
    is_made_before,
    is_old_form_key,
    key_digest,
    new_form_key,
    trace_key,
)
from leeward.web_security.models import Bucket, UsedKey
from leeward.web_security.paging import page_of
from leeward.web_security.rules.bucket import Level, take
from leeward.web_security.services import allow, forget_old, use_once

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.django_db
def test_a_key_counts_once_for_a_purpose() -> None:
    key = new_form_key()
    assert use_once(key, purpose="report")
    assert not use_once(key, purpose="report")
    assert use_once(key, purpose="appeal")


@pytest.mark.django_db
def test_a_key_still_counts_once_after_the_clock_was_ahead() -> None:
    now, ahead = datetime.now(UTC), datetime.now(UTC) + timedelta(days=30)
    key = new_form_key()
    assert use_once(key, purpose="report")
    note(Jump(now, ahead), "here:0")
    forget_old(ahead)
    note(Jump(ahead, now), "here:0")
    assert not use_once(key, purpose="report")
    forget_old(now + timedelta(days=8))
    assert not UsedKey.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["", "x", "\x00" * 32, "é" * 32, "a" * 33])
def test_a_key_that_is_not_ours_counts_as_used(key: str) -> None:
    assert not use_once(key, purpose="report")
    assert not UsedKey.objects.exists()


def test_a_key_is_signed_here_and_good_for_a_day() -> None:
    now = NOW.timestamp()
    key = new_form_key(now)
    assert is_form_key(key, now + KEY_HOURS * 3600)
    assert not is_form_key(key, now + KEY_HOURS * 3600 + 1)
    assert is_old_form_key(key)
    assert [is_made_before(key, moment) for moment in (now - 1, now, now + 1)] == [False, True, True]
    assert not is_made_before("A" * len(key), now + 1)
    for place in range(len(key)):  # whoever changes a letter, or makes a key up, has none
        other = key[:place] + ("A" if key[place] != "A" else "B") + key[place + 1 :]
        assert not is_form_key(other, now)
        assert not is_old_form_key(other)
    assert not is_form_key("A" * len(key))


@pytest.mark.django_db
def test_the_bucket_empties_and_refills_and_keeps_no_address() -> None:
    answers = [allow("receipt", "192.0.2.7", per_minute=6, burst=3, now=NOW) for _ in range(4)]
    assert answers == [True, True, True, False]
    assert allow("receipt", "192.0.2.8", per_minute=6, burst=3, now=NOW)
    assert allow("receipt", "192.0.2.7", per_minute=6, burst=3, now=NOW + timedelta(seconds=11))
    assert not any("192.0.2" in str(vars(row)) for row in Bucket.objects.all())
    assert forget_old(NOW + timedelta(days=2)) == 2


@given(st.lists(st.floats(0, 3600), max_size=60), st.floats(1, 60), st.integers(1, 10))
def test_never_more_than_burst_and_rate(gaps: list[float], per_minute: float, burst: int) -> None:
    level, now, let_in = Level(float(burst), NOW), NOW, 0
    for gap in gaps:
        now += timedelta(seconds=gap)
        allowed, level = take(level, now, per_minute=per_minute, burst=burst)
        let_in += allowed
        assert 0 <= level.tokens <= burst
    assert let_in <= burst + sum(gaps) / 60 * per_minute + 1e-6


@pytest.mark.parametrize(
    ("tokens", "seconds", "allowed", "left"),
    [
        (1.0, 0, True, 0.0),
        (0.99, 0, False, 0.99),
        (0.0, 10, True, 0.0),  # six a minute: one every ten seconds
        (0.0, 9, False, 0.9),
        (0.0, 0.5, False, 0.05),
        (2.0, 60, True, 2.0),  # never more than the burst
        (0.5, -60, False, 0.5),  # a clock that was put back gives nothing and takes nothing
    ],
)
def test_a_bucket_fills_evenly_and_no_further_than_to_the_brim(
    tokens: float, seconds: float, allowed: bool, left: float
) -> None:
    now = NOW + timedelta(seconds=seconds)
    assert take(Level(tokens, NOW), now, per_minute=6, burst=3) == (allowed, Level(pytest.approx(left), now))


def test_what_is_kept_of_a_key_is_a_digest_of_it_and_of_its_purpose() -> None:
    assert key_digest("k", "report") == hashlib.sha256(b"report\nk").hexdigest()
    assert trace_key("k") == hmac.digest(settings.LEEWARD.public_bytes, b"leeward traces\nk", "sha256")


@pytest.mark.django_db
def test_pages_survive_any_number(django_assert_num_queries: Any) -> None:
    UsedKey.objects.bulk_create(UsedKey(digest=f"{number:064}") for number in range(120))
    rows = UsedKey.objects.order_by("digest")
    assert [page_of(rows, number).number for number in ("1", "3", "0", "-4", "x", None, "99999999999")] == [
        1,
        3,
        1,
        1,
        1,
        1,
        200,
    ]
    third = page_of(rows, 3)
    assert (third.first, third.last, third.total, third.has_next, third.has_previous) == (101, 120, 120, False, True)
    assert page_of(rows.none(), 1).first == 0
    with django_assert_num_queries(1):  # what ends a list need not be counted
        assert page_of(rows, 3).total == 120
    assert page_of(rows, 3, per_page=40).total == 120


@pytest.mark.parametrize(
    "change", [lambda key: key[:-1], lambda key: key + "A", lambda key: key[:-4] + "====", lambda key: key[:-1] + "é"]
)
def test_a_key_of_another_length_or_with_other_letters_is_none(change) -> None:
    key = change(new_form_key())
    assert not is_form_key(key)
    assert not is_old_form_key(key)


def test_a_key_can_be_written_in_one_way_only() -> None:
    """Else the same key would count once in each of them."""
    key = next(key for key in iter(new_form_key, None) if "-" in key and "_" in key)
    assert is_form_key(key)
    for other in (key.replace("-", "+"), key.replace("_", "/"), key[:9] + "\n" + key[10:]):
        assert not is_old_form_key(other)


def test_a_key_from_a_clock_that_goes_ahead_is_good_for_a_day_too() -> None:
    now = NOW.timestamp()
    assert is_form_key(new_form_key(now + KEY_HOURS * 3600), now)
    assert not is_form_key(new_form_key(now + KEY_HOURS * 3600 + 1), now)


def test_a_form_that_was_opened_before_an_update_is_good_after_it(settings) -> None:
    """What a key is made of stays: when, ten random bytes, and a mark under the installation's secret."""
    raw = base64.urlsafe_b64decode(new_form_key(1.0 + 2**24))
    assert (raw[:4], len(raw)) == (bytes([1, 0, 0, 1]), 24)
    mark = hmac.new(settings.LEEWARD.public_bytes, b"leeward form key\n" + raw[:14], hashlib.sha256).digest()
    assert raw[14:] == mark[:10]
