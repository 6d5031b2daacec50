"""What leaves for police, platforms and INHOPE, to the letter: readers and programs of others hold it against their own."""

import json
from dataclasses import replace

from leeward.outputs.rules import bundle, dsa, inhope, papers
from leeward.outputs.rules.refusals import Refusal
from tests.outputs.rules.cases import ADDRESS, proven, record
from tests.outputs.rules.test_papers import codes, proof, quarter


def test_a_notice_to_the_letter() -> None:
    one = record()
    two = replace(
        one.brief,
        summary=("Medium: photograph", "Site: blog"),
        opinions=(
            ("JM", "likely", "Act 1"),
            ("CA", "likely", "Act 2"),
            ("GB", "unclear", "Act 3"),
            ("US", "likely", ""),
        ),
    )
    assert dsa.build(replace(one, brief=two)).decode().split("\n\n") == [
        "Notice of illegal content under Article 16 of Regulation (EU) 2022/2065",
        "Our reference: JM-2026-0007\nPlease carry it into the statement of reasons (puid, source_identity).",
        "(a) Why it is illegal\nThe content was assessed by a person of the hotline as child sexual abuse material, on 2026-11-20.",
        "What was found:\n- Medium: photograph\n- Site: blog",
        "Law, as recorded by the hotline:\n- JM: Act 1 (likely)\n- CA: Act 2 (likely)",
        f"(b) Exact location\n{ADDRESS}",
        "(c) Who gives notice\nHotline of the island\ndesk@hotline.example",
        f"(d) Good faith\n{dsa.GOOD_FAITH}",
        "Please keep the content and the data about whoever uploaded it for the police before you remove it.\n",
    ]
    known = replace(
        one, brief=replace(one.brief, judged="record"), decided_at=None, hotline=replace(one.hotline, email="")
    )
    parts = dsa.build(known).decode().split("\n\n")
    assert "assessed by the record of a known file as child sexual abuse material." in parts[2]
    assert parts[-3:-1] == ["(c) Who gives notice\nHotline of the island", f"(d) Good faith\n{dsa.GOOD_FAITH}"]


def test_who_keeps_a_case_quiet_gets_no_paper_about_it() -> None:
    assert papers.obstacles(record()) == ()
    assert papers.obstacles(replace(record(), is_quiet=True)) == (Refusal("kept_quiet"),)


def test_a_paper_to_the_letter() -> None:
    one = record()
    named = replace(one, hotline=replace(one.hotline, name="L\u2019\u00eele"))
    content = papers.build(replace(named, brief=replace(one.brief, country=None, urgent=True)), proof()).decode()
    assert content.startswith('{\n  "format": "leeward-police-paper 1",\n  "case"')
    assert "L\u2019\u00eele" in content
    paper = json.loads(content)
    assert (paper["is_urgent"], paper["location"]["country"]) == (True, "")


def test_nobodys_words_are_found_in_whatever_script_and_nothing_less() -> None:
    words = "J\u2019ai vu \u00ab\u00a0\u00e7a\u00a0\u00bb"
    one = replace(record(), brief=replace(record().brief, reporter_texts=("", words)))
    for said, is_found in ((words, True), (words[1:], False), (words[:-1], False)):
        content = papers.build(replace(one, brief=replace(one.brief, summary=(f"x{said}x",))), proof())
        assert (codes(papers.check(content, one)) == [("reporter", "")]) is is_found


def test_bytes_that_are_half_a_letter_are_no_error() -> None:
    content = papers.build(record(), proof()).replace(b"Hotline of", b"\xed\xa0\x80 of")
    assert papers.check(content, record()) == ()


def test_figures_end_their_lines_as_tables_do() -> None:
    content = inhope.build(quarter(), "JM")
    assert content.startswith(b"quarter,country,figure,number,counted\r\n2026Q3,JM,reports,9,")
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert inhope.check(content) == ()


def test_a_bundle_to_the_letter() -> None:
    one = record()
    more = replace(one.log[0], number=15)
    last = replace(one.log[0], number=16)
    assert "covers them yet: 12, 15, 16.</li>" in bundle.page(replace(one, log=(one.log[0], more, last)), "x")
    assert "\nEvery row has one.</li>" in bundle.page(replace(one, log=(proven(one.log[0]),)), "x")
    twice = replace(proven(one.log[0]), keys=("a", "b"))
    files = bundle.listed_files(replace(one, log=(twice,), files=(replace(one.files[0], pdq=None),)), b"{}", "x", b"#")
    assert files["log/proofs/12.keys"] == b"a b\n"
    assert files["hashes.csv"] == (
        b"address,media,bytes,md5,sha1,sha256,pdq\r\n"
        + f"{ADDRESS}/1.jpg,image,1234,{'b' * 32},{'c' * 40},{'a' * 64},\r\n".encode()
    )
