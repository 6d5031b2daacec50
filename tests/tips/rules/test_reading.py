"""A file becomes tips: recognised by what is in it, within bounds, without media."""

import json
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.tips.errors import REFUSALS
from leeward.tips.rules import documents, reading, trees
from leeward.tips.rules.reading import read_file
from leeward.tips.rules.tip import Found, Tip, TipFile, Unread, digest_of, plain, tip_from
from tests.tips.samples import FILE_XML, ICCAM, MD5, SHA1, URL, XARF, XARF_3, XML, as_bytes, packed, police


def only(content: bytes, name: str = "x") -> Tip:
    (found,) = read_file(name, content)
    assert isinstance(found, Found), found
    return found.tip


def codes(content: bytes, name: str = "x") -> list[str]:
    read = read_file(name, content)
    assert all(isinstance(one, Unread) for one in read), read
    return [one.code for one in read if isinstance(one, Unread)]


def test_a_police_download_wrapped_twice_and_full_of_nulls() -> None:
    tip = only(as_bytes(police()))
    assert (tip.system, tip.number, tip.sender, tip.provider) == ("cybertip", "123456", "NCMEC", "Provider One")
    assert (tip.incident, tip.happened, tip.dated) == (
        "Apparent Child Pornography", "2026-01-02T03:04:05Z", "2026-01-03T00:00:00Z",
    )  # fmt: skip
    assert tip.addresses == (URL,)
    assert tip.files == (TipFile("one.jpg", (("md5", MD5),), None, ""),), "null is not viewed"
    assert tip.raised == ()
    assert tip.countries == ()
    assert not tip.is_cut
    assert ("reportedInformation.reportedPeople.reportedPersons.screenName.value", "sam") in tip.leaves
    assert ("reportedInformation.additionalInformations.value", "A note of the provider") in tip.leaves, (
        "no word is lost"
    )
    assert only(b"\xef\xbb\xbf" + as_bytes(json.dumps(police()))) == tip, "a mark of order, and JSON written into JSON"
    assert tip_from(json.loads(json.dumps(plain(tip)))) == tip
    assert digest_of(tip) == digest_of(only(as_bytes(police()))) != digest_of(only(as_bytes(police(provider="Two"))))
    assert tip.key == ("cybertip", "", "123456"), "its number is NCMEC's, whoever passes it on"
    bare = only(as_bytes({"reportId": 42_000, "reportedInformation": None}))
    assert (bare.number, bare.provider, bare.files, bare.addresses) == ("42000", "", (), ())


@pytest.mark.parametrize(
    ("changes", "raised"),
    [
        ({"incident": "Online Enticement of Children for Sexual Acts"}, ("contact",)),
        ({"incident": "Child Sex Trafficking"}, ("trafficking",)),
        ({"escalate": "A child is with them now"}, ("escalated",)),
        ({"person": {"accessToChildVictim": True, "accessToChildren": True}}, ("access",)),
        ({"person": {"accessToChildren": False, "convictedSexOffender": True}}, ()),
    ],
)
def test_what_makes_a_tip_urgent(changes: dict[str, object], raised: tuple[str, ...]) -> None:
    assert only(as_bytes(police(**changes))).raised == raised


def test_recipients_metadata_and_flags() -> None:
    named = [{"name": "SHA1", "value": SHA1.upper()}, {"name": "uploaded", "value": MD5}]
    file = {
        "filename": "b.png",
        "originalFilename": None,
        "verificationHash": "no hash",
        "viewedByEsp": False,
        "industryClassification": "A1",
        "espMetadata": {"metadatas": named},
    }
    tip = only(as_bytes(police(recipients=[{"country": "jm"}, {"country": "Nowhere"}, None], files=[file])))
    assert tip.countries == ("JM",)
    assert tip.files == (TipFile("b.png", (("sha1", SHA1),), False, "A1"),), "what is called otherwise is no hash"


def test_a_providers_report_in_xml_and_its_files_beside_it() -> None:
    alone = only(XML.encode())
    assert (alone.number, alone.provider, alone.files) == ("777001", "Chat Nine", ())
    assert alone.raised == ("contact", "sextortion"), "an empty escalation is none"
    assert alone.addresses == ("https://pages.example/x",)
    (found,) = read_file("a.zip", packed(report__xml=XML.encode(), file__xml=FILE_XML.encode(), paper__pdf=b"%PDF"))
    assert isinstance(found, Found)
    assert found.tip.files == (TipFile("one.jpg", (("sha1", SHA1),), True, ""),)
    assert codes(FILE_XML.encode()) == ["file_alone"]
    empty = XML.replace("<sextortion>true</sextortion>", "<sextortion/><sadisticOnlineExploitation/>")
    assert only(empty.encode()).raised == ("contact", "sextortion", "sadistic"), "the schema fixes their value"
    assert only(XML.replace("<sextortion>true<", "<sextortion>false<").encode()).raised == ("contact",)
    without = XML.replace("<reportId>777001</reportId>", "").encode()
    assert only(without, "CT888002-report.xml").number == "888002"
    assert codes(without, "report.xml") == ["no_number"]
    assert codes(without, "12345-67890.xml") == ["no_number"], "which of the two it is nobody knows"


def test_xarf_of_both_versions_and_iccam() -> None:
    four = only(as_bytes(XARF))
    assert (four.system, four.number, four.sender) == ("xarf", XARF["report_id"], "Hotline of the far shore")
    assert four.files == (TipFile("", (("sha1", SHA1),), None, "B1"),)
    assert four.addresses == ("https://pictures.example/b",)
    assert four.key[1] == four.sender
    assert "iVBORw0KGgo=" not in json.dumps(plain(four)), "no picture, however it is packed"
    assert ("evidence.description", "A picture") in four.leaves
    csem = XARF | {"type": "csem", "exploitation_type": "grooming"}
    assert only(as_bytes(csem)).raised == ("contact",)
    assert only(as_bytes(csem | {"exploitation_type": "trafficking"})).raised == ("trafficking",)
    assert only(as_bytes(csem | {"exploitation_type": "possession"})).raised == ()
    assert codes(as_bytes(XARF | {"type": "phishing"})) == ["other_abuse"]
    three = only(as_bytes(XARF_3))
    assert (three.system, three.sender, three.addresses) == ("xarf", "Old hotline", ("http://old.example/index.html",))
    assert three.number == only(as_bytes(XARF_3)).number, "it has no number: the same again is the same"
    iccam = only(as_bytes([ICCAM]))
    assert (iccam.system, iccam.number, iccam.countries) == ("iccam", "FS-17", ("JM",))
    assert iccam.addresses == ("https://pictures.example/c", "https://pictures.example/c.jpg")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<!DOCTYPE html><html></html>", "html"),
        (b"  <HTML><body>log in</body></HTML>", "html"),
        (b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "b">]><report>&a;</report>', "doctype"),
        (b"<report><incidentSummary></report>", "torn"),
        (b"<other/>", "not_a_tip"),
        (b'{"reportId": "1"', "torn"),
        (b'{"reportId": "1", "reportId": "2", "reportedInformation": {}}', "field_twice"),
        (b'{"a":' * 3000 + b"1" + b"}" * 3000, "nested"),
        (b"[" * 100_000, "nested"),
        (b'{"number": ' + b"9" * 5000 + b"}", "torn"),
        ("Bericht für Müller".encode("latin-1"), "not_utf8"),
        ('{"reportId": "1"}'.encode("utf-16"), "not_utf8"),
        (b"plain words", "not_a_tip"),
        (b"[1, 2]", "not_a_tip"),
        (b'{"id": 5, "urls": ["https://a.example/"]}', "not_a_tip"),
        (b'{"reportId": "1 2", "reportedInformation": {}}', "no_number"),
        (b"%PDF-1.7", "only_paper"),
        (b"PK\x03\x04 but no more", "zip_torn"),
        (b"", "not_a_tip"),
    ],
)
def test_what_is_refused_has_a_code(content: bytes, code: str) -> None:
    assert codes(content)[0] == code
    assert code in REFUSALS


def test_hostile_archives(monkeypatch: pytest.MonkeyPatch) -> None:
    assert codes(packed(**{"../etc/passwd__json": b"{}"})) == ["zip_path"]
    assert codes(packed(**{"C:/x__json": b"{}"})) == ["zip_path"]
    assert codes(packed(**{"/x__json": b"{}"})) == ["zip_path"]
    assert codes(packed(a__zip=packed(b__json=as_bytes(police())))) == ["zip_in_zip"]
    assert codes(packed(a__jpg=b"\xff\xd8", b__mp4=b"film")) == [], "media is not opened"
    assert codes(packed(CT1__pdf=b"%PDF")) == ["only_paper"]
    monkeypatch.setattr(reading, "MOST_BYTES", 1000)
    assert codes(packed(a__json=b" " * 1001)) == ["too_large"]
    monkeypatch.setattr(reading, "MOST_OF_ZIP", 1500)
    assert codes(packed(a__json=b"[" * 900, b__json=b"[" * 900))[-1] == "zip_bomb"
    monkeypatch.setattr(reading, "MOST_MEMBERS", 1)
    assert codes(packed(a__json=b"", b__json=b"")) == ["zip_too_many"]
    monkeypatch.setattr(documents, "MOST_BYTES", 10)
    assert codes(b'{"reportId": "1"}') == ["too_large"]


def test_an_encrypted_member_is_named() -> None:
    body = bytearray(packed(a__json=as_bytes(police())))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        body[body.index(mark) + place] |= 1
    assert codes(bytes(body)) == ["zip_encrypted"]


def test_a_member_packed_by_a_method_that_asks_for_any_memory_is_not_opened() -> None:
    body = BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.json", as_bytes(police()))
    content = bytearray(body.getvalue())
    data = content.index(b"a.json") + len("a.json")
    content[data + 4 : data + 9] = b"\xff" * 5  # the properties: no such filter, and a dictionary of four gigabytes
    assert codes(bytes(content)) == ["zip_torn"]


def test_a_flood_of_one_element_is_read_in_the_time_of_its_length() -> None:
    places = b"".join(b"<url>https://a.example/%d</url>" % number for number in range(60_000))
    began = time.process_time()
    tree = documents.read_tree(b"<report>" + places + b"</report>")
    assert time.process_time() - began < 3, "each one copied all before it"
    assert len(tree["report"]["url"]) == 60_000


def test_no_more_of_a_tip_is_kept_than_a_page_carries(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [{"originalFilename": f"{number}.jpg", "verificationHash": MD5} for number in range(3)]
    part = FILE_XML.replace("one.jpg", "two.jpg").encode()
    zipped = packed(report__xml=XML.encode(), one__xml=FILE_XML.encode(), two__xml=part, same__xml=part)
    monkeypatch.setattr("leeward.tips.rules.tip.MOST_FILES", 2)
    assert [file.name for file in only(zipped).files] == ["one.jpg", "two.jpg"]
    assert not only(zipped).is_cut
    tip = only(as_bytes(police(files=files)))
    assert ([file.name for file in tip.files], tip.is_cut) == (["0.jpg", "1.jpg"], True)
    monkeypatch.setattr("leeward.tips.rules.tip.MOST_HASHES", 1)
    twice = only(as_bytes(XARF | {"hash_values": {"md5": MD5, "sha1": SHA1}}))
    assert (twice.files[0].hashes, twice.is_cut) == ((("md5", MD5),), True)
    monkeypatch.setattr("leeward.tips.rules.tip.MOST_WORDS", 15)
    many = only(zipped)
    assert (len(many.leaves), many.is_cut) == (15, True)


def test_encoded_data_is_left_out_and_length_is_bounded() -> None:
    data, prose = "QUJD" * 200, "some plain words " * 60
    lines = "\n".join("QUJD" * 19 for _ in range(10))
    tip = only(as_bytes(police(one=data, two=prose, three=lines, four="data:image/png;base64," + data)))
    kept = dict(tip.leaves)
    assert "two" in kept
    assert not {"one", "three", "four"} & set(kept)
    assert only(as_bytes(police(long="two words " * 300))).is_cut
    many = only(as_bytes(police(many=["a word"] * 3000)))
    assert many.is_cut
    assert len(many.leaves) == trees.MOST_LEAVES
    assert only(as_bytes(police(odd="a\x00b\ud800c"))).leaves[-1] == ("odd", "abc"), "nothing that no database takes"


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ["reportId", "reportedInformation", "uploadedFiles", "urls", "urlString", "xarf_version", "category", "type", "hash_values",
         "incidentSummary", "reportedPeople", "reportedPersons", "hotlineReference", "Version", "ReporterInfo", "Report", "value"]
    ), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ANY)
def test_whatever_a_document_holds_it_is_a_tip_or_has_a_code(tree: object) -> None:
    inside = tree if isinstance(tree, dict) else {"x": tree}
    for document in (
        tree,
        {"reportId": "1", "reportedInformation": tree},
        {"urls": [tree], "id": "1"},
        {"xarf_version": "4"} | inside,
    ):
        for one in read_file("x.json", as_bytes(document)):
            assert (
                one.code in REFUSALS
                if isinstance(one, Unread)
                else tip_from(json.loads(json.dumps(plain(one.tip)))) == one.tip
            )


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"{", b"<report>", b"%PDF"]))
def test_whatever_the_bytes_are_each_has_a_code(content: bytes, start: bytes) -> None:
    assert all(one.code in REFUSALS for one in read_file("x", start + content) if isinstance(one, Unread))
