"""A scan finds altered pictures and names the alteration; those with little in them get a note."""

import io

from leeward.matching.hashing import hash_stream
from leeward.scanning.engines.work import Work, scan_item
from leeward.scanning.lists import compiled_list
from leeward.scanning.sources import Since, items_of
from tests.matching.lists import png as other
from tests.matching.lists import signer, written
from tests.matching.pictures import picture, saved
from tests.matching.test_variants import bordered, cropped, dull, file, original, shown
from tests.matching.test_video import video
from tests.scanning.material import list_of, rows_of


def scanned(source, files, **options):
    matcher = Work((files,), **options).matcher()
    rows = rows_of(b"".join(scan_item(matcher, item).lines for item in items_of(str(source), Since())))
    return {row["path"].rpartition("/")[2]: row for row in rows}


def test_altered_pictures_are_found_in_text_lists_and_signed_ones(tmp_path):
    source = tmp_path / "storage"
    source.mkdir()
    for name, image in (("framed", bordered(shown())), ("cropped", cropped(shown(), 0.05)), ("stranger", shown(8))):
        (source / f"{name}.jpg").write_bytes(file(image))
    (source / "dull.png").write_bytes(saved(dull(), "PNG").getvalue())
    code = hash_stream(io.BytesIO(original()), exact=True).pdq.hex
    text = compiled_list(list_of(tmp_path / "known.txt", f"pdq:{code}"), tmp_path)
    signed = compiled_list(
        written(tmp_path / "list", [original(), other(1)], [0, 0]), tmp_path, key=signer().public_key
    )
    for files in (text, signed):
        rows = scanned(source, files)
        for name, alteration in (("framed.jpg", "framed"), ("cropped.jpg", "cropped")):
            (match,) = rows[name]["matches"]
            assert (match["kind"], match["alteration"]) == ("pdq", alteration)
        assert rows["stranger.jpg"]["matches"] == []
        assert "there is little in the picture" in rows["dull.png"]["note"]
        assert all(not row["matches"] for row in scanned(source, files, altered=False).values())
    narrow = scanned(source, text, radius=4)
    assert [name for name, row in narrow.items() if row["matches"]] == ["framed.jpg"]


def test_of_a_video_the_share_of_its_frames_that_match_is_told(tmp_path):
    source = tmp_path / "storage"
    source.mkdir()
    (source / "half.mp4").write_bytes(video([3, 5], seconds_each=1).getvalue())
    (source / "whole.mp4").write_bytes(video([5], seconds_each=1).getvalue())
    known = saved(picture(320, 240, 5), "PNG").getvalue()
    code = hash_stream(io.BytesIO(known), exact=True).pdq.hex
    text = compiled_list(list_of(tmp_path / "known.txt", f"pdq:{code}"), tmp_path)
    signed = compiled_list(written(tmp_path / "list", [known], [0]), tmp_path, key=signer().public_key)
    for files in (text, signed):
        rows = scanned(source, files)
        for name, least, most in (("half.mp4", 20, 80), ("whole.mp4", 100, 100)):
            (match,) = rows[name]["matches"]
            assert match["percent"] == round(100 * match["frames"] / rows[name]["frames"], 1)
            assert least <= match["percent"] <= most
