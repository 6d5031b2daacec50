"""A picture is near at exactly 31 bits and not at 32: in the index, in HMA's comparison, and where a case asks the bank."""

from typing import Any

import numpy as np
import pytest

from leeward.hashbank.hma.views.matching import PDQ_MATCHES_BITS
from leeward.hashbank.queries import known
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record
from leeward.matching.index import Index
from tests.casework.conftest import PLAIN, Desk, desk, running_world, world

__all__ = ["desk", "running_world", "world"]
CODE = bytes(range(32))


def away(bits: int) -> bytes:
    """A code that differs from CODE in so many bits."""
    return (int.from_bytes(CODE) ^ ((1 << bits) - 1)).to_bytes(32)


@pytest.mark.parametrize(("bits", "is_near"), [(0, True), (30, True), (31, True), (32, False)])
def test_the_index_finds_it_up_to_31_bits(tmp_path: Any, bits: int, *, is_near: bool) -> None:
    index = Index.build(tmp_path / "one.index", np.frombuffer(CODE, np.uint8)[None, :])
    hits = index.search(np.frombuffer(away(bits), np.uint8)[None, :], 31)
    assert [int(one) for one in hits.distance] == ([bits] if is_near else [])
    assert PDQ_MATCHES_BITS == 31


@pytest.mark.django_db
def test_a_case_is_like_a_known_picture_up_to_31_bits(desk: Desk) -> None:
    number = add_record([Hash("pdq", CODE, 100)], facts=PLAIN, actor=desk.cast["ana"].actor)
    for bits, found in ((0, [number]), (31, [number]), (32, [])):
        rows = known([Hash("pdq", away(bits), 100)])
        assert [row.record_id for row in rows] == found, bits
        assert all((row.match, row.distance_bits) == ("near", bits) for row in rows if bits)
