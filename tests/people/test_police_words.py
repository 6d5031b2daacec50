"""What the police do is said as two people chose and reviewed it, and not at all before."""

import itertools

import pytest
from django.test import Client

from leeward.audit.queries import log_page
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.people import queries, services
from leeward.people.errors import FieldIsWrong, NotSecondPerson
from leeward.people.rules.police_words import QUESTIONS, is_complete, sentences
from tests.having_read import post_as_shown
from tests.intake.walk import Walk, report
from tests.journeys.test_reading_level import grade
from tests.people.signing import signed_in
from tests.personas import Cast

FIRST = {code: next(iter(question.answers)) for code, question in QUESTIONS.items()}


def test_ten_sentences_or_none() -> None:
    assert len(sentences(FIRST)) == 10
    for code, question in QUESTIONS.items():
        assert len(question.answers) >= 2
        for answer in question.answers:
            assert str(question.answers[answer]) in map(str, sentences(FIRST | {code: answer}))
        missing = {name: answer for name, answer in FIRST.items() if name != code}
        for wrong in (missing, FIRST | {code: "other"}, FIRST | {"other": "x"}):
            assert not is_complete(wrong)
            assert sentences(wrong) == []


def test_they_are_easy_to_read() -> None:
    every = itertools.chain.from_iterable(question.answers.values() for question in QUESTIONS.values())
    assert grade([part.split() for text in every for part in str(text).split(". ")]) <= 6


@pytest.mark.django_db
def test_visitors_read_them_once_a_second_person_has_reviewed_them(cast: Cast) -> None:
    adam, carl = cast["adam"].actor, cast["carl"].actor
    asked = post_as_shown(signed_in(cast, "adam"), f"/desk/portals/{cast.portal_id}/police", **FIRST)
    assert asked.status_code == 302
    (change,) = queries.portal_changes_waiting(cast.hotline_id)
    assert Client().get("/jm/police").status_code == 404
    with pytest.raises(NotSecondPerson):
        services.settle_change(change.id, confirm=True, actor=adam)
    page = signed_in(cast, "carl").get(f"/desk/portals/changes/{change.id}").content.decode()
    assert "Police officers who are trained for this deal with it." in page
    walk = Walk()
    report(walk)
    assert "/jm/police" not in walk.response.content.decode()
    services.settle_change(change.id, confirm=True, actor=carl)
    portal = queries.portal(cast.portal_id)
    assert (portal.police_words, portal.police_words_at is None) == (FIRST, False)
    report(walk)
    assert 'href="/jm/police"' in walk.response.content.decode()
    assert "trained for this deal with it" in Client().get("/jm/police").content.decode()
    assert "portal.police_words_reviewed" in [row.event for row in log_page(cast.hotline_id)]
    assert services.say_of_police(cast.portal_id, FIRST, actor=adam) is None, "nothing changes"


@pytest.mark.django_db
def test_who_may_say_it(cast: Cast) -> None:
    for name, error in (("ana", NotAllowed), ("carl", NotAllowed), ("dora", NotFound)):
        with pytest.raises(error):
            services.say_of_police(cast.portal_id, FIRST, actor=cast[name].actor)
    with pytest.raises(FieldIsWrong):
        services.say_of_police(cast.portal_id, {"unit": "trained"}, actor=cast["adam"].actor)
