"""At the edges: bounds to the letter, names of what could not be read, and how bundles, places and cells are made."""

import csv
import io
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leeward.intake.rules.typed import MOST_WHERE_CHARACTERS
from leeward.tips.rules import documents, facts, reading
from leeward.tips.rules.becoming import place_of
from leeward.tips.rules.cybertip import from_file_xml, from_police_json, from_provider_xml, number_in_name
from leeward.tips.rules.documents import MOST_BYTES, MOST_DEPTH, read_tree
from leeward.tips.rules.doubts import contradicts, doubts_of
from leeward.tips.rules.folding import fold_of
from leeward.tips.rules.others import _number, is_iccam
from leeward.tips.rules.outcomes import COLUMNS, feedback_csv
from leeward.tips.rules.reading import read_file
from leeward.tips.rules.tip import MOST_NUMBER, Found, Tip, TipFile, Unread, digest_of
from leeward.tips.rules.trees import (
    MOST_LEAF,
    Refused,
    flag,
    is_true,
    leaves,
    listed,
)
from tests.tips.samples import FILE_XML, MD5, SHA1, XML, as_bytes, packed, police

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def names(content: bytes, name: str = "box.zip") -> list[tuple[str, str]]:
    return [(one.name, one.code if isinstance(one, Unread) else "") for one in read_file(name, content)]


def test_whatever_is_read_or_not_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(b"PK\x05\x06") == [("box.zip", "zip_torn")]
    assert names(b"%PDF-1.7", "a.pdf") == [("a.pdf", "only_paper")]
    assert names(as_bytes(police()), "a.json") == [("a.json", "")]
    assert names(b"{", "a.json") == [("a.json", "torn")]
    inner = packed(a__json=as_bytes(police()))
    whole = packed(
        paper__pdf=b"%PDF", picture__jpg=b"x", box__zip=inner, torn__json=b"{", good__json=as_bytes(police("1234567"))
    )
    assert sorted(names(whole)) == [
        ("box.zip/box.zip", "zip_in_zip"), ("box.zip/good.json", ""), ("box.zip/torn.json", "torn"),
    ]  # fmt: skip
    assert names(packed(paper__pdf=b"%PDF", torn__json=b"{")) == [
        ("box.zip/paper.pdf", "only_paper"),
        ("box.zip/torn.json", "torn"),
    ]
    assert names(packed(x__xml=XML.encode(), file__xml=FILE_XML.encode())) == [("box.zip/x.xml", "")]
    assert names(FILE_XML.encode(), "f.xml") == [("f.xml", "file_alone")]
    nameless = XML.replace("<reportId>777001</reportId>", "").encode()
    assert [one.name for one in read_file("x.xml", nameless) if isinstance(one, Unread)] == ["x.xml"]
    for path in ("..\\a.json", "\\a.json", "/a.json", "b/../a.json", "b\\..\\a.json", "c:a.json"):
        assert names(packed(**{path.replace(".", "__") if "__" in path else path: b"{}"})) == [
            ("box.zip", "zip_path")
        ], path
    monkeypatch.setattr(reading, "MOST_MEMBERS", 2)
    assert names(packed(a__json=b"{", b__json=b"{")) == [("box.zip/a.json", "torn"), ("box.zip/b.json", "torn")]
    assert names(packed(a__json=b"{", b__json=b"{", c__json=b"{")) == [("box.zip", "zip_too_many")]


def test_sizes_are_taken_up_to_the_last_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    content = as_bytes(police())
    for module in (reading, documents):
        monkeypatch.setattr(module, "MOST_BYTES", len(content))
    assert names(packed(a__json=content)) == [("box.zip/a.json", "")]
    assert names(content, "a.json") == [("a.json", "")]
    assert names(packed(a__json=content + b" ", b__json=b"{")) == [
        ("box.zip/a.json", "too_large"),
        ("box.zip/b.json", "torn"),
    ]
    monkeypatch.setattr(reading, "MOST_OF_ZIP", len(content))
    assert names(packed(a__json=content)) == [("box.zip/a.json", "")]
    assert names(packed(a__json=content, b__json=b"{"))[-1] == ("box.zip", "zip_bomb")


def test_a_number_is_in_the_last_part_of_a_path() -> None:
    assert number_in_name("111111\\222222.xml") == "222222"
    assert number_in_name("111111/222222.xml") == "222222"
    assert number_in_name("111111-222222.xml") == ""
    assert facts.number("1" * MOST_NUMBER) == "1" * MOST_NUMBER
    assert facts.number("1" * (MOST_NUMBER + 1)) == ""
    assert facts.digest_number("a", "b") == "7e18f737311b2dc3b2f269dd78396b03"


def test_hashes_of_no_kind_and_cut_files() -> None:
    metadata = {"metadatas": [{"name": "", "value": SHA1}, {"name": "md5", "value": {"value": MD5}}]}
    (file,) = from_police_json(police(file={"verificationHash": None, "espMetadata": metadata})).files
    assert file.hashes == (("md5", MD5),)
    xml = FILE_XML.replace("one.jpg", "w " * MOST_LEAF).encode()
    assert from_file_xml(read_tree(xml)).is_cut
    assert from_provider_xml(read_tree(XML.encode()), "").is_cut is False


def test_places_of_every_kind_are_kept_and_no_words() -> None:
    good = (
        "https://pictures.example/c", "http://" + "a" * 56 + ".onion/x", "magnet:?xt=urn:btih:" + "ab" * 20,
        "ed2k://|file|a.bin|7|" + "cd" * 16 + "|/",
    )  # fmt: skip
    assert facts.addresses(["", "x", *good, good[0]])[0] == good[0]
    kinds = {one.partition(":")[0] for one in facts.addresses(good)}
    assert {"https", "magnet", "ed2k"} <= kinds
    long = "https://pictures.example/" + "a" * (MOST_LEAF - 25)
    assert len(long) == MOST_LEAF
    assert facts.addresses([long]) == ()
    assert facts.addresses([long[:-1]]) == (long[:-1],)


def test_times_are_of_utc_whatever_they_say() -> None:
    assert facts.moment("2026-11-24T12:00:00") == NOW
    assert facts.moment("2026-11-24T07:00:00-05:00") == NOW
    for text in ("2026-11-24T12:00:00", "2026-11-24T07:00:00-05:00"):
        found = facts.moment(text)
        assert found is not None
        assert found.tzinfo is UTC
    tip = Tip("cybertip", "1", happened=(NOW + DAY).isoformat(), dated=NOW.isoformat())
    assert not contradicts(tip), "a day after is within the zones of the world"
    assert contradicts(replace(tip, happened=(NOW + DAY + timedelta(seconds=1)).isoformat()))
    assert doubts_of(tip, own_countries=(), by_mail=False, now=NOW) == ()
    late = replace(tip, happened="", dated=(NOW + DAY + timedelta(seconds=1)).isoformat())
    assert doubts_of(late, own_countries=(), by_mail=False, now=NOW) == ("from_the_future",)


def test_what_is_folded_together() -> None:
    one = Tip(
        "cybertip",
        "1",
        provider="P",
        addresses=("https://Pictures.example/a?x=1",),
        files=(TipFile("f", (("md5", MD5), ("sha1", SHA1))),),
    )
    assert fold_of(one, arrived=NOW) == fold_of(
        replace(one, addresses=("https://pictures.EXAMPLE/a?y=2",)), arrived=NOW
    )
    assert len(fold_of(one, arrived=NOW)) == 32
    less = replace(one, files=(TipFile("e"), TipFile("f", (("md5", MD5),))))
    assert fold_of(less, arrived=NOW) == fold_of(one, arrived=NOW), "the first hash of each file"
    for other in (
        replace(one, provider="Q"),
        replace(one, files=()),
        replace(one, addresses=()),
        replace(one, system="xarf"),
    ):
        assert fold_of(other, arrived=NOW) != fold_of(one, arrived=NOW)
    magnet = replace(one, addresses=("magnet:?xt=urn:btih:" + "ab" * 20,))
    assert fold_of(magnet, arrived=NOW) != fold_of(
        replace(one, addresses=("magnet:?xt=urn:btih:" + "cd" * 20,)), arrived=NOW
    )


def test_where_it_is_in_as_many_letters_as_a_report_takes() -> None:
    first, second = "https://a.example/" + "a" * (MOST_WHERE_CHARACTERS // 2 - 18), "https://b.example/"
    exact = second + "b" * (MOST_WHERE_CHARACTERS - len(first) - 1 - len(second))
    tip = Tip("cybertip", "1", addresses=(first, exact))
    assert place_of(tip) == f"{first}\n{exact}"
    assert len(place_of(tip)) == MOST_WHERE_CHARACTERS
    assert place_of(replace(tip, addresses=(first, "https://c.example/", exact))) == f"{first}\nhttps://c.example/"
    only = replace(
        tip, addresses=(), files=(TipFile("f", (("pdq", "x"), ("md5", MD5))), TipFile("g", (("sha1", SHA1),)))
    )
    assert place_of(only) == SHA1, "of each file its first hash, and no look-alike"


@pytest.mark.parametrize("first", list("=+-@\t\r"))
def test_no_cell_begins_like_a_formula(first: str) -> None:
    row = dict.fromkeys(COLUMNS, "") | {"provider": f"{first}1"}
    (_head, cells) = csv.reader(io.StringIO(feedback_csv([row]), newline=""))
    assert cells[COLUMNS.index("provider")].startswith(f"'{first}"[:2])


def test_depth_is_counted_to_the_letter() -> None:
    deepest = b'{"a":' * (MOST_DEPTH - 1) + b"1" + b"}" * (MOST_DEPTH - 1)
    read_tree(deepest)
    with pytest.raises(Refused, match="nested"):
        read_tree(b'{"a":' + deepest + b"}")
    rows = b"[" * (MOST_DEPTH - 1) + b"1" + b"]" * (MOST_DEPTH - 1)
    read_tree(b'{"a":' + rows[1:-1] + b"}")
    with pytest.raises(Refused, match="nested"):
        read_tree(b"[" + rows + b"]")
    elements = b"<a>" * (MOST_DEPTH - 1) + b"</a>" * (MOST_DEPTH - 1)
    read_tree(elements)
    with pytest.raises(Refused, match="nested"):
        read_tree(b"<a>" + elements + b"</a>")
    assert read_tree(b"<a><b>1</b><!-- no --><?no no?><c>2</c></a>") == {"a": {"b": "1", "c": "2"}}
    assert len(b"x" * MOST_BYTES) == MOST_BYTES


def test_flags_lists_and_texts_as_senders_write_them() -> None:
    assert [flag(one) for one in (False, "no", "NO ", "0", "false", True, "1", "yes", "maybe", None)] == [
        False, False, False, False, False, True, True, True, None, None,
    ]  # fmt: skip
    assert is_true("1")
    assert not is_true("2")
    assert listed([{"a": 1}, [{"a": [2, 3]}]], "a") == [{"a": 1}, {"a": [2, 3]}]
    assert leaves("word") == ((("", "word"),), False)
    assert leaves({"a": "b" * MOST_LEAF})[1] is False
    assert not is_iccam([{"urlString": "x"}])
    assert not is_iccam("urls")
    assert _number({}) == ""
    assert digest_of(Tip("xarf", "1", provider="é")) == digest_of(Tip("xarf", "1", provider="\u00e9"))


def test_a_whole_bundle_names_each_tip() -> None:
    found = read_file(
        "b.zip", packed(part__xml=FILE_XML.encode(), x__xml=XML.encode(), y__json=as_bytes(police("7654321")))
    )
    assert sorted(one.name for one in found if isinstance(one, Found)) == ["b.zip/x.xml", "b.zip/y.json"]


def test_xml_is_read_as_utf_8_and_without_comments_whatever_it_says() -> None:
    assert read_tree(b"<a>t<!-- no -->u<?no no?>v</a>") == {"a": "tuv"}
    said = '<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'
    assert read_tree(said.encode()) == {"a": "é"}


def changed_first(content: bytes, *, flags: int = 0, method: int | None = None) -> bytes:
    """A ZIP of which the first member's headers say something else."""
    raw = bytearray(content)
    for mark, flag_at, method_at in ((b"PK\x03\x04", 6, 8), (b"PK\x01\x02", 8, 10)):
        at = raw.index(mark)
        raw[at + flag_at] |= flags
        if method is not None:
            raw[at + method_at : at + method_at + 2] = method.to_bytes(2, "little")
    return bytes(raw)


def test_a_member_that_can_not_be_opened_is_named_and_the_next_one_read() -> None:
    two = packed(a__json=as_bytes(police()), b__json=as_bytes(police("7654321")))
    for content, code in ((changed_first(two, flags=1), "zip_encrypted"), (changed_first(two, method=97), "zip_torn")):
        assert sorted(names(content)) == [("box.zip/a.json", code), ("box.zip/b.json", "")]


def test_what_is_read_does_not_depend_on_where_the_machine_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/Jamaica")
    time.tzset()
    try:
        assert facts.moment("2026-11-24T12:00:00") == NOW
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_version_is_told_from_another_by_what_is_stored_of_it() -> None:
    tip = Tip("xarf", "1", provider="é")
    assert digest_of(tip) == "ac14dacaa756750986b6f4bd4586518bd67d450c3f4fc3727be4558dc989267d"
    exact = "a bc" * (MOST_LEAF // 4)
    assert leaves({"a": exact}) == ((("a", exact),), False)
    onion = "http://2gzyxa5ihm7nsggfxnu52rck2vv4rvmdlkiu3zzui5du4xyclen53wid.onion/x"
    assert facts.addresses([onion]) == (onion,)
