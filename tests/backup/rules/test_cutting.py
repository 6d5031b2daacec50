"""Pieces: whole, bounded, and the same again around a change."""

import io
import random

import pytest

from leeward.backup.rules.cutting import LEAST, MOST, pieces

# Multiplied by this, modulo 2**64, eight bytes give their hash; they end a piece where it begins with these 18 bits.
FACTOR, BITS, MARK = 0x9E3779B97F4A7C15, 18, 1


def _cut(data: bytes) -> list[bytes]:
    return list(pieces(io.BytesIO(data).read))


def test_pieces_make_the_whole_and_are_neither_small_nor_large() -> None:
    data = random.Random(1).randbytes(9_000_000) + bytes(3_000_000)
    found = _cut(data)
    assert b"".join(found) == data
    assert all(LEAST <= len(piece) <= MOST for piece in found[:-1])
    assert 20 < len(found) < 100


def test_a_byte_more_at_the_beginning_changes_few_pieces() -> None:
    data = random.Random(2).randbytes(6_000_000)
    before, after = set(_cut(data)), set(_cut(b"x" + data))
    assert len(after - before) <= 2


def test_nothing_has_no_pieces_and_little_has_one() -> None:
    assert _cut(b"") == []
    assert _cut(b"abc") == [b"abc"]


def _mark(rest: int) -> bytes:
    """Eight bytes after which a piece ends: `rest` is what follows the mark in their hash."""
    hashed = (MARK << (64 - BITS)) | rest
    return (hashed * pow(FACTOR, -1, 2**64) % 2**64).to_bytes(8, "little")


def _lengths(size: int, *ends: int) -> list[int]:
    """The lengths of the pieces of zeros with a mark before each of `ends`."""
    data = bytearray(size)
    for end in ends:
        data[end - 8 : end] = _mark(end)
    return [len(piece) for piece in _cut(bytes(data))]


def test_a_piece_ends_after_the_first_mark_that_leaves_it_large_enough() -> None:
    assert _lengths(LEAST + 9, LEAST) == [LEAST, 9]
    assert _lengths(LEAST + 9, LEAST - 1) == [LEAST + 9]
    assert _lengths(3 * LEAST, LEAST + 100, 2 * LEAST + 99, 2 * LEAST + 200) == [LEAST + 100, LEAST + 100, LEAST - 200]
    assert _lengths(MOST + 70, MOST + 60) == [MOST, 70]
    assert _lengths(2 * MOST, MOST) == [MOST, MOST]
    assert _lengths(9 * MOST) == [MOST] * 9, "what is read at once may end where a piece does"
    assert _lengths(LEAST + 8, LEAST + 8) == [LEAST + 8]


@pytest.mark.parametrize("rest", [0, 1, 2**46 - 1, 0x155555555555, 0x2AAAAAAAAAAA])
def test_every_bit_of_the_eight_bytes_counts(rest: int) -> None:
    whole = bytes(LEAST) + _mark(rest) + bytes(9)
    assert [len(piece) for piece in _cut(whole)] == [LEAST + 8, 9]
    for bit in range(0, 64, 7):
        other = bytearray(whole)
        other[LEAST + bit // 8] ^= 1 << bit % 8
        assert len(_cut(bytes(other))) == 1


def test_pieces_are_the_same_however_the_bytes_arrive() -> None:
    data = random.Random(3).randbytes(9 * MOST)
    stream = io.BytesIO(data)

    def some(size: int) -> bytes:
        assert 0 < size <= 8 * MOST, "no more is asked for than is held at once"
        return stream.read(min(size, 700_001))

    found = list(pieces(some))
    assert found == _cut(data)
    assert b"".join(found) == data
