"""Prefix lists: any way to the same list gives the same checksum; an update that doesn't fit changes nothing; the wire format."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules.errors import BadCoding, BadUpdate
from leeward.blocklist.rules.hash_list import (
    EMPTY,
    HashList,
    Update,
    difference,
    holds,
    may_ask_again_at,
    prefixes_of,
    updated,
    whole,
)
from leeward.blocklist.rules.hash_list_wire import read_update, write_update

values = st.integers(0, 40) | st.integers(0, 2**32 - 1)
states = st.sets(values, max_size=30)


def state(members, version=b"1", name="national"):
    return HashList(name, version, np.array(sorted(members), np.uint32), timedelta(minutes=30))


@given(st.lists(states, min_size=1, max_size=6))
def test_any_order_of_additions_and_removals_gives_the_same_checksum(history):
    held = state(set(), b"")
    for number, members in enumerate(history, 1):
        target = state(members, bytes((number,)))
        held = updated(held, read_update(write_update(difference(held, target))))
        assert held.prefixes.tolist() == sorted(members)
        assert held.version == target.version
    last = state(history[-1])
    assert held.checksum == last.checksum == updated(state({1, 2}), whole(last)).checksum
    assert held.checksum == sha256(b"".join(value.to_bytes(4, "big") for value in sorted(history[-1]))).digest()


@given(states, states)
def test_a_client_far_behind_takes_one_step(old, new):
    assert updated(state(old), difference(state(old), state(new))).prefixes.tolist() == sorted(new)


def test_an_update_that_does_not_fit_is_refused():
    held, target = state({1, 5, 9}), state({1, 9, 12}, b"2")
    right = difference(held, target)
    assert right.removals.tolist() == [1]
    assert right.additions.tolist() == [12]
    with pytest.raises(BadUpdate, match="checksum"):
        updated(state({1, 5, 8}), right)
    with pytest.raises(BadUpdate, match="place 1 of 1"):
        updated(state({1}), right)
    with pytest.raises(BadUpdate, match="worst-of"):
        updated(state({1, 5, 9}, name="worst-of"), right)
    both = Update("national", b"2", False, right.removals, target.prefixes, target.checksum)
    with pytest.raises(BadUpdate, match="removes"):
        updated(held, both)


def test_who_holds_a_prefix_and_when_to_ask_again():
    held = state({0, 7, 2**32 - 1})
    assert [holds(held, value) for value in (0, 1, 7, 2**32 - 1)] == [True, False, True, True]
    assert not holds(state(set()), 3)
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    assert may_ask_again_at(held, now) == datetime(2026, 11, 24, 12, 30, tzinfo=UTC)


def test_prefixes_are_big_endian_and_each_stands_once():
    assert prefixes_of([b"\x01\x02\x03\x04" + b"x" * 28, b"\0\0\0\x09y", b"\0\0\0\x09z"]).tolist() == [9, 0x01020304]


def test_the_size_of_an_update_of_two_thousand_changes():
    rng = np.random.default_rng(3)
    everything = np.unique(rng.integers(0, 2**32, 1_001_000, dtype=np.uint32))
    order = rng.permutation(len(everything))
    old = HashList("national", b"1", np.sort(everything[order[1000:]]))
    new = HashList("national", b"2", np.sort(everything[order[:-1000]]))
    message = write_update(difference(old, new))
    assert len(message) < 20_000
    assert updated(old, read_update(message)).checksum == new.checksum


def test_the_wire_format_is_that_of_protocol_buffers():
    """The bytes a Protocol Buffers library writes for the same message."""
    update = Update("n", b"v", True, np.array([2], np.uint32), EMPTY, b"c", timedelta(seconds=300))
    assert write_update(update).hex(" ") == "0a 01 6e 12 01 76 18 01 2a 02 08 02 32 03 08 ac 02 3a 01 63"


def test_fields_of_later_versions_are_skipped():
    update = whole(state({1, 2}))
    extra = b"\x42\x03abc" + b"\xa0\x06\x01" + b"\xa5\x06\xff\xff\xff\xff" + b"\xa1\x06" + b"\xff" * 8
    assert read_update(write_update(update) + extra).checksum == update.checksum


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"\x0a\x05ab", "the message is cut off"),
        (b"\x0a", "the message is cut off"),
        (b"\x18" + b"\xff" * 12, "a number is too long"),
        (b"\x0b", "a field has an unknown kind"),
        (b"\x0a\x01\xff", "the name is not UTF-8"),
        (b"\x08\x01", "a field that should be bytes is a number"),
        (b"\x1a\x01a", "a field that should be a number is not"),
        (b"\x4a\x00", "the prefixes have another length than 4 bytes"),
        (b"\x22\x04\x10\x05\x18\x01", "the data ends too early"),
    ],
)
def test_a_message_that_is_none_is_refused(message, why):
    with pytest.raises(BadCoding) as refused:
        read_update(message)
    assert str(refused.value) == f"The coded numbers can't be read: {why}."


def test_a_message_to_the_letter():
    update = Update("n" * 127, b"v1", True, np.array([1, 6], np.uint32), EMPTY, b"sum", timedelta(seconds=300))
    head = b"\x0a\x7f" + b"n" * 127 + b"\x12\x02v1\x18\x01"
    added = b"\x2a\x09\x08\x01\x10\x03\x18\x01\x22\x01\x0a"
    assert write_update(update) == head + added + b"\x32\x03\x08\xac\x02" + b"\x3a\x03sum"


@given(st.binary(max_size=80))
def test_any_bytes_are_read_or_refused(message):
    with suppress(BadCoding):
        read_update(message)
