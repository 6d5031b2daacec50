"""One of us alone silences or ends no urgent case: by no act of the desk that could look like another thing."""

from datetime import date, timedelta
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.acting.services.acting import correct_finding
from leeward.casework.merging.services import merging
from leeward.casework.models import Case
from leeward.casework.queue.services.claiming import return_abandoned, return_claims_of
from leeward.casework.rules.transitions import Refusal
from leeward.casework.steps import now_utc
from leeward.casework.timeline.queries.history import history_of
from leeward.clocks.models import Clock, Escalation
from leeward.clocks.services import take_due_steps
from leeward.notices.models import InboundMail, NoticeCase, Referral
from leeward.notices.services import take_in
from leeward.oncall.models import Page
from leeward.people.models import Portal, User
from leeward.people.services import change_account, change_own_account, set_leave
from tests.casework.acting.conftest import POLICE, SAID
from tests.casework.acting.test_urgent import link, refused
from tests.casework.conftest import Desk
from tests.having_read import confirm_entered

pytestmark = pytest.mark.django_db


def pages_in_time(case: Case, kind: str) -> bool:
    """Whether people are paged about this clock before it is over."""
    clock = Clock.objects.get(case_id=case.pk, kind=kind)
    take_due_steps(clock.pk, clock.due_at)
    return bool(Escalation.objects.filter(clock=clock, run=clock.run, act="page").exists())


def test_who_is_given_an_urgent_case_and_does_nothing_silences_no_clock_and_no_page(desk: Desk) -> None:
    """Also where they are on leave, and again and again."""
    case, carl = desk.first("", kind="contact", text=SAID), desk.cast["carl"].actor
    set_leave(desk.cast["bela"].account_id, date(2099, 1, 1), actor=carl)
    for _ in range(2):
        services.reassign(case.pk, desk.cast["bela"].account_id, actor=carl)
    assert Page.objects.filter(closed_at=None).exists(), "being given it is no look at it"
    assert Clock.objects.get(case_id=case.pk, kind="first_assessment").state == "running"
    for kind in ("first_assessment", "police_told"):
        assert pages_in_time(case, kind), kind


@pytest.mark.parametrize("how", ["given back", "left alone", "account closed", "undone"])
def test_who_takes_an_urgent_case_and_lets_go_of_it_has_the_others_paged_again(
    desk: Desk, settings: Any, how: str
) -> None:
    """Taking it ended the page about it; the police were not told, and nobody is at it any more."""
    case, ana = desk.first("", kind="contact", text=SAID), desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    assert not Page.objects.filter(closed_at=None).exists()
    if how == "given back":
        services.give_back(case.pk, actor=ana)
    elif how == "left alone":
        assert return_abandoned(now_utc() + timedelta(hours=9)) == 1
    elif how == "account closed":
        assert return_claims_of(desk.cast["ana"].account_id) == 1
    else:
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"undo_seconds": 10})
        services.give_back(case.pk, actor=ana)
        for who in ("ana", "carl"):
            services.change_urgency(case.pk, urgent=False, reason="A game.", actor=desk.cast[who].actor)
        services.undo(case.pk, actor=desk.cast["carl"].actor)
    assert Page.objects.get(closed_at=None).reports.get(taken_at=None).report_id == desk.reports[-1]


def test_who_passed_it_to_the_police_and_gives_it_back_wakes_nobody(desk: Desk) -> None:
    case, ana = desk.first("", kind="contact", text=SAID), desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    services.pass_to_police(case.pk, actor=ana)
    services.give_back(case.pk, actor=ana)
    assert not Page.objects.filter(closed_at=None).exists()


def test_who_takes_an_urgent_case_and_keeps_it_stops_only_the_first_clock(desk: Desk, passed_on: Case) -> None:
    carl = desk.cast["carl"].actor
    services.claim_case(passed_on.pk, actor=carl)
    for _ in range(3):
        services.note(passed_on.pk, text="Still at it.", actor=carl)
    assert pages_in_time(passed_on, "police_answered")


def test_who_keeps_one_of_which_the_police_hear_only_when_it_is_assessed_stops_no_clock(desk: Desk) -> None:
    Portal.objects.filter(pk=desk.cast.portal_id).update(police_on_danger="after_assessment")
    case, ana = desk.case(kind="danger", text=SAID), desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    services.note(case.pk, text="Still at it.", actor=ana)
    assert Clock.objects.get(case_id=case.pk, kind="first_assessment").state == "running"
    assert pages_in_time(case, "first_assessment")
    desk.assess(case)
    assert Clock.objects.get(case_id=case.pk, kind="first_assessment").state == "met"


@pytest.mark.parametrize(
    ("outcome", "reason"), [("out_of_scope", 19), ("not_illegal", 16), ("not_found", 9), ("insufficient", 20)]
)
def test_no_outcome_closes_it_before_the_police_answered(
    desk: Desk, passed_on: Case, outcome: str, reason: int
) -> None:
    carl = desk.cast["carl"].actor
    services.claim_case(passed_on.pk, actor=carl)
    act = lambda: services.assess(passed_on.pk, {}, outcome=outcome, reason=reason, comment="So.", actor=carl)  # noqa: E731
    assert refused(act) is Refusal.POLICE_ARE_OWED


def test_merged_into_a_case_that_is_not_urgent_it_makes_that_one_urgent(desk: Desk) -> None:
    case, carl = desk.first("", kind="danger", text=SAID), desk.cast["carl"].actor
    other = desk.case("http://a.example/1")
    merging.merge(case.pk, other.pk, reason="The same.", actor=carl)
    other.refresh_from_db()
    assert (other.urgent, other.marked_by_id) == (True, None)
    services.claim_case(other.pk, actor=carl)
    act = lambda: services.assess(other.pk, {}, outcome="not_found", reason=9, actor=carl)  # noqa: E731
    assert refused(act) is Refusal.POLICE_ARE_OWED
    services.change_urgency(other.pk, urgent=False, reason="x", actor=desk.cast["ana"].actor)
    other.refresh_from_db()
    assert other.urgent


def test_another_country_found_for_its_host_changes_nothing_between_us_and_the_police(desk: Desk, mails: Any) -> None:
    case, carl = desk.first(kind="danger", text=SAID), desk.cast["carl"].actor
    desk.until(case, lambda _: len(mails()) == 1)
    services.claim_case(case.pk, actor=carl)
    correct_finding(case.pk, kind="country", value="CA", reason="So says the registry.", actor=carl)
    desk.work()
    act = lambda: services.assess(case.pk, {}, outcome="not_found", reason=9, actor=carl)  # noqa: E731
    assert refused(act) is Refusal.POLICE_ARE_OWED
    assert Clock.objects.get(case_id=case.pk, kind="police_answered").state == "running"


@pytest.mark.parametrize("marker", ["ana", "bela"])
def test_what_somebody_else_marked_as_urgent_is_taken_back_by_two(desk: Desk, marker: str) -> None:
    case, ana, bela = desk.first("", kind="page"), desk.cast["ana"].actor, desk.cast["bela"].actor
    services.change_urgency(case.pk, urgent=True, reason="They called.", actor=desk.cast[marker].actor)
    services.change_urgency(case.pk, urgent=False, reason="I was wrong.", actor=ana)
    case.refresh_from_db()
    assert case.urgent == (marker == "bela"), "one's own mark alone"
    if case.urgent:
        assert Page.objects.filter(closed_at=None).exists(), "and nobody alone ends its page by that"
        services.change_urgency(case.pk, urgent=False, reason="She is right.", actor=bela)
        case.refresh_from_db()
        assert not case.urgent


def test_what_a_partner_marked_is_taken_back_by_two(desk: Desk) -> None:
    case = desk.first("", kind="page", is_marked=True, marked_because="the school called")
    assert case.urgent
    services.change_urgency(case.pk, urgent=False, reason="It is a film.", actor=desk.cast["carl"].actor)
    case.refresh_from_db()
    assert case.urgent


def test_an_answer_by_mail_shows_nobody_here_the_page_on_which_the_police_answer(desk: Desk, passed_on: Case) -> None:
    """Whoever reads the mail could press the police's buttons by the link that it quotes, also where a mail program broke it."""
    path = link(passed_on)
    broken = path.replace("-", "-=\r\n> ", 1)
    sent = f"From: {POLICE}\r\nSubject: Re: {passed_on.reference}\r\n\r\nThank you.\r\n> http://x.example{path}\r\n> {broken}\r\n"
    number = take_in(sent.encode())
    text = InboundMail.objects.get(pk=number).text
    assert "Thank you." in text
    proof = path.rpartition("-")[2]
    assert proof not in "".join(text.split())
    assert proof[:8] not in text
    timeline = history_of(passed_on, actor=desk.cast["carl"].actor)
    assert not [event for event in timeline if proof in event.text]


def test_the_timeline_names_who_says_that_they_told_the_police_themselves(desk: Desk, passed_on: Case) -> None:
    from leeward.notices.services import enter_police_informed

    Referral.objects.filter(case_id=passed_on.pk).update(sent_at=None, told_how="", state="waiting")
    NoticeCase.objects.filter(case_id=passed_on.pk).update(state="untold")
    matter = NoticeCase.objects.get(case_id=passed_on.pk)
    enter_police_informed(matter.pk, note="By telephone.", actor=desk.cast["carl"].actor)
    assert "says that they told the police themselves" in said_of(desk, passed_on)
    assert "Police told by one of us" not in said_of(desk, passed_on)
    confirm_entered(Referral.objects.get(case_id=passed_on.pk).pk, actor=desk.cast["ana"].actor)
    assert "Police told by one of us Entered by hand by Carl" in said_of(desk, passed_on)


def said_of(desk: Desk, case: Case) -> str:
    """The case's timeline, as an analyst reads it."""
    return "\n".join(f"{event.title} {event.note}" for event in history_of(case, actor=desk.cast["ana"].actor))


def test_nobody_changes_where_their_own_pages_go(desk: Desk) -> None:
    """No act changes the address of an account: it is made with one, and closed. A webhook of one's own comes beside it."""
    for act in (change_account, change_own_account):
        assert "email" not in act.__annotations__
    carl = desk.signed_in("carl")
    assert carl.get("/desk/account/email/").status_code == 404
    carl.post("/desk/account/", {"name": "Carl", "email": "nowhere@x.example", "languages": "en"})
    assert User.objects.get(pk=desk.cast["carl"].account_id).email == desk.cast["carl"].email
