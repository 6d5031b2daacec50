"""Requests for review for which there is no case: a person answers each of them, and nobody outside sees a difference."""

import re
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.conf import settings

from leeward.casework import queries, services
from leeward.casework.appeals.services import unplaced
from leeward.casework.appeals.services.appealing import outsider_asks, reporter_asks
from leeward.casework.errors import AppealIsSettled, SecondAssessmentNeedsOther
from leeward.casework.models import Appeal, Case, CaseItem
from leeward.foundation.errors import NotAllowed
from leeward.hosting.queries import Nearness
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.intake.models import Report, ReviewRequest
from leeward.intake.rules.where import item_drafts
from leeward.notices.models import Referral, StaffNote
from leeward.notices.rules.reference import mark
from leeward.web_security.keys import new_form_key
from tests.casework.appeals.test_parts import actor_with
from tests.casework.conftest import Desk
from tests.having_read import seen_on
from tests.intake.walk import Walk

pytestmark = pytest.mark.django_db
WORDS = "It is a picture of a harbour."


def ask(desk: Desk, address: str, relation: str = "owner", *, text: str = WORDS, key: str = "") -> int:
    asked = intake_services.ask_from_outside(
        item_drafts(address, {})[0], relation=relation, text=text, contact="", language="en", form_key=key or new_form_key(),
        hotline_id=desk.cast.hotline_id, portal_id=desk.cast.portal_id,
    )  # fmt: skip
    desk.work()
    return asked.appeal_id


@pytest.mark.parametrize("relation", intake_services.RELATIONS)
def test_nothing_is_answered_before_a_person_does(desk: Desk, relation: str) -> None:
    outside = ask(desk, "http://mine.example/", relation)
    outsider_asks(outside)  # heard once more
    row = intake_queries.outside_appeal(outside)
    assert (row.state, row.outcome) == ("received", "")
    appeal = Appeal.objects.get()
    assert (appeal.case, appeal.state, appeal.text) == (None, "open", WORDS)
    assert queries.counts(desk.cast.hotline_id, 0, datetime.now(UTC))["appeals"] == 1
    with pytest.raises(NotAllowed):
        unplaced.answer_unplaced(appeal.pk, reasons="No.", actor=desk.cast["ana"].actor)
    unplaced.answer_unplaced(appeal.pk, reasons="We read it.", actor=desk.cast["carl"].actor)
    row = intake_queries.outside_appeal(outside)
    assert (row.state, row.outcome, row.reasons) == ("closed", "kept", "We read it.")
    with pytest.raises(AppealIsSettled):
        unplaced.answer_unplaced(appeal.pk, reasons="Twice.", actor=desk.cast["carl"].actor)


def test_an_unknown_address_is_answered_by_a_person_like_a_known_one(desk: Desk) -> None:
    """Known, almost known, and never heard of: until a person answers, and after, whoever asks sees the same."""
    desk.first()
    known = desk.world.gallery_url
    near, far = re.sub(r":\d+/", "/", known), "http://harbour-cafe.example/menu"
    assert near != known

    def plain(walk: Walk) -> str:
        return re.sub("[0-9]+", "0", walk.text)

    asked = [
        Walk().open("/jm/appeal").send("appeal", address=address, relation="owner", text=WORDS)
        for address in (known, near, far)
    ]
    receipts = [walk.receipt for walk in asked]
    assert {len(receipt) for receipt in receipts} == {16}
    assert len({plain(walk) for walk in asked}) == 1

    def seen() -> str:
        pages = {plain(Walk().open("/jm/receipt").send("open", receipt=receipt)) for receipt in receipts}
        assert len(pages) == 1
        return pages.pop()

    seen()  # before anybody has heard of it
    desk.work()
    assert "Waiting for an answer" in seen()
    appeals = Appeal.objects.order_by("pk")
    assert [appeal.case is None for appeal in appeals] == [False, True, True]
    assert [len(unplaced.near_cases(appeal)) for appeal in appeals[1:]] == [1, 0]
    for appeal in appeals:
        answer = unplaced.answer_unplaced if appeal.case is None else partial(services.decide_appeal, upheld=False)
        answer(appeal.pk, reasons="We read it.", actor=desk.cast["carl"].actor)
    desk.work()
    assert "We read it." in seen()


def test_what_is_added_by_the_same_form_is_read_by_whoever_answers(desk: Desk) -> None:
    key = new_form_key()
    for text in (WORDS, "The harbour is ours."):
        ask(desk, "http://mine.example/", key=key, text=text)
    assert Appeal.objects.get().text == f"{WORDS}\n\nThe harbour is ours."


def test_taken_back_nobody_needs_to_answer(desk: Desk) -> None:
    outside = ask(desk, "http://mine.example/")
    intake_services.withdraw_appeal(outside)
    desk.work()
    appeal = Appeal.objects.get()
    assert (appeal.state, appeal.text) == ("withdrawn", "")


def test_taken_back_after_the_answer_its_words_go_and_the_answer_stays(desk: Desk) -> None:
    outside = ask(desk, "http://mine.example/")
    unplaced.answer_unplaced(Appeal.objects.get().pk, reasons="We read it.", actor=desk.cast["carl"].actor)
    intake_services.withdraw_appeal(outside)
    desk.work()
    appeal = Appeal.objects.get()
    assert (appeal.state, appeal.text, appeal.reasons) == ("rejected", "", "We read it.")


def test_the_person_in_it_reports_by_asking(desk: Desk) -> None:
    """Their request is a report of its own besides, urgent, and goes with the request when that is taken back."""
    outside = ask(desk, "http://mine.example/", "shown")
    report = Report.objects.get()
    assert (report.kind, report.urgency, report.source, report.text) == ("me", "shown", "appeal", WORDS)
    case = CaseItem.objects.get(item__report=report).case
    assert case.urgent
    assert Appeal.objects.get().case is None, "nothing was decided about it before"
    page = desk.signed_in("carl").get(f"/desk/appeals/{Appeal.objects.get().pk}").content.decode()
    assert f"Report {report.pk}" in page
    assert "We have no case about this address" not in page
    assert "No case has a similar address." in page, "their own is none that may be meant"
    intake_services.withdraw_appeal(outside)
    desk.work()
    report.refresh_from_db()
    assert (report.text, report.withdrawn_at is not None) == ("", True)


def test_the_person_in_what_was_decided_asks_about_that(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, outcome="not_illegal", facts={}, reason=14)
    Case.objects.filter(pk=case.pk).update(closed_at=datetime.now(UTC) - timedelta(days=30))
    desk.work()
    ask(desk, desk.world.gallery_url, "shown")
    assert Appeal.objects.get().case == case
    case.refresh_from_db()
    assert (case.appealed, case.urgent) == (True, True)


def test_cases_that_may_be_meant_are_shown_and_one_can_be_chosen(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "ana", outcome="not_illegal", facts={}, reason=14)
    desk.work()
    address = desk.world.gallery_url
    outside = ask(desk, address.rstrip("/")[:-1] if address[-1] != "/" else address + "x")
    appeal = Appeal.objects.get()
    assert appeal.case is None
    assert [(one.case, one.how) for one in unplaced.near_cases(appeal)] == [(case, Nearness.NEAR)]
    carl = desk.signed_in("carl")
    page = carl.get(f"/desk/appeals/{appeal.pk}").content.decode()
    assert "almost the same address" in page
    assert case.reference in page
    sent = {"once": new_form_key(), "case": case.reference}
    assert carl.post(f"/desk/appeals/{appeal.pk}", sent).status_code == 409, "without a mark of what the page showed"
    sent |= {"once": new_form_key(), "seen": seen_on(page)}
    assert carl.post(f"/desk/appeals/{appeal.pk}", sent).status_code == 302
    appeal.refresh_from_db()
    case.refresh_from_db()
    assert (appeal.case, case.appealed, intake_queries.outside_appeal(outside).state) == (case, True, "received")
    services.decide_appeal(appeal.pk, upheld=True, reasons="Look again.", actor=desk.cast["carl"].actor)
    case.refresh_from_db()
    assert (case.state, intake_queries.outside_appeal(outside).outcome) == ("triaged", "changed")


def test_a_reference_of_ours_finds_its_case(desk: Desk) -> None:
    """The case's own, and the mark of the message that went to whoever asks; a made-up mark finds nothing."""
    case = desk.first()
    desk.assess(case, outcome="not_illegal", facts={}, reason=14)
    desk.work()
    ask(desk, case.reference)
    ask(desk, case.reference, "shown")
    assert [row.case for row in Appeal.objects.order_by("id")] == [case, case]
    told = desk.case("http://other.example/")
    desk.assess(told)
    desk.act(told)
    referral = Referral.objects.get()
    ask(desk, f"[{mark(settings.LEEWARD.secret_bytes, 'R', referral.pk)}]")
    ask(desk, "2020-9999")
    ask(desk, f"LW-R{referral.pk}-aaaaaaaa")
    assert [row.case for row in Appeal.objects.order_by("id")[2:]] == [told, None, None]


def test_requests_about_one_case_are_answered_together(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, outcome="not_illegal", facts={}, reason=14)
    desk.work()
    outside = [ask(desk, desk.world.gallery_url, text=f"Words {number}.") for number in range(3)]
    first, second, third = Appeal.objects.order_by("id")
    carl = desk.signed_in("carl")
    page = carl.get(f"/desk/appeals/{first.pk}").content.decode()
    assert all(f"Words {number}." in page for number in range(3))
    assert carl.get(f"/desk/case/{case.reference}").content.decode().count("Answer it") == 1
    (ticked,) = re.findall(f'value="({second.pk}-[^"]+)"', page)
    sent = {"once": new_form_key(), "answer": "rejected", "text": "It stands.", "alike": [ticked, "x"]}
    assert carl.post(f"/desk/appeals/{first.pk}", sent).status_code == 409, "who answers has read what they say"
    sent |= {"once": new_form_key(), "seen": seen_on(page)}
    intake_services.add_statement("outside", outside[1], text="More words.", form_key=new_form_key())
    refused = carl.post(f"/desk/appeals/{first.pk}", sent)
    assert refused.status_code == 409, "of the others, too"
    shown = refused.content.decode()
    assert "More words." in shown
    assert "It stands." in shown
    assert not Appeal.objects.exclude(state="open").exists()
    (ticked,) = re.findall(f'value="({second.pk}-[^"]+)"', shown)
    sent |= {"once": new_form_key(), "alike": [ticked, f"{third.pk}", "x"]}
    unread = carl.post(f"/desk/appeals/{first.pk}", sent)
    assert unread.status_code == 409, "one without a mark was read by nobody"
    assert f'{ticked}" checked' in " ".join(unread.content.decode().split()), "what was read stays ticked"
    sent |= {"once": new_form_key(), "alike": [ticked, "x"]}
    assert carl.post(f"/desk/appeals/{first.pk}", sent).status_code == 302
    assert [intake_queries.outside_appeal(number).reasons for number in outside] == ["It stands.", "It stands.", ""]
    case.refresh_from_db()
    assert case.appealed, "the third still waits"
    services.decide_appeal(third.pk, upheld=True, reasons="Once more.", actor=desk.cast["carl"].actor)
    assert intake_queries.outside_appeal(outside[2]).outcome == "changed"


def test_whoever_had_a_part_in_almost_the_same_does_not_dismiss_it(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "ana")
    ask(desk, desk.world.gallery_url + "x")
    appeal, ana = Appeal.objects.get(), actor_with(desk, "ana", "supervisor")
    with pytest.raises(SecondAssessmentNeedsOther):
        unplaced.answer_unplaced(appeal.pk, reasons="No.", actor=ana)
    assert "You had a part in a case" in desk.signed_in("ana").get(f"/desk/appeals/{appeal.pk}").content.decode()


def test_who_answers_one_request_may_answer_another_that_waits_with_it(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "ana")
    carl = desk.cast["carl"].actor
    ask(desk, desk.world.gallery_url)
    ask(desk, desk.world.gallery_url + "x")
    about, without = Appeal.objects.get(case=case), Appeal.objects.get(case=None)
    services.decide_appeal(about.pk, upheld=False, reasons="It stands.", actor=carl)
    unplaced.answer_unplaced(without.pk, reasons="It stands.", actor=carl)
    assert set(Appeal.objects.values_list("state", flat=True)) == {"rejected"}


@pytest.mark.parametrize("has_case", [True, False])
def test_a_reporters_review_is_answered_by_a_person(desk: Desk, *, has_case: bool) -> None:
    """Also where the case was opened anew since, or is none of ours any more."""
    case = desk.first()
    desk.assess(case, outcome="not_illegal", facts={}, reason=14)
    desk.work()
    intake_services.ask_for_review(desk.reports[0], text="Please.", form_key=new_form_key())
    review = ReviewRequest.objects.get()
    services.reopen(case.pk, comment="Once more.", actor=desk.cast["carl"].actor)
    if not has_case:
        CaseItem.objects.all().delete()
    reporter_asks(desk.reports[0], review.pk, "Please.")
    review.refresh_from_db()
    assert review.settled_at is None
    appeal = Appeal.objects.get()
    assert appeal.case == (case if has_case else None)
    if not has_case:
        unplaced.answer_unplaced(appeal.pk, reasons="We read it.", actor=desk.cast["carl"].actor)
        review.refresh_from_db()
        assert (review.outcome, review.reasons) == ("kept", "We read it.")


def test_silence_is_noticed(desk: Desk) -> None:
    ask(desk, "http://mine.example/")
    due = Appeal.objects.get().due_at
    assert unplaced.remind_of_unplaced(due - timedelta(hours=30)) == 0
    for at, roles in ((due - timedelta(hours=20), {"carl"}), (due + timedelta(hours=1), {"carl", "adam"})):
        for _twice in range(2):
            unplaced.remind_of_unplaced(at)
        told = StaffNote.objects.filter(what="review_waits", key__endswith="late" if at > due else "soon")
        assert {row.person_id for row in told} == {desk.cast[name].account_id for name in roles}
