"""`leeward hash` as a user meets it: the fields of the row, findings, exit codes, hostile names and kinds of files."""

import hashlib
import json
import os

import pytest

from leeward.cli.main import run
from tests.matching.pictures import picture, saved
from tests.matching.test_pictures import bomb
from tests.matching.test_video import video
from tests.nobody import nobody_s_folder

FIELDS = "path size md5 sha1 sha256 ed2k ed2k_alt tth aich bt2 pdq pdq_nn512 quality pdq_dihedral frames error".split()


@pytest.fixture
def leeward(capsys):
    def call(*arguments):
        code = run(["hash", *map(str, arguments)])
        output = capsys.readouterr()
        return code, output.out, output.err

    return call


def rows(output):
    return [json.loads(line) for line in output.splitlines()]


@pytest.fixture
def jpeg(tmp_path):
    (tmp_path / "picture.jpg").write_bytes(saved(picture(900, 700), "JPEG").getvalue())
    return tmp_path / "picture.jpg"


def test_a_picture_has_every_field_in_order(leeward, jpeg):
    code, output, complaints = leeward(jpeg, "--json")
    (row,) = rows(output)
    assert (code, complaints) == (0, "")
    assert list(row) == FIELDS
    assert row["path"] == str(jpeg)
    assert row["size"] == jpeg.stat().st_size
    assert row["sha256"] == hashlib.sha256(jpeg.read_bytes()).hexdigest()
    assert len(row["pdq"]) == len(row["pdq_nn512"]) == 64
    assert row["pdq_dihedral"][0] == row["pdq"]
    assert len(row["pdq_dihedral"]) == 8
    assert row["quality"] > 50
    assert row["frames"] == []
    assert row["error"] is None


def test_exact_and_only(leeward, jpeg):
    _, output, _ = leeward(jpeg, "--json", "--exact", "--only", "pdq")
    assert list(rows(output)[0]) == ["path", "pdq", "quality", "error"]
    _, output, _ = leeward(jpeg, "--json", "--only", "md5,sha512", "--only", "size")
    assert list(rows(output)[0]) == ["path", "size", "md5", "sha512", "error"]
    code, _, complaints = leeward(jpeg, "--only", "crc32")
    assert code == 2
    assert "choose from" in complaints


def test_a_video_and_an_animation_have_frames(leeward, tmp_path):
    (tmp_path / "film.mp4").write_bytes(video([1, 2]).getvalue())
    images = [picture(100, 80, seed) for seed in range(3)]
    stream = saved(images[0], "GIF", save_all=True, append_images=images[1:], duration=1000)
    (tmp_path / "moving.gif").write_bytes(stream.getvalue())
    code, output, _ = leeward(tmp_path / "film.mp4", tmp_path / "moving.gif", "--json")
    film, moving = rows(output)
    assert code == 0
    assert film["pdq"] is None
    assert film["pdq_dihedral"] == []
    assert set(film["frames"][0]) == {"second", "quality", "pdq"}
    assert [frame["second"] for frame in moving["frames"]] == [0, 1, 2]
    assert moving["pdq"] == moving["frames"][0]["pdq"]


def test_other_files_have_digests_and_no_finding(leeward, tmp_path):
    (tmp_path / "text.txt").write_text("hello")
    code, output, _ = leeward(tmp_path / "text.txt", "--json")
    (row,) = rows(output)
    assert code == 0
    assert row["pdq"] is None
    assert row["error"] is None
    assert row["md5"] == "5d41402abc4b2a76b9719d911017c592"


def hostile(folder):
    """Files that try to break a program, with a word of the finding each must have."""
    whole = saved(picture(700, 500), "JPEG").getvalue()
    made = {
        "cut.jpg": (whole[: len(whole) // 2], "cut off"),
        "named.jpg": (b"just some text", "named .jpg"),
        "named.mp4": (b"just some text", "named .mp4"),
        "empty.png": (b"", "empty"),
        "huge.png": (bomb(60_000, 60_000).getvalue(), "pixels"),
        "nothing.mp4": (b"\x00\x00\x00\x18ftypisom" + bytes(64), "video"),
    }
    for name, (data, _) in made.items():
        (folder / name).write_bytes(data)
    return {name: word for name, (_, word) in made.items()}


def test_every_broken_file_is_a_row_with_the_reason_and_the_rest_goes_on(leeward, tmp_path, jpeg):
    words = hostile(tmp_path)
    code, output, _ = leeward(*[tmp_path / name for name in words], jpeg, "--json")
    found = rows(output)
    assert code == 1
    for row, word in zip(found, words.values(), strict=False):
        assert word in row["error"]
        assert row["pdq"] is None
        assert row["md5"]
    assert found[-1]["error"] is None


def test_a_polyglot_is_read_as_what_it_begins_with(leeward, tmp_path):
    data = saved(picture(100, 100), "PNG").getvalue() + b"PK\x03\x04" + b"%PDF-1.4" + bytes(100)
    (tmp_path / "both.zip").write_bytes(data)
    code, output, _ = leeward(tmp_path / "both.zip", "--json")
    assert code == 0
    assert rows(output)[0]["pdq"]


def test_what_is_no_file_is_a_row_with_the_reason(leeward, tmp_path, jpeg):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    things = [tmp_path / "pipe", tmp_path / "loop", tmp_path, tmp_path / "missing", "/dev/zero"]
    code, output, _ = leeward(*things, jpeg, "--json")
    errors = [row["error"] for row in rows(output)]
    assert code == 1
    for word, error in zip(["pipe", "symbolic", "directory", "no such file", "device"], errors, strict=False):
        assert word in error
    code, output, complaints = leeward(tmp_path / "missing", "--json")
    assert code == 2
    assert len(rows(output)) == 1
    assert complaints == "leeward: No file could be read.\n"


def test_a_file_that_may_not_be_read_is_a_row_and_the_rest_goes_on(leeward, jpeg):
    leeward(jpeg)  # reads all modules
    with nobody_s_folder() as folder:
        (folder / "closed.jpg").write_bytes(b"x")
        (folder / "closed.jpg").chmod(0)
        (folder / "open.txt").write_bytes(b"x")
        code, output, _ = leeward(folder / "closed.jpg", folder / "open.txt", "--json")
        assert leeward(folder / "closed.jpg")[0] == 2
    assert code == 1
    assert [row["error"] for row in rows(output)] == ["permission denied", None]


def test_a_name_that_is_not_utf8(leeward, tmp_path):
    name = os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt")
    with open(name, "wb") as target:
        target.write(b"x")
    for arguments in (["--json"], []):
        code, output, _ = leeward(os.fsdecode(name), *arguments)
        assert code == 0
        assert "caf" in output
    assert os.fsencode(rows(leeward(os.fsdecode(name), "--json")[1])[0]["path"]) == name


def test_a_name_cannot_write_on_the_terminal(leeward, tmp_path):
    (tmp_path / "a\n\x1b[31m\u202eb.jpg").write_bytes(b"x")
    _, output, complaints = leeward(tmp_path / "a\n\x1b[31m\u202eb.jpg", "--only", "md5")
    assert output.splitlines()[0].endswith(r"a\n\x1b[31m\u202eb.jpg")
    _, output, complaints = leeward(tmp_path / "a\n\x1b[31m\u202eb.jpg")
    assert r"\x1b[31m\u202eb.jpg: it is named .jpg" in complaints


def test_people_read_the_same_without_json(leeward, tmp_path, jpeg):
    (tmp_path / "flat.png").write_bytes(saved(picture(300, 300).point(lambda value: 120), "PNG").getvalue())
    code, output, complaints = leeward(jpeg, tmp_path / "flat.png", tmp_path / "missing.jpg")
    assert code == 1
    assert "sha256: " in output
    assert "unusable" in output
    assert "missing.jpg" in complaints
