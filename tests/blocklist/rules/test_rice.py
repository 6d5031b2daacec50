"""Rice-Golomb coding: the published vectors, the fast functions against the plain ones, and data that can't be true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules import rice
from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.rice import (
    RiceCoded,
    code_sorted,
    decode,
    decode_plain,
    decode_sorted,
    encode,
    encode_plain,
)
from tests.blocklist.reference import vectors

numbers = st.lists(st.integers(0, 2**32 - 1), max_size=60, unique=True).map(sorted)
deltas = st.lists(st.integers(0, 2**32 - 1), max_size=40)


def test_the_published_vectors():
    for parameter, coded, wanted in vectors("sb_rice.json"):
        data = bytes.fromhex(coded)
        assert decode(parameter, data, len(wanted)).tolist() == wanted
        assert decode_plain(parameter, data, len(wanted)) == wanted
        assert encode(parameter, wanted).rstrip(b"\0") == data.rstrip(b"\0")


@given(numbers)
def test_sorted_numbers_come_back(values):
    assert decode_sorted(code_sorted(values)).tolist() == values


@given(st.integers(20, 31), deltas)
def test_the_fast_functions_say_what_the_plain_ones_say(parameter, values):
    coded = encode_plain(parameter, values)
    assert encode(parameter, values) == coded
    assert decode(parameter, coded, len(values)).tolist() == values == decode_plain(parameter, coded, len(values))


@given(st.integers(0, 8), st.lists(st.integers(0, 5000), max_size=50))
def test_long_quotients(parameter, values):
    coded = encode_plain(parameter, values)
    assert encode(parameter, values) == coded
    assert decode(parameter, coded, len(values)).tolist() == values


@given(st.integers(0, 31), st.binary(max_size=60), st.integers(0, 40))
def test_any_bytes_are_read_alike_or_refused_by_both(parameter, data, count):
    try:
        wanted = decode_plain(parameter, data, count)
    except BadCoding:
        with pytest.raises(BadCoding):
            decode(parameter, data, count)
    else:
        assert decode(parameter, data, count).tolist() == wanted


def test_codes_over_the_borders_of_blocks(monkeypatch):
    monkeypatch.setattr(rice, "_BLOCK_BYTES", 3)
    values = [0, 1, 700, 5, 1_000_000, 31, 32, 90_000, 0]
    for parameter in (3, 7, 13):
        assert decode(parameter, encode_plain(parameter, values), len(values)).tolist() == values


def test_a_million_prefixes_fit_two_megabytes():
    rng = np.random.default_rng(5)
    prefixes = np.unique(rng.integers(0, 2**32, 1_000_000, dtype=np.uint32))
    coded = code_sorted(prefixes)
    assert coded is not None
    assert len(coded.data) < 1_750_000
    assert np.array_equal(decode_sorted(coded), prefixes)


def test_no_numbers_and_one():
    assert code_sorted([]) is None
    assert decode_sorted(None).tolist() == []
    assert code_sorted([7]) == RiceCoded(7, 0, 0, b"")
    assert decode_sorted(RiceCoded(7, 0, 0, b"")).tolist() == [7]


@pytest.mark.parametrize("values", [[2, 1], [1, 1], [-1], [2**32], [0.5]])
def test_what_is_no_rising_list_of_32_bit_numbers_is_not_coded(values):
    with pytest.raises(BadCoding):
        code_sorted(values)


@pytest.mark.parametrize(
    ("coded", "why"),
    [
        (RiceCoded(2**32, 0, 0, b""), "32 bits"),
        (RiceCoded(-1, 0, 0, b""), "32 bits"),
        (RiceCoded(1, 2, 1, b"\1\1"), "parameter"),
        (RiceCoded(1, 31, 1, b"\1" * 9), "parameter"),
        (RiceCoded(1, 3, 1 << 60, b"\1"), "too early"),
        (RiceCoded(1, 3, 1, b"\xff\xff"), "too early"),
        (RiceCoded(1, 3, 2, b"\0\0"), "rise"),
        (RiceCoded(2**32 - 1, 3, 1, encode(3, [1])), "32 bits"),
        (RiceCoded(0, 30, 2, encode(30, [2**32 - 1, 1])), "32 bits"),
        (RiceCoded(0, 3, -1, b"\1"), "too early"),
    ],
)
def test_what_can_not_be_true_is_refused(coded, why):
    with pytest.raises(BadCoding, match=why):
        decode_sorted(coded)
