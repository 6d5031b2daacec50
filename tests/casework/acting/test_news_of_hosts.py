"""What a host, or whoever was asked about a name, writes by the link in a notice is news of the case, as a mail of theirs is."""

import pytest

from leeward.casework import services
from leeward.casework.labels import NEWS
from leeward.casework.models import Appeal, Case
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


@pytest.mark.parametrize("first", ["moved", "disputed", "declined", "acknowledged"])
def test_so_is_what_another_answer_follows_before_anybody_looked(desk: Desk, told: Case, first: str) -> None:
    item = notices_queries.items_of(told.pk)[0]
    for what, words in ((first, "It is a painting."), ("acknowledged", ""), ("removed", "")):
        given = notices_services.Given(item.id, what, words)
        notices_services.answer_notice(item.notice_id, [given], actor=Actor("host"))
    desk.work()
    told.refresh_from_db()
    assert told.news
    came = [row.note for row in history_of(told, actor=desk.cast["ana"].actor)]
    assert came.count(str(NEWS["notice_answered" if first == "acknowledged" else f"notice_{first}"])) == 1


def test_what_was_looked_at_is_no_news_again(desk: Desk, told: Case) -> None:
    assert answer(desk, told, "acknowledged", "We keep the data.").news
    for what in ("suspended", "acknowledged", "suspended"):
        services.mark_as_read(told.pk, actor=desk.cast["ana"].actor)
        assert not answer(desk, told, what).news, what


def test_nor_is_what_was_looked_at_together_with_others(desk: Desk, told: Case) -> None:
    item = notices_queries.items_of(told.pk)[0]
    for what, words in (("acknowledged", "We keep the data."), ("suspended", "")):
        given = notices_services.Given(item.id, what, words)
        notices_services.answer_notice(item.notice_id, [given], actor=Actor("host"))
    desk.work()
    services.mark_as_read(told.pk, actor=desk.cast["ana"].actor)
    assert not answer(desk, told, "acknowledged").news


def test_the_reasons_of_a_dispute_are_in_its_review_whatever_follows(desk: Desk, told: Case) -> None:
    item = notices_queries.items_of(told.pk)[0]
    answers = (("disputed", "It is a painting."), ("disputed", "It hangs in a museum."), ("acknowledged", "Thank you."))
    for what, words in answers:
        given = notices_services.Given(item.id, what, words)
        notices_services.answer_notice(item.notice_id, [given], actor=Actor("host"))
    desk.work()
    assert Appeal.objects.get().text == "It is a painting.\n\nIt hangs in a museum."
