"""Every form to the letter: a whole document with every field that matters, and the whole tip that it becomes."""

from dataclasses import replace
from typing import Any

import pytest

from leeward.tips.rules.cybertip import from_file_xml, from_police_json, from_provider_xml, is_police_json
from leeward.tips.rules.documents import MOST_DEPTH, read_tree
from leeward.tips.rules.others import from_iccam, from_xarf, is_iccam, is_xarf
from leeward.tips.rules.tip import MOST_NAME, Tip, TipFile, digest_of, joined, plain, tip_from, without_cards
from leeward.tips.rules.trees import MOST_LEAF, MOST_LEAVES, Refused, leaves, listed, text_of
from tests.tips.samples import ICCAM, MD5, SHA1, XARF, XARF_3, police

LONG = "L" * (MOST_NAME + 1)
PROVIDER_XML = f"""<report><reportId>777001</reportId><incidentSummary><incidentType>Child Sex Trafficking</incidentType>
<escalateToHighPriority>a child is there</escalateToHighPriority>
<reportAnnotations><sextortion>false</sextortion><sadisticOnlineExploitation/></reportAnnotations>
<incidentDateTime>2026-01-02T03:04:05Z</incidentDateTime></incidentSummary>
<internetDetails><webPageIncident><url>https://pages.example/x</url><url>https://pages.example/y</url></webPageIncident></internetDetails>
<fileDetails><originalFileName>one.jpg</originalFileName><fileViewedByEsp>false</fileViewedByEsp>
<industryClassification>B1</industryClassification><originalFileHash hashType="SHA1">{SHA1}</originalFileHash></fileDetails>
<fileDetails><fileName>two.jpg</fileName></fileDetails>
<reporter><reportingPerson><lastName>Chat Nine Inc</lastName></reportingPerson></reporter></report>"""


def without_words(tip: Tip) -> Tip:
    return replace(tip, leaves=())


def test_a_providers_report() -> None:
    tree = read_tree(PROVIDER_XML.encode())
    tip = from_provider_xml(tree, "another-888002.xml")
    files = (TipFile("one.jpg", (("sha1", SHA1),), False, "B1"), TipFile("two.jpg"))
    assert without_words(tip) == Tip(
        "cybertip", "777001", sender="NCMEC", provider="Chat Nine Inc", incident="Child Sex Trafficking",
        happened="2026-01-02T03:04:05Z", addresses=("https://pages.example/x", "https://pages.example/y"), files=files,
        raised=("trafficking", "escalated", "sadistic"), reason="a child is there",
    )  # fmt: skip
    assert (tip.leaves, tip.is_cut) == leaves(tree)
    assert ("report.reporter.reportingPerson.lastName", "Chat Nine Inc") in tip.leaves
    named = read_tree(PROVIDER_XML.replace("<reportId>777001</reportId>", "").encode())
    assert from_provider_xml(named, "another-888002.xml").number == "888002"
    long = read_tree(PROVIDER_XML.replace("<incidentType>", f"<platform>{LONG}</platform><incidentType>").encode())
    assert from_provider_xml(long, "").provider == LONG[:-1]
    cut = read_tree(PROVIDER_XML.replace("Chat Nine Inc", "w " * MOST_LEAF).encode())
    assert from_provider_xml(cut, "").is_cut


def test_a_file_of_a_report() -> None:
    tree = read_tree(
        b"<fileDetails><reportId>777001</reportId><fileName>f.jpg</fileName><originalFileName>o.jpg</originalFileName>"
        b"<industryClassification>A1</industryClassification><originalFileHash>" + MD5.encode() + b"</originalFileHash>"
        b"</fileDetails>"
    )
    tip = from_file_xml(tree)
    assert tip == Tip("cybertip", "777001", files=(TipFile("o.jpg", (), None, "A1"),), leaves=tip.leaves, is_cut=False)
    assert tip.leaves == leaves(tree)[0]
    assert len(tip.leaves) == 5
    assert tip.files[0].hashes == (), "a hash of no stated kind is not guessed"


def test_a_download_of_the_police_however_it_is_wrapped() -> None:
    metadata = {"metadatas": {"metadatas": [{"name": "SHA1", "value": SHA1}, {"value": "ef" * 32}, None]}}
    file = {
        "originalFilename": None, "filename": "two.jpg", "industryClassification": "A2", "espMetadata": metadata,
        "viewedByEsp": True,
    }  # fmt: skip
    person = {"accessToChildren": True, "accessToChildVictim": "yes"}
    tree = police(
        "55501", person=person, escalate="hurry", file=file, recipients=[{"country": "JM"}, {"country": "bb"}, None]
    )
    about = tree["reportedInformation"]
    expected = Tip(
        "cybertip", "55501", sender="NCMEC", provider="Provider One", incident="Apparent Child Pornography",
        happened="2026-01-02T03:04:05Z", dated="2026-01-03T00:00:00Z", countries=("JM", "BB"),
        addresses=("https://pictures.example/a/1?session=7",),
        files=(TipFile("two.jpg", (("md5", MD5), ("sha1", SHA1)), True, "A2"),),
        raised=("escalated", "access"), reason="hurry",
    )  # fmt: skip
    assert without_words(from_police_json(tree)) == expected
    assert from_police_json(tree).leaves == leaves(tree)[0]
    about["reportedPeople"] = {"reportedPeople": [person]}
    about["incidentDetails"] = {
        "webpageIncident": {
            "webpageIncident": [{"urls": {"urls": [{"value": "https://pictures.example/a/1?session=7"}]}}]
        }
    }
    assert without_words(from_police_json(tree)) == expected, "the same in the other wrapping"
    about["incidentDetails"] = {"webpageIncident": [{"url": {"url": ["https://pictures.example/a/1?session=7"]}}]}
    assert without_words(from_police_json(tree)) == expected
    about["reportingEsp"] = {"espName": None, "lastName": LONG}
    assert from_police_json(tree).provider == LONG[:-1]
    assert is_police_json(tree)
    assert not is_police_json({"reportId": "1"})
    assert not is_police_json({"reportedInformation": {}})
    assert not is_police_json([])


def test_an_xarf_report_of_version_4() -> None:
    tree = XARF | {
        "type": "csem", "exploitation_type": "sextortion", "country_code": "jm", "_internal": {"ticket": "not ours"},
        "reporter": {"org": LONG},
    }  # fmt: skip
    tip = from_xarf(tree)
    number = "b7ca7591-811e-4d40-83d9-dc043c08555d"
    assert without_words(tip) == Tip(
        "xarf", number, sender=LONG[:-1], provider=LONG[:-1], incident="csem sextortion",
        happened="2026-01-20T10:30:00Z", dated="2026-01-20T10:30:00Z", countries=("JM",),
        addresses=("https://pictures.example/b",), files=(TipFile("", (("sha1", SHA1),), None, "B1"),),
        raised=("contact",),
    )  # fmt: skip
    assert tip.leaves == leaves({name: value for name, value in tree.items() if name != "_internal"})[0]
    assert "not ours" not in str(tip.leaves)
    for name, code in (("grooming", "contact"), ("solicitation", "contact"), ("trafficking", "trafficking")):
        assert from_xarf(tree | {"exploitation_type": name}).raised == (code,)
    plainer = {name: value for name, value in XARF.items() if name not in ("hash_values", "classification")}
    assert (from_xarf(plainer).files, from_xarf(plainer).raised, from_xarf(plainer).incident) == ((), (), "csam")
    for wrong in ({"category": "messaging"}, {"type": "fraud"}):
        with pytest.raises(Refused, match=r"^other_abuse$"):
            from_xarf(XARF | wrong)
    assert from_xarf(XARF | {"memo": "w " * MOST_LEAF}).is_cut


def test_an_xarf_report_of_version_3() -> None:
    tree: Any = XARF_3
    tip = from_xarf(tree)
    assert without_words(tip) == Tip(
        "xarf", tip.number, sender="Old hotline", provider="Old hotline", incident="ChildAbuse",
        happened="2026-02-05T14:17:10Z", dated="2026-02-05T14:17:10Z", addresses=("http://old.example/index.html",),
    )  # fmt: skip
    assert tip.leaves == leaves(tree)[0]
    report = tree["Report"]
    numbers = {tip.number}
    for change in ({"Date": "2026-02-06T14:17:10Z"}, {"SourceIp": "192.0.2.56"}, {"SourceUrl": "http://old.example/b"}):
        numbers.add(from_xarf(tree | {"Report": report | change}).number)
    numbers.add(from_xarf(tree | {"ReporterInfo": {"ReporterOrg": LONG}}).number)
    assert len(numbers) == 5, "each of them tells two reports apart"
    assert from_xarf(tree | {"ReporterInfo": {"ReporterOrg": LONG}}).sender == LONG[:-1]
    assert from_xarf(tree | {"Report": report | {"ReportID": "OLD-7"}}).number == "OLD-7"
    for wrong in ({"ReportClass": "Fraud"}, {"ReportType": "Phishing"}):
        with pytest.raises(Refused, match=r"^other_abuse$"):
            from_xarf(tree | {"Report": report | wrong})
    assert from_xarf(tree | {"memo": "w " * MOST_LEAF}).is_cut
    assert is_xarf(tree)
    assert is_xarf({"xarf_version": "4"})
    for less in ({"Version": "3"}, {"ReporterInfo": {}}, []):
        assert not is_xarf(less)


def test_an_item_of_iccam() -> None:
    tree: Any = ICCAM | {"hotlineName": LONG, "reportingHotline": "Another"}
    tip = from_iccam(tree)
    assert without_words(tip) == Tip(
        "iccam", "FS-17", sender=LONG[:-1], provider=LONG[:-1], dated="2026-01-20T10:30:00Z", countries=("JM",),
        addresses=("https://pictures.example/c", "https://pictures.example/c.jpg"),
    )  # fmt: skip
    assert tip.leaves == leaves(tree)[0]
    assert from_iccam(tree | {"hotlineName": None}).sender == "Another"
    assert from_iccam(tree | {"hotlineName": None, "reportingHotline": None}).provider == "ICCAM"
    assert from_iccam(tree | {"memo": "w " * MOST_LEAF}).is_cut
    assert from_iccam(tree | {"hotlineReference": None, "reportId": "R-2", "id": "I-3"}).number == "R-2"
    assert from_iccam(tree | {"hotlineReference": None, "id": "I-3"}).number == "I-3"
    assert is_iccam(tree)
    assert not is_iccam({"urls": tree["urls"]})
    assert not is_iccam({"hotlineReference": "FS-17", "urls": [{}]})


def test_a_stored_tip_is_the_same_tip() -> None:
    whole = Tip(
        "iccam", "1", "sender", "provider", "incident", "happened", "dated", ("JM",), ("https://a.example",),
        (TipFile("f", (("md5", MD5),), True, "B1"),), ("contact",), "reason", (("a", "b"),), True,
    )  # fmt: skip
    assert tip_from(plain(whole)) == whole
    assert digest_of(whole) == "0e40e57c475ba36ceb7dacf6caf19092dc4acd51aa8767cdeff2deeef4db4681"
    assert joined(whole, replace(whole, is_cut=False)).files == whole.files
    assert joined(replace(whole, is_cut=False), replace(whole, is_cut=False)).is_cut is False


def test_a_tip_has_no_number_of_a_card_where_it_has_words() -> None:
    card, kept = "4111111111111111", "[visa *1111]"
    whole = Tip(
        "iccam", card, "sender", f"p {card}", f"i {card}", "happened", "dated", ("JM",), (f"https://a.example/?card={card}",),
        (TipFile(f"{card}.jpg", (("md5", MD5),), True, "B1"),), ("contact",), f"r {card}", ((card, f"w {card}"),), True,
    )  # fmt: skip
    assert without_cards(whole) == replace(
        whole,
        provider=f"p {kept}",
        incident=f"i {kept}",
        addresses=("https://a.example/?card=visa*1111",),
        files=(replace(whole.files[0], name=f"{kept}.jpg"),),
        reason=f"r {kept}",
        leaves=((card, f"w {kept}"),),
    ), "the number that its sender gave it stays"
    longest = replace(whole, provider=f"{'x' * (MOST_NAME - 17)} 5100000000000008")
    assert len(without_cards(longest).provider) == MOST_NAME, "what is written instead is longer"


def test_a_document_that_is_none_is_refused_by_its_fault() -> None:
    deep = b'{"a":' * (MOST_DEPTH + 1) + b"1" + b"}" * (MOST_DEPTH + 1)
    for content, code in (
        (b"\xff{}", "not_utf8"), (b"<!DOCTYPE html><html></html>", "html"), (b" <HTML>", "html"), (b"", "not_a_tip"),
        (b"words", "not_a_tip"), (b"<!DOCTYPE a><a/>", "doctype"), (b'<a>&lt;!ENTITY x</a>', ""),
        (b"<a><!ENTITY></a>", "doctype"), (b"<a>", "torn"), (b"{", "torn"), (b'{"a":1,"a":2}', "field_twice"), (deep, "nested"),
        (b"<a>" * (MOST_DEPTH + 3) + b"</a>" * (MOST_DEPTH + 3), "nested"), (b'"\\"words\\""', "not_a_tip"),
    ):  # fmt: skip
        if not code:
            read_tree(content)
            continue
        with pytest.raises(Refused) as refused:
            read_tree(content)
        assert str(refused.value) == code, content[:40]
    assert read_tree(b'"{\\"a\\": 1}"') == {"a": 1}, "JSON in a text of JSON"
    assert read_tree('\ufeff<a x="1">t<!-- no --><?no no?><b/><b>2</b><b>3</b></a>'.encode()) == {
        "a": {"@x": "1", "b": ["", "2", "3"], "#": "t"}
    }
    assert read_tree(b'<n:a xmlns:n="u" n:x="1"/>') == {"a": {"@x": "1"}}


def test_words_of_a_tree_are_kept_within_bounds_and_encoded_data_never() -> None:
    tree = {
        "a": [{"b": True}, {"b": False}, None],
        "payload": "x",
        "c": {"Thumbnail": "y", "d": "Z" * 500},
        "": "e",
        "f": 7,
    }
    assert leaves(tree) == ((("a.b", "true"), ("a.b", "false"), ("", "e"), ("f", "7")), False)
    many = {f"n{number}": "w" for number in range(MOST_LEAVES + 1)}
    assert len(leaves(many)[0]) == MOST_LEAVES
    assert leaves(many)[1]
    assert not leaves(dict(list(many.items())[:-1]))[1]
    long = leaves({"n" * (MOST_LEAF + 1): "a b" * MOST_LEAF})
    assert (len(long[0][0][0]), len(long[0][0][1]), long[1]) == (MOST_LEAF, MOST_LEAF, True)
    assert listed({"a": {"a": [1, [2, None], None]}}, "b", "a") == [1, 2]
    assert (listed(""), listed(None), listed("x"), listed({"z": 1}, "a")) == ([], [], ["x"], [{"z": 1}])
    assert text_of({"a": {"b": {"value": " x\n y "}}}, "a", "b") == "x y"
    assert (text_of({"a": True}, "a"), text_of({"a": ["x"]}, "a"), text_of({"a": {"#": "t", "value": "v"}}, "a")) == (
        "",
        "",
        "t",
    )
