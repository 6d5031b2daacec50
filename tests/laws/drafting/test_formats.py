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
from leeward.laws.drafting.formats import Draft, draft, render
from leeward.laws.drafting.notes import notes_of
from leeward.laws.register import packaged_register
from leeward.laws.rules.bill_options import parse_options

TODAY = date(2026, 11, 24)
AKN = {"an": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
CHOICES: list[dict[str, Any]] = [
    {},
    {"solicitation": "extended", "preservation_days": 21, "age_of_consent": 16, "reporting_entity": "A & B <hotline>"},
    {"reporting": "no", "term": "child pornography", "simulated_images": "no", "title": "Act “one” <2027>"},
]


def _draft(code: str = "LC", **options: Any) -> Draft:
    return draft(packaged_register(), code, parse_options(options), TODAY)


def _schema() -> etree.XMLSchema:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the schema of Akoma Ntoso is not part of Leeward")
    return etree.XMLSchema(etree.parse(str(Path(folder) / "law" / "akomantoso30.xsd")))


def test_a_scale_gets_no_bill() -> None:
    with pytest.raises(BadInput, match="makes no law"):
        _draft("INTERPOL_BASELINE")


@pytest.mark.parametrize("options", CHOICES)
@pytest.mark.parametrize("code", ["LC", "JM", "GB", "GB-EAW", "AU-NSW"])
def test_akoma_ntoso_is_valid_against_the_strict_schema(code: str, options: dict[str, Any]) -> None:
    schema = _schema()
    tree = etree.fromstring(render(_draft(code, **options), "akn"))
    assert schema.validate(tree), schema.error_log


def test_references_of_akoma_ntoso_lead_to_clauses() -> None:
    tree = etree.fromstring(render(_draft(), "akn"))
    targets = {element.get("eId") for element in tree.iter() if element.get("eId")}
    links = [str(element.get("href")) for element in tree.iterfind(".//an:body//an:ref", AKN)]
    assert len(links) >= 8
    assert all(link.startswith("#") and link[1:] in targets for link in links)
    assert tree.findtext(".//an:part[@eId='part_3']/an:heading", namespaces=AKN) == "Duty to report"
    dates = [element.get("date") for element in tree.iterfind(".//an:FRBRWork/an:FRBRdate", AKN)]
    assert dates == ["2026-11-24"]


@pytest.mark.parametrize("kind", ["html", "md"])
@pytest.mark.parametrize("options", CHOICES)
def test_texts_hold_every_clause_and_the_country(kind: str, options: dict[str, Any]) -> None:
    made = _draft(**options)
    text = render(made, kind).decode()
    assert "Saint Lucia" in text
    assert "<hotline>" not in text or kind == "md"
    for clause in made.bill.walk():
        assert clause.heading in text


def test_html_is_well_formed_and_its_links_lead_to_clauses() -> None:
    text = render(_draft(reporting_entity="A & B <hotline>"), "html").decode()
    tree = etree.fromstring(text.removeprefix("<!DOCTYPE html>\n").replace('<meta charset="utf-8">', ""))
    targets = {element.get("id") for element in tree.iter() if element.get("id")}
    assert all(str(element.get("href"))[1:] in targets for element in tree.iter("a"))


def test_docx_numbers_by_the_word_processor_and_binds_references() -> None:
    docx = pytest.importorskip("docx")
    content = render(_draft(), "docx")
    document = docx.Document(io.BytesIO(content))
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 2"]
    assert headings[:2] == ["Short title and commencement", "Definitions"], "numbers are not typed"
    assert document.core_properties.title == "Child Sexual Abuse Material Act (Saint Lucia)"
    body = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    bookmarks = set(re.findall(r'w:bookmarkStart [^>]*w:name="(c_\d+)"', body))
    fields = re.findall(r"REF (c_\d+) ", body)
    assert len(fields) >= 8
    assert set(fields) <= bookmarks
    numbering = zipfile.ZipFile(io.BytesIO(content)).read("word/numbering.xml").decode()
    assert "lowerRoman" in numbering
    assert body.count("<w:numId ") >= len(headings)


def _converted(source: Path, form: str) -> bytes:
    """What LibreOffice makes of a file; each run has a profile of its own."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    folder = source.parent
    command = [office, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", form]
    subprocess.run([*command, "--outdir", str(folder), str(source)], check=True, capture_output=True, timeout=300)
    return source.with_suffix("." + form.partition(":")[0]).read_bytes()


def test_docx_opens_in_libreoffice_with_its_numbers(tmp_path: Path) -> None:
    pytest.importorskip("docx")
    source = tmp_path / "bill.docx"
    source.write_bytes(render(_draft(), "docx"))
    text = _converted(source, "txt:Text").decode("utf-8-sig")
    assert "Part 3 Duty to report" in text
    assert re.search(r"\(iv\)\s+a realistic image", text)
    assert "REF c_" not in text, "references are numbers, not fields"


def test_docx_becomes_a_pdf_whose_headings_are_numbered_headings(tmp_path: Path) -> None:
    pytest.importorskip("docx")
    source = tmp_path / "bill.docx"
    made = _draft()
    source.write_bytes(render(made, "docx"))
    content = _converted(source, "pdf")
    assert content.startswith(b"%PDF-")
    found = re.findall(rb"/Title\s*<FEFF([0-9A-F]+)>", content)
    headings = [" ".join(bytes.fromhex(name.decode()).decode("utf-16-be").split()) for name in found]
    assert "Part 3 Duty to report" in headings
    clauses = [clause.heading for part in made.bill.parts for clause in part.children]
    assert [heading for heading in headings if heading[0].isdigit()] == [
        f"{number} {heading}" for number, heading in enumerate(clauses, 1)
    ]


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


def test_notes_say_criterion_source_and_what_others_did() -> None:
    made = _draft("JM")
    notes = notes_of(made.bill, packaged_register())
    possession = " ".join(notes["possession"].sentences)
    assert "criterion 4 (possession)" in possession
    assert "Appendix IV, clause 2(a)(ii)" in possession
    assert "Present law: Child Pornography (Prevention) Act 2009" in possession
    assert "Canada: Criminal Code s 163.1(1)(a)" in possession
    assert "Bill 15/2025" not in possession, "a bill is not what a country did"
    assert any("SOR/2011-292" in line for line in notes["entities"].sentences)


def test_a_country_of_which_nothing_is_known_gets_all_clauses() -> None:
    assert [part.id for part in _draft("GA").bill.parts] == ["preliminary", "offences", "reporting", "solicitation"]
    assert "solicitation" not in [part.id for part in _draft("GB").bill.parts], "its offences are recorded"
