"""What is inside archives, packed files, mailboxes and torrents; and that no bytes can break their readers."""

import base64
import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from email.message import EmailMessage
from mailbox import mbox

import libtorrent
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leeward.scanning.containers.bounds import Bounds
from leeward.scanning.entries import Place
from leeward.scanning.file_matcher import FileMatcher
from tests.scanning.material import by_place, jpeg, looked, md5, pdq_of, png

SMALL = Bounds(members=50, free_bytes=1 << 20, in_memory_bytes=1 << 20)


def zip_of(files, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def tar_of(files, mode="w"):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


def message_with(name, data, subtype="jpeg"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@name.example", "b@name.example", "pictures"
    message.set_content("I found a bad page")
    message.add_attachment(data, maintype="image", subtype=subtype, filename=name)
    return message


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.zip", zip_of({"in/x.png": png(1)})),
        ("bz.zip", zip_of({"in/x.png": png(1)}, zipfile.ZIP_BZIP2)),
        ("xz.zip", zip_of({"in/x.png": png(1)}, zipfile.ZIP_LZMA)),
        ("a.tar", tar_of({"in/x.png": png(1)})),
        ("a.tar.gz", tar_of({"in/x.png": png(1)}, "w:gz")),
        ("a.tar.bz2", tar_of({"in/x.png": png(1)}, "w:bz2")),
        ("a.tar.xz", tar_of({"in/x.png": png(1)}, "w:xz")),
        ("a.docx", zip_of({"word/document.xml": b"<x/>", "in/x.png": png(1)})),
    ],
)
def test_members_of_archives(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    rows = by_place(looked(tmp_path, tmp_path / name, f"pdq:{pdq_of(png(1))}"))
    assert rows[name, "in/x.png"]["matches"]
    assert rows[name, "in/x.png"]["kind"] == "picture"
    assert rows[name,]["error"] is None
    assert rows[name,]["members"] == len(rows) - 1


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_a_packed_file(tmp_path, ending, pack):
    (tmp_path / f"x.jpg{ending}").write_bytes(pack(jpeg(1)))
    rows = by_place(looked(tmp_path, tmp_path / f"x.jpg{ending}", f"md5:{md5(jpeg(1))}"))
    assert rows[f"x.jpg{ending}", "x.jpg"]["matches"]


def test_archives_in_archives_and_the_good_members_of_a_bad_one(tmp_path):
    inner = tar_of({"deep.jpg": jpeg(2)}, "w:gz")
    data = bytearray(zip_of({"inner.tgz": inner, "bad.png": png(1), "last.jpg": jpeg(3)}, zipfile.ZIP_STORED))
    data[data.index(png(1)) + 100] ^= 255
    (tmp_path / "a.zip").write_bytes(data)
    rows = by_place(looked(tmp_path, tmp_path / "a.zip", f"md5:{md5(jpeg(2))}", f"md5:{md5(jpeg(3))}"))
    assert rows["a.zip", "inner.tgz", "deep.jpg"]["matches"]
    assert rows["a.zip", "last.jpg"]["matches"]
    assert "Bad CRC-32" in rows["a.zip", "bad.png"]["error"]
    assert rows["a.zip",]["error"] is None


def test_a_tar_archive_cut_in_the_middle_gives_what_came_before(tmp_path):
    (tmp_path / "a.tar").write_bytes(tar_of({"first.jpg": jpeg(1), "second.jpg": jpeg(2)})[: len(jpeg(1)) + 4000])
    rows = by_place(looked(tmp_path, tmp_path / "a.tar", f"md5:{md5(jpeg(1))}"))
    assert rows["a.tar", "first.jpg"]["matches"]
    assert "can't be unpacked" in rows["a.tar", "second.jpg"]["error"]


def test_an_encrypted_member_says_so(tmp_path):
    data = bytearray(zip_of({"secret.txt": b"words"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.zip").write_bytes(data)
    assert by_place(looked(tmp_path, tmp_path / "a.zip"))["a.zip", "secret.txt"]["error"] == "it is encrypted"


def test_a_tar_header_that_would_fill_the_memory(tmp_path):
    info = tarfile.TarInfo("long")
    info.type, info.size = tarfile.XHDTYPE, 8 << 30
    (tmp_path / "a.tar").write_bytes(info.tobuf(tarfile.GNU_FORMAT) + bytes(4096))
    (row,) = looked(tmp_path, tmp_path / "a.tar")
    assert "a header of 8589934592 bytes" in row["error"]


def test_attachments_of_a_message_and_of_a_message_in_it(tmp_path):
    outer = message_with("one.jpg", jpeg(1))
    outer.add_attachment(message_with("two.png", png(2), "png"))
    outer.add_attachment(zip_of({"three.jpg": jpeg(3)}), maintype="application", subtype="zip", filename="z.zip")
    (tmp_path / "mail.eml").write_bytes(outer.as_bytes())
    known = [f"md5:{md5(data)}" for data in (jpeg(1), png(2), jpeg(3))]
    rows = by_place(looked(tmp_path, tmp_path / "mail.eml", *known))
    for place in (("one.jpg",), ("two.png",), ("z.zip", "three.jpg")):
        assert rows["mail.eml", *place]["matches"], place
    assert rows["mail.eml",].items() >= {"kind": "message", "error": None, "members": 3}.items()


def test_a_mailbox(tmp_path):
    box = mbox(tmp_path / "box")
    for number in range(3):
        box.add(message_with(f"{number}.jpg", jpeg(number)))
    box.flush()
    rows = by_place(looked(tmp_path, tmp_path / "box", f"md5:{md5(jpeg(2))}"))
    assert rows["box", "message 3.eml", "2.jpg"]["matches"]
    assert rows["box",].items() >= {"kind": "mailbox", "members": 3, "error": None}.items()


def test_a_torrent_is_compared_by_what_it_names(tmp_path):
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "one.jpg").write_bytes(jpeg(1, 900, 700))
    (folder / "two.jpg").write_bytes(jpeg(2, 900, 700))
    files = libtorrent.list_files(str(folder))
    made = libtorrent.create_torrent(files, 16384)
    libtorrent.set_piece_hashes(made, str(tmp_path))
    (tmp_path / "some.torrent").write_bytes(libtorrent.bencode(made.generate()))
    (row,) = looked(tmp_path, tmp_path / "some.torrent")
    (content,) = looked(tmp_path, folder / "two.jpg", f"bt2:{'00' * 32}")
    lines = (f"btih:{row['btih']}", f"btmh:{row['btmh']}", f"bt2:{content['bt2']}")
    (row,) = looked(tmp_path, tmp_path / "some.torrent", *lines)
    assert [(match["kind"], match["id"]) for match in row["matches"]] == [("btih", 1), ("btmh", 2), ("bt2", 3)]
    assert row["matches"][2]["file"].endswith("two.jpg")
    assert (row["kind"], row["members"]) == ("torrent", 2)


STARTS = [
    zip_of({"a.txt": b"words", "b.zip": zip_of({"c.txt": b"more"})}),
    tar_of({"a.txt": b"words", "n" * 150: b"long"}),
    tar_of({"a.txt": b"words"}, "w:gz"),
    gzip.compress(b"words" * 100),
    lzma.compress(b"words" * 100),
    bz2.compress(b"words" * 100),
    message_with("a.bin", b"words").as_bytes(),
    b"From a@name.example Mon\n" + message_with("a.bin", b"words").as_bytes() + b"\nFrom b\nSubject: x\n\nwords\n",
    b"d8:announce3:abc4:infod6:lengthi5e4:name1:a12:piece lengthi16384e6:pieces20:" + bytes(20) + b"ee",
]


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_that_is_altered_or_cut_raises(data):
    content = bytearray(data.draw(st.sampled_from(STARTS)))
    for _ in range(data.draw(st.integers(0, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = content[: data.draw(st.integers(1, len(content)))] + data.draw(st.binary(max_size=30))
    matcher = FileMatcher([], SMALL)
    rows = list(matcher.scan(Place("a"), io.BytesIO(bytes(content))))
    assert rows[-1].place == Place("a")
    once = list(matcher.scan_once(Place("a"), io.BytesIO(bytes(content))))
    assert once[-1].place == Place("a")
    for row in rows:
        assert row.line().decode("utf-8").endswith("}\n")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.binary(max_size=200))
def test_any_name_and_payload_of_an_attachment(name, payload):
    text = f'From: a\nContent-Type: x/y; name="{name}"\nContent-Transfer-Encoding: base64\n\n'.encode(
        "utf-8", "replace"
    )
    matcher = FileMatcher([], SMALL)
    rows = list(matcher.scan(Place("a.eml"), io.BytesIO(text + base64.b64encode(payload))))
    for row in rows:
        row.line().decode("utf-8")
