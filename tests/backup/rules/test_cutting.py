"""Pieces: whole, bounded, and the same again around a change."""

import io
import random

from leeward.backup.rules.cutting import LEAST, MOST, pieces


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
