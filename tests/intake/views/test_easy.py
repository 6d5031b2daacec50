"""The easy-read form asks the same, in short sentences with a pictogram each, and its receipt is easy to read too."""

import pytest
from django.test import Client
from lxml import html

from leeward.intake.easy import KINDS as EASY
from leeward.intake.easy import NUMBER, WHERE, WORDS
from leeward.intake.rules.draft import KINDS
from tests.intake.walk import Walk
from tests.journeys.test_reading_level import grade
from tests.personas import Cast
from tests.reading import compact

NAMES = "kind young threat where login password referrer when text mail"


def test_each_kind_can_be_chosen_and_each_line_is_short() -> None:
    assert [code for code, _sentence in EASY] == list(KINDS)
    sentences = [
        part.split() for of in (EASY, WHERE, WORDS, NUMBER) for _code, text in of for part in str(text).split(". ")
    ]
    assert max(map(len, sentences)) <= 9
    assert grade(sentences) <= 4


@pytest.mark.django_db
def test_nothing_that_is_asked_is_missing(cast: Cast) -> None:
    plain, easy = (
        html.fromstring(Client().get(f"/jm/report{how}", follow=True).content.decode()) for how in ("", "?easy=1")
    )
    for name in NAMES.split():
        assert bool(easy.xpath(f"//*[@name='{name}']")) == bool(plain.xpath(f"//*[@name='{name}']")), name
    assert plain.xpath("//a[contains(@href, 'easy=1')]"), "the form leads to it"
    assert len(easy.xpath("//*[local-name()='svg'][@aria-hidden='true']")) >= len(EASY) + len(WHERE) + len(WORDS)
    assert not easy.xpath("//*[@style]")


@pytest.mark.django_db
def test_a_report_in_easy_words_ends_on_a_receipt_in_easy_words(cast: Cast) -> None:
    walk = Walk().open("/jm/report?easy=1").send("report", press="go=send", text="Hello.")
    assert "I saw something bad." in walk.text, "after a mistake it is the same form"
    walk.send("report", press="go=send", kind="me", threat="yes")
    assert len(walk.receipt) == 16
    text = compact(walk.text)
    assert "This is your number. Write it down." in text
    assert "Don’t pay. If you pay, they ask for more." in text
    assert "Tell somebody you trust. You can show them this page." in text
    assert len(walk.page.xpath("//main//*[local-name()='svg']")) >= 6
