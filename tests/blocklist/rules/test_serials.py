"""Serials of 32 bits that go round."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules.serials import MAX_STEP, is_newer, next_serial

serials = st.integers(0, 2**32 - 1)


@given(serials)
def test_the_next_one_is_newer(serial):
    assert is_newer(next_serial(serial), serial)
    assert not is_newer(serial, next_serial(serial))
    assert 0 < next_serial(serial) < 2**32


@given(serials, st.integers(1, MAX_STEP))
def test_newer_by_any_step_up_to_half_the_circle(serial, step):
    later = (serial + step) % 2**32
    assert is_newer(later, serial)
    assert not is_newer(serial, later)


@given(serials)
def test_equal_and_opposite_are_not_newer(serial):
    assert not is_newer(serial, serial)
    assert not is_newer((serial + 2**31) % 2**32, serial)
    assert not is_newer(serial, (serial + 2**31) % 2**32)
