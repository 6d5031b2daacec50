"""Files made to break a scan: each gets a row with the reason, and the next one is looked at."""

import io
import os
import struct
import zipfile

import pytest

from leeward.matching.hashing import Limits
from leeward.scanning.containers.bounds import Bounds
from tests.matching.pictures import picture
from tests.matching.test_pictures import bomb
from tests.matching.test_video import video
from tests.nobody import nobody_s_folder
from tests.scanning.material import by_place, jpeg, looked, md5, pdq_of, png


def one(tmp_path, name, data, *lines, **more):
    """The row of a file with this content; another file beside it is looked at all the same."""
    folder = tmp_path / "storage"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    (folder / "zzz.txt").write_text("after it")
    rows = by_place(looked(tmp_path, folder, *lines, **more))
    assert rows["zzz.txt",]["error"] is None
    return rows[name,]


def animation(frames):
    """The frames of a short animation, over and over."""
    pictures = [picture(24, 24, seed).quantize(16) for seed in range(10)]
    stream = io.BytesIO()
    pictures[0].save(stream, "GIF", save_all=True, append_images=pictures[1:], duration=20)
    data = stream.getvalue()
    start = 13 + 3 * 2 ** (1 + (data[10] & 7))
    return data[:start] + data[start:-1] * (frames // 10) + b";"


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("truncated.jpg", lambda: jpeg(1)[:3000], "the JPEG is cut off or damaged"),
        ("truncated.png", lambda: png(1)[:-2000], "cut off or damaged"),
        ("mislabelled.jpg", lambda: b"these are words", "it is named .jpg but is no picture"),
        ("mislabelled.mp4", lambda: b"these are words", "it is named .mp4 but is no video"),
        ("large.png", lambda: bomb(60_000, 60_000).getvalue(), "more than 178000000 pixels"),
        ("empty.jpg", lambda: b"", "the file is empty"),
        ("video.mp4", lambda: video([1, 2], seconds_each=1).getvalue()[:600], "damaged"),
        ("archive.zip", lambda: b"PK\x03\x04" + bytes(100), "the zip archive is damaged"),
        ("archive.rar", lambda: b"Rar!\x1a\x07\x01\x00" + bytes(50), "it is a RAR archive, which can't be opened"),
        ("archive.7z", lambda: b"7z\xbc\xaf\x27\x1c" + bytes(50), "it is a 7z archive"),
        ("packed.gz", lambda: b"\x1f\x8b\x08" + b"\xff" * 40, "the gzip archive is damaged"),
        ("packed.xz", lambda: b"\xfd7zXZ\x00" + b"\xff" * 40, "the xz archive is damaged"),
        ("some.torrent", lambda: b"d4:infoi1ee", "can't be read"),
    ],
)
def test_a_bad_file_has_a_reason(tmp_path, name, make, said):
    row = one(tmp_path, name, make())
    assert said in (row["error"] or "")
    assert row["sha256"]


def test_a_picture_under_another_name_is_a_picture(tmp_path):
    row = one(tmp_path, "notes.txt", jpeg(4), f"pdq:{pdq_of(jpeg(4))}")
    assert (row["kind"], row["error"], len(row["matches"])) == ("picture", None, 1)


def test_an_archive_under_a_picture_s_name_says_so_and_is_opened(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("inner.png", png(1))
    row = one(tmp_path, "holiday.jpg", stream.getvalue())
    assert row["error"] == "it is named .jpg but is a zip archive"
    assert row["members"] == 1


def test_a_video_without_frames(tmp_path):
    whole = video([1], seconds_each=1).getvalue()
    row = one(tmp_path, "none.mp4", whole[: whole.index(b"mdat") + 4])
    assert row["error"]
    assert "frames" not in row


def test_ten_thousand_frames(tmp_path):
    bounds = Bounds(picture=Limits(seconds=2.0))
    row = one(tmp_path, "long.gif", animation(10_000), f"pdq:{'0f' * 32}", bounds=bounds)
    assert row["kind"] == "animation"
    assert row["frames"] > 10
    assert row["error"].endswith("it took longer than 2 seconds")


def test_a_polyglot_is_looked_at_as_both(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("hidden.png", png(3))
    row = one(tmp_path, "both.jpg", jpeg(1) + stream.getvalue(), f"pdq:{pdq_of(jpeg(1))}", f"md5:{md5(png(3))}")
    assert row["note"] == "it is a picture and a zip archive at once: both were looked at"
    assert (row["members"], len(row["matches"])) == (1, 1)
    rows = by_place(looked(tmp_path, tmp_path / "storage", f"md5:{md5(png(3))}"))
    assert rows["both.jpg", "hidden.png"]["matches"]


def test_what_is_no_file(tmp_path):
    folder = tmp_path / "storage"
    folder.mkdir()
    os.mkfifo(folder / "pipe")
    (folder / "round").symlink_to("about")
    (folder / "about").symlink_to("round")
    (folder / "here").symlink_to(".")
    (folder / "lost").symlink_to("nowhere")
    (folder / "after.txt").write_text("after it")
    rows = {name: row["error"] or row.get("note") for (name,), row in by_place(looked(tmp_path, folder)).items()}
    assert rows["pipe"] == "it is a pipe, not a file"
    assert "symbolic links" in rows["round"]
    assert rows["here"].startswith("it is a link")
    assert rows["lost"] == "it is a link that leads nowhere"
    assert rows["after.txt"] is None


@pytest.mark.parametrize("path", ["/proc/self/mem", "/dev/null"])
def test_what_can_not_be_read(tmp_path, path):
    (row,) = looked(tmp_path, path)
    assert row["error"]


def test_what_may_not_be_read(tmp_path):
    looked(tmp_path, tmp_path)  # reads all modules
    with nobody_s_folder() as folder:
        storage = folder / "storage"
        storage.mkdir()
        (storage / "closed").write_text("closed")
        (storage / "closed").chmod(0)
        (storage / "open").write_text("open")
        (storage / "shut").mkdir(mode=0)
        rows = by_place(looked(folder, storage))
    assert {name: row["error"] for (name,), row in rows.items()} == {
        "closed": "permission denied",
        "shut": "permission denied",
        "open": None,
    }


def test_archives_ten_deep(tmp_path):
    data = png(2)
    for level in range(10):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr(f"level{level}.zip" if level else "inner.png", data)
        data = stream.getvalue()
    folder = tmp_path / "storage"
    folder.mkdir()
    (folder / "deep.zip").write_bytes(data)
    rows = looked(tmp_path, folder, f"md5:{md5(png(2))}")
    assert len(rows) == 7
    assert [row["error"] for row in rows] == ["it lies in 6 others already: it is not opened", *[None] * 6]
    rows = looked(tmp_path, folder, f"md5:{md5(png(2))}", bounds=Bounds(depth=10))
    assert rows[0]["matches"]


def test_a_zip_bomb_stops_and_says_so(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number in range(40):
            archive.writestr(f"{number}.bin", bytes(1 << 20))
        archive.writestr("late.png", png(1))
    row = one(tmp_path, "bomb.zip", stream.getvalue(), bounds=Bounds(free_bytes=4 << 20))
    assert "it unpacks to more than" in row["error"]
    assert 4 < row["members"] < 40


def test_a_zip_that_says_it_has_a_gigabyte_of_members(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.txt", "a")
    data = bytearray(stream.getvalue())
    struct.pack_into("<I", data, data.rfind(b"PK\x05\x06") + 12, 1 << 30)
    assert "its list of members has 1073741824 bytes" in one(tmp_path, "many.zip", bytes(data))["error"]


def test_more_members_than_are_looked_at(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for number in range(20):
            archive.writestr(f"{number}.txt", str(number))
    row = one(tmp_path, "many.zip", stream.getvalue(), bounds=Bounds(members=7))
    assert "more than 7 things" in row["error"]
    assert row["members"] == 7


def test_a_member_too_large_for_the_memory_has_its_digests(tmp_path):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("large.png", png(1) + bytes(3 << 20))
    folder = tmp_path / "storage"
    folder.mkdir()
    (folder / "a.zip").write_bytes(stream.getvalue())
    known = md5(png(1) + bytes(3 << 20))
    rows = by_place(looked(tmp_path, folder, f"md5:{known}", bounds=Bounds(in_memory_bytes=1 << 20)))
    assert rows["a.zip", "large.png"]["matches"]
    assert "only its digests" in rows["a.zip", "large.png"]["error"]
