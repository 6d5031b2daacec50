"""Unpacking in small steps, within bounds."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.http.unpacking import NotUnpackable, PackedTooWell, TooLarge, Unpacker


def unpack(body: bytes, *encodings: str, step: int = 1000, max_bytes: int = 100_000, max_ratio: int = 200) -> bytes:
    unpacker = Unpacker(encodings, max_bytes=max_bytes, max_ratio=max_ratio)
    for start in range(0, len(body), step):
        unpacker.feed(body[start : start + step])
    unpacker.finish()
    return bytes(unpacker.body)


@given(st.binary(max_size=50_000), st.integers(1, 5000))
def test_what_was_packed_comes_out_whatever_the_pieces(body: bytes, step: int) -> None:
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    assert unpack(body, step=step) == body
    assert unpack(gzip.compress(body), "gzip", step=step) == body
    assert unpack(zlib.compress(body), "deflate", step=step) == body
    assert unpack(raw.compress(body) + raw.flush(), "deflate", step=max(step, 2)) == body
    assert unpack(gzip.compress(gzip.compress(body)), "gzip", "gzip", step=step) == body


@pytest.mark.parametrize("layers", [1, 2])
def test_a_bomb_ends_at_the_limit(layers: int) -> None:
    body = bytes(50_000_000)
    for _ in range(layers):
        body = gzip.compress(body)
    with pytest.raises((TooLarge, PackedTooWell)):
        unpack(body, *["gzip"] * layers)


def test_a_suspicious_ratio_ends_before_the_limit() -> None:
    unpacker = Unpacker(["gzip"], max_bytes=20_000_000, max_ratio=200)
    with pytest.raises(PackedTooWell):
        unpacker.feed(gzip.compress(bytes(15_000_000)))
    assert len(unpacker.body) < 5_000_000


@given(st.binary(min_size=1, max_size=500))
def test_garbage_is_garbage_and_nothing_else(body: bytes) -> None:
    try:
        unpack(body, "gzip")
    except NotUnpackable:
        return


@pytest.mark.parametrize("encodings", [["dcb"], ["gzip", "gzip", "gzip"], ["compress"]])
def test_what_we_cant_unpack_is_said_at_once(encodings: list[str]) -> None:
    with pytest.raises(NotUnpackable):
        Unpacker(encodings, max_bytes=10, max_ratio=10)


def test_a_packed_body_that_breaks_off_is_not_complete() -> None:
    with pytest.raises(NotUnpackable):
        unpack(gzip.compress(bytes(range(256)) * 50)[:-20], "gzip")


@pytest.mark.parametrize(("name", "pack"), [("br", brotli.compress), ("zstd", zstandard.compress)])
def test_what_browsers_say_they_take_is_unpacked_within_the_same_limits(
    name: str, pack: Callable[[bytes], bytes]
) -> None:
    body = bytes(range(256)) * 4000
    packed = pack(body)
    for step in (1, 100, len(packed)):
        unpacker = Unpacker([name], max_bytes=2_000_000, max_ratio=10_000)
        for start in range(0, len(packed), step):
            unpacker.feed(packed[start : start + step])
        unpacker.finish()
        assert unpacker.body == body
    with pytest.raises(PackedTooWell):
        Unpacker([name], max_bytes=20_000_000, max_ratio=200).feed(pack(bytes(15_000_000)))
    with pytest.raises(TooLarge):
        Unpacker([name], max_bytes=100_000, max_ratio=10_000).feed(packed)
    with pytest.raises(NotUnpackable):
        unpack(pack(bytes(range(256)) * 50)[:-3], name)
    with pytest.raises(NotUnpackable):
        unpack(b"neither of them, in any way that one could read", name)
