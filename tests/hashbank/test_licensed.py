"""Licensed hashes in the bank. The adapter here is a TEST ADAPTER of ours, not PhotoDNA: its distance is the sum of squared differences of bytes."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.ground.errors import BadInput
from leeward.hashbank import licensed
from leeward.hashbank.models import RecordHash
from leeward.hashbank.queries import known, known_many
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import add_record, keep_bank
from tests.hashbank.conftest import Desk, bits_off, picture_code

NEAR = 900.0


class SquaresTestAdapter:
    """Not PhotoDNA: 144 bytes, sum of squared differences."""

    kind = "photodna"
    code_bytes = 144
    near_distance = NEAR

    def hash_picture(self, stream: Any) -> bytes | None:
        return None

    def distances(self, code: Any, codes: Any) -> Any:
        return np.square(codes.astype(np.float64) - code.astype(np.float64)).sum(axis=1)


class WrongLength(SquaresTestAdapter):
    code_bytes = 32


def code(seed: int) -> bytes:
    return np.random.default_rng(seed).integers(40, 200, 144, np.uint8).tobytes()


def moved(value: bytes, by: int, places: int = 1) -> bytes:
    return bytes(one + by if place < places else one for place, one in enumerate(value))


@pytest.fixture
def plugged(bank: Desk, settings: Any) -> Desk:
    name = f"{__name__}:SquaresTestAdapter"
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"licensed_hashers": name})
    licensed.forget_codes()
    return bank


def photodna(value: bytes) -> list[Hash]:
    return [Hash("photodna", value)]


def test_without_an_adapter_only_equal_codes_are_found(bank: Desk) -> None:
    number = add_record(photodna(code(1)), actor=bank.analyst)
    (found,) = known(photodna(code(1)))
    assert (found.record_id, found.match, found.distance_bits) == (number, "near", 0)
    assert known(photodna(moved(code(1), 1))) == []


def test_with_an_adapter_its_own_distance_decides_and_the_bank_is_followed(plugged: Desk) -> None:
    first = add_record(photodna(code(1)), actor=plugged.analyst)
    found = known_many(
        [photodna(one) for one in (code(1), moved(code(1), 30), moved(code(1), 15), moved(code(1), 31), code(2))]
    )
    assert [[(row.record_id, row.match, row.distance_bits) for row in rows] for rows in found] == [
        [(first, "near", 0)], [(first, "near", 31)], [(first, "near", 8)], [], [],
    ]  # fmt: skip
    assert known(photodna(moved(code(1), 30)), radius=8) == []
    second = add_record(photodna(code(2)), actor=plugged.analyst)
    assert [row.record_id for row in known(photodna(moved(code(2), 3)))] == [second], "added after the codes were read"
    RecordHash.objects.filter(record_id=second).update(aside=True)
    assert known(photodna(moved(code(2), 3))) == []
    RecordHash.objects.filter(record_id=first).delete()
    assert known(photodna(moved(code(1), 3))) == []


def test_a_nearer_harmless_look_alike_silences_a_match_whatever_the_kind(plugged: Desk) -> None:
    keep_bank("look-alikes", harmless=True, actor=plugged.supervisor)
    add_record(photodna(code(1)), actor=plugged.analyst)
    harmless = add_record(
        [*photodna(moved(code(1), 20)), Hash("pdq", picture_code(1), 90)], bank="look-alikes", actor=plugged.analyst
    )
    asked = [*photodna(moved(code(1), 22)), Hash("pdq", bits_off(picture_code(1), 12), 90)]
    assert [row.record_id for row in known(asked)] == [harmless]


@given(st.integers(0, 10_000), st.integers(1, 40), st.integers(1, 4))
def test_it_finds_what_comparing_with_all_finds(seed: int, by: int, places: int) -> None:
    codes = np.frombuffer(b"".join(code(seed + one) for one in range(20)), np.uint8).reshape(-1, 144)
    asked = np.frombuffer(moved(codes[7].tobytes(), by, places), np.uint8)
    hits = [hit.row for hit in licensed.nearest(SquaresTestAdapter(), codes, asked[None])]
    apart = [sum((int(a) - int(b)) ** 2 for a, b in zip(asked, one, strict=True)) for one in codes]
    assert hits == [row for row, distance in enumerate(apart) if distance <= NEAR]


@pytest.mark.parametrize("name", ["nowhere.at:all", f"{__name__}:Missing", f"{__name__}:WrongLength", "noattribute"])
def test_an_adapter_that_can_not_be_used_is_named(bank: Desk, settings: Any, name: str) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"licensed_hashers": name})
    with pytest.raises(BadInput, match="LICENSED_HASHERS"):
        known(photodna(code(1)))
