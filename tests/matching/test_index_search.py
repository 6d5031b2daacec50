"""The search finds exactly what comparing everything with everything finds: kernels, reference, any length, any radius."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.matching.index import CodesRefused, Index, engine, reference, view
from leeward.matching.index.plan import MASK_COUNTS, bands_of, probes, thresholds
from leeward.matching.index.reference import Bands
from tests.matching.codes import brute, clustered, near, uniform

MAKERS = {"uniform": uniform, "clustered": clustered}
RADII = (0, 1, 7, 15, 16, 20, 31, 40, 47, 63)


def rows(hits):
    return sorted(zip(hits.query.tolist(), hits.id.tolist(), hits.distance.tolist(), strict=True))


def found(answer):
    return sorted(zip(*(column.tolist() for column in answer), strict=True))


def bands_by(module, codes):
    count = bands_of(codes.shape[1] * 8)
    parts = [module.order_band(codes.view(np.uint16), band) for band in range(count)]
    padding = (0, 64 - len(codes) % 32)
    return Bands(
        np.stack([part[0] for part in parts]),
        np.stack([np.pad(part[1], padding) for part in parts]),
        np.stack([np.pad(part[2], padding) for part in parts]),
    )


@pytest.mark.parametrize("make", MAKERS)
@pytest.mark.parametrize("bits", [64, 128, 256, 1152])
@pytest.mark.parametrize("count", [0, 1, 2, 700])
def test_kernels_and_reference_agree_with_brute_force(make, bits, count):
    codes = MAKERS[make](count, bits, seed=count + bits)
    queries = np.concatenate([near(codes[:6], 5), near(codes[-3:], min(31, bits // 4)), uniform(2, bits, seed=9)])
    as_words, columns = codes.view(np.uint64), np.ascontiguousarray(codes.view(np.uint64).T)
    by_reference, by_kernel = bands_by(reference, codes), bands_by(engine, codes)
    assert all((one == other).all() for one, other in zip(by_reference, by_kernel, strict=True))
    for radius in RADII:
        expected = brute(codes, queries, radius)
        words, needed = queries.view(np.uint64), thresholds(bits, radius)
        for module in (reference, engine):
            assert found(module.scan(columns, words, radius)) == expected, (module.__name__, "scan", radius)
            answer = module.probe(as_words, by_kernel, words, needed, radius)
            assert found(answer) == expected, (module.__name__, "probe", radius)


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    count=st.integers(0, 300),
    radius=st.integers(0, 63),
    make=st.sampled_from(sorted(MAKERS)),
    banded=st.booleans(),
)
def test_a_built_index_finds_everything_once(tmp_path_factory, seed, count, radius, make, banded):
    codes = MAKERS[make](count, 256, seed)
    queries = np.concatenate([near(codes[:4], radius, seed), uniform(2, 256, seed + 1)])
    path = tmp_path_factory.mktemp("index") / "codes.index"
    index = Index.build(path, codes, banded_from=0 if banded else 1 << 30)
    with patch.object(view, "is_scan_cheaper", lambda *numbers: False):
        assert rows(index.search(queries, radius)) == brute(codes, queries, radius)
    assert rows(index.search(queries, radius)) == brute(codes, queries, radius)
    assert len(index) == count


def test_a_large_index_finds_planted_codes_at_every_distance(tmp_path):
    codes = uniform(50_000)
    index = Index.build(tmp_path / "large.index", codes)
    assert index.info()["bands"] == 16
    for distance in (0, 8, 31, 63):
        queries = near(codes[:50], distance, seed=distance)
        hits = index.search(queries, distance)
        assert set(rows(hits)) >= {(number, number, distance) for number in range(50)}
        assert rows(hits) == rows(index.search(queries, distance, threads=3))


def test_ten_thousand_duplicates_are_all_found(tmp_path):
    codes = np.repeat(uniform(1), 40_000, axis=0)
    index = Index.build(tmp_path / "same.index", codes)
    hits = index.search(near(codes[:1], 20), 31)
    assert len(hits) == 40_000
    assert len(np.unique(hits.id)) == 40_000


def test_rows_come_by_query_then_distance_then_id(tmp_path):
    codes = clustered(400)
    hits = Index.build(tmp_path / "order.index", codes).search(codes[:20], 40)
    keys = list(zip(hits.query.tolist(), hits.distance.tolist(), hits.id.tolist(), strict=True))
    assert keys == sorted(keys)
    assert [(hit.query, hit.distance, hit.id) for hit in hits] == keys


def test_without_numba_the_same_file_gives_the_same_answer(tmp_path, monkeypatch):
    codes = clustered(2_000)
    index = Index.build(tmp_path / "plain.index", codes, banded_from=0)
    queries = near(codes[:30], 12)
    fast = rows(index.search(queries, 31))
    monkeypatch.setattr(engine, "kernels", lambda: None)
    assert engine.engine_name() == "numpy"
    assert rows(index.search(queries, 31)) == fast
    again = Index.build(tmp_path / "again.index", codes, banded_from=0)
    assert rows(again.search(queries, 31)) == fast


def test_an_index_without_codes_is_searched_without_compiling(tmp_path, monkeypatch):
    """Most desks keep no bank: their processes need no compiler to find nothing."""
    monkeypatch.setattr(engine, "kernels", lambda: pytest.fail("compiled for nothing"))
    codes = np.zeros((2, 32), np.uint8)
    with Index.build(tmp_path / "empty.index", np.empty((0, 32), np.uint8)) as empty:
        assert len(empty.search(codes, 31)) == 0
        assert len(empty.search_softly(codes, np.ones((2, 256), np.float32))) == 0


@pytest.mark.parametrize("radius", [-1, 64, 1000])
def test_a_radius_outside_its_range_is_refused(tmp_path, radius):
    index = Index.build(tmp_path / "one.index", uniform(1))
    with pytest.raises(CodesRefused, match="0 to 63"):
        index.search(uniform(1), radius)


@pytest.mark.parametrize(
    "codes",
    [
        np.zeros((2, 31), np.uint8),
        np.zeros((2, 32), np.int64),
        np.zeros((1, 2, 32), np.uint8),
        ["ab"],
        ["g" * 64],
        ["a" * 63],
        np.zeros((1, 8), np.uint8),
    ],
)
def test_codes_of_another_kind_are_refused(tmp_path, codes):
    index = Index.build(tmp_path / "one.index", uniform(1))
    with pytest.raises(CodesRefused):
        index.search(codes, 31)


def test_hexadecimal_text_is_a_code_in_either_case(tmp_path):
    codes = uniform(3)
    index = Index.build(tmp_path / "hex.index", [row.tobytes().hex() for row in codes])
    assert rows(index.search(codes[1].tobytes().hex().upper(), 0)) == [(0, 1, 0)]


def test_the_plan_opens_few_buckets_and_its_thresholds_add_up():
    assert probes(256, 31) == 16 * 17
    assert int(MASK_COUNTS[16]) == 65536
    for bits in (64, 256, 1152):
        for radius in range(64):
            needed = thresholds(bits, radius)
            assert int(needed.sum()) == radius - bits // 16 + 1
            assert (needed[bands_of(bits) :] == -1).all()
