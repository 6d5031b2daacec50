"""What one of us enters for the police: it is theirs by name, the police hear of it, and alone it ends no urgent case."""

from typing import Any

import pytest
from django.test import Client

from leeward.audit.models import AuditRow
from leeward.audit.queries import log_page
from leeward.casework import services
from leeward.casework.acting.services.passing import police_not_reached
from leeward.casework.models import Case
from leeward.casework.rules.transitions import Refusal
from leeward.casework.steps import now_utc
from leeward.casework.timeline.queries.history import history_of
from leeward.clocks.models import Clock
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed
from leeward.notices.errors import NothingToConfirm, PoliceNotInformed
from leeward.notices.models import TO_POLICE, Message, NoticeCase, Referral, StaffNote
from leeward.notices.queries import urgent_untold
from leeward.notices.services import (
    answer_referral,
    drop,
    enter_police_informed,
    tell_police_again,
    withdraw,
)
from leeward.oncall.models import PagedReport
from leeward.people.errors import NotSecondPerson
from leeward.people.models import OutsideReview, User
from leeward.web_security.keys import new_form_key
from tests.casework.acting.conftest import SAID
from tests.casework.acting.test_urgent import police, refused, text_of
from tests.casework.conftest import Desk
from tests.having_read import confirm_entered, seen_on

pytestmark = pytest.mark.django_db


def enter(desk: Desk, case: Case, who: str = "carl", *, outcome: str = "child_safe") -> int:
    """Somebody enters by hand that the police have it and what came of it."""
    number = Referral.objects.filter(case_id=case.pk).latest("pk").pk
    answer_referral(number, "acknowledge", actor=desk.cast[who].actor)
    answer_referral(number, "outcome", outcome=outcome, note="They called me.", actor=desk.cast[who].actor)
    desk.work()
    case.refresh_from_db()
    return int(number)


def clock(case: Case) -> Clock:
    found: Clock = Clock.objects.get(case_id=case.pk, kind="police_answered")
    return found


def test_a_supervisor_alone_neither_closes_an_urgent_case_nor_ends_its_clock(desk: Desk, passed_on: Case) -> None:
    carl, number = desk.cast["carl"].actor, enter(desk, passed_on)
    assert clock(passed_on).state == "running"
    assert refused(lambda: services.hand_over(passed_on.pk, actor=carl)) is Refusal.POLICE_ARE_OWED
    with pytest.raises(NotSecondPerson):
        confirm_entered(number, actor=carl)
    services.change_urgency(passed_on.pk, urgent=False, reason="It is over.", actor=carl)
    assert (clock(passed_on).state, clock(passed_on).rule_kind) == ("running", "urgent_answered"), "nor made slower"
    services.claim_case(passed_on.pk, actor=carl)
    close = lambda: services.assess(  # noqa: E731
        passed_on.pk, {}, outcome="not_illegal", reason=1, comment="It was a film.", actor=carl
    )
    assert refused(close) is Refusal.POLICE_ARE_OWED
    told = StaffNote.objects.filter(what="answer_entered").values_list("person_id", flat=True)
    assert {desk.cast[who].account_id for who in ("ana", "bela", "pia")} <= set(told)


@pytest.mark.parametrize("second", ["ana", "pia"])
def test_a_second_person_makes_it_count(desk: Desk, passed_on: Case, second: str) -> None:
    number = enter(desk, passed_on)
    assert not passed_on.news
    path = f"/desk/referrals/{number}/confirm"
    page = desk.signed_in("ana").get(f"/desk/case/{passed_on.reference}").content.decode()
    assert path in page
    client = desk.signed_in(second)
    shown = client.get(path).content.decode()
    assert "entered by hand by Carl, confirmed by nobody else" in " ".join(shown.split())
    assert client.post(path, {"once": new_form_key(), "seen": seen_on(shown)}).status_code == 302
    desk.work()
    passed_on.refresh_from_db()
    assert clock(passed_on).state == "met"
    assert passed_on.news, "it is ready for a person to close it"
    services.claim_case(passed_on.pk, actor=desk.cast["carl"].actor)
    services.hand_over(passed_on.pk, actor=desk.cast["carl"].actor)
    with pytest.raises(NothingToConfirm):
        confirm_entered(number, actor=desk.cast[second].actor)
    row = AuditRow.objects.get(event="referral.confirmed")
    assert row.actor == f"staff:{desk.cast[second].account_id}"


def test_a_case_that_would_close_by_itself_waits_for_the_second_person_too(desk: Desk, mails: Any) -> None:
    case, ana = desk.first("", kind="danger", text=SAID), desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    services.assess(case.pk, {"medium": "text", "age_band": "11-13"}, outcome="illegal", actor=ana)
    desk.act(case)
    desk.until(case, lambda _: len(mails()) == 2)
    number = enter(desk, case, outcome="investigating")
    assert case.state == "acting"
    confirm_entered(number, actor=desk.cast["bela"].actor)
    desk.work()
    case.refresh_from_db()
    assert case.state == "closed"


def test_what_the_police_say_themselves_takes_the_place_of_what_was_entered(desk: Desk, passed_on: Case) -> None:
    number = enter(desk, passed_on)
    police(desk, passed_on, "acknowledge")
    assert clock(passed_on).state == "met"
    assert refused(lambda: services.hand_over(passed_on.pk, actor=desk.cast["ana"].actor)) is Refusal.POLICE_ARE_OWED, (
        "the outcome is still Carl's"
    )
    police(desk, passed_on, "outcome", outcome="child_safe")
    services.hand_over(passed_on.pk, actor=desk.cast["carl"].actor)
    row = Referral.objects.get(pk=number)
    assert (row.acknowledged_by_id, row.outcome_by_id) == (None, None)


def test_who_changes_what_the_police_said_needs_a_second_person_again(desk: Desk, passed_on: Case) -> None:
    police(desk, passed_on, "outcome", outcome="not_traced")
    number = Referral.objects.get(case_id=passed_on.pk).pk
    answer_referral(number, "outcome", outcome="child_safe", note="x", actor=desk.cast["carl"].actor)
    assert refused(lambda: services.hand_over(passed_on.pk, actor=desk.cast["ana"].actor)) is Refusal.POLICE_ARE_OWED
    assert Referral.objects.get(pk=number).acknowledged_by_id is None, "that they have it is still theirs"


def test_each_stands_behind_what_the_other_entered(desk: Desk, passed_on: Case) -> None:
    number = Referral.objects.get(case_id=passed_on.pk).pk
    answer_referral(number, "acknowledge", actor=desk.cast["carl"].actor)
    answer_referral(number, "outcome", outcome="no_danger", note="They said so.", actor=desk.cast["pia"].actor)
    confirm_entered(number, actor=desk.cast["carl"].actor)
    assert refused(lambda: services.hand_over(passed_on.pk, actor=desk.cast["ana"].actor)) is Refusal.POLICE_ARE_OWED
    confirm_entered(number, actor=desk.cast["pia"].actor)
    services.hand_over(passed_on.pk, actor=desk.cast["ana"].actor)


def test_whoever_has_nothing_to_do_with_it_confirms_nothing(desk: Desk, passed_on: Case) -> None:
    number = enter(desk, passed_on)
    path = f"/desk/referrals/{number}/confirm"
    for who, expected in (("adam", 403), ("otto", 403), ("dora", 404)):
        client = desk.signed_in(who)
        assert client.get(path).status_code == expected, who
        assert client.post(path, {"once": new_form_key()}).status_code == expected, who
    assert Client().get(path).status_code == 302
    with pytest.raises(NotAllowed):
        confirm_entered(number, actor=Actor("host"))
    assert clock(passed_on).state == "running"


def test_the_timeline_names_who_entered_it_and_who_confirmed(desk: Desk, passed_on: Case) -> None:
    def said() -> str:
        return "\n".join(f"{event.title} {event.note}" for event in history_of(passed_on, actor=desk.cast["ana"].actor))

    number = enter(desk, passed_on)
    assert said().count("Entered by hand by Carl, not by the police themselves") >= 2
    assert "Entered by hand: police confirmed" in said()
    assert "Police told what was entered as their answer" in said()
    confirm_entered(number, actor=desk.cast["ana"].actor)
    assert "What came of it: The child is safe Entered by hand by Carl, and confirmed by Ana" in said()


def test_the_timeline_names_nobody_where_the_police_answered_themselves(desk: Desk, passed_on: Case) -> None:
    police(desk, passed_on, "acknowledge")
    police(desk, passed_on, "outcome", outcome="child_safe")
    said = "\n".join(f"{event.title} {event.note}" for event in history_of(passed_on, actor=desk.cast["ana"].actor))
    assert "Police confirmed that they have it" in said
    assert "by hand" not in said


def test_the_police_get_by_letter_what_was_entered_as_their_answer(desk: Desk, passed_on: Case, mails: Any) -> None:
    enter(desk, passed_on)
    desk.until(passed_on, lambda _: len(mails()) == 3)
    first, second = (text_of(mail) for mail in mails()[1:])
    assert "One of our staff has recorded the following as your answer" in first
    assert "You have received what we sent you" in first
    assert "What came of it: The child is safe" in second
    assert "They called me." in second
    assert "It counts for us once you have confirmed it" in second
    assert passed_on.reference in mails()[2].message["Subject"]
    assert "Carl" not in first + second
    assert "/referral/" in second, "there they can say that it is wrong"


def test_a_note_is_no_answer_and_what_the_police_say_is_not_told_back(desk: Desk, passed_on: Case, mails: Any) -> None:
    number = Referral.objects.get(case_id=passed_on.pk).pk
    answer_referral(number, "note", note="Nobody answers there.", actor=desk.cast["carl"].actor)
    police(desk, passed_on, "acknowledge")
    police(desk, passed_on, "outcome", outcome="child_safe")
    assert len(mails()) == 1


def test_what_one_of_us_enters_is_no_proof_that_the_message_arrived(desk: Desk, passed_on: Case) -> None:
    """A message that comes back later is an alarm all the same, and the timeline doesn't say that one of us told the police."""
    number = enter(desk, passed_on)
    assert Referral.objects.get(pk=number).told_how == "mail"
    said = "\n".join(event.title for event in history_of(passed_on, actor=desk.cast["ana"].actor))
    assert "Police told by one of us" not in said


def test_the_page_of_the_police_says_what_was_entered_for_them_and_lets_them_confirm(
    desk: Desk, passed_on: Case
) -> None:
    from tests.casework.acting.test_urgent import link

    enter(desk, passed_on)
    page = " ".join(Client().get(link(passed_on)).content.decode().split())
    assert "entered by the hotline, not by you" in page
    assert "Confirm receipt" in page
    assert "Carl" not in page


def alone(desk: Desk) -> None:
    """A hotline of one person."""
    others = [desk.cast[one].account_id for one in ("ana", "bela", "pia", "otto")]
    User.objects.filter(pk__in=others).update(is_active=False)


def test_where_there_is_nobody_else_somebody_of_another_hotline_confirms(desk: Desk, passed_on: Case) -> None:
    alone(desk)
    number = enter(desk, passed_on)
    carl = desk.signed_in("carl")
    page = " ".join(carl.get(f"/desk/referrals/{number}").content.decode().split())
    assert "somebody of another hotline can be the second person" in page
    assert f"/desk/outside-reviewers?subject_kind=case&amp;about={passed_on.reference}" in page
    given = {"subject_kind": "case", "about": passed_on.reference, "email": desk.cast["dora"].email}
    assert carl.post("/desk/outside-reviewers", {**given, "once": new_form_key()}).status_code == 302
    visit = f"/desk/outside-reviews/{OutsideReview.objects.get().pk}"
    dora = desk.signed_in("dora")
    shown = " ".join(dora.get(visit).content.decode().split())
    assert "Carl" in shown
    assert "The child is safe" in shown
    assert SAID not in shown, "nothing of the report"
    answer_referral(number, "outcome", outcome="not_traced", note="He called again.", actor=desk.cast["carl"].actor)
    refused_page = dora.post(visit, {"seen": seen_on(shown), "once": new_form_key()})
    assert (refused_page.status_code, Referral.objects.get(pk=number).outcome_with_id) == (409, None)
    shown = refused_page.content.decode()
    assert "Something else was entered since you opened this page." in shown
    assert "He called again." in shown
    assert dora.post(visit, {"seen": seen_on(shown), "once": new_form_key()}).status_code == 302
    assert dora.get(visit).status_code == 404
    desk.work()
    assert clock(passed_on).state == "met"
    services.claim_case(passed_on.pk, actor=desk.cast["carl"].actor)
    services.hand_over(passed_on.pk, actor=desk.cast["carl"].actor)
    events = [line.event for line in log_page(desk.cast.hotline_id, event="outside_review")]
    assert events == ["outside_review.answered", "outside_review.invited"]
    said = "\n".join(event.note for event in history_of(passed_on, actor=desk.cast["carl"].actor))
    assert "confirmed by an outside reviewer" in said


@pytest.fixture
def untold(desk: Desk, passed_on: Case) -> NoticeCase:
    """The message to the police about an urgent case could not be sent for good."""
    row = Referral.objects.get(case_id=passed_on.pk)
    Referral.objects.filter(pk=row.pk).update(sent_at=None, told_how="", state="waiting")
    NoticeCase.objects.filter(pk=row.notice_case_id).update(state="untold", problem="police_not_told")
    Message.objects.filter(subject_id=row.pk, kind__in=TO_POLICE).update(state="dead", sent_at=None, urgent=True)
    return NoticeCase.objects.get(pk=row.notice_case_id)


def is_untold(matter: NoticeCase) -> bool:
    """Whether every sign of it stands: the alarm, the gate, and the message that waits for a person."""
    row, message = Referral.objects.get(notice_case=matter), Message.objects.get(kind__in=TO_POLICE)
    matter.refresh_from_db()
    signs = {urgent_untold(now_utc()) == 1, matter.state == "untold", row.sent_at is None, message.state == "dead"}
    assert len(signs) == 1, "all of them or none"
    return signs == {True}


def test_nobody_alone_says_that_the_police_were_told_of_danger(desk: Desk, untold: NoticeCase) -> None:
    carl = desk.cast["carl"]
    page = f"/desk/referrals/untold/{untold.pk}"
    desk.signed_in("carl").post(page, {"once": new_form_key(), "act": "told", "note": "By telephone."})
    assert is_untold(untold)
    row = Referral.objects.get(notice_case=untold)
    with pytest.raises(NotSecondPerson):
        confirm_entered(row.pk, actor=carl.actor)
    assert is_untold(untold)
    told = set(StaffNote.objects.filter(what="told_entered").values_list("person_id", flat=True))
    assert {desk.cast[who].account_id for who in ("ana", "bela", "pia")} <= told
    assert f"/desk/referrals/{row.pk}/confirm" in desk.signed_in("pia").get(page).content.decode()
    shown = desk.signed_in("ana").get(f"/desk/referrals/{row.pk}/confirm").content.decode()
    assert "entered by hand by Carl, confirmed by nobody else" in " ".join(shown.split())
    confirm_entered(row.pk, actor=desk.cast["ana"].actor)
    row.refresh_from_db()
    assert (row.told_how, row.told_by_id) == ("person", carl.account_id)
    assert row.told_with_id == desk.cast["ana"].account_id
    assert row.sent_at is not None
    untold.refresh_from_db()
    assert (untold.state == "untold", urgent_untold(now_utc())) == (False, 0)
    assert Message.objects.get(kind__in=TO_POLICE).state == "stopped"


@pytest.mark.parametrize("act", ["acknowledge", "outcome", "release"])
def test_nor_does_an_answer_that_one_person_enters_say_so(desk: Desk, untold: NoticeCase, act: str) -> None:
    NoticeCase.objects.filter(pk=untold.pk).update(tells_host=True)
    number = Referral.objects.get(notice_case=untold).pk
    answer_referral(number, act, outcome="child_safe", note="They called.", actor=desk.cast["carl"].actor)
    assert is_untold(untold)
    confirm_entered(number, actor=desk.cast["ana"].actor)
    assert Referral.objects.get(pk=number).told_how == "person"
    assert urgent_untold(now_utc()) == 0


def test_a_message_is_still_sent_once_there_is_somebody_to_send_it_to(desk: Desk, passed_on: Case) -> None:
    """Somebody says they told the police where the portal has none: when it has one, they are written to all the same."""
    matter = NoticeCase.objects.get(case_id=passed_on.pk)
    NoticeCase.objects.filter(pk=matter.pk).update(state="untold", problem="no_police_contact", round=2)
    assert enter_police_informed(matter.pk, note="By telephone.", actor=desk.cast["carl"].actor)
    assert Referral.objects.filter(notice_case=matter).latest("pk").contact_id is None
    tell_police_again(matter.pk, actor=desk.cast["carl"].actor)
    assert Referral.objects.filter(notice_case=matter).latest("pk").contact_id is not None


def test_that_it_is_gone_ends_no_alarm_that_the_police_were_not_told(desk: Desk, untold: NoticeCase) -> None:
    """Whoever takes the content down, or has it taken down, ends nothing of what the police are owed about a child in danger."""
    withdraw(untold.case_id, reason="removed")
    assert is_untold(untold)
    message = Message.objects.get(kind__in=TO_POLICE)
    with pytest.raises(PoliceNotInformed):
        drop(message.pk, actor=desk.cast["carl"].actor)


def test_a_message_that_comes_back_after_the_urgency_was_ended_still_pages_people(desk: Desk, passed_on: Case) -> None:
    """A supervisor ends it alone once the mail server took the message; that it never arrived shows only later."""
    services.change_urgency(passed_on.pk, urgent=False, reason="A mistake.", actor=desk.cast["carl"].actor)
    assert not Case.objects.get(pk=passed_on.pk).urgent
    police_not_reached(passed_on.pk)
    assert PagedReport.objects.filter(urgency="untold", page__closed_at=None).exists()


def test_a_supervisor_ends_no_urgency_alone_while_the_police_were_not_told(desk: Desk, untold: NoticeCase) -> None:
    """Passed on is not told: the message failed, and whoever would be paged about that must still be."""
    for who, is_still_urgent in (("carl", True), ("ana", False)):
        services.change_urgency(untold.case_id, urgent=False, reason="A mistake.", actor=desk.cast[who].actor)
        assert Case.objects.get(pk=untold.case_id).urgent is is_still_urgent
