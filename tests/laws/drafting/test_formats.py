"""Every format of the bill is what it says: valid Akoma Ntoso, numbered DOCX, tagged PDF."""

import io
import os
import re
import shutil
import subprocess
import zipfile
import zlib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from leeward.foundation.errors import BadInput
from leeward.laws.drafting.formats import Draft, draft, need_for, render, styles
from leeward.laws.drafting.notes import MOST_COMPARED, TOPICS, cited
from leeward.laws.drafting.text import plain_text
from leeward.laws.errors import NothingToDraft
from leeward.laws.register import packaged_register
from leeward.laws.rules.bill_clauses import Reference
from leeward.laws.rules.bill_options import (
    CLAUSES,
    MODALS,
    OWN_IMAGES,
    PRIVILEGES,
    SILENCES,
    SOLICITATIONS,
    SPEEDS,
    TERMS,
    YES_OR_NO,
    parse_options,
)
from leeward.laws.rules.bill_styles import STYLES
from leeward.laws.rules.provisions import readings_of
from tests.laws.drafts import drafting_register

TODAY = date(2026, 11, 27)
AKN = {"an": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
CHOICES: list[dict[str, Any]] = [
    {},
    {"solicitation": "extended", "preservation_days": 21, "age_of_consent": 16, "reporting_entity": "A & B <hotline>"},
    {"reporting": "no", "term": "child pornography", "simulated_images": "no", "title": "Act “one” <2027>"},
]
WORDS = {
    "clauses": CLAUSES,
    "modal": MODALS,
    "own_images": OWN_IMAGES,
    "privilege": PRIVILEGES,
    "silence": SILENCES,
    "solicitation": SOLICITATIONS,
    "speed": SPEEDS,
    "term": TERMS,
    "style": STYLES,
}


def _draft(code: str = "DM", **options: Any) -> Draft:
    return draft(drafting_register(), code, parse_options(options), TODAY)


def _every_option(turn: int) -> list[dict[str, Any]]:
    """As many sets of choices as the longest list has words: each value of each choice stands in one of them."""
    rows = []
    for at in range(max(len(words) for words in WORDS.values())):
        row: dict[str, Any] = {name: words[(at + turn) % len(words)] for name, words in WORDS.items()}
        row |= {name: bool((at + turn + place) % 2) for place, name in enumerate(YES_OR_NO)}
        rows.append({**row, "clauses": CLAUSES[at % len(CLAUSES)]})
    return rows


def _schema() -> etree.XMLSchema:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the schema of Akoma Ntoso is not part of Leeward")
    return etree.XMLSchema(etree.parse(str(Path(folder) / "law" / "akomantoso30.xsd")))


def test_a_scale_gets_no_bill() -> None:
    with pytest.raises(BadInput, match="makes no law"):
        _draft("INTERPOL_BASELINE")


@pytest.mark.slow
def test_akoma_ntoso_of_every_state_and_every_option_is_valid_and_its_references_resolve() -> None:
    """Each of the 56 as it is and with every third set of choices, in turn, so that each value of each option meets a third of them; the
    schema is compiled once."""
    schema, laws = _schema(), packaged_register()
    states = [code for code, file in laws.files.items() if file["commonwealth"] and file["kind"] == "state"]
    assert len(states) == 56
    drafted = 0
    for turn, code in enumerate([*states, "GB-EAW", "EU"]):
        for options in ({}, *_every_option(turn)[turn % 3 :: 3]):
            try:
                made = draft(laws, code, parse_options(options), TODAY)
            except NothingToDraft:
                continue
            drafted += 1
            tree = etree.fromstring(render(made, "akn"))
            assert schema.validate(tree), (code, options, schema.error_log)
            names = [str(element.get("eId")) for element in tree.iter() if element.get("eId")]
            assert len(set(names)) == len(names), (code, options)
            assert {str(ref.get("href"))[1:] for ref in tree.iterfind(".//an:ref", AKN)} <= set(names), (code, options)
    assert drafted > 56 * 3


def test_akoma_ntoso_says_what_the_paper_is() -> None:
    tree = etree.fromstring(render(_draft(), "akn"))
    assert len(tree.findall(".//an:body//an:ref", AKN)) >= 20
    assert tree.findtext(".//an:part[@eId='part_5']/an:heading", namespaces=AKN) == "Reporting"
    amending = etree.fromstring(render(_draft("JM"), "akn"))
    assert amending.find(".//an:bill", AKN).get("name") == "amendingBill"
    quoted = amending.findall(".//an:mod/an:quotedStructure/an:section/an:num", AKN)
    assert [number.text for number in quoted] == [f"7{letter}." for letter in "ABCDEFGH"]
    dates = [element.get("date") for element in tree.iterfind(".//an:FRBRWork/an:FRBRdate", AKN)]
    assert dates == ["2026-11-27"]


@pytest.mark.parametrize("kind", ["html", "md"])
@pytest.mark.parametrize("options", CHOICES)
def test_texts_hold_every_clause_and_the_country(kind: str, options: dict[str, Any]) -> None:
    made = _draft(**options)
    text = render(made, kind).decode()
    assert "Dominica" in text
    assert "<hotline>" not in text or kind == "md"
    for clause in made.bill.walk():
        assert clause.heading in text


def test_html_is_well_formed_and_its_links_lead_to_clauses() -> None:
    text = render(_draft(reporting_entity="A & B <hotline>"), "html").decode()
    tree = etree.fromstring(
        text.removeprefix("<!DOCTYPE html>\n")
        .replace('<meta charset="utf-8">', "")
        .replace('<meta name="viewport" content="width=device-width">', "")
    )
    targets = {element.get("id") for element in tree.iter() if element.get("id")}
    assert all(str(element.get("href"))[1:] in targets for element in tree.iter("a"))


def test_docx_numbers_by_the_word_processor_and_binds_references() -> None:
    docx = pytest.importorskip("docx")
    content = render(_draft(), "docx")
    document = docx.Document(io.BytesIO(content))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"]
    assert headings[:2] == ["Title and commencement", "Interpretation"], "numbers are not typed"
    assert document.core_properties.title == "Child Sexual Abuse Material Act (Dominica)"
    body = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    bookmarks = set(re.findall(r'w:bookmarkStart [^>]*w:name="(c_\d+)"', body))
    fields = re.findall(r"REF (c_\d+) ", body)
    assert len(fields) >= 30
    assert set(fields) <= bookmarks
    assert "\\w" not in body, "the full context counts levels that a section doesn't use"
    numbering = zipfile.ZipFile(io.BytesIO(content)).read("word/numbering.xml").decode()
    assert "lowerRoman" in numbering
    assert body.count("<w:numId ") >= len(headings)


BILLS: list[tuple[str, dict[str, Any]]] = [
    ("DM", {"removal": "yes", "blocking": "yes", "host": "yes", "own_images": "peers", "proactive": "yes"}),
    ("GD", {"solicitation": "extended"}),
    ("MT", {"clauses": "all"}),
    ("PK", {"style": "south_asia", "modal": "shall"}),
]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Draft, str]]:
    """A handful of bills, opened in LibreOffice in one run and made PDF, with the words that stand in each PDF."""
    pytest.importorskip("docx")
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    folder = tmp_path_factory.mktemp("bills")
    made = [_draft(code, **options) for code, options in BILLS]
    sources = [folder / f"{at}.docx" for at, _ in enumerate(made)]
    for source, bill in zip(sources, made, strict=True):
        source.write_bytes(render(bill, "docx"))
    command = [
        office,
        "--headless",
        f"-env:UserInstallation=file://{folder}/profile",
        "--convert-to",
        "pdf",
        "--outdir",
    ]
    subprocess.run([*command, str(folder), *map(str, sources)], check=True, capture_output=True, timeout=300)
    return [(bill, _words_of(source.with_suffix(".pdf"))) for source, bill in zip(sources, made, strict=True)]


def _words_of(pdf: Path) -> str:
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    return _joined(" ".join(page.get_textpage().get_text_bounded() for page in document))


def _joined(words: str) -> str:
    """Without spaces, which a line's end takes away or adds, and without the hyphens that only break a line."""
    return "".join(words.replace("\ufffe", "").replace("\u00a0", " ").split())


@pytest.mark.slow
def test_every_reference_is_right_after_libreoffice_counted_anew(opened: list[tuple[Draft, str]]) -> None:
    """Each clause with a reference stands in the PDF word for word, and each number leads to the clause that has it."""
    checked = 0
    for made, text in opened:
        for clause in made.bill.walk():
            references = [run for run in clause.runs if isinstance(run, Reference)]
            if references:
                checked += len(references)
                assert _joined(plain_text(clause.runs)) in text, (made.bill.country, plain_text(clause.runs))
            for run in references:
                assert run.number.endswith(made.bill.clause(run.to).number)
    assert checked >= 80


def test_libreoffice_counts_as_the_bill_does(opened: list[tuple[Draft, str]]) -> None:
    for made, text in opened:
        assert "REFc_" not in text, "references are numbers, not fields"
        assert "Error:" not in text
        for clause in made.bill.walk():
            if clause.number and clause.level != "item":
                words = clause.heading or plain_text(clause.runs)[:60]
                assert _joined(f"{clause.number} {words}") in text, (made.bill.country, clause.number, words)


def test_pdf_is_tagged_and_has_title_and_language() -> None:
    pytest.importorskip("weasyprint")
    content = render(_draft(), "pdf")
    assert content.startswith(b"%PDF-")
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    unpacked = content
    for stream in streams:
        try:
            unpacked += zlib.decompress(stream)
        except zlib.error:
            continue
    assert b"/StructTreeRoot" in unpacked
    assert b"pdfuaid" in unpacked
    assert b"/Lang" in unpacked
    assert b"/H3" in unpacked


def test_notes_say_criterion_source_and_present_law() -> None:
    made = _draft("GD")
    possession = " ".join(made.notes["possession"].sentences)
    assert "criterion 4 (possession)" in possession
    assert "Appendix IV, clause 2(a)(ii)" in possession
    assert "Present law: Electronic Crimes Act 2013 s 12" in possession
    assert "table “Possession”" in possession
    assert any("SOR/2011-292" in line for line in made.notes["entities"].sentences)
    reported = " ".join(_draft("AG").notes["preservation"].sentences)
    assert "(reported, not read)" in reported


def test_what_only_an_account_says_is_met_is_drafted_with_a_note_of_who_reported_it() -> None:
    made = draft(packaged_register(), "WS", parse_options({}), TODAY)
    assert (made.bill.kind, "c3" in made.need.unknown, made.bill.has("access")) == ("model", True, True)
    note = " ".join(made.notes["access"].sentences)
    assert "Reported, not read here: Crimes Act 2013 Part 18 meets criterion 3 (computers), by the account of " in note
    assert "s 82 meets criterion 1 (specific law)" in " ".join(made.notes["performances"].sentences), "no more is told"
    assert "Crimes Act 2013 s 82 (by somebody else's account)" in " ".join(made.notes["production"].sentences)
    assert "Reported, not read here" not in " ".join(made.notes["duty"].sentences), (
        "a duty was looked for and not found"
    )
    said = dict(made.statement.blocks)["What this is"]
    unread = "nobody here has read what the Act that a bill would amend says of the material (Crimes Act 2013)."
    assert f"These are model provisions and no bill: {unread}" in said
    gap = " ".join(dict(made.statement.blocks)["The gap"])
    assert "Met only by somebody else's account, so drafted, with a note of who reported it: criterion 1" in gap


@pytest.mark.parametrize(
    ("code", "clauses", "why"),
    [
        ("LS", "all", ["all clauses of the model were asked for."]),
        ("LC", "unknown", ["clauses for what is not known were asked for too."]),
        ("EU", "missing", ["no Act that a bill would amend is recorded."]),
        ("PG", "missing", ["what they answer is not known of the law of Papua New Guinea."]),
        ("AU", "missing", ["what they answer is not known of the law of Australia."]),
        ("BB", "missing", ["what they answer is not known of the law of Barbados.", "Computer Misuse Act, Cap. 124B."]),
    ],
)
def test_the_paper_says_why_there_is_no_bill(code: str, clauses: str, why: list[str]) -> None:
    """Saint Lucia's law was read and meets two criteria in part; of Barbados's Act only a section on jurisdiction was."""
    first, *rest, _style = dict(_draft(code, clauses=clauses).statement.blocks)["What this is"]
    assert first == f"These are model provisions and no bill: {why[0]}"
    lead = "Nobody here has read what the Act that a bill would amend says of the material: "
    assert rest == [f"{lead}{act}" for act in why[1:]]


def test_an_account_is_told_where_it_speaks_and_not_beside_the_exceptions() -> None:
    """Whoever reports that possession is an offence has not said that the law spares a child's own picture."""
    made = draft(packaged_register(), "TT", parse_options({}), TODAY)
    told = {row.criterion for row in made.need.reported}
    beside = {name: {row.criterion for row in note.reported} for name, note in made.notes.items() if note.reported}
    assert set().union(*beside.values()) == told == {"c1", "c3", "c4"}
    assert [name for name, criteria in beside.items() if "c4" in criteria] == ["possession"]
    assert not {"knowledge", "functions", "own-images", "proof", "profit"} & beside.keys()


def test_the_paper_says_of_one_law_and_of_several_that_they_were_read() -> None:
    laws = packaged_register()
    lesotho = draft(laws, "LS", parse_options({}), TODAY)
    gap = dict(lesotho.statement.blocks)["The gap"]
    both = "Children's Protection and Welfare Act 2011 and Penal Code Act 2012 were read and do not meet it."
    assert f"Criterion 4 (possession) is not met: {both}" in gap
    assert lesotho.need.principal is not None
    assert lesotho.need.principal.definition_in == "", "section 23 is on welfare and defines no term"
    file = laws.written["LS"]
    rows = [row | {"source_kind": "secondary"} if row["work"].startswith("penal") else row for row in file["readings"]]
    one = draft(laws.with_file({**file, "readings": rows}), "LS", parse_options({}), TODAY)
    read = "Children's Protection and Welfare Act 2011 was read and does not meet it."
    assert f"Criterion 4 (possession) is not met: {read}" in dict(one.statement.blocks)["The gap"], (
        "an account reads nothing"
    )
    (half,) = (row for row in dict(_draft("TZ").statement.blocks)["The gap"] if row.startswith("Criterion 4"))
    assert half.endswith("is met only in part: Law of the Child Act 2009, as amended by Act 10 of 2024 s 159(1)(j).")


def test_a_bill_that_changes_words_is_valid_and_says_so_in_its_note() -> None:
    laws = packaged_register()
    file = laws.written["LC"]
    words = {"rewording": {"for": "with a view to its being shown", "substitute": ""}}
    rows = [row | words if row["at"] == "s 14(1)(c)" else row for row in file["readings"]]
    made = draft(laws.with_file({**file, "readings": rows}), "LC", parse_options({}), TODAY)
    text = render(made, "md").decode()
    assert (
        "The principal Act is amended in section 14(1)(c) by deleting the words “with a view to its being shown”."
        in text
    )
    assert "The words are those that the register holds" in text
    assert "Whole sections are proposed, because the register does not hold the words of s 14." in text
    _schema().assertValid(etree.fromstring(render(made, "akn")))


def test_comparable_provisions_are_of_the_conduct_and_few() -> None:
    """Production does not cite a law on possession, and no table has more than five states."""
    tables = _draft(clauses="all").compared
    assert {"possession", "production", "distribution", "definition", "grooming", "reporting"} <= set(tables)
    laws = drafting_register()
    for topic, table in tables.items():
        assert 1 <= len(table.rows) <= MOST_COMPARED == 5
        for state, citation, _says in table.rows:
            file = next(file for file in laws.files.values() if file["name"] == state)
            topics = TOPICS[topic][1]
            rows = [row for name in topics for row in readings_of(file, TODAY, name) if cited(row) == citation]
            assert any(row.is_read and row.status == "in_force" and row.value not in ("no", "unknown") for row in rows)
    text = render(_draft(), "md").decode()
    assert text.count("### Comparable provisions: Possession") == 1
    assert "Elsewhere:" not in text
    assert "Bill 15/2025" not in text, "a bill is not what a country did"


def test_comparable_states_are_those_of_the_same_tradition_first() -> None:
    states = [state for state, _citation, _says in _draft().compared["possession"].rows]
    caribbean = {packaged_register().file(code)["name"] for code in styles()["caribbean"].countries}
    assert set(states[:3]) <= caribbean


def test_the_paper_says_what_it_is_and_what_the_gap_is() -> None:
    def words(code: str, **options: Any) -> str:
        return " ".join(line for _heading, lines in _draft(code, **options).statement.blocks for line in lines)

    assert "so this is an Act of its own" in words("DM")
    assert "this bill amends it and makes no other: Child Pornography (Prevention) Act" in words("JM")
    assert "no such section in the Act" in words("JM")
    assert "These are model provisions and no bill" in words("KE")
    assert "criterion 5 (duty to report)" in words("KE")
    assert "instructions" in words("RW")
    assert "is met only in part: Electronic Crimes Act 2013 s 12" in words("GD")
    assert "edition 7 (2013)" in words("DM")
    assert "designation and the duties of reporting entities" in words("DM")


def test_nothing_is_drafted_where_nothing_is_missing() -> None:
    with pytest.raises(NothingToDraft, match="United States"):
        _draft("US")
    assert _draft("US", clauses="all").bill.kind == "model"


def test_no_state_with_an_act_gets_another_beside_it() -> None:
    laws = packaged_register()
    for code, file in laws.files.items():
        if file["kind"] != "state":
            continue
        for clauses in CLAUSES:
            need = need_for(laws, code, parse_options({"clauses": clauses}), TODAY)
            assert need.kind != "act" or "c1" in need.missing, code


def test_a_title_brings_no_markup_into_markdown() -> None:
    text = render(_draft(title="Act <img src=x> [here](https://x.example) `one` *two* 2027"), "md").decode()
    assert "<img" not in text
    assert "\\[here\\](https://x.example) \\`one\\` \\*two\\*" in text
