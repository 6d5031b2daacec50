"""What a host answered by its link stays in the record, however often it answers again."""

from datetime import timedelta

import pytest
from django.test import Client

from leeward.foundation.actor import Actor
from leeward.jobs.registry import SUBSCRIBERS
from leeward.notices import queries
from leeward.notices.models import NoticeItem
from leeward.notices.rules.answers import MOST_WORDS, SHORT
from leeward.notices.services import Given, answer_notice
from leeward.notices.services.answers import MOST_EARLIER
from leeward.web_security.keys import new_form_key
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_pages import path_of
from tests.notices.test_services import link_in

pytestmark = pytest.mark.django_db
MOST_TEXTS = MOST_WORDS // 2 // SHORT
FIRST = "Seen by our lawyer on Monday."


@pytest.fixture
def item(office: Office) -> NoticeItem:
    """An address in a notice, answered once."""
    office.act(office.case())
    office.work()
    office.work(timedelta(days=3))
    found = NoticeItem.objects.get()
    give(found, "acknowledged", FIRST)
    return found


def give(item: NoticeItem, what: str, words: str) -> None:
    answer_notice(item.notice_id, [Given(item.pk, what, words)], actor=Actor("host"))


def words_of(case_id: int) -> list[str]:
    return [row.note for row in queries.history_of(case_id) if row.what == "notice_answered"]


def test_answers_without_a_word_push_no_words_out(item: NoticeItem) -> None:
    for number in range(MOST_EARLIER + 20):
        give(item, ("removed", "acknowledged")[number % 2], "")
    give(item, "disputed", "We disagree.")
    item.refresh_from_db()
    assert len(item.earlier) == MOST_EARLIER
    assert [one for one in words_of(item.case_id) if one] == [FIRST, "We disagree."]


def test_words_that_find_no_room_are_refused_and_all_before_them_stay(office: Office, item: NoticeItem) -> None:
    for number in range(MOST_TEXTS - 1):
        give(item, "acknowledged", f"{number}")
    before = words_of(item.case_id)
    assert before == [FIRST, *map(str, range(MOST_TEXTS - 1))]
    path = path_of(link_in(office.mails(ABUSE)[0], "notice"))
    sent = {"once": new_form_key(), f"answer-{item.pk}": "removed", f"detail-{item.pk}": "Gone since noon."}
    for _press in range(2):
        refused = Client().post(path, sent)
        assert refused.status_code == 422
        assert "nothing more fits" in refused.content.decode()
        assert "Gone since noon." in refused.content.decode()
    assert words_of(item.case_id) == before
    assert Client().post(path, sent | {f"detail-{item.pk}": ""}).status_code == 303
    assert words_of(item.case_id) == [*before, ""], "whatever somebody else wrote by the link, the host can answer"


def test_what_nobody_has_looked_at_is_not_pushed_out_by_answers_without_a_word(
    item: NoticeItem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(SUBSCRIBERS, "notice.answered", ["heard.notice.answered"])
    give(item, "removed", "")
    give(item, "wrong_contact", "")
    for number in range(MOST_EARLIER + 20):
        give(item, ("removed", "acknowledged")[number % 2], "")
    assert "wrong_contact" in [answer for answer, _note in queries.news_of_answers(item.pk)]
    item.refresh_from_db()
    assert len(item.earlier) == MOST_EARLIER
