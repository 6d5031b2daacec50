"""Lists as people have them: plain, sha256sum's output, CSV with and without a header; bad lines are told, never raised."""

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.scanning.errors import ListRefused
from leeward.scanning.lists import compiled_list
from leeward.scanning.lists.folder import PrivateFolder
from leeward.scanning.lists.reading import KIND_BYTES, read_hashes
from tests.scanning.material import by_place, jpeg, looked, md5, pdq_of

M, S, P = "0F" * 16, "1e" * 20, "2d" * 32


def kinds_of(*lines, kind=None):
    found = read_hashes(lines, kind)
    return {name: list(found.lines[name]) for name in found.codes}, [(bad.line, bad.why) for bad in found.bad]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([M, "", S], {"md5": [1], "sha1": [3], "btih": [3]}),
        ([P], {"sha256": [1], "pdq": [1], "btmh": [1]}),
        ([f"pdq:{P}", f"SHA-256 = {P}"], {"pdq": [1], "sha256": [2]}),
        ([f"md5,{M},label", f"ed2k;{M}"], {"md5": [1], "ed2k": [2]}),
        ([f"{S}  a picture.jpg", "# a remark"], {"sha1": [1], "btih": [1]}),
        (["\ufeffid,MD5,sha1,pdqhash", f"7,{M},{S},", f"8,,,{P}"], {"md5": [2], "sha1": [2], "pdq": [3]}),
        (["signal_type;signal", f"pdq;{P}", f"md5;{M}"], {"pdq": [2], "md5": [3]}),
        (["hash\tnote", f"{M}\twords, and more"], {"md5": [2]}),
        (['"kind","value"', f'"sha256","{P}"'], {"sha256": [2]}),
        (["tth:" + "A" * 39, "aich:" + "b" * 32], {"tth": [1], "aich": [2]}),
        ([f"bt2:{P}", f"btih:{S}"], {"bt2": [1], "btih": [2]}),
    ],
)
def test_what_lists_look_like(lines, found):
    assert kinds_of(*lines) == (found, [])


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("0f" * 15 + "0", "no kind of hash has 31 hexadecimal digits (an odd number)"),
        ("0f" * 31 + "0", "no kind of hash has 63 hexadecimal digits (an odd number)"),  # 252 bits and a half byte
        ("pdq:" + "0f" * 31, "it has 62 hexadecimal digits; pdq has 64"),
        ("zz" * 16, "it is not hexadecimal"),
        ("ssdeep:" + "00" * 144, "hashes of the kind 'ssdeep' can't be compared here"),
        ("tth:" + "1" * 39, "it is no tth hash in base 32"),
        ("md5:", "there is no hash"),
    ],
)
def test_a_bad_line_is_told_and_the_next_is_read(line, why):
    found, bad = kinds_of(M, line, M)
    assert found == {"md5": [1, 3]}
    assert [number for number, _ in bad] == [2]
    if line != "md5:":
        assert bad[0][1] == why


def test_a_kind_given_for_all():
    assert kinds_of(P, f"md5:{M}", kind="pdq")[0] == {"pdq": [1], "md5": [2]}


def test_a_row_of_another_kind_in_a_csv_file():
    assert kinds_of("type,value", f"ssdeep,{M}", f"md5,{M}", "md5,")[1] == [
        (2, "hashes of the kind 'ssdeep' can't be compared here"),
        (4, "there is no hash"),
    ]


@given(st.lists(st.text(max_size=80), max_size=8), st.sampled_from([None, *KIND_BYTES]))
def test_any_text_is_read_without_raising(lines, kind):
    found = read_hashes(lines, kind)
    for name, codes in found.codes.items():
        assert len(codes) == KIND_BYTES[name] * len(found.lines[name])


def test_upper_case_and_duplicates_meet_all_their_lines(tmp_path):
    rows = looked(tmp_path, write(tmp_path, jpeg(1)), md5(jpeg(1)).upper(), md5(jpeg(2)), md5(jpeg(1)))
    assert [match["id"] for match in rows[0]["matches"]] == [1, 3]


def test_digests_with_zeros_at_their_end_are_told_apart(tmp_path):
    data = jpeg(1)
    digest = md5(data)
    rows = looked(tmp_path, write(tmp_path, data), digest[:-2] + "00", digest, "00" * 16)
    assert [match["id"] for match in rows[0]["matches"]] == [2]


def test_a_turned_picture_and_a_picture_of_a_video_s_frame(tmp_path):
    from PIL import Image, ImageOps

    from tests.matching.pictures import picture, saved
    from tests.matching.test_video import video

    (tmp_path / "turned.png").write_bytes(saved(ImageOps.mirror(picture(seed=1)), "PNG").getvalue())
    (tmp_path / "video.mp4").write_bytes(video([3, 5], seconds_each=1).getvalue())
    (tmp_path / "tall.png").write_bytes(saved(picture(seed=1).transpose(Image.Transpose.ROTATE_90), "PNG").getvalue())
    frame = pdq_of(saved(picture(320, 240, 5), "PNG").getvalue())
    for name in ("turned.png", "tall.png"):
        (row,) = looked(tmp_path, tmp_path / name, f"pdq:{pdq_of(saved(picture(seed=1), 'PNG').getvalue())}")
        assert row["matches"][0].items() >= {"kind": "pdq", "turned": True}.items()
    (row,) = looked(tmp_path, tmp_path / "video.mp4", f"pdq:{frame}")
    assert row["kind"] == "video"
    assert row["matches"][0]["frames"] >= 1
    assert row["matches"][0]["second"] >= 0.9


def test_pictures_further_than_the_radius_do_not_match(tmp_path):
    code = int(pdq_of(jpeg(1)), 16) ^ ((1 << 45) - 1)
    rows = by_place(looked(tmp_path, write(tmp_path, jpeg(1)), f"pdq:{code:064x}"))
    assert rows["x.bin",]["matches"] == []


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_list_that_is_none(tmp_path, name):
    (tmp_path / "empty").write_bytes(b"\n\n")
    with pytest.raises(ListRefused):
        compiled_list(tmp_path / name, tmp_path)


def write(tmp_path, data):
    (tmp_path / "x.bin").write_bytes(data)
    return tmp_path / "x.bin"


def test_folders_of_killed_scans_are_removed_those_in_use_are_kept():
    with PrivateFolder() as held:
        left = held.path.with_name(f"{held.path.name}-left")
        left.mkdir()
        (left / ".lock").touch()
        (left / "md5.npy").touch()
        for path in (held.path, left):
            os.utime(path, (1, 1))
        with PrivateFolder() as other:
            assert held.path.exists()
            assert not left.exists()
            assert other.path.stat().st_mode & 0o077 == 0
    assert not held.path.exists()
