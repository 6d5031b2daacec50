"""A page of a case that was opened before a colleague did something decides nothing about what nobody has read on it."""

from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.models import Case
from leeward.web_security.keys import new_form_key
from tests.casework.acting.test_urgent import police
from tests.casework.conftest import PLAIN, Desk
from tests.having_read import seen_in_form, seen_on

pytestmark = pytest.mark.django_db
OLD = 409


def shown(desk: Desk, who: str, case: Case, part: str = "") -> str:
    return desk.signed_in(who).get(f"/desk/case/{case.reference}{part}").content.decode()


def press(desk: Desk, who: str, case: Case, act: str, page: str, **values: Any) -> int:
    sent = {"once": new_form_key(), "seen": seen_in_form(page, f"/{act}") if page else ""} | values
    answer = desk.signed_in(who).post(f"/desk/case/{case.reference}/{act}", sent)
    case.refresh_from_db()
    return int(answer.status_code)


def test_a_case_is_not_taken_from_whoever_took_it_since(desk: Desk) -> None:
    case, cast = desk.first(), desk.cast
    services.claim_case(case.pk, actor=cast["ana"].actor)
    page, choosing = shown(desk, "carl", case), shown(desk, "carl", case, "/reassign")
    services.give_back(case.pk, actor=cast["ana"].actor)
    services.claim_case(case.pk, actor=cast["bela"].actor)
    assert press(desk, "carl", case, "back", page) == OLD
    to = cast["ana"].account_id
    assert press(desk, "carl", case, "reassign", "", to=to, seen=seen_on(choosing)) == OLD
    assert press(desk, "carl", case, "reassign", "", to=to) == OLD, "without a mark"
    assert case.claimed_by_id == cast["bela"].account_id
    assert press(desk, "carl", case, "back", shown(desk, "carl", case)) == 302
    assert case.claimed_by_id is None


def test_nothing_is_sent_elsewhere_than_the_page_showed(desk: Desk) -> None:
    case, cast = desk.first(), desk.cast
    desk.assess(case)
    services.claim_case(case.pk, actor=cast["ana"].actor)
    page, letters = shown(desk, "ana", case), shown(desk, "ana", case, "/messages")
    correction = shown(desk, "carl", case)
    said = {"kind": "country", "value": "CA", "reason": "The host moved it."}
    assert press(desk, "bela", case, "correct", correction, **said) == 302
    assert press(desk, "carl", case, "correct", correction, **(said | {"value": "US"})) == OLD
    for old in (page, letters):
        assert press(desk, "ana", case, "act", old) == OLD
    assert press(desk, "ana", case, "act", "") == OLD, "without a mark"
    assert case.state == "decided"
    assert press(desk, "ana", case, "act", shown(desk, "ana", case, "/messages")) == 302
    assert case.state == "acting"


def test_a_case_that_was_acted_on_since_is_not_closed_and_what_was_typed_stays(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    page = shown(desk, "carl", case)
    desk.act(case)
    sent = {"reason": "1", "comment": "Gone already.", "once": new_form_key(), "seen": seen_in_form(page, "/close")}
    answer = desk.signed_in("carl").post(f"/desk/case/{case.reference}/close", sent)
    case.refresh_from_db()
    assert (answer.status_code, case.close_reason) == (OLD, None)
    assert "Gone already." in answer.content.decode()


def test_a_case_that_was_closed_again_is_reopened_only_after_reading_why(desk: Desk) -> None:
    case, carl = desk.first(), desk.cast["carl"].actor
    desk.assess(case, outcome="not_illegal", facts={}, reason=14)
    page = shown(desk, "carl", case)
    services.reopen(case.pk, comment="It is back.", actor=carl)
    desk.assess(case, "bela", outcome="not_illegal", facts={}, reason=16)
    assert press(desk, "carl", case, "reopen", page, text="It is back.") == OLD
    assert case.state == "closed"
    assert press(desk, "carl", case, "reopen", shown(desk, "carl", case), text="And again.") == 302


def test_nobody_confirms_unread_that_a_case_is_not_urgent(desk: Desk) -> None:
    case = desk.case(desk.world.gallery_url, kind="danger", text="A child is in danger now.")
    old = shown(desk, "bela", case)
    assert press(desk, "ana", case, "urgency", shown(desk, "ana", case), urgent="no", reason="A joke.") == 302
    assert case.urgent
    assert press(desk, "bela", case, "urgency", old, urgent="no", reason="A joke.") == OLD
    assert case.urgent
    assert press(desk, "bela", case, "urgency", shown(desk, "bela", case), urgent="no", reason="A joke.") == 302
    assert not case.urgent


def test_news_that_came_since_stay_unread(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    desk.report(desk.world.gallery_url)
    desk.until(case, lambda one: one.news)
    page = shown(desk, "ana", case)
    desk.report(desk.world.gallery_url)
    desk.until(case, lambda one: one.report_count == 3)
    assert press(desk, "ana", case, "seen", page) == OLD
    assert case.news
    assert press(desk, "ana", case, "seen", shown(desk, "ana", case)) == 302
    assert not case.news


def test_cases_sent_or_assessed_together_are_as_the_page_showed_them(desk: Desk) -> None:
    case, ana = desk.first(), desk.signed_in("ana")
    plain = {"medium": "photograph", "outcome": "not_found", "case": [case.pk]}
    assert ana.post("/desk/bulk", plain | {"go": "yes", "once": new_form_key()}).status_code in (400, OLD)
    desk.assess(case, facts=PLAIN)
    page = ana.get(f"/desk/bulk/send?case={case.pk}").content.decode()
    said = {"kind": "country", "value": "CA", "reason": "The host moved it."}
    press(desk, "bela", case, "correct", shown(desk, "bela", case), **said)
    sent = {"go": "yes", "case": [case.pk], "once": new_form_key()}
    for marks in ({}, {"seen": [seen_on(page)]}):
        assert ana.post("/desk/bulk/send", sent | marks).status_code == OLD
    case.refresh_from_db()
    assert case.state == "decided"


def test_a_flood_of_reports_keeps_nobody_from_handing_over(desk: Desk, mails: Any) -> None:
    """Whoever wants it to stay where it is could send them faster than anybody reads the page anew."""
    case = desk.case(desk.world.gallery_url, kind="danger", text="A child is in danger now.")
    desk.until(case, lambda _: len(mails()) == 1)
    police(desk, case, "outcome", outcome="child_safe")
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    page = shown(desk, "ana", case)
    for _ in range(2):
        desk.report(desk.world.gallery_url)
    desk.until(case, lambda one: one.report_count == 3)
    assert press(desk, "ana", case, "hand-over", "") == OLD, "without a mark"
    assert press(desk, "ana", case, "hand-over", page) == 302
