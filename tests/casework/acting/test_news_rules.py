"""Which answers of those who were told are news of a case."""

import pytest

from leeward.casework.acting.rules.news import news_of_host
from leeward.notices.rules.answers import ANSWERS

GRAVE = ("moved", "disputed", "wrong_contact", "declined")
ASKED_FOR = ("provided", "corrected")


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("words", ["", "Thank you."])
def test_what_must_be_looked_at_is_news_and_so_are_words(answer: str, words: str) -> None:
    wanted = f"notice_{answer}" if answer in GRAVE else "notice_answered" if words or answer in ASKED_FOR else ""
    assert news_of_host(answer, words) == wanted
