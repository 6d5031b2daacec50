"""The quick ways: which addresses and names take them, and the plain coding of numbers, bit by bit."""

import numpy as np
import pytest

from leeward.blocklist.rules import rice
from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.lookup import comparable_of, read_plainly
from leeward.blocklist.rules.rice import (
    RiceCoded,
    best_parameter,
    code_sorted,
    decode,
    decode_plain,
    decode_sorted,
    encode,
    encode_plain,
)
from leeward.blocklist.rules.suffixes import _list, registrable
from leeward.hosting.rules.urls import canonical_url

LABEL = "x" * 63
CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@pytest.mark.parametrize(
    "url",
    [
        "http://a.example/",
        "https://a.example/",
        f"http://a.example/{CAPITALS.lower()}{CAPITALS}0123456789_.~!$&()*+,;=:@-/x",
        "http://a.example/x/",
        "http://a.example/x?y",
        "http://a.example/?y",
        "http://a.example/x?y//../z?w",
        f"http://a.example/?{CAPITALS.lower()}{CAPITALS}0123456789_.~!$&()*+,;=:@-/?",
        "http://a.example/?u=http://b.example/",
        "http://a.example/x.y/z",
        "http://abcdefghijklmnopqrstuvwxyz.example/",
        "http://0123456789.a_b.c-d.example/",
        "http://x1.e9/",
        f"http://{LABEL}.{LABEL}/",
        f"http://{'a.' * 10}example/",
        "http://X.example/".lower(),
    ],
)
def test_an_address_that_is_comparable_already(url: str) -> None:
    assert read_plainly(url) == comparable_of(url) == url


@pytest.mark.parametrize(
    ("url", "comparable"),
    [
        ("http://a.example", "http://a.example/"),
        ("http://a.example?y#z", "http://a.example/?y"),
        ("HTTPS://A.Example:0443/X", "https://a.example/X"),
        ("http://a:b@c@d.example:80/@:x", "http://d.example/@:x"),
        ("http://a.example/?", "http://a.example/?"),
        ("http://a.example/#?x", "http://a.example/"),
        ("http://a.example/?u=%41%2541", "http://a.example/?u=AA"),
        ("http://a.example/%41?x//../y", "http://a.example/A?x//../y"),
        ("http://a.example//", "http://a.example/"),
        ("http://a.example/x////y", "http://a.example/x/y"),
        ("http://a.example/.x", "http://a.example/.x"),
        ("http://a.example/x/./y/../../../z", "http://a.example/z"),
        ("http://a.example/x//../y", "http://a.example/x/y"),
        ("http://a.example/x/..", "http://a.example/"),
        ("http://a.example/x/y/.", "http://a.example/x/y/"),
        ("http://a.example/x/%2e%2E/y/%2E", "http://a.example/y/"),
        ("http://a.example/x/y%2f../z", "http://a.example/x/z"),
        ("http://a.example/x%2fy/%2e%2e/z", "http://a.example/z"),
        ("http://a.example/x%2fy/.%2E/z", "http://a.example/z"),
        ("http://a.example/x/y/..", "http://a.example/x/"),
    ],
)
def test_an_address_that_is_read_plainly(url: str, comparable: str) -> None:
    assert read_plainly(url) == canonical_url(url).comparable == comparable


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/",
        "http:/a.example/",
        "http://a.example\xe9/",
        "http://example/",
        f"http://{'a.' * 11}example/",
        f"http://{'x' * 64}.example/",
        "http://a..example/",
        "http://.a.example/",
        "http://a.example./",
        "http://_a.example/",
        "http://-a.example/",
        "http://a_.example/",
        "http://a-.example/",
        "http://a.1x/",
        "http://a.example_x/",
        "http://xn--a.example/",
        "http://a.example:/",
        "http://a.example:00080/",
        "http://a.example:8a/",
        "http://a:80:80.example/",
        "http://[::1]/",
        "http://127.0.0.1/",
        "http://a.example/x\ty",
        "http://a.example/x\\y",
        "http://a.example/x y",
        "http://a.example/?x y",
    ],
)
def test_an_address_that_must_be_read(url: str) -> None:
    assert read_plainly(url) is None


def test_the_short_way_to_a_registrable_name_agrees_with_the_list() -> None:
    bare = {rule.removeprefix("!").removeprefix("*.") for rule in _list()._publicsuffix}
    odd = {
        "",
        ".",
        "a.",
        ".a",
        "a..b",
        "ab.",
        "a.example.",
        "A.example",
        "a.B.example",
        "1.2.3.4",
        "a.unknown",
        "b.a.unknown",
        "com",
    }
    names = {f"{labels}{rule}" for rule in sorted(bare)[::7] for labels in ("", "a.", "b.a.", "c.b.a.")} | odd
    names |= {f"q.{rule.partition('.')[2]}" for rule in bare if "." in rule}
    assert [name for name in names if registrable(name) != _list().privatesuffix(name)] == []


# Numbers


CODINGS = [
    (0, [0], b"\0"),
    (0, [1], b"\1"),
    (0, [7], b"\x7f"),
    (0, [8], b"\xff\0"),
    (3, [5], b"\x0a"),
    (3, [8], b"\x01"),
    (3, [15, 1], b"\x5d\0"),
    (4, [0x1F, 0x0F], b"\xbd\x07"),
    (8, [0x1FF], b"\xfd\x03"),
    (8, [0], b"\0\0"),
    (31, [0xFFFFFFFF], b"\xfd\xff\xff\xff\x01"),
]


@pytest.mark.parametrize(("parameter", "values", "coded"), CODINGS)
def test_numbers_bit_by_bit(parameter: int, values: list[int], coded: bytes) -> None:
    assert encode_plain(parameter, values) == coded
    assert encode(parameter, values) == coded
    assert decode_plain(parameter, coded, len(values)) == values
    assert decode(parameter, coded, len(values)).tolist() == values


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        (0, [62, 63, 64, 65]),
        (1, [123, 124, 125]),
        (1, [126, 127, 128]),
        (3, [8 * 59, 8 * 60, 8 * 61, 8 * 62 + 7]),
        (3, [8 * 59 + 7] * 70),
        (30, [2**32 - 1, 0, 2**30, 2**30 - 1] * 40),
        (20, [2**25 - 1] * 9 + [0] * 9),
        (13, [(number * 2654435761) % 2**18 for number in range(200)]),
    ],
)
def test_the_quick_way_says_what_the_plain_one_says(parameter: int, values: list[int]) -> None:
    coded = encode_plain(parameter, values)
    assert encode(parameter, values) == encode(parameter, np.array(values, np.int64)) == coded
    assert decode_plain(parameter, coded, len(values)) == values
    found = decode(parameter, coded, len(values))
    assert (found.dtype, found.tolist()) == (np.uint64, values)
    assert decode(parameter, coded + b"\xff", len(values)).tolist() == values


def test_codes_that_cross_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    values = [0, 1, 700, 5, 90_000, 31, 32, 9_000, 0, 7]
    for block in (1, 2, 3, 8):
        monkeypatch.setattr(rice, "_BLOCK_BYTES", block)
        for parameter in (0, 3, 8, 13):
            if parameter or block == 8:
                coded = encode_plain(parameter, values)
                assert decode(parameter, coded, len(values)).tolist() == values


def test_none_and_no_more_than_asked() -> None:
    assert (encode(3, []), encode_plain(3, []), decode_plain(3, b"", 0)) == (b"", b"", [])
    nothing = decode(3, b"", 0)
    assert (nothing.dtype, nothing.tolist()) == (np.uint64, [])
    assert decode(3, b"\x5d\0", 1).tolist() == [15]
    assert decode_plain(3, b"\x5d\0", 1) == [15]


@pytest.mark.parametrize(
    ("parameter", "data", "count"),
    [(3, b"", 1), (3, b"\xff\x3f", 1), (3, b"\0", 3), (3, b"\xff", 1), (3, b"\xff\xff\xff", 1), (3, b"\x3f", 1), (3, b"\0", -1), (8, b"\1\1", 2)],
)  # fmt: skip
def test_data_that_ends_too_early(parameter: int, data: bytes, count: int) -> None:
    for read in (decode, *([decode_plain] if count > 0 else [])):
        with pytest.raises(BadCoding) as refused:
            read(parameter, data, count)
        assert str(refused.value) == "The coded numbers can't be read: the data ends too early."


def test_a_long_code_at_the_very_end_of_its_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rice, "_BLOCK_BYTES", 2)
    assert decode(3, encode_plain(3, [8 * 28]), 1).tolist() == [8 * 28]
    assert decode(3, encode_plain(3, [8 * 12]), 1).tolist() == [8 * 12]
    with pytest.raises(BadCoding):
        decode(3, b"\xff" * 9, 1)


# Sorted lists


def test_a_sorted_list_as_it_is_coded() -> None:
    assert code_sorted([3, 8, 23]) == RiceCoded(3, 3, 2, encode_plain(3, [5, 15]))
    assert code_sorted(np.array([3, 4], np.uint32)) == RiceCoded(3, 3, 1, encode_plain(3, [1]))
    assert code_sorted([0, 2**32 - 1]) == RiceCoded(0, 30, 1, encode_plain(30, [2**32 - 1]))
    assert code_sorted([7]) == RiceCoded(7, 0, 0, b"")
    assert len(RiceCoded(3, 3, 2, b"")) == 3
    for values in ([], [0], [2**32 - 1], [3, 8, 23], [0, 2**32 - 1]):
        found = decode_sorted(code_sorted(values))
        assert (found.dtype, found.tolist()) == (np.uint32, values)
    assert decode_sorted(RiceCoded(1, 30, 1, encode_plain(30, [2**31]))).tolist() == [1, 2**31 + 1]


@pytest.mark.parametrize(
    ("mean", "parameter"),
    [(0.0, 3), (1.0, 3), (16.3, 3), (16.4, 4), (32.0, 4), (33.0, 5), (1000.0, 9), (1024.0, 9), (1050.0, 10), (4e9, 30), (2.0**31, 30), (2.0**30, 29)],
)  # fmt: skip
def test_the_shortest_parameter(mean: float, parameter: int) -> None:
    assert best_parameter(mean) == parameter


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([2, 1], "the numbers don't rise"),
        ([1, 1], "the numbers don't rise"),
        ([-1], "a number has more than 32 bits"),
        ([0, 2**32], "a number has more than 32 bits"),
        ([0.5], "a number has more than 32 bits"),
    ],
)
def test_what_is_said_of_numbers_that_are_not_coded(values: list[int], why: str) -> None:
    with pytest.raises(BadCoding) as refused:
        code_sorted(values)
    assert str(refused.value) == f"The coded numbers can't be read: {why}."


@pytest.mark.parametrize(
    ("coded", "why"),
    [
        (RiceCoded(2**32, 0, 0, b""), "the first value has more than 32 bits"),
        (RiceCoded(-1, 0, 0, b""), "the first value has more than 32 bits"),
        (RiceCoded(1, 2, 1, b"\1\1"), "the parameter is 2, not 3 to 30"),
        (RiceCoded(1, 31, 1, b"\1" * 9), "the parameter is 31, not 3 to 30"),
        (RiceCoded(1, 3, 2, encode_plain(3, [1, 0])), "the numbers don't rise"),
        (RiceCoded(2**32 - 1, 3, 1, encode_plain(3, [1])), "a number has more than 32 bits"),
        (RiceCoded(0, 30, 2, encode_plain(30, [2**32 - 1, 1])), "a number has more than 32 bits"),
        (RiceCoded(0, 30, 1, encode_plain(30, [2**32])), "a number has more than 32 bits"),
        (RiceCoded(1, 3, 1, b"\xff\xff"), "the data ends too early"),
    ],
)
def test_what_is_said_of_a_list_that_can_not_be(coded: RiceCoded, why: str) -> None:
    with pytest.raises(BadCoding) as refused:
        decode_sorted(coded)
    assert str(refused.value) == f"The coded numbers can't be read: {why}."
