"""The place for licensed hashes: codes as files carry them, a hasher that is plugged in. The toy hasher is ours."""

import base64
import io

import numpy as np
import pytest

from leeward.matching.hashing import hash_stream
from leeward.matching.hashing.licensed import nearest, photodna_code
from leeward.matching.index import CodesRefused
from tests.matching.codes import uniform


class Toy:
    kind = "toy"
    code_bytes = 144
    near_distance = 10.0

    def hash_picture(self, stream):
        data = stream.read(144)
        return data if len(data) == 144 else None

    def distances(self, code, codes):
        return np.abs(codes.astype(np.int32) - code.astype(np.int32)).sum(axis=1).astype(np.float64)


def test_nearest_uses_the_kinds_own_distance():
    codes = uniform(70_000, 1152)
    query = codes[[69_999, 5]].copy()
    query[0, :3] = np.clip(query[0, :3].astype(int) - 2, 0, 255).astype(np.uint8)
    hits = [(hit.query, hit.row) for hit in nearest(Toy(), codes, query)]
    assert hits == [(0, 69_999), (1, 5)]
    assert next(nearest(Toy(), codes, query, max_distance=0.0)).row == 5


def test_codes_of_another_length_are_refused():
    with pytest.raises(CodesRefused, match="144"):
        list(nearest(Toy(), uniform(2), uniform(1)))


def test_photodna_codes_are_read_as_files_carry_them():
    code = uniform(1, 1152)[0].tobytes()
    assert photodna_code(base64.b64encode(code).decode()) == code
    assert photodna_code(code.hex().upper()) == code
    for text in ("", "AAAA", "!" * 192, base64.b64encode(code[:-1]).decode()):
        with pytest.raises(CodesRefused):
            photodna_code(text)


def test_a_hasher_that_is_plugged_in_adds_its_field():
    data = bytes(range(256))
    row = hash_stream(io.BytesIO(data), name="x.bin", licensed=[Toy()]).as_dict()
    assert row["toy"] == data[:144].hex()
    assert "toy" not in hash_stream(io.BytesIO(data), name="x.bin").as_dict()
