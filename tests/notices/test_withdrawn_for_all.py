"""What was withdrawn after a review: whoever was told hears so, also who may have been or was told meanwhile, and nobody is told more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leeward.foundation.actor import Actor
from leeward.monitoring.models import Watch
from leeward.notices import services
from leeward.notices.channels.smtp.channel import CHANNEL
from leeward.notices.models import Message, NoticeCase, NoticeItem, Referral, Reply, StaffNote
from leeward.notices.queries.pages import referral_page
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.rules.delivery import Outcome
from leeward.notices.services.delivery import settle
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, POLICE, Office

pytestmark = pytest.mark.django_db
ABROAD = "hotline@example.test"
HOURS = timedelta(hours=5)
POLICE_ACTOR = Actor("police")


def released(office: Office) -> CaseBrief:
    """A case that the police have and let the host be told of."""
    office.act(brief := office.case())
    office.work()
    services.answer_referral(Referral.objects.latest("pk").pk, "release", actor=POLICE_ACTOR)
    return brief


def subjects(office: Office, to: str) -> list[str]:
    """What somebody has got, by the first word of each subject."""
    return [str(mail.message["Subject"]).split(":")[0].split()[0] for mail in office.mails(to)]


def test_who_heard_it_hears_it_once_however_often_it_is_withdrawn(office: Office) -> None:
    brief = released(office)
    office.work(HOURS)
    for _time in range(2):
        services.withdraw_after_review(brief.case_id)
        office.work()
    heard = Reply.objects.filter(what="withdrawn").values_list("contact__email", flat=True)
    assert sorted(heard) == sorted([ABUSE, POLICE])


def test_the_older_letters_page_says_so_where_its_case_is_passed_on_anew(office: Office) -> None:
    brief = released(office)
    older = Referral.objects.get()
    services.withdraw_after_review(brief.case_id)
    office.work()
    services.forward_to_police(replace(brief, urgent=True))
    office.work()
    newer = Referral.objects.latest("pk")
    assert newer.pk != older.pk
    assert referral_page(older.pk).is_withdrawn
    assert not referral_page(newer.pk).is_withdrawn


@pytest.mark.parametrize("was_closed", [False, True])
def test_no_letter_abroad_goes_any_more(office: Office, was_closed: bool) -> None:
    details = services.ContactDetails(kind="hotline", country="CA", name="There", email=ABROAD)
    services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    office.post.defer(ABROAD, times=1000)
    brief = office.case(country="CA")
    office.act(brief, Plan(foreign=True, host=False))
    office.work()
    assert Message.objects.get(kind="notice").state == "failed"
    if was_closed:
        services.withdraw(brief.case_id, actor=office.cast["ana"].actor)
    services.withdraw_after_review(brief.case_id)
    office.post.accept_again(ABROAD)
    office.work(HOURS)
    assert office.mails(ABROAD) == []
    assert Message.objects.get(kind="notice").state == "stopped"


def test_nobody_sends_one_abroad_again(office: Office) -> None:
    details = services.ContactDetails(kind="hotline", country="CA", name="There", email=ABROAD)
    services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    office.post.refuse(ABROAD)
    brief = office.case(country="CA")
    office.act(brief, Plan(foreign=True, host=False))
    office.work()
    message = Message.objects.get(kind="notice")
    assert message.state == "dead"
    services.withdraw_after_review(brief.case_id)
    office.post.accept_again(ABROAD)
    services.retry(message.pk, actor=office.cast["carl"].actor)
    office.work()
    assert office.mails(ABROAD) == []


@pytest.mark.parametrize("is_first", [True, False])
def test_nobody_sends_the_police_again_what_is_not_so(office: Office, is_first: bool) -> None:
    office.post.refuse(POLICE)
    briefs = [office.case(), office.case()]
    for one in briefs:
        services.act_on(
            one, plan=Plan(), actor=office.cast["ana"].actor, beside=[brief.case_id for brief in briefs if not is_first]
        )
    office.work()
    for one in briefs[:1] if not is_first else briefs:
        services.withdraw_after_review(one.case_id)
    office.post.accept_again(POLICE)
    for message in Message.objects.filter(kind="referral", state="dead"):
        services.retry(message.pk, actor=office.cast["carl"].actor)
    office.work()
    heard = [one.reference for mail in office.mails(POLICE) for one in briefs if one.reference in mail.text]
    assert heard == ([] if is_first else [briefs[1].reference])


def test_who_may_have_been_told_hears_it_too(office: Office) -> None:
    office.post.drop_after_message(ABUSE, kept=True)
    brief = released(office)
    office.work()
    assert Message.objects.get(kind="notice").state == "unsure"
    services.withdraw_after_review(brief.case_id)
    office.work()
    assert subjects(office, ABUSE) == ["Please", "Withdrawn"]


def test_so_do_the_police(office: Office) -> None:
    office.post.drop_after_message(POLICE, kept=True)
    office.act(brief := office.case())
    office.work()
    assert Message.objects.get(kind="referral").state == "unsure"
    services.withdraw_after_review(brief.case_id)
    office.work()
    assert subjects(office, POLICE) == ["Referral", "Withdrawn"]


def test_what_is_on_its_way_meanwhile_is_taken_back_once_it_arrived(office: Office) -> None:
    brief = released(office)
    office.post.defer(ABUSE)
    office.work()
    message = Message.objects.get(kind="notice")
    Message.objects.filter(pk=message.pk).update(state="sending", sending_since=office.reached)
    services.withdraw_after_review(brief.case_id)
    for _time in range(2):
        settle(message.pk, CHANNEL, Outcome("message", 250))
    office.work()
    assert Reply.objects.filter(what="withdrawn", item__isnull=False).count() == 1


def test_who_disagreed_is_not_asked_again_after_it_was_withdrawn(office: Office) -> None:
    brief = released(office)
    office.work()
    item = NoticeItem.objects.get()
    given = [services.Given(item.pk, "disputed", "It is a harbour.")]
    services.answer_notice(item.notice_id, given, actor=Actor("host"))
    office.post.defer(ABUSE, times=1000)
    services.stand_by(item.pk, reasons="It stands.")
    office.work()
    services.withdraw_after_review(brief.case_id)
    office.post.accept_again(ABUSE)
    office.work(HOURS)
    assert subjects(office, ABUSE) == ["Please", "Withdrawn"]


@pytest.mark.parametrize("is_gone", [False, True])
def test_who_disagreed_is_asked_again_only_for_what_is_there(office: Office, is_gone: bool) -> None:
    brief = released(office)
    office.work()
    if is_gone:
        Watch.objects.create(
            hotline_id=brief.hotline_id, location_id=brief.location_id, state="removed", since=office.reached
        )
    services.stand_by(NoticeItem.objects.get().pk, reasons="It stands.")
    office.work()
    text = " ".join(office.mails(ABUSE)[-1].text.split())
    assert "has reviewed it, and it stands." in text
    assert ("We ask you again to remove the material." in text) is not is_gone


def test_nothing_is_withdrawn_any_more_once_it_was_decided_again(office: Office) -> None:
    brief = released(office)
    office.work()
    office.post.defer(POLICE, times=1000)
    services.withdraw_after_review(brief.case_id)
    office.work()
    office.act(brief)
    office.post.accept_again(POLICE)
    office.work(HOURS)
    assert subjects(office, POLICE) == ["Referral", "Referral"]


def test_what_is_only_passed_on_since_keeps_nobody_from_hearing_it(office: Office) -> None:
    brief = released(office)
    office.work()
    office.post.defer(ABUSE, times=1000)
    services.withdraw_after_review(brief.case_id)
    office.work()
    services.forward_to_police(replace(brief, judged="", summary=(), opinions=()), more="later")
    office.post.accept_again(ABUSE)
    office.work(HOURS)
    assert subjects(office, ABUSE) == ["Please", "Withdrawn"]


def test_where_the_police_have_no_address_somebody_here_tells_them(office: Office) -> None:
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    office.act(brief := office.case())
    number = NoticeCase.objects.get().pk
    services.enter_police_informed(number, note="By telephone.", actor=office.cast["carl"].actor)
    services.withdraw_after_review(brief.case_id)
    office.work()
    carl = office.cast["carl"].account_id
    [note] = StaffNote.objects.filter(what="police_to_be_told", person=carl)
    assert note.path == f"/desk/referrals/{Referral.objects.get().pk}"
    assert any("Tell them." in mail.text for mail in office.post.messages())


def test_somebody_tells_them_though_the_police_of_another_portal_have_an_address(office: Office) -> None:
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    office.act(brief := office.case())
    services.enter_police_informed(NoticeCase.objects.get().pk, note="By telephone.", actor=office.cast["carl"].actor)
    letter = Referral.objects.get()
    details = services.ContactDetails(kind="hotline", country="CA", name="There", email=ABROAD)
    there = services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    other = Referral.objects.get()
    other.pk, other.portal_id, other.contact_id = None, office.cast.other_portal_id, there
    other.save()
    services.withdraw_after_review(brief.case_id)
    office.work()
    assert {note.path for note in StaffNote.objects.filter(what="police_to_be_told")} == {
        f"/desk/referrals/{letter.pk}"
    }
    assert Reply.objects.get(what="withdrawn").contact_id == there
