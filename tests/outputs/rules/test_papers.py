"""A notice, figures, the paper for the police and the bundle: what they hold, what they never hold, what refuses them."""

import base64
import io
import json
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

from leeward.audit.rules.chain import covered_of, link, signed_text
from leeward.laws.rules.facts import Facts
from leeward.outputs.rules import bundle, dsa, inhope, papers
from leeward.outputs.rules.papers import Proof
from leeward.outputs.rules.records import moment
from leeward.outputs.rules.refusals import SENTENCES, Refusal, read, written
from tests.outputs.rules.cases import ADDRESS, RECEIVED, proven, record

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PUBLIC = base64.b64encode(KEY.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signature(text: bytes) -> str:
    return base64.b64encode(KEY.sign(text)).decode()


def proof(text: bytes = b"head") -> Proof:
    return Proof(PUBLIC, text, signature(text))


def codes(found: tuple[Refusal, ...]) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in found]


def test_a_notice_has_all_that_the_article_asks_for() -> None:
    content = dsa.build(record())
    text = content.decode()
    assert dsa.check(content, record()) == ()
    for words in (
        "Our reference: JM-2026-0007", "by a person of the hotline as child sexual abuse material, on 2026-11-20.",
        "- Medium: photograph", "- JM: Child Pornography Act 2009, s. 3 (likely)", f"(b) Exact location\n{ADDRESS}\n",
        "(c) Who gives notice\nHotline of the island\ndesk@hotline.example", dsa.GOOD_FAITH, "keep the content",
    ):  # fmt: skip
        assert words in text
    assert text.endswith("remove it.\n")
    one = record()
    known = replace(one, brief=replace(one.brief, judged="record", summary=(), opinions=(("JM", "unlikely", "s. 3"),)))
    text = dsa.build(replace(known, hotline=replace(one.hotline, email=""))).decode()
    assert "by the record of a known file" in text
    assert "What was found" not in text
    assert "Law, as recorded" not in text
    assert "@" not in text


def test_a_notice_that_lacks_something_is_refused() -> None:
    one, content = record(), dsa.build(record())
    assert codes(dsa.check(content.replace(ADDRESS.encode(), b"there"), one)) == [("address_missing", "(b)")]
    assert codes(dsa.check(content.replace(b"We believe", b"We think"), one)) == [("good_faith_missing", "(d)")]
    assert codes(dsa.check(content + b"I found a bad page.", one)) == [("reporter", "")]
    assert codes(dsa.check(b"\xff", one)) == [("malformed", "")]
    bad = replace(one, hotline_country="J M")
    assert codes(dsa.check(dsa.build(bad), bad)) == [("reference_bad", "")]
    silent = replace(one, brief=replace(one.brief, reporter_texts=("",)))
    assert dsa.check(content, silent) == ()
    away = replace(record(address="magnet:?xt=urn:btih:" + "a" * 40), facts=None, is_quiet=True)
    assert codes(dsa.obstacles(away)) == [("not_decided", ""), ("kept_quiet", ""), ("no_web_address", "(b)")]
    assert codes(dsa.check(dsa.build(away), away)) == [("address_missing", "(b)")]
    assert dsa.obstacles(one) == ()
    assert codes(dsa.obstacles(replace(one, decided_at=None))) == [("not_decided", "")]


@pytest.mark.parametrize(
    ("text", "name", "begins", "ends"),
    [
        ("2026Q1", "2026Q1", (2026, 1), (2026, 4)),
        (" 2026q3 ", "2026Q3", (2026, 7), (2026, 10)),
        ("2026-Q4", "2026Q4", (2026, 10), (2027, 1)),
    ],
)
def test_a_quarter_begins_and_ends(text: str, name: str, begins: tuple[int, int], ends: tuple[int, int]) -> None:
    assert inhope.bounds(text) == (name, datetime(*begins, 1, tzinfo=UTC), datetime(*ends, 1, tzinfo=UTC))


def test_what_is_no_quarter_is_none() -> None:
    assert [inhope.bounds(text) for text in ("2026Q5", "2026", "1999Q4", "2026Q0", "x2026Q1", "9999Q1")] == [None] * 6
    assert inhope.bounds("2000Q1") is not None
    assert inhope.bounds("9998Q4") is not None


def quarter() -> inhope.Quarter:
    facts = (
        Facts(self_generated="yes", act="posing", medium="photograph", commercial="yes", age_band="11-13", sex="male"),
        Facts(act="erotic_posing", medium="ai_generated", age_band="11-13"),
        Facts(act="explicit_posing", medium="drawing", site_type="blog"),
        Facts(medium="photo_realistic"),
    )
    return inhope.Quarter("2026Q3", reports=9, items=12, cases=10, illegal=facts)


def figures(content: bytes) -> dict[str, int]:
    return {line.split(",")[2]: int(line.split(",")[3]) for line in content.decode().splitlines()[1:]}


def test_the_figures_of_a_quarter_are_counted_and_add_up() -> None:
    content = inhope.build(quarter(), "JM")
    found = figures(content)
    assert inhope.check(content) == ()
    assert [found[name] for name in inhope.COUNTED] == [9, 12, 2, 10, 4, 1, 3, 3, 1]
    assert (found["age_band:11-13"], found["sex:male"], found["site_type:blog"]) == (2, 1, 1)
    lines = content.decode().split("\r\n")
    assert lines[0] == "quarter,country,figure,number,counted"
    assert lines[1] == "2026Q3,JM,reports,9,reports received in the quarter"
    assert "2026Q3,JM,site_type:blog,1,illegal: by site type" in lines
    empty = inhope.build(inhope.Quarter("2026Q3", 0, 0, 3, ()), "JM")
    assert figures(empty)["duplicates"] == 0
    assert inhope.check(empty) == ()


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        (",posing,3,", ",posing,5,", "posing"),
        (",self_generated,1,", ",self_generated,5,", "self_generated"),
        (",computer_generated,3,", ",computer_generated,5,", "computer_generated"),
        (",commercial,1,", ",commercial,5,", "commercial"),
        (",duplicates,2,", ",duplicates,-1,", "duplicates"),
        (",sex:male,1,", ",sex:male,2,", "sex"),
        (",age_band:11-13,2,", ",age_band:11-13,1,", "age_band"),
        (",site_type:blog,1,", ",site_type:blog,0,", "site_type"),
        (",cases,10,", ",cases,3,", "illegal"),
    ],
)
def test_figures_that_do_not_add_up_are_refused(old: str, new: str, where: str) -> None:
    content = inhope.build(quarter(), "JM").decode()
    assert old in content
    assert codes(inhope.check(content.replace(old, new).encode())) == [("count_bad", where)]


def test_figures_that_are_none_are_refused() -> None:
    content = inhope.build(quarter(), "JM")
    assert codes(inhope.check(content.replace(b",cases,10,", b",cases,ten,"))) == [("malformed", "")]
    assert codes(inhope.check(content.replace(b",cases,10,", b",boxes,10,"))) == [("schema", "cases")]
    assert codes(inhope.check(b"\xff")) == [("malformed", "")]
    assert codes(inhope.check(b"a,b\r\n1,2")) == [("malformed", "")]
    assert codes(inhope.check(content.replace(b",cases,10,", b",cases,4,"))) == []


def test_a_paper_holds_what_is_recorded_and_nobodys_words() -> None:
    content = papers.build(record(), proof())
    paper = json.loads(content)
    assert papers.check(content, record()) == ()
    assert (paper["case"], paper["made_at"], paper["is_decided"]) == ("2026-0007", "2026-11-21T09:00:00Z", True)
    assert paper["location"] == {"kind": "url", "address": ADDRESS, "country": "CA"}
    assert paper["hosting"] == {
        "host": "pictures.example", "ip": "198.51.100.7", "network": "Harbour Host", "asn": "AS64500", "behind": "",
        "registrar": "",
    }  # fmt: skip
    assert paper["hotline"] == {"name": "Hotline of the island", "email": "desk@hotline.example", "country": "JM"}
    assert paper["findings"] == [{"at": "2026-11-20T09:00:00Z", "kind": "ip", "value": "198.51.100.7", "source": "DNS"}]
    assert paper["files"][0] == {
        "address": f"{ADDRESS}/1.jpg", "media": "image", "bytes": 1234, "md5": "b" * 32, "sha1": "c" * 40,
        "sha256": "a" * 64, "pdq": "d" * 64,
    }  # fmt: skip
    assert (paper["facts"]["act"], paper["classification"], paper["summary"]) == (
        "act_no_adult",
        "B1",
        ["Medium: photograph"],
    )
    assert paper["opinions"] == [{"country": "JM", "verdict": "likely", "because": "Child Pornography Act 2009, s. 3"}]
    assert paper["messages"] == [{"at": "2026-11-20T11:00:00Z", "what": "Police told", "note": "sent"}]
    assert paper["log"][0] == {
        "number": 12, "at": "2026-11-20T09:00:00.000000+00:00", "event": "case.opened", "actor": "system", "facts": "{}",
        "sha256": "e" * 64, "covered": base64.b64encode(b"covered").decode(), "inclusion": None,
    }  # fmt: skip
    assert paper["log_head"] == {"public_key": PUBLIC, "signed": "head", "signature": signature(b"head")}


def test_a_row_goes_with_the_proof_that_it_stands_in_the_log() -> None:
    one = record()
    log = proven(one.log[0])
    good = replace(one, log=(log,))
    content = papers.build(good, proof())
    assert papers.check(content, good) == ()
    assert json.loads(content)["log"][0]["inclusion"] == {
        "proof": log.proof,
        "entry": log.entry.hex(),
        "keys": list(log.keys),
    }
    for wrong in (
        replace(log, covered=b"other"), replace(log, number=11), replace(log, keys=()), replace(log, keys=("x",)),
        replace(log, entry=log.entry[:-1]), replace(log, proof="no proof"),
    ):  # fmt: skip
        assert codes(papers.check(content, replace(one, log=(wrong,)))) == [("proof_bad", str(wrong.number))]


def test_an_undecided_case_has_no_facts_in_a_paper() -> None:
    paper = json.loads(papers.build(replace(record(), decided_at=None), proof()))
    assert [paper[name] for name in ("facts", "classification", "opinions", "summary", "is_decided")] == [
        None,
        "",
        [],
        [],
        False,
    ]


def changed(**more: Any) -> list[tuple[str, str]]:
    content = json.dumps(json.loads(papers.build(record(), proof())) | more).encode()
    return codes(papers.check(content, record()))


def test_a_paper_that_does_not_hold_is_refused() -> None:
    head = {"public_key": PUBLIC, "signed": "other", "signature": signature(b"head")}
    assert changed(log_head=head) == [("schema", "log_head")]
    assert changed(log_head=None) == [("no_log", "log")]
    assert changed(log=[]) == [("no_log", "log")]
    assert changed(made_at="2026-11-21T09:00:00") == [("no_zone", "made_at")]
    assert changed(files={}) == [("schema", "files")]
    assert changed(format="other") == [("schema", "format")]
    assert changed(summary=["I found a bad page."]) == [("reporter", "")]
    assert codes(papers.check(papers.build(record(), None), record())) == [("no_log", "log")]
    assert codes(papers.check(b"{", record())) == [("malformed", "")]
    assert codes(papers.check(b"[]", record())) == [("schema", "format")]


def packed(**more: bytes) -> bytes:
    """A bundle as the services make it, with files changed."""
    one = record()
    files = bundle.listed_files(one, papers.build(one, proof()), "https://hotline.example/proof", b"# checks")
    listing = bundle.manifest(one, files)
    facts = json.dumps({"sha256": sha256(listing).hexdigest()})
    entry = link(None, chain=1, at="2026", event="case.exported", actor="staff:1", subject="case:7", facts=facts)
    head = signed_text(chain=1, number=1, row=entry.hash, at="2026")
    files |= bundle.proofs(listing, signature(listing), proof(head), covered_of(entry), facts)
    return bundle.archive(
        files | {name.replace("__", "/").replace("_", "."): text for name, text in more.items()}, one.made_at
    )


def test_a_bundle_holds_its_tables_its_log_and_its_proofs() -> None:
    content = packed()
    assert bundle.check(content) == ()
    assert content == packed(), "the same files make the same bytes"
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        files = {name: found.read(name) for name in found.namelist()}
    assert set(files) == {
        "case.json", "hashes.csv", "findings.csv", "messages.csv", "checks.csv", "visits.csv", "log/rows.csv",
        "log/rows/12.bin", "log/check-with-openssl.sh", "README.html", *bundle.UNLISTED,
    }  # fmt: skip
    assert files["log/rows/12.bin"] == b"covered"
    assert files["manifest.txt"].decode().splitlines()[:3] == [
        "leeward-evidence-bundle 1",
        "case 2026-0007",
        "made 2026-11-21T09:00:00Z",
    ]
    assert files["hashes.csv"].decode().splitlines() == [
        "address,media,bytes,md5,sha1,sha256,pdq",
        f"{ADDRESS}/1.jpg,image,1234,{'b' * 32},{'c' * 40},{'a' * 64},{'d' * 64}",
    ]
    assert files["findings.csv"].decode().splitlines()[1] == "2026-11-20T09:00:00Z,ip,198.51.100.7,DNS"
    assert files["checks.csv"].decode().splitlines() == ["at,what,note", "2026-11-20T14:00:00Z,same,200"]
    assert files["log/rows.csv"].decode().splitlines()[1].startswith("12,2026-11-20T09:00:00")
    assert load_pem_public_key(files["key.pem"]) == KEY.public_key()
    page = files["README.html"].decode()
    assert "https://hotline.example/proof" in page
    assert "Hotline of the island" in page
    assert b"I found" not in b"".join(files.values())


def test_names_on_the_page_are_no_markup() -> None:
    one = record()
    page = bundle.page(replace(one, hotline=replace(one.hotline, name="<b>x</b>")), "https://h.example/?a=1&b=2")
    assert "&lt;b&gt;x" in page
    assert "a=1&amp;b=2" in page


@pytest.mark.parametrize(
    ("name", "text", "where"),
    [
        ("case_json", b"{}", ["case.json"]),
        ("more_txt", b"x", ["more.txt"]),
        ("manifest_sig", b"x" * 64, ["manifest.sig"]),
        ("log__head_sig", b"x" * 64, ["log/head.sig"]),
        ("log__receipt_bin", b"x", ["log/receipt.bin", "log/receipt.json"]),
        ("log__receipt_json", b"{}", ["log/receipt.json", "manifest.txt"]),
    ],
)
def test_a_bundle_with_anything_changed_is_refused(name: str, text: bytes, where: list[str]) -> None:
    assert codes(bundle.check(packed(**{name: text}))) == [("manifest_bad", one) for one in where]


def test_a_bundle_that_is_none_is_refused() -> None:
    assert codes(bundle.check(b"PK")) == [("malformed", "")]
    few = bundle.archive({"manifest.txt": b"x"}, record().made_at)
    assert [one.where for one in bundle.check(few)] == sorted(bundle.UNLISTED - {"manifest.txt"})
    titled = codes(bundle.check(packed(manifest_txt=b"other\n\n\n")))
    assert ("manifest_bad", "manifest.txt") in titled
    assert ("manifest_bad", "case.json") in titled


def test_refusals_are_stored_and_read_back() -> None:
    found = (Refusal("schema", "url"), Refusal("malformed"))
    assert written(found) == [["schema", "url"], ["malformed", ""]]
    assert read(written(found)) == found
    assert read(None) == ()
    assert str(Refusal("malformed").sentence) == "It can’t be read."
    assert all(str(text).endswith(".") for text in SENTENCES.values())
    assert moment(RECEIVED) == "2026-11-20T09:00:00Z"
