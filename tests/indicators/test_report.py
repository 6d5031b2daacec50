"""The report of a year: the same bytes whenever and wherever it is made, in words that two people stand behind."""

import re
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.utils import timezone, translation
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.foundation.errors import NotAllowed, NotFound, TextTooLong
from leeward.indicators import queries, wording
from leeward.indicators.errors import WordsUnusable
from leeward.indicators.models import OwnWords
from leeward.indicators.report import report_html, report_pdf
from leeward.people.errors import NotSecondPerson
from leeward.people.queries import portals_of
from leeward.web_security.keys import new_form_key
from tests.browser import Visit
from tests.indicators.test_counting import enter
from tests.indicators.test_publishing import YEAR, correct, counted, publish
from tests.pdf_tags import faults_of
from tests.personas import Cast

__all__ = ["counted"]
pytestmark = pytest.mark.django_db
WORDS = "Fewer pages were hosted here.\r\n\r\n\r\nTwo hosts answer within a day.\nThank you."
DESK = f"/desk/indicators/jm/{YEAR}/report"


def write(cast: Cast, text: str = WORDS, *, by: str = "carl", language: str = "en") -> int:
    with scope(hotline=cast.hotline_id):
        wording.write_words(cast.portal_id, YEAR, language, text, actor=cast[by].actor)
        return OwnWords.objects.get(is_confirmed=False, language=language).pk


def answer(cast: Cast, words_id: int, *, by: str, agrees: bool = True) -> None:
    with scope(hotline=cast.hotline_id):
        wording.answer_words(words_id, agrees=agrees, actor=cast[by].actor)


def html(cast: Cast, language: str = "en") -> str:
    with scope(hotline=cast.hotline_id):
        (row,) = portals_of(cast.hotline_id)
        return report_html(row, queries.editions_of(row.id, YEAR), language)


@pytest.mark.slow
def test_the_same_data_make_the_same_bytes_at_any_time_and_place(
    counted: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("weasyprint")
    from leeward.cli.indicators import write_report

    publish(counted)
    answer(counted, write(counted), by="adam")
    first = html(counted)
    pdf = report_pdf(first)
    report_pdf.cache_clear()
    for name, value in {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "TZ": "Pacific/Tongatapu"}.items():
        monkeypatch.setenv(name, value)
    later = time_machine.travel(datetime(2031, 5, 6, 7, 8, tzinfo=UTC), tick=True)
    with later, translation.override("ur"), timezone.override("Pacific/Tongatapu"):
        assert html(counted) == first
        for kind in ("html", "pdf"):
            out = tmp_path / f"report.{kind}"
            assert write_report(YEAR, "JM", kind, "en", out, "jm") == 0
            assert out.read_bytes() == (first.encode() if kind == "html" else pdf)
    answer_ = Client().get(f"/jm/figures/{YEAR}/report.html")
    assert answer_.content.decode() == first
    assert "attachment" in answer_["Content-Disposition"]
    assert "Edition 1, 3 November 2026" in first
    assert re.search(r"Two hosts answer within a day\.\s*<br>\s*Thank you\.", first)
    assert "<script" not in first
    unpacked = pdf
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        with suppress(zlib.error):
            unpacked += zlib.decompress(stream)
    for wanted in (b"/StructTreeRoot", b"pdfuaid", b"/Lang (en)", b"/H2", b"/TH", b"/Table", b"/MarkInfo"):
        assert wanted in unpacked, wanted
    assert b"/CreationDate" not in unpacked
    assert faults_of(pdf) == []
    assert len(re.findall(rb"/Alt [(<]", unpacked)) > 20, "a bar says in words what it shows"


def test_words_take_two_people_and_hold_until_others_are_confirmed(counted: Cast) -> None:
    publish(counted)
    first = write(counted)
    assert "Two hosts" not in html(counted), "one person's words are in no report"
    with pytest.raises(NotSecondPerson):
        answer(counted, first, by="carl")
    with pytest.raises(NotAllowed):
        answer(counted, first, by="ana")
    answer(counted, first, by="adam")
    assert "Two hosts" in html(counted)
    assert "Two hosts" not in html(counted, "fr")
    second = write(counted, "<b>Other</b> words.", by="adam")
    third = write(counted, "<b>Newer</b> words.", by="adam")
    with pytest.raises(NotFound):
        answer(counted, second, by="carl")
    assert "Two hosts" in html(counted)
    answer(counted, third, by="carl")
    assert "&lt;b&gt;Newer&lt;/b&gt; words." in html(counted)
    answer(counted, write(counted, "Refused."), by="adam", agrees=False)
    assert "Newer" in html(counted)
    events = (
        AuditRow.objects.filter(event__startswith="report.words").order_by("number").values_list("event", flat=True)
    )
    assert [one.removeprefix("report.words_") for one in events] == [
        *("written", "confirmed", "written", "written", "confirmed", "written", "refused"),
    ]
    with pytest.raises(TextTooLong, match="6000 is the most"):
        write(counted, "x" * 6001)
    with pytest.raises(WordsUnusable):
        write(counted, "x", language="de")


def test_the_desk_page_keeps_confirms_and_is_nobody_elses(counted: Cast) -> None:
    carl, adam = enter(counted, "carl"), enter(counted, "adam")
    asked = {"act": "write", "language": "fr", "text": "Nos mots.", "once": new_form_key()}
    for _ in range(2):
        assert "Waits for a second person" in carl.post(DESK, asked, follow=True).content.decode()
    with scope(hotline=counted.hotline_id):
        words = OwnWords.objects.get()
    assert "Confirm these words" not in carl.get(DESK).content.decode()
    assert "Confirm these words" in adam.get(DESK).content.decode()
    for wrong in ("", "x", "9" * 30, str(words.pk + 1)):
        adam.post(DESK, {"act": "confirm", "words": wrong, "once": new_form_key()})
    with scope(hotline=counted.hotline_id):
        assert not OwnWords.objects.filter(is_confirmed=True).exists()
    adam.post(DESK, {"act": "confirm", "words": str(words.pk), "once": new_form_key()})
    assert "written by Carl, confirmed by Adam" in adam.get(DESK).content.decode()
    assert enter(counted, "dora").get(DESK).status_code == 404
    assert enter(counted, "ana").get(DESK).status_code == 403
    assert Client().get(f"/jm/figures/{YEAR}/report.html").status_code == 404, "nothing is published"


def test_a_report_that_can_not_be_made_says_why(counted: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    from leeward.cli.indicators import write_report
    from leeward.foundation.errors import BadInput

    for year, kind, language, sentence in (
        (YEAR, "docx", "", "it is one of html, pdf"),
        (YEAR, "html", "de", "the portal has en, fr, ur"),
        (2019, "html", "", "published year"),
    ):
        with pytest.raises((BadInput, NotFound), match=sentence):
            write_report(year, "jm", kind, language, None, "jm")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_the_desk_page_bars_nobody(counted: Cast, visitor: Visit) -> None:
    from tests.people.browsing import sign_in

    publish(counted)
    correct(counted, "country", "US", 18)
    answer(counted, write(counted), by="adam")
    write(counted, "Other words.", by="adam")
    reader = visitor()
    sign_in(reader, counted, "carl")
    reader.go(DESK)
    reader.look("words")
