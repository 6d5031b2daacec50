"""`Matcher`: what a list says of uploads, what it refuses, how it takes in a newer state."""

import contextlib
import io
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from leeward.matching import Matcher
from leeward.matching.hashing import Limits, hash_stream
from leeward.matching.lists import HashListRefused, HashRefused, ListBank, ListContent, lookup_of, write_list
from leeward.matching.lists.exact import exact_table
from leeward.matching.lists.manifest import MANIFEST
from tests.matching.lists import BANKS, CAREFUL, KNOWN, LOOK_ALIKE, MADE_AT, PAUSED, jpeg, png, signer, written
from tests.matching.pictures import picture, saved
from tests.matching.test_video import video


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Known: 0 and 1; a harmless look-alike: 2; in a paused bank: 3; in a careful bank: 4; paused itself until 1000: 5."""
    files = [png(0), png(1), png(2), png(3), png(4), png(5)]
    banks = [KNOWN, KNOWN, LOOK_ALIKE, PAUSED, CAREFUL, KNOWN]
    return written(tmp_path_factory.mktemp("list") / "list", files, banks, disabled={5: 1000})


@pytest.fixture(scope="module")
def matcher(folder: Path) -> Matcher:
    return Matcher(folder, key=signer().public_key)


def test_the_same_file_is_known(matcher):
    answer = matcher.check(png(0)).as_dict()
    assert answer == {
        "match": "known",
        "distance": 0,
        "bank": "confirmed",
        "classification": "A1",
        "record": 100,
        "advice": "block",
        "note": None,
        "alteration": None,
    }
    assert (matcher.name, matcher.serial, len(matcher), matcher.signed_by) == ("test", 1, 6, signer().public_key)


def test_another_file_of_the_same_picture_is_near(matcher):
    answer = matcher.check(io.BytesIO(jpeg(1)))
    assert (answer.match, answer.record, answer.advice) == ("near", 101, "review")
    assert 0 <= answer.distance <= 12


def test_turned_and_mirrored_pictures_are_found_unless_not_wanted(matcher, folder):
    turned = saved(picture(320, 240, 1).transpose(Image.Transpose.ROTATE_90), "PNG").getvalue()
    assert matcher.check(turned).match == "near"
    assert Matcher(folder, turned=False).check(turned).match == "none"


def test_something_else_is_not_there(matcher):
    answer = matcher.check(png(77))
    assert (answer.match, answer.advice, answer.note) == ("none", "allow", None)


def test_a_harmless_look_alike_takes_matches_away(matcher, tmp_path):
    assert matcher.check(png(2)).match == "none"
    near_both = written(tmp_path / "both", [png(0), jpeg(0, 20)], [KNOWN, LOOK_ALIKE])
    both = Matcher(near_both)
    assert both.check(jpeg(0, 20)).match == "none", "the very file that is known to be harmless"
    assert both.check(png(0)).match == "known", "the same file stands whatever looks like it"


def test_paused_banks_and_rows_do_not_count_until_their_time(matcher, folder):
    assert matcher.check(png(3)).match == "none"
    assert matcher.check(png(5)).match == "known"
    assert Matcher(folder, clock=lambda: 999.0).check(png(5)).match == "none"


def test_each_bank_has_its_radius_and_its_advice(matcher, tmp_path):
    answer = matcher.check(png(4))
    assert (answer.match, answer.bank, answer.advice) == ("known", "careful", "review")
    code = np.frombuffer(hash_stream(io.BytesIO(png(4))).pdq.code, np.uint8)
    off_by_five = code.copy()
    off_by_five[:5] ^= 1
    off_by_four = code.copy()
    off_by_four[:4] ^= 1
    four, five = matcher.check_hashes([{"pdq": bytes(one).hex()} for one in (off_by_four, off_by_five)])
    assert (four.match, four.distance, four.advice) == ("near", 4, "allow")
    assert five.match == "none"


def test_hashes_in_every_form_and_bad_ones_among_them(matcher):
    rows = [
        hash_stream(io.BytesIO(png(0)), name="x.png").as_dict(),
        {"md5": hash_stream(io.BytesIO(png(1))).digests.md5.upper()},
        {"pdq": "f" * 63},
        {"sha256": "g" * 64},
        {"path": "nothing.png"},
        {"pdq": hash_stream(io.BytesIO(png(1))).pdq.hex, "quality": 10},
        {"sha256": "0" * 64},
        {"pdq": 5},
    ]
    answers = matcher.check_hashes(rows)
    assert [answer.match for answer in answers] == ["known", "known", "none", "none", "none", "near", "none", "none"]
    assert [answer.advice for answer in answers] == [
        "block",
        "block",
        "review",
        "review",
        "review",
        "review",
        "allow",
        "review",
    ]
    assert "63" in answers[2].note
    assert "there is little in the picture" in answers[5].note


@pytest.mark.parametrize(
    ("data", "advice"),
    [
        (b"", "review"),
        (png(0)[:2000], "review"),
        (jpeg(0)[:500], "review"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "review"),
        (b"\xff\xd8\xff" + bytes(99), "review"),
        (b"plain text", "allow"),
        (saved(Image.new("RGB", (200, 200), "navy"), "PNG").getvalue(), "allow"),
    ],
)
def test_what_cannot_be_looked_at_is_an_answer(matcher, data, advice):
    answer = matcher.check(data)
    assert (answer.match, answer.advice) == ("none", advice)
    assert answer.note


def test_animations_are_found_by_any_frame(matcher):
    frames = [picture(320, 240, seed) for seed in (50, 1)]
    animation = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=500)
    assert matcher.check(animation).record == 101


def test_every_frame_of_an_animation_counts_and_what_is_missing_of_it(matcher):
    small = [picture(64, 48, seed) for seed in range(100, 140)]
    frames = [*(small[place % 40] for place in range(400)), picture(320, 240, 1).resize((64, 48))]
    animation = saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=20).getvalue()
    found = matcher.check(animation)
    assert (found.record, found.note) == (101, None)
    cut = matcher.check(animation[: len(animation) // 2])
    assert (cut.match, cut.advice) == ("none", "review")
    assert "a frame is broken" in cut.note


def test_videos_are_found_by_any_frame_within_their_time(matcher):
    film = video([60, 1])
    assert matcher.check(film).record == 101
    film.seek(0)
    hurried = matcher.check(film, limits=Limits(seconds=0.0))
    assert (hurried.match, hurried.advice) == ("none", "review")
    assert "longer than" in hurried.note


@pytest.mark.parametrize("part", ["records", "sha256", "sha256-rows", "pdq", MANIFEST])
def test_an_altered_list_is_refused_in_one_sentence(folder, tmp_path, part):
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    [file] = [copy / MANIFEST] if part == MANIFEST else copy.glob(f"{part}-????????????.*")
    data = bytearray(file.read_bytes())
    data[-1] ^= 1
    file.write_bytes(data)
    with pytest.raises(HashListRefused) as refused:
        Matcher(copy)
    assert refused.value.field == ("signature" if part == MANIFEST else part)
    assert "\n" not in refused.value.text


def test_only_the_trusted_key_counts(tmp_path):
    folder = written(tmp_path / "list", [png(0)], [KNOWN], by=1)
    assert Matcher(folder).signed_by == signer(1).public_key
    with pytest.raises(HashListRefused, match="by another key"):
        Matcher(folder, key=signer().public_key)
    next(folder.glob("pdq-*")).unlink()
    with pytest.raises(HashListRefused, match="is missing"):
        Matcher(folder)
    with pytest.raises(FileNotFoundError):
        Matcher(tmp_path)


def test_a_newer_state_is_taken_in_and_a_bad_one_is_not(tmp_path):
    folder = written(tmp_path / "list", [png(0)], [KNOWN])
    matcher = Matcher(folder, key=signer().public_key, refresh_seconds=0)
    assert matcher.check(png(1)).match == "none"
    written(folder, [png(0), png(1)], [KNOWN, KNOWN], serial=2)
    assert matcher.check(png(1)).match == "known"
    assert matcher.serial == 2
    assert len(list(folder.glob("*.npy"))) == 11, "files of the older state are gone"
    written(folder, [png(7)], [KNOWN], serial=3, by=1)
    with pytest.raises(HashListRefused):
        matcher.refresh()
    assert matcher.serial == 2
    assert not matcher.check(png(7)).record, "uploads go on being checked against the last good state"
    assert "another key" in matcher.trouble
    written(folder, [png(0)], [KNOWN], serial=1)
    with pytest.raises(HashListRefused, match="older"):
        matcher.refresh()
    written(folder, [png(7)], [KNOWN], serial=4)
    assert matcher.check(png(7)).record == 100
    assert matcher.trouble is None


def test_threads_ask_while_the_list_changes(tmp_path):
    folder = written(tmp_path / "list", [png(0)], [KNOWN])
    matcher = Matcher(folder, refresh_seconds=0)
    row = [{"sha256": hash_stream(io.BytesIO(png(0))).digests.sha256}]
    with ThreadPoolExecutor(4) as pool:
        asking = [pool.submit(lambda: [matcher.check_hashes(row)[0].match for _ in range(100)]) for _ in range(4)]
        for serial in range(2, 8):
            written(folder, [png(0)], [KNOWN], serial=serial)
        assert {match for done in asking for match in done.result()} == {"known"}


def test_an_empty_list_knows_nothing(tmp_path):
    empty = ListContent(np.empty(0, np.uint64), np.empty(0, np.uint16), np.empty(0, np.uint16), BANKS)
    write_list(tmp_path / "list", empty, name="empty", serial=1, made_at=MADE_AT, signer=signer())
    assert Matcher(tmp_path / "list").check(png(0)).match == "none"


def test_a_list_that_does_not_fit_together_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="bank"):
        written(tmp_path / "list", [png(0)], [9])
    with pytest.raises(ValueError, match="radius"):
        ListBank(0, "x", radius=64)
    with pytest.raises(ValueError, match="advice"):
        ListBank(0, "x", near="maybe")
    assert not list(tmp_path.glob("list/*"))


@settings(max_examples=50)
@given(
    st.lists(st.binary(min_size=16, max_size=16), max_size=40),
    st.lists(st.binary(min_size=16, max_size=16), max_size=10),
)
def test_digests_are_found_as_often_as_they_are_there(there, others):
    there = [one[:7] + bytes(1) + one[8:] for one in there] + there[:3]  # same beginnings, and duplicates
    array = np.frombuffer(b"".join(there), np.uint8).reshape(-1, 16)
    table = exact_table(array, np.arange(len(there), dtype=np.uint32))
    wanted = there + others
    expected = {(n, row) for n, one in enumerate(wanted) for row, other in enumerate(there) if one == other}
    assert set(table.find(wanted)) == expected


@settings(max_examples=50)
@given(
    st.dictionaries(
        st.sampled_from(["pdq", "md5", "tth", "quality", "frames", "pdq_dihedral", "path"]),
        st.none() | st.text() | st.integers() | st.lists(st.none() | st.dictionaries(st.just("pdq"), st.text())),
    )
)
def test_any_row_is_read_or_refused(row):
    with contextlib.suppress(HashRefused):
        lookup_of(row)


def test_it_works_alone(folder):
    program = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("django", "ninja", "numba", "leeward_site", "pydantic"):
            raise ImportError(name + " is not there")
sys.meta_path.insert(0, Block())
from leeward.matching import Matcher
matcher = Matcher(sys.argv[1])
print(matcher.check(sys.stdin.buffer.read()).as_dict()["match"])
assert not [name for name in sys.modules if name.startswith("leeward.") and name.split(".")[1] not in ("matching", "foundation")]
"""
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        input=png(0),
        capture_output=True,
        check=True,
        env=dict(os.environ),
    )
    assert done.stdout.strip() == b"known"


def test_half_a_picture_stays_broken_whatever_others_in_the_process_want(matcher: Matcher, monkeypatch) -> None:
    """WeasyPrint, for one, makes Pillow fill up what is cut off, for the whole process: such a picture must not pass."""
    monkeypatch.setattr("PIL.ImageFile.LOAD_TRUNCATED_IMAGES", True)
    whole = jpeg(3)
    assert matcher.check(whole[: len(whole) // 2]).advice == "review"
