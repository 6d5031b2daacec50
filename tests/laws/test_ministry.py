"""What a ministry takes home: the page in short, the same as PDF in the country's languages, the data package, the feed of changes."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from lxml import etree

from leeward.laws.files.packaged import packaged_jurisdictions, packaged_text
from leeward.laws.pages.feed import entries
from leeward.laws.register import packaged_register, register_of
from tests.reading import compact

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def guest() -> Client:
    return Client(SERVER_NAME="localhost")


def _short(guest: Client, path: str) -> str:
    page = compact(guest.get(path).content.decode())
    return page.split('aria-labelledby="handout"', 1)[1].split("</section>", 1)[0]


def test_a_page_in_short_says_what_stands_what_is_missing_whom_to_ask_and_the_bill(guest: Client) -> None:
    short = _short(guest, "/law/jm")
    for words in (
        "What stands",
        "2009-10-21",
        "5. Duty to report",
        "Whom to ask",
        "An Act that amends the one in force",
    ):
        assert words in short, words
    assert "No lawyer of this country has reviewed it yet" in short
    kenya = _short(guest, "/law/ke")
    assert "IWF Kenya portal" in kenya
    assert "Nothing that a person here has read is missing." in kenya
    assert "Model provisions, not a bill" in kenya
    assert "No hotline of the country is recorded" in _short(guest, "/law/dm")
    assert 'aria-labelledby="handout"' not in guest.get("/law/interpol_baseline").content.decode()


def test_the_paper_is_offered_in_the_languages_of_the_country(guest: Client) -> None:
    assert "/lang/fr/law/ga/handout.pdf" in _short(guest, "/law/ga")
    assert "/lang/ur/law/pk/handout.pdf" in _short(guest, "/law/pk")
    assert "/lang/en/law/dm/handout.pdf" in _short(guest, "/law/dm")


def test_the_paper_is_a_tagged_pdf_with_the_words_of_the_page(guest: Client, tmp_path: Path) -> None:
    pytest.importorskip("weasyprint")
    import pypdfium2

    answer = guest.get("/lang/en/law/jm/handout.pdf")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
    for words in ("Jamaica", "What stands", "5. Duty to report", "Whom to ask", "amends the one in force"):
        assert words in text, words
    assert guest.get("/law/interpol_baseline/handout.pdf").status_code == 404
    assert guest.get("/law/zz/handout.pdf").status_code == 404


def test_missing_is_said_only_where_somebody_read_the_law(guest: Client) -> None:
    """Nauru's definition was not met in 2013 and nobody has read it since; somebody reports that possession is met in part."""
    nauru = _short(guest, "/law/nr")
    assert "<dt>Missing</dt><dd> Nothing that a person here has read is missing. </dd>" in nauru
    assert '<dt>Reported as met in part</dt><dd> 4. Possession: <bdi lang="en">Crimes Act 2016 s 142</bdi>' in nauru
    assert "<dt>Not met in edition 7 (2013)</dt><dd>2. Definition. Nobody has read today’s law on this.</dd>" in nauru
    jamaica = _short(guest, "/law/jm")
    assert "<dt>Missing</dt><dd> 5. Duty to report </dd>" in jamaica
    assert "Not met in edition" not in jamaica
    assert "<dt>Met in part</dt><dd>Grooming</dd>" in _short(guest, "/law/mw")


def test_what_somebody_else_says_of_a_law_is_not_said_as_read(guest: Client) -> None:
    """The ILO found nothing in Dominica's law and a summary speaks of Kiribati's: nobody here read either, nor may a minister be told so."""
    account = "Somebody else’s account of the law"
    dominica = _short(guest, "/law/dm")
    assert "<dt>Missing</dt><dd> Nothing that a person here has read is missing. </dd>" in dominica
    assert f"<dt>Missing: {account}</dt><dd> 1. Specific law </dd>" in dominica
    assert f"Missing: {account}" not in _short(guest, "/law/jm")
    said = '<dt>Reported as met</dt><dd> Grooming: <bdi lang="en">Sexual Offences (Amendment) Act 2016</bdi>'
    assert said in dominica
    eswatini = _short(guest, "/law/sz")
    assert "<dt>Reported as met in part</dt><dd> Grooming: " in eswatini
    assert "<dt>Met in part</dt>" not in eswatini, "nobody here read that"
    kiribati = compact(guest.get("/law/ki").content.decode())
    today = kiribati.split('id="today"', 1)[1].split("</section>", 1)[0]
    assert account in today.split("4. Possession", 1)[1].split("</tr>", 1)[0]
    assert "a person read" not in today
    readings = kiribati.split('id="readings"', 1)[1].split("</section>", 1)[0]
    assert f'<span class="tag word">{account}</span>' in readings
    assert '<span class="tag word">read</span>' not in readings


def test_no_paper_says_that_no_act_was_found_beside_one_that_is_recorded(guest: Client) -> None:
    """Lesotho's Act of 2011 is on the same page."""
    lesotho = _short(guest, "/law/ls")
    assert "Children&#x27;s Protection and Welfare Act 2011" in lesotho
    assert "An Act that amends the one in force" in lesotho
    for path in ("/law/ls", "/law/ls/draft", "/law/tv/draft"):
        assert "no Act on this offence was found" not in guest.get(path).content.decode(), path
    paper = compact(guest.get("/law/ls/draft.html").content.decode())
    assert "No Act of Lesotho on this crime was found" not in paper
    assert "has an Act on the matter, so this bill amends it" in paper
    dominica = compact(guest.get("/law/dm/draft.html").content.decode())
    assert "was read and does not meet it" not in dominica
    assert "These are model provisions and no bill" in dominica


def test_a_row_that_a_lawyer_checked_is_called_reviewed(monkeypatch: pytest.MonkeyPatch, guest: Client) -> None:
    text = packaged_text("BZ.yaml").replace("    reports: true", "    reports: true\n    reviewed: true", 1)
    laws = register_of({**packaged_jurisdictions(), "BZ.yaml": text})
    monkeypatch.setattr("leeward.laws.views.register", lambda: laws)
    page = compact(guest.get("/law/bz").content.decode()).split('id="readings"', 1)[1]
    assert page.count("</span> reviewed ") == 1


def test_what_is_still_to_come_is_in_the_feed_from_its_day_on() -> None:
    """Else a law that commences next year stands first for a year, and readers of feeds show it in the future."""
    laws = packaged_register()
    day = max(entry.at for entry in entries(laws, datetime.max.replace(tzinfo=UTC)))
    came = [entry.id for entry in entries(laws, day) if entry.at == day]
    assert came
    before = entries(laws, day - timedelta(seconds=1))
    assert before[0].at < day
    assert not {entry.id for entry in before} & set(came)


def test_the_data_package_is_valid_with_its_files(guest: Client, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    for name in ("datapackage.json", "data.csv", "provisions.csv"):
        (tmp_path / name).write_bytes(guest.get(f"/law/{name}").content)
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    assert [resource.name for resource in package.resources] == ["criteria", "provisions"]
    report = package.validate()
    assert report.valid, report.flatten(["title", "note"])[:5]
    provisions = next(resource for resource in package.resources if resource.name == "provisions").read_rows()
    assert len({row["jurisdiction"] for row in provisions}) >= 50
    assert json.loads((tmp_path / "datapackage.json").read_text())["version"]


def test_open_data_holds_no_formula(monkeypatch: pytest.MonkeyPatch, guest: Client) -> None:
    """A title of an instrument is what somebody typed, and the file is opened in a spreadsheet by anybody."""
    text = (
        packaged_text("KI.yaml")
        .replace("title: Cybercrime Act 2021", "title: '=1+1'")
        .replace("at: s 14", "at: '@s 14'")
    )
    laws = register_of({**packaged_jurisdictions(), "KI.yaml": text})
    monkeypatch.setattr("leeward.laws.views.register", lambda: laws)
    rows = guest.get("/law/provisions.csv").content.decode()
    assert "KI,'=1+1,'@s 14," in rows
    assert not re.search(r"(^|,)\"?[=+@-]", rows, re.MULTILINE)


def test_reviewed_is_said_as_in_the_spreadsheet_of_a_country(guest: Client) -> None:
    text = guest.get("/law/provisions.csv").content.decode().split("\n", 2)[2]
    assert {row["reviewed"] for row in csv.DictReader(io.StringIO(text))} <= {"yes", "no"}
    package = guest.get("/law/datapackage.json").json()
    fields = {field["name"]: field for field in package["resources"][1]["schema"]["fields"]}
    assert fields["reviewed"] == {"name": "reviewed", "type": "boolean", "trueValues": ["yes"], "falseValues": ["no"]}


def test_the_feed_is_valid_atom(guest: Client) -> None:
    """What RFC 4287 asks of a feed and of each entry."""
    answer = guest.get("/law/changes.atom")
    assert answer["Content-Type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) >= 20
    for node in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(node.findall(f"{ATOM}{name}")) == 1, name
        moment = datetime.fromisoformat(str(node.findtext(f"{ATOM}updated")))
        assert moment.tzinfo is not None
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Leeward"
    links = {link.get("rel") or "alternate": str(link.get("href")) for link in feed.findall(f"{ATOM}link")}
    assert links["self"].endswith("/law/changes.atom")
    names = [str(entry.findtext(f"{ATOM}id")) for entry in entries]
    assert len(set(names)) == len(names)
    days = [str(entry.findtext(f"{ATOM}updated")) for entry in entries]
    assert days == sorted(days, reverse=True)


def test_citations_are_read_from_left_to_right_on_an_urdu_paper(guest: Client) -> None:
    """Where a line ends within one, its last bracket or dash stays at its end."""
    pdfium = pytest.importorskip("pypdfium2")
    document = pdfium.PdfDocument(guest.get("/lang/ur/law/pk/handout.pdf").content)
    page = document[0].get_textpage()
    text = page.get_text_range()
    assert re.search(r"22[()]1[()]{2}a[()]-", text), "the dash stands at the end of its line"
