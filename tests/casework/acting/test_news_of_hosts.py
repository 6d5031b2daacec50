"""What a host, or whoever was asked about a name, writes by the link in a notice is news of the case, as a mail of theirs is."""

import pytest

from leeward.casework import services
from leeward.casework.models import Case
from leeward.casework.timeline.queries.history import history_of
from leeward.foundation.actor import Actor
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(desk: Desk) -> Case:
    """A case whose host has the notice."""

    def make() -> Case:
        case = desk.case(desk.world.gallery_url)
        desk.assess(case)
        desk.act(case)
        desk.until(case, lambda one: one.host_told_at is not None)
        services.mark_as_read(case.pk, actor=desk.cast["ana"].actor)
        return case

    begun: Case = desk.begun("told", make)
    return begun


def answer(desk: Desk, case: Case, what: str, detail: str = "") -> Case:
    item = notices_queries.items_of(case.pk)[0]
    given = notices_services.Given(item.id, what, detail)
    notices_services.answer_notice(item.notice_id, [given], actor=Actor("host"))
    desk.work()
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("what", ["acknowledged", "removed", "suspended"])
def test_words_of_a_host_are_news(desk: Desk, told: Case, what: str) -> None:
    assert answer(desk, told, what, "We keep the account’s data for ninety days.").news
    came = [row.note for row in history_of(told, actor=desk.cast["ana"].actor)]
    assert came.count("Whoever got a notice answered") == 1


@pytest.mark.parametrize("what", ["acknowledged", "suspended"])
def test_an_answer_without_a_word_is_none(desk: Desk, told: Case, what: str) -> None:
    assert not answer(desk, told, what).news


@pytest.mark.parametrize("what", ["provided", "corrected"])
def test_what_was_asked_for_about_a_name_is_news_without_a_word(desk: Desk, told: Case, what: str) -> None:
    assert answer(desk, told, what).news
