"""Altered pictures: framed, cropped, turned by a few degrees, written over. Found, named, and never more than for a person to look at."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from leeward.matching import Matcher
from leeward.matching.hashing import hash_picture, hash_stream
from leeward.matching.hashing.pdq import hash_of_samples
from leeward.matching.index import CodesRefused, Index
from leeward.matching.index import engine as index_engine
from leeward.matching.index.soft import SoftLimits
from leeward.matching.lists import HashRefused, ListBank, lookup_of
from leeward.matching.variants import boxes, recipes, soft_distance, soft_hash_from, spectrum, variants_of, windows
from leeward.matching.variants.asking import questions
from leeward.matching.variants.covers import filled, uncovered
from leeward.matching.variants.plain import packed as packed_variants
from leeward.matching.variants.plain import row_of, unpacked, variant_of
from tests.matching.codes import uniform
from tests.matching.lists import png, signer, written
from tests.matching.pictures import picture, saved

KNOWN, HARMLESS = 0, 1
STRICT = (
    ListBank(0, "confirmed", near="block"),
    ListBank(1, "look-alikes", harmless=True),
    ListBank(2, "paused", disabled_until=-1),
    ListBank(3, "careful", radius=4, known="review", near="allow"),
)


def shown(seed: int = 0) -> Image.Image:
    """Noise of many scales, as clouds and landscapes have."""
    rng = np.random.default_rng([5, seed])
    luma = np.full((240, 320), 128, np.float32)
    for scale in (4, 8, 16, 32, 64):
        small = Image.fromarray(rng.normal(0, 130 / scale**0.6, (scale * 3 // 4 + 1, scale + 1)).astype(np.float32))
        luma += np.asarray(small.resize((320, 240), Image.Resampling.BICUBIC))
    return Image.fromarray(np.clip(luma, 20, 235).astype(np.uint8)).convert("RGB")


def original(seed: int = 0) -> bytes:
    return saved(shown(seed), "PNG").getvalue()


def bordered(image: Image.Image, colour: str = "white", share: float = 0.1) -> Image.Image:
    edge = round(share * min(image.size))
    around = Image.new("RGB", (image.width + 2 * edge, image.height + 2 * edge), colour)
    around.paste(image, (edge, edge))
    return around


def with_bars(image: Image.Image) -> Image.Image:
    shot = Image.new("RGB", (image.width, image.height + 32), "#111111")
    shot.paste(image, (0, 13))
    draw = ImageDraw.Draw(shot)
    draw.rectangle((8, 4, 40, 9), fill="white")
    draw.ellipse((150, image.height + 18, 160, image.height + 28), outline="white")
    return shot


def cropped(image: Image.Image, share: float) -> Image.Image:
    w, h = image.size
    return image.crop((round(share * w), round(share * h), round((1 - share) * w), round((1 - share) * h)))


def turned(image: Image.Image, degrees: float = 3.0) -> Image.Image:
    return image.rotate(degrees, Image.Resampling.BICUBIC, expand=True)


def with_sticker(image: Image.Image) -> Image.Image:
    covered = image.copy()
    ImageDraw.Draw(covered).ellipse((170, 110, 275, 215), fill="gold", outline="black", width=3)
    return covered


def file(image: Image.Image) -> bytes:
    return saved(image, "JPEG", quality=80).getvalue()


@pytest.fixture(scope="module")
def matcher(tmp_path_factory: pytest.TempPathFactory) -> Matcher:
    """Known: 0, in a bank that blocks near pictures; a harmless look-alike: 2."""
    folder = written(
        tmp_path_factory.mktemp("list") / "list",
        [original(0), original(2), original(3)],
        [KNOWN, HARMLESS, KNOWN],
        banks=STRICT,
    )
    return Matcher(folder, key=signer().public_key, isolated=False)


@pytest.mark.parametrize(
    ("altered", "alteration"),
    [
        (bordered(shown()), "framed"),
        (bordered(shown(), "black", 0.2), "framed"),
        (with_bars(shown()), "framed"),
        (bordered(shown()).transpose(Image.Transpose.FLIP_LEFT_RIGHT), "framed"),
        (cropped(shown(), 0.05), "cropped"),
        (turned(shown()), "rotated"),
        (turned(shown(), -3.0), "rotated"),
        (bordered(cropped(shown(3), 0.0375)), "framed_cropped"),
        (with_sticker(shown()), "covered"),
    ],
)
def test_an_altered_picture_is_found_and_the_alteration_is_named(matcher, altered, alteration):
    answer = matcher.check(file(altered))
    assert (answer.match, answer.alteration) == ("altered", alteration)
    assert answer.record == (102 if alteration == "framed_cropped" else 100)


def test_an_altered_picture_is_for_review_even_where_near_ones_are_blocked(matcher):
    assert matcher.check(file(shown())).advice == "block"
    assert matcher.check(file(bordered(shown()))).advice == "review"


def test_the_same_comes_from_a_child_and_from_the_rows_of_leeward_hash(matcher, tmp_path):
    folder = written(tmp_path / "list", [original()], [KNOWN])
    data = file(bordered(shown()))
    row = hash_stream(io.BytesIO(data), only=("pdq", "quality", "variants")).as_dict(("pdq", "quality", "variants"))
    answers = [Matcher(folder).check(data), *Matcher(folder).check_hashes([row])]
    assert [(answer.match, answer.alteration) for answer in answers] == [("altered", "framed")] * 2
    assert Matcher(folder, altered=False).check(data).match == "none"


def test_what_a_bank_lets_pass_is_not_held_up_by_an_alteration_and_a_narrow_bank_narrows_it(tmp_path):
    lenient = Matcher(written(tmp_path / "a", [original()], [3]), isolated=False)
    assert lenient.check(file(cropped(shown(), 0.05))).match == "none"
    banks = (*STRICT[:3], ListBank(3, "lenient", near="allow"))
    answer = Matcher(written(tmp_path / "b", [original()], [3], banks=banks), isolated=False).check(
        file(bordered(shown()))
    )
    assert (answer.match, answer.advice) == ("altered", "allow")


def test_an_altered_look_alike_is_no_match(matcher, tmp_path):
    assert matcher.check(file(bordered(shown(2)))).match == "none"
    framed = saved(bordered(shown()), "PNG").getvalue()
    both = written(tmp_path / "both", [original(), framed], [KNOWN, HARMLESS], banks=STRICT)
    assert Matcher(both, isolated=False).check(file(bordered(shown()))).match == "none"


@pytest.mark.parametrize("seed", range(10, 40))
def test_other_pictures_are_not_taken_for_altered_ones(matcher, seed):
    for altered in (shown(seed), bordered(shown(seed)), cropped(shown(seed), 0.05)):
        assert matcher.check(file(altered)).match == "none"


def test_an_upload_that_is_all_border_matches_nothing(matcher):
    for colour in ("white", "black", "#808080"):
        answer = matcher.check(file(Image.new("RGB", (640, 480), colour)))
        assert (answer.match, answer.alteration) == ("none", None)
        assert "too little in the picture" in answer.note
    assert variants_of(np.zeros((3, 900), np.uint8), []) == []


def test_stored_windows_find_a_deep_crop_of_a_known_file(tmp_path):
    of_file = hash_stream(io.BytesIO(original()), only=("windows",), exact=True).windows
    assert 20 <= len(of_file) <= 32
    codes = np.frombuffer(b"".join(of_file), np.uint8).reshape(-1, 32)
    folder = written(
        tmp_path / "list",
        [png(1), original()],
        [KNOWN, KNOWN],
        windows=codes,
        window_rows=np.ones(len(codes), np.uint32),
    )
    answer = Matcher(folder, isolated=False).check(file(cropped(shown(), 0.12)))
    assert (answer.match, answer.record, answer.alteration, answer.advice) == ("altered", 101, "cropped_here", "review")


def dull() -> Image.Image:
    down, across = np.mgrid[0:240, 0:320]
    return Image.fromarray(np.clip(120 + 26 * np.sin(across / 30) + 22 * np.cos(down / 26), 0, 255).astype(np.uint8))


def test_a_picture_with_little_in_it_matches_nearly_the_same_with_a_note(tmp_path):
    data = saved(dull(), "PNG").getvalue()
    hashed = hash_stream(io.BytesIO(data), exact=True)
    assert 10 <= hashed.pdq.quality < 50
    folder = written(tmp_path / "list", [png(1)], [KNOWN], banks=STRICT)
    code = np.frombuffer(hashed.pdq.code, np.uint8).reshape(1, 32)
    of_dull = written(tmp_path / "dull", [png(1)], [KNOWN], banks=STRICT, codes=code, code_rows=np.zeros(1, np.uint32))
    same = Matcher(of_dull, isolated=False).check(saved(dull(), "BMP").getvalue())
    assert (same.match, same.distance, same.advice) == ("near", 0, "review")
    assert "there is little in the picture" in same.note
    (row,) = Matcher(of_dull).check_hashes([{"pdq": hashed.pdq.hex, "quality": hashed.pdq.quality}])
    assert (row.match, row.advice) == ("near", "review")
    other = Matcher(folder, isolated=False).check(data)
    assert (other.match, other.advice) == ("none", "allow")
    assert "there is little in the picture" in other.note
    twelve_off = (int.from_bytes(hashed.pdq.code) ^ 0xFFF).to_bytes(32)
    (off,) = Matcher(of_dull).check_hashes([{"pdq": twelve_off.hex(), "quality": hashed.pdq.quality}])
    assert off.match == "none"


def test_sixteen_bits_are_found_as_other_programs_read_them():
    """Others cut 16-bit values off at 255; where that says anything, it is one more variant."""
    down, across = np.mgrid[0:240, 0:320]
    low = np.asarray(shown().convert("L")).astype(np.uint16) + np.uint16(256) * ((down + across) % 2 == 3)
    stream = io.BytesIO()
    Image.fromarray(low).save(stream, "PNG")
    stream.seek(0)
    found = hash_picture(stream, variants=True)
    as_others = np.clip(low, 0, 255).astype(np.uint8)
    expected = hash_picture(saved(Image.fromarray(as_others), "PNG"))
    assert expected.pdq.code in {variant.soft_hash.code for variant in found.variants} | {found.pdq.code}


# The numbers behind it: each fast kernel against its plain form, the soft search against brute force.


def without_kernels(monkeypatch):
    for module in (windows, boxes):
        monkeypatch.setattr(module, "compiled", lambda name: None)


@pytest.mark.parametrize("size", [(240, 320), (17, 900), (701, 513), (64, 64)])
def test_every_kernel_gives_what_its_plain_form_gives(monkeypatch, size):
    rng = np.random.default_rng(3)
    colour = rng.integers(0, 256, (*size, 3), dtype=np.uint8)
    luma = np.ascontiguousarray(windows.reduced(colour))
    levels = rng.integers(90, 140, size, dtype=np.uint8)

    def everything():
        return [
            windows.reduced(colour),
            windows.reduced(colour[..., 0]),
            windows.samples_of(luma, (0.1, 1.2, -0.15, 0.9)),
            windows.rotated(luma, -3.0),
            boxes.flat_shares(levels, (1, size[0] - 1), (2, size[1] - 3)),
            boxes.steps(luma),
            *boxes.sharp_shares(luma),
        ]

    fast = everything()
    without_kernels(monkeypatch)
    for one, other in zip(fast, everything(), strict=True):
        assert one.shape == other.shape
        assert np.abs(one - other).max() < 1e-3


def test_a_window_on_the_whole_is_the_picture_and_an_undone_crop_is_near_it():
    pixels = np.asarray(picture(800, 600, 4))
    whole = soft_hash_from(windows.samples_of(windows.reduced(pixels), windows.WHOLE))
    exact = hash_picture(saved(picture(800, 600, 4), "PNG"), exact=True).pdq
    assert bits(whole.code, exact.code) <= 8
    left = np.asarray(cropped(picture(800, 600, 4), 0.05))
    undone = windows.undone(windows.WHOLE, (0.05, 0.05, 0.05, 0.05))
    assert undone == pytest.approx((-0.05 / 0.9, 1 + 0.05 / 0.9) * 2)
    again = soft_hash_from(windows.samples_of(windows.reduced(left), undone))
    assert bits(again.code, exact.code) < bits(
        soft_hash_from(windows.samples_of(windows.reduced(left), windows.WHOLE)).code, exact.code
    )
    assert soft_distance(again.code, again.weights, exact.code) < 24


def bits(one: bytes, two: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(two)).bit_count()


def test_turned_looks_are_those_of_the_turned_picture():
    samples = windows.samples_of(windows.reduced(np.asarray(shown(5))), windows.WHOLE)
    assert [one.code for one in soft_hash_from(samples).turned()] == list(hash_of_samples(samples).dihedral)


def test_a_bit_near_the_median_weighs_less():
    soft_hash = soft_hash_from(windows.samples_of(windows.reduced(np.asarray(shown(6))), windows.WHOLE))
    assert soft_hash.weights.mean() == pytest.approx(1.0, abs=1e-4)
    away = np.abs(soft_hash.spectrum.ravel() - spectrum.middle_of(soft_hash.spectrum))[::-1]
    assert soft_hash.weights.argmin() == away.argmin()
    flipped = np.unpackbits(np.frombuffer(soft_hash.code, np.uint8))
    flipped[soft_hash.weights.argsort()[:60]] ^= 1
    assert soft_distance(soft_hash.code, soft_hash.weights, np.packbits(flipped).tobytes()) < 20
    assert soft_distance(soft_hash.code, soft_hash.weights, bytes(32)) > 100
    assert (spectrum.weights_of(np.zeros((16, 16), np.float32)) == 1).all()


def test_flat_shapes_are_no_variant():
    down, across = np.mgrid[0:240, 0:320] * np.pi
    flat = (128 + 90 * np.cos(across * 3 / 320) * np.cos(down * 2 / 240)).astype(np.float32)
    assert soft_hash_from(windows.samples_of(flat, windows.WHOLE)).spread < spectrum.LEAST_COEFFICIENTS
    assert soft_hash_from(windows.samples_of(windows.reduced(np.asarray(shown())), windows.WHOLE)).is_comparable


def test_boxes_are_few_and_hold_the_picture():
    luma = windows.reduced(np.asarray(bordered(shown(), "white", 0.2)))
    found = boxes.boxes_of(luma)
    assert 1 <= len(found) <= boxes.MOST_BOXES
    edge_y, edge_x = 0.2 / 1.4, 48 / (320 + 96)
    assert found[0] == pytest.approx((edge_y, 1 - edge_y, edge_x, 1 - edge_x), abs=0.01)
    assert boxes.longest_run(np.array([1, 1, 0, 0, 0, 1, 1, 1, 0], np.bool_)) == (5, 8)
    assert boxes.longest_run(np.zeros(4, np.bool_)) == (0, 0)


def test_an_upload_asks_some_forty_questions_more():
    variants = hash_picture(io.BytesIO(png(7)), variants=True).variants
    assert 31 <= len(variants) <= 42
    asked = questions(variants)
    assert asked.codes.shape == (len(asked.variant), 32)
    assert asked.weights.shape == (len(asked.variant), 256)
    assert len(questions(variants, turned=False).codes) == len(variants)
    assert sum(asked.turned) == 7 * sum(variant.turns for variant in variants)


def test_what_lies_under_a_sticker_counts_for_nothing():
    samples = windows.samples_of(windows.reduced(np.asarray(shown(5))), windows.WHOLE)
    plain = soft_hash_from(samples)
    for top, left in ((0, 0), (19, 30), (51, 51)):
        covered = samples.copy()
        covered[top : top + 13, left : left + 13] = 255
        soft = [
            soft_distance(soft_hash_from(one).code, soft_hash_from(one).weights, plain.code)
            for _window, one in uncovered(covered)
        ]
        stuck = soft_hash_from(covered)
        assert min(soft) < soft_distance(stuck.code, stuck.weights, plain.code)
    places = [window for window, _samples in uncovered(samples)]
    assert len(set(places)) == 16
    assert (places[0][0], places[-1][1]) == (0.0, 1.0)
    ramp = np.add.outer(np.arange(64.0), np.arange(64.0)).astype(np.float32)
    assert filled(ramp, 20, 46, 20, 46) == pytest.approx(ramp), "a slope goes on under it"


def test_a_part_filled_in_has_to_agree_more_closely():
    variants = variants_of(np.asarray(shown(5)), [])
    strict = {one.strictness for one in variants if one.alteration == "covered"}
    assert strict == {1.5}
    assert {one.strictness for one in variants if one.alteration != "covered"} == {1.0}
    (last,) = [number for number in [len(variants) - 1] if variants[number].alteration == "covered"]
    assert questions(variants[last:]).weights[0] == pytest.approx(1.5 * variants[last].soft_hash.weights)


def test_rotation_windows_fill_what_a_rotation_leaves():
    corners, cut, canvas = recipes.rotation_windows(300, 400, 3.0)
    assert canvas == windows.WHOLE
    assert 0 < corners[0] < 0.1
    assert cut[0] < 0 < 1 < cut[1]


def test_variants_survive_the_way_through_rows_and_processes():
    variants = hash_picture(io.BytesIO(png(7)), variants=True).variants
    for one, other in zip(variants, unpacked(packed_variants(variants)), strict=True):
        assert (one.alteration, one.window, one.soft_hash.code) == (
            other.alteration,
            other.window,
            other.soft_hash.code,
        )
    for one in variants:
        other = variant_of(row_of(one))
        assert one.soft_hash.code == other.soft_hash.code
        assert np.abs(one.soft_hash.weights - other.soft_hash.weights).max() < 0.05
        for turn, again in zip(one.soft_hash.turned(), other.soft_hash.turned(), strict=True):
            assert soft_distance(turn.code, turn.weights, again.code) < 6


@pytest.mark.parametrize(
    "change",
    [
        {"alteration": "eaten"},
        {"window": [0, 1]},
        {"window": [0, 1, 0, 1e9]},
        {"window": "all"},
        {"degrees": None},
        {"quality": 101},
        {"quality": "50"},
        {"sides": "AA=="},
        {"sides": "!" * 344},
        {"sides": 4},
    ],
)
def test_a_row_that_is_no_variant_is_refused(change):
    row = row_of(hash_picture(io.BytesIO(png(7)), variants=True).variants[0]) | change
    with pytest.raises(HashRefused):
        lookup_of({"pdq": "0f" * 32, "variants": [row]})


def test_too_many_variants_are_refused():
    with pytest.raises(HashRefused, match="at most 64"):
        lookup_of({"pdq": "0f" * 32, "variants": [{}] * 65})


@pytest.fixture
def softly(tmp_path):
    """Codes of which the first forty were changed in bits that a query is not sure of, and the queries with their weights."""
    codes, rng = uniform(3000), np.random.default_rng(4)
    weights = np.minimum(np.abs(rng.normal(size=(40, 256))) / 0.67, 2).astype(np.float32)
    weights /= weights.mean(axis=1, keepdims=True)
    asked = np.unpackbits(codes[:40], axis=1)
    for number, row in enumerate(asked):
        row[rng.permutation(weights[number].argsort()[:90])[: 2 * number]] ^= 1
    return codes, np.packbits(asked, axis=1), np.ascontiguousarray(weights)


def near_by_brute_force(codes, queries, weights, limits):
    rows = []
    for number, query in enumerate(queries):
        for row, code in enumerate(codes):
            differs = bits(query.tobytes(), code.tobytes())
            soft = soft_distance(query.tobytes(), weights[number], code.tobytes())
            if differs <= limits.sure_bits or (differs <= limits.max_bits and soft <= limits.max_soft):
                rows.append((number, row, differs))
    return rows


@pytest.mark.parametrize("banded_from", [0, 10_000])
@pytest.mark.parametrize("fast", [True, False])
def test_the_soft_search_finds_what_brute_force_finds(tmp_path, softly, monkeypatch, fast, banded_from):
    codes, queries, weights = softly
    index = Index.build(tmp_path / "soft.index", codes[:2500], banded_from=banded_from)
    index.add(codes[2500:])
    if not fast:
        monkeypatch.setattr(index_engine, "kernels", lambda: None)
    limits = SoftLimits()
    hits = index.search_softly(queries, weights, limits)
    found = sorted(zip(hits.query.tolist(), hits.id.tolist(), hits.distance.tolist(), strict=True))
    assert found == near_by_brute_force(codes[:60], queries, weights, limits)
    assert len(found) > 25
    for number, row, soft in zip(hits.query.tolist(), hits.id.tolist(), hits.soft.tolist(), strict=True):
        assert soft == pytest.approx(
            soft_distance(queries[number].tobytes(), weights[number], codes[row].tobytes()), abs=1e-3
        )
    index.remove([0, 1, 2])
    index.pause([3])
    assert not {0, 1, 2, 3} & set(index.search_softly(queries, weights).id.tolist())


def test_weights_must_fit_the_codes(tmp_path, softly):
    codes, queries, weights = softly
    index = Index.build(tmp_path / "w.index", codes)
    for wrong in (weights[:3], weights[:, :100], np.full_like(weights, np.nan), -weights):
        with pytest.raises(CodesRefused):
            index.search_softly(queries, wrong)
