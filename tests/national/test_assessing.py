"""A self-assessment on the desk: begun, answered piece by piece, closed by a second person, downloaded."""

import csv
import io
import json
import re
import zipfile
import zlib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.cli.response import export_assessment, list_assessments
from leeward.foundation.errors import BadInput, NotFound
from leeward.national import queries, services
from leeward.national.framework_files import read_framework, schema_text, shipped_text
from leeward.national.models import Framework, SelfAnswer, SelfAssessment
from leeward.national.rules.standing import AnswerDetails
from leeward.people.errors import FieldIsWrong, NotSecondPerson
from leeward.people.models import Portal
from leeward.people.queries import hotline
from leeward.web_security.keys import new_form_key
from tests.awareness.test_catalogue import enter
from tests.having_read import marks_on
from tests.national.conftest import SMALL
from tests.pdf_tags import faults_of
from tests.personas import Cast

DESK = "/desk/national-response"


@pytest.fixture
def carl(cast: Cast) -> Client:
    return enter(cast, "carl")


def sent(client: Client, path: str, **values: Any) -> Any:
    """Press a form of a page that is as it is now."""
    if "phase" in values and "seen" not in values:
        values["seen"] = next(iter(marks_on(client.get(path).content.decode())), "")
    return client.post(path, {"once": new_form_key(), **values})


def words(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return " ".join(str(answer.content.decode()).split())


def inflated(pdf: bytes) -> bytes:
    """A PDF with its compressed parts as they are written."""
    found = []
    for part in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(part))
        except zlib.error:  # a font
            continue
    return pdf + b"".join(found)


def say(cast: Cast, number: int, question: str, phase: int | None, who: str = "carl", **more: Any) -> None:
    with scope(hotline=cast.hotline_id):
        services.answer(number, question, AnswerDetails(phase, **more), actor=cast[who].actor)


def mark(number: int) -> str:
    whole = queries.assessment(number, datetime.now(UTC))
    assert whole is not None
    return whole.mark


def seen_on(client: Client, page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{64})"', words(client, page))
    assert found is not None
    return found[1]


def test_it_is_answered_piece_by_piece_and_closed_by_a_second_person(cast: Cast, carl: Client) -> None:
    assert "No self-assessment yet" in words(carl, DESK)
    began = sent(carl, DESK, framework="shipped", country="JM", year="2025")
    assert began.status_code == 302
    page = began["Location"]
    assert "already" in sent(carl, DESK, framework="shipped", country="JM", year="2025").content.decode()
    for wrong in ({"year": "1999"}, {"year": str(datetime.now(UTC).year + 1)}, {"country": "BB"}, {"framework": "999"}):
        given = {"framework": "shipped", "country": "JM", "year": "2024"} | wrong
        assert sent(carl, DESK, **given).status_code == 422
    with CaptureQueriesContext(connection) as asked_for:
        shown = words(carl, page)
    assert len(asked_for) <= 26  # whatever the framework asks
    assert "A draft." in shown
    assert "Staff assess reports." in shown
    question = f"{page}/question/hotline_assesses"
    asked = words(carl, question)
    assert "Trained staff assess them." in asked
    assert "As measured" in asked
    refused = sent(carl, question, phase="4", evidence="The published procedure")
    assert refused.status_code == 422
    assert "say why" in refused.content.decode()
    kept = {"evidence": "The published procedure", "reason": "Agreement is measured too", "responsible": "Hotline"}
    assert sent(carl, question, phase="4", target_on="2020-01-31", **kept).status_code == 302
    older = marks_on(words(carl, question))[0]
    sent(carl, question, phase="2", **kept)
    for old in ("", older):
        sent(carl, question, phase="4", seen=old, **kept)
    with scope(hotline=cast.hotline_id):
        newest = SelfAnswer.objects.latest("id").phase
    assert str(newest) == "2", "a page from before puts nothing back"
    shown = words(carl, page)
    assert "differs" in shown
    assert "Agreement is measured too" in shown
    assert "The published procedure" in words(carl, question)
    assert words(carl, question).count("Carl</bdi>:") == 2
    number = int(page.rpartition("/")[2])
    with scope(hotline=cast.hotline_id):
        left = [one.question.id for one in queries.assessment(number, datetime.now(UTC)).standings if one.phase is None]
    for name in left:
        say(cast, number, name, 0)
    assert "can’t be the second person" not in shown
    adam = enter(cast, "adam")
    seen = seen_on(adam, page)
    sent(carl, f"{page}/close", seen=seen)
    with scope(hotline=cast.hotline_id):
        assert SelfAssessment.objects.get().closed_at is None
    say(cast, number, left[0], 1)
    for older in (seen, ""):
        sent(adam, f"{page}/close", seen=older)
        assert "it was changed in the meantime" in words(adam, page)
    before = marks_on(words(carl, question))[0]
    sent(adam, f"{page}/close", seen=seen_on(adam, page))
    closed = words(carl, page)
    assert "Closed on" in closed
    assert "by Adam" in closed
    with scope(hotline=cast.hotline_id):
        assert SelfAssessment.objects.get().measured["hotline_assesses"]["phase"] == 3
        Portal.objects.filter(pk=cast.portal_id).update(mode="post_box")
    assert "Staff assess reports." in words(carl, page)  # as it was when it was closed
    assert "so it stays as it is" in sent(carl, question, phase="3", seen=before, **kept).content.decode()
    sent(carl, f"{page}/remove")
    assert "so it stays as it is" in words(carl, page)
    events = set(AuditRow.objects.filter(event__startswith="self_assessment").values_list("event", flat=True))
    assert events == {"self_assessment.begun", "self_assessment.answered", "self_assessment.closed"}


def test_whoever_answered_cannot_close_and_nothing_is_closed_with_questions_open(cast: Cast, number: int) -> None:
    say(cast, number, "rules", 3)
    say(cast, number, "lessons", 0, who="adam")
    with scope(hotline=cast.hotline_id):
        for who in ("carl", "adam"):
            with pytest.raises(NotSecondPerson):
                services.close(number, seen=mark(number), actor=cast[who].actor)
        assert SelfAssessment.objects.get(pk=number).closed_at is None
        with pytest.raises(services.AnswersThere):
            services.remove(number, actor=cast["carl"].actor)
        SelfAnswer.objects.filter(question="lessons").delete()
        with pytest.raises(services.QuestionsOpen):
            services.close(number, seen=mark(number), actor=cast["adam"].actor)
        SelfAnswer.objects.all().delete()
        services.remove(number, actor=cast["carl"].actor)
        assert not SelfAssessment.objects.exists()


def test_what_was_measured_meanwhile_is_seen_before_it_is_closed(cast: Cast, number: int) -> None:
    say(cast, number, "assesses", 4, reason="Agreement is measured too")
    for name in ("rules", "lessons"):
        say(cast, number, name, 0)
    with scope(hotline=cast.hotline_id):
        seen = mark(number)
        Portal.objects.filter(pk=cast.portal_id).update(mode="post_box")
        with pytest.raises(FieldIsWrong):
            services.close(number, seen=seen, actor=cast["adam"].actor)
        services.close(number, seen=mark(number), actor=cast["adam"].actor)
        assert SelfAssessment.objects.get(pk=number).measured["hotline_assesses"]["phase"] == 2


def test_nobody_of_another_country_sees_or_changes_it(cast: Cast, number: int) -> None:
    dora = enter(cast, "dora")
    assert "No self-assessment yet" in words(dora, DESK)
    assert "A small framework" not in words(dora, DESK)
    assert "A small framework" not in words(dora, f"{DESK}/frameworks")
    with scope(hotline=cast.hotline_id):
        framework = Framework.objects.get().pk
    assert sent(dora, DESK, framework=str(framework), country="BB", year="2025").status_code == 422
    for path in (f"/{number}", f"/{number}/question/rules", f"/frameworks/{framework}"):
        assert dora.get(f"{DESK}{path}").status_code == 404
    for path in ("close", "remove", "as/csv", "question/rules"):
        assert sent(dora, f"{DESK}/{number}/{path}", phase="3").status_code == 404


def test_a_year_is_shown_beside_the_one_before(cast: Cast, carl: Client, number: int) -> None:
    for name in ("rules", "lessons"):
        say(cast, number, name, 1)
    with scope(hotline=cast.hotline_id):
        services.close(number, seen=mark(number), actor=cast["adam"].actor)
        later = services.begin(
            SelfAssessment.objects.get().framework_id, "JM", 2026, hotline_id=cast.hotline_id, actor=cast["carl"].actor
        )
    say(cast, later, "lessons", 4)
    with scope(hotline=cast.hotline_id):
        whole = queries.assessment(later, datetime.now(UTC))
        assert whole is not None
        years = queries.years_of(whole)
    assert [(one.row.year, one.means) for one in years] == [
        (2025, {"hotline": 2.0, "schools": 1.0}),
        (2026, {"hotline": 3.0, "schools": 4.0}),
    ]
    assert "Over the years" in words(carl, f"{DESK}/{later}")
    assert "Over the years" not in words(carl, f"{DESK}/{number}")


@pytest.mark.parametrize(
    ("old", "new", "line", "sentence"),
    [
        ("format: leeward-framework/1", "format: another", 1, "format must be leeward-framework/1"),
        ("title: A small framework\n", "", 1, "title is missing"),
        ("title: A small", "colour: red\ntitle: A small", 1, "there is no field colour"),
        ("target_months: 6", "target_months: six", 17, "target_months has the wrong type; expected: integer"),
        ("target_months: 6", "target_months: 600", 17, "target_months is too long or too large: at most 120"),
        ("target_months: 6", "target_months: 0", 17, "target_months is too short or too small: at least 1"),
        ("  - {name: Begun, meaning: A draft is there.}\n", "", 7, "phases is too short or too small: at least 4"),
        ("id: rules", "id: Rules", 17, "id may hold only small letters, digits, _ and -"),
        ("id: rules", "id: assesses", 17, "there are two questions with the name assesses"),
        ("id: schools", "id: hotline", 18, "there are two areas with the name hotline"),
        ("hotline_assesses", "the_weather", 16, "nothing here is measured as the_weather; leave the line out"),
        ("Written for", '"Written\\x01for"#', 6, "it has a character that no document can hold"),
        ("id: rules", "id: rules, question: Why?", 17, "question stands there twice"),
        ("title: A small", "title: A\ntitle: A small", 5, "title stands there twice"),
        ("areas:", "areas: [", 13, "it is not well-formed YAML"),
        ("title: A small framework", "title: &a [*a, *a]", 4, "it contains a reference to another part of itself"),
        ("title: A small framework", "title: caf\udce9", 4, "the file is not in UTF-8"),
        ("name: small", "name: small\n" + "#" * 200_000, 1, "the file is larger than 200 kB"),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_with_its_line(
    cast: Cast, carl: Client, old: str, new: str, line: int, sentence: str
) -> None:
    content = SMALL.replace(old, new, 1).encode("utf-8", "surrogateescape")
    refused = sent(carl, f"{DESK}/frameworks", file=SimpleUploadedFile("a.yaml", content))
    assert refused.status_code == 422
    assert f"line {line}: {sentence}" in refused.content.decode()
    with scope(hotline=cast.hotline_id):
        assert not Framework.objects.exists()


def test_a_framework_is_loaded_once_and_given_back_as_it_came(cast: Cast, carl: Client) -> None:
    for status in (302, 422):
        content = SimpleUploadedFile("a.yaml", b"\xef\xbb\xbf" + SMALL.encode())
        assert sent(carl, f"{DESK}/frameworks", file=content).status_code == status
    with scope(hotline=cast.hotline_id):
        number = Framework.objects.get().pk
    assert carl.get(f"{DESK}/frameworks/{number}").content.decode() == SMALL
    assert carl.get(f"{DESK}/frameworks/example").content.decode() == shipped_text()
    assert carl.get(f"{DESK}/frameworks/schema").content.decode() == schema_text()
    assert carl.get(f"{DESK}/frameworks/9{number}").status_code == 404
    assert "A small framework" in words(carl, f"{DESK}/frameworks")


def test_the_shipped_framework_names_chapter_and_paragraph_of_every_question() -> None:
    framework = read_framework(shipped_text())
    assert len(framework.areas) == 11
    for one in framework.questions.values():
        assert "paragraph" in one.source or "Appendix" in one.source or "footnote" in one.source
        assert len(one.phases) == 4
        assert one.evidence
        assert one.responsible
        assert one.target_months
    assert {area.id: len(area.questions) for area in framework.areas}["law"] == 6


def test_files_hold_everything_and_are_the_same_each_time(cast: Cast, carl: Client, number: int) -> None:
    say(cast, number, "rules", 1, evidence="=1+1", responsible="Ministry", target_on=date(2027, 6, 30))
    say(cast, number, "assesses", 4, reason="Reviewed by outsiders")
    files = {kind: [sent(carl, f"{DESK}/{number}/as/{kind}") for _ in range(2)] for kind in ("csv", "docx", "pdf")}
    for one, again in files.values():
        assert one.status_code == 200
        assert one.content == again.content
    rows = list(csv.DictReader(io.StringIO(files["csv"][0].content.decode())))
    assert [(row["question"], row["phase"], row["answered"], row["measured"]) for row in rows] == [
        ("assesses", "4", "4", "3"),
        ("rules", "1", "1", ""),
        ("lessons", "", "", ""),
    ]
    assert rows[1]["evidence"] == "'=1+1"
    text = zipfile.ZipFile(io.BytesIO(files["docx"][0].content)).read("word/document.xml").decode()
    pages = pypdfium2.PdfDocument(files["pdf"][0].content)
    paper = " ".join(" ".join(page.get_textpage().get_text_range() for page in pages).split())
    for found in (text, paper):
        for part in ("self-assessment of the national response 2025", "A draft", "Ministry", "Reviewed by outsiders"):
            assert part in found
    assert b"pdfuaid:part" in inflated(files["pdf"][0].content)
    assert faults_of(files["pdf"][0].content) == []
    assert sent(carl, f"{DESK}/{number}/as/exe").status_code == 404
    assert AuditRow.objects.filter(event="self_assessment.exported").count() == 6


def test_the_command_writes_what_the_page_gives(
    cast: Cast, carl: Client, number: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slug, out = hotline(cast.hotline_id).slug, tmp_path / "a.csv"
    assert list_assessments(hotline=slug, as_json=True) == 0
    (line,) = capsys.readouterr().out.splitlines()
    listed = json.loads(line)
    assert (listed["country"], listed["year"], listed["framework"], listed["closed_at"]) == ("JM", 2025, "small", None)
    for kind in ("csv", "docx"):
        assert export_assessment("jm", 2025, as_format=kind, out=out, hotline=slug) == 0
        assert out.read_bytes() == sent(carl, f"{DESK}/{number}/as/{kind}").content
    with scope(hotline=cast.hotline_id):
        services.begin(None, "JM", 2025, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
    with pytest.raises(BadInput, match="there are several"):
        export_assessment("JM", 2025, hotline=slug)
    assert export_assessment("JM", 2025, framework="small", out=out, hotline=slug) == 0
    for wrong, error in (({"year": 2024}, NotFound), ({"year": 2025, "as_format": "odt"}, BadInput)):
        with pytest.raises(error):
            export_assessment("JM", hotline=slug, **wrong)
    with pytest.raises(NotFound):
        export_assessment("JM", 2025, hotline=hotline(cast.other_hotline_id).slug)


def test_no_upload_passes_for_the_shipped_one_or_breaks_a_page(cast: Cast, carl: Client) -> None:
    edited = shipped_text().replace("title: ", "title: Our own ", 1)
    for text, sentence in (
        (edited, "already"),
        (SMALL.replace("id: rules", 'id: "rules\\n"'), "may hold only small letters"),
        (SMALL.replace("name: small", 'name: "small\\n"'), "may hold only small letters"),
        (SMALL + "x: " + "[" * 600 + "]" * 600, "can&#x27;t be read as YAML"),
    ):
        answer = sent(carl, f"{DESK}/frameworks", file=SimpleUploadedFile("own.yaml", text.encode()))
        assert answer.status_code == 422
        assert sentence in answer.content.decode()
    with scope(hotline=cast.hotline_id):
        assert not Framework.objects.exists()
    again = re.sub("(?m)^version: .*$", "version: our own", edited)
    assert sent(carl, f"{DESK}/frameworks", file=SimpleUploadedFile("own.yaml", again.encode())).status_code == 302


def test_what_was_pasted_from_anywhere_stands_in_every_file(cast: Cast, carl: Client, number: int) -> None:
    text = "one\x0btwo\x01three\ufffefour\x1ffive"  # as copied from a PDF or a word processor
    sent(carl, f"{DESK}/{number}/question/rules", phase="2", evidence=text, responsible=text)
    for kind in ("docx", "pdf", "csv"):
        assert sent(carl, f"{DESK}/{number}/as/{kind}").status_code == 200
    made = zipfile.ZipFile(io.BytesIO(sent(carl, f"{DESK}/{number}/as/docx").content))
    assert made.read("word/document.xml").decode().count("one two three four five") == 2
