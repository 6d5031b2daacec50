"""An urgent case: the police hear of it as their portal wants, and it stays open until they have it and say what came of it."""

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as installed
from django.test import Client

from leeward.casework import services
from leeward.casework.acting.services.case_briefs import make_brief
from leeward.casework.acting.services.owing import going_at_once
from leeward.casework.errors import CannotMerge, FactsMissing, WrongReason, WrongTransition
from leeward.casework.merging.services import merging
from leeward.casework.models import Appeal, Case, CaseItem
from leeward.casework.queue.services import opening
from leeward.casework.rules.transitions import Refusal
from leeward.casework.steps import now_utc
from leeward.casework.timeline.queries.history import history_of
from leeward.clocks.models import Clock
from leeward.clocks.queries import clocks_of_case
from leeward.foundation.crypto.tokens import make_token
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.jobs.models import Job
from leeward.notices import queries as notices_queries
from leeward.notices.errors import OutcomeNeedsWords
from leeward.notices.models import Message, NoticeCase, Referral, StaffNote
from leeward.notices.rules.briefs import read
from leeward.notices.services import ContactDetails, add_contact, answer_referral
from leeward.oncall.models import Page, PagedReport
from leeward.people.models import Portal, User
from leeward.web_security.keys import new_form_key
from tests.casework.acting.conftest import POLICE, SAID
from tests.casework.conftest import GRAVE, Desk
from tests.having_read import what_follows_a_release

pytestmark = pytest.mark.django_db


def text_of(mail: Any) -> str:
    return " ".join(mail.text.split())


def told(report_id: int) -> tuple[str, str]:
    item = intake_queries.items_of(report_id)[0]
    return item.state, item.reason


def link(case: Case) -> str:
    referral = Referral.objects.filter(case_id=case.pk).latest("pk")
    return f"/referral/{make_token(installed.LEEWARD.secret_bytes, 'referral', referral.pk)}"


def police(desk: Desk, case: Case, act: str, **more: str) -> None:
    """The police press a button on their page; before a release they have read what follows."""
    if act == "release":
        more["seen"] = what_follows_a_release(Referral.objects.filter(case_id=case.pk).latest("pk").pk)
    answer = Client().post(link(case), {"act": act, "once": new_form_key(), **more})
    assert answer.status_code == 303, re.findall('role="alert".*', answer.content.decode())
    desk.work()
    case.refresh_from_db()


def refused(act: Callable[[], object]) -> Refusal:
    with pytest.raises(WrongTransition) as caught:
        act()
    return caught.value.refusal


def moments(desk: Desk, **values: str) -> None:
    Portal.objects.filter(pk=desk.cast.portal_id).update(**values)


@pytest.mark.parametrize("mode", ["assess", "post_box"])
@pytest.mark.parametrize("place", ["words", "here", "abroad"])
def test_danger_reaches_the_police_at_once_and_stays_open_until_they_say_what_came_of_it(
    desk: Desk, mails: Any, mode: str, place: str
) -> None:
    Portal.objects.filter(pk=desk.cast.portal_id).update(mode=mode)
    address = {"words": "", "here": desk.world.gallery_url, "abroad": desk.world.far_gallery_url}[place]
    case = desk.case(address, kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 1)
    text = text_of(mails()[0])
    assert SAID in text
    assert "a child may be in danger now" in text
    assert "Nobody here has assessed its content" in text
    assert "assessed it and" not in text
    assert "led us to" not in text
    assert ("Address:" in text) == bool(address)
    assert case.state == "triaged"
    assert told(desk.reports[-1]) == ("acted", "forwarded")
    police(desk, case, "acknowledge")
    assert case.state == "triaged", "they have it, and nobody knows yet what came of it"
    police(desk, case, "outcome", outcome="child_safe")
    if mode == "assess":
        assert case.state == "triaged", "nobody here has read it: a person closes it"
        assert case.news, "it is ready for that"
        assert Page.objects.filter(closed_at=None).exists(), "and somebody is still paged"
        services.claim_case(case.pk, actor=desk.cast["ana"].actor)
        services.hand_over(case.pk, actor=desk.cast["ana"].actor)
        desk.work()
        case.refresh_from_db()
    assert case.state == ("closed" if mode == "assess" else "forwarded")
    assert told(desk.reports[-1]) == ("closed", "forwarded")
    assert len(mails()) == 1
    assert not Page.objects.filter(closed_at=None).exists(), "nobody is paged about what is closed"


@pytest.mark.parametrize("mode", ["assess", "post_box"])
def test_that_nobody_could_be_traced_closes_nothing_and_is_an_answer(desk: Desk, mails: Any, mode: str) -> None:
    Portal.objects.filter(pk=desk.cast.portal_id).update(mode=mode)
    case = desk.case("", kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 1)
    police(desk, case, "outcome", outcome="not_traced")
    assert case.state == "triaged"
    assert Referral.objects.get(case_id=case.pk).state == "acknowledged", "no longer without an answer"
    assert Page.objects.filter(closed_at=None).exists()
    ana = desk.cast["ana"].actor
    services.hand_over(case.pk, actor=ana)
    desk.work()
    case.refresh_from_db()
    assert case.state == "closed"
    assert not Page.objects.filter(closed_at=None).exists()


def test_nobody_abroad_reads_the_reporters_words(desk: Desk, mails: Any) -> None:
    ana = desk.cast["ana"].actor
    add_contact(
        ContactDetails(kind="hotline", email="desk@hotline-ca.example", country="CA", name="Hotline of Canada"),
        hotline_id=desk.cast.hotline_id,
        actor=desk.cast["carl"].actor,
    )
    case = desk.case(desk.world.far_gallery_url, kind="danger", text=SAID)
    desk.assess(case)
    services.claim_case(case.pk, actor=ana)
    services.act(case.pk, actor=ana)
    desk.until(case, lambda _: bool(desk.world.mail.messages("desk@hotline-ca.example")))
    [abroad] = desk.world.mail.messages("desk@hotline-ca.example")
    assert SAID not in abroad.text
    assert all(
        SAID not in part.get_content()
        for part in abroad.message.iter_attachments()
        if part.get_content_maintype() == "text"
    )
    desk.until(case, lambda _: len(mails()) == 2)
    assessed = text_of(mails()[1])
    assert SAID in assessed
    assert "We have assessed it" in assessed
    assert "before it was assessed" in assessed


def test_what_is_urgent_otherwise_waits_for_a_person_and_its_clock_runs_day_and_night(desk: Desk, mails: Any) -> None:
    case = desk.first("", kind="contact", text=SAID)
    assert mails() == []
    clocks = {row.kind: row for row in clocks_of_case(case.pk)}
    assert (clocks["police_told"].rule_kind, clocks["police_told"].state) == ("urgent_told", "running")
    assert clocks["police_told"].due_at - clocks["police_told"].started_at == timedelta(hours=1)
    ana = desk.cast["ana"].actor
    services.pass_to_police(case.pk, actor=ana)
    desk.until(case, lambda row: len(mails()) == 1 and row.police_told_at is not None)
    assert "A person here has read it" in text_of(mails()[0])
    assert refused(lambda: services.pass_to_police(case.pk, actor=ana)) is Refusal.PASSED_ALREADY
    clocks = {row.kind: row for row in clocks_of_case(case.pk)}
    assert clocks["police_told"].state == "met"
    assert (clocks["police_answered"].rule_kind, clocks["police_answered"].state) == ("urgent_answered", "running")
    police(desk, case, "acknowledge")
    assert {row.kind: row.state for row in clocks_of_case(case.pk)}["police_answered"] == "met"


def test_a_portal_that_tells_police_only_after_an_assessment_is_kept_to(desk: Desk, mails: Any) -> None:
    moments(desk, police_on_danger="after_assessment")
    case, ana = desk.case(kind="danger"), desk.cast["ana"].actor
    assert refused(lambda: services.pass_to_police(case.pk, actor=ana)) is Refusal.POLICE_ONLY_AFTER
    desk.assess(case, outcome="not_illegal", facts={}, reason=15)
    assert (case.state, mails()) == ("second_assessment", []), "nobody alone ends what nobody else would hear of"
    desk.assess(case, "bela", outcome="not_illegal", facts={}, reason=15)
    assert (case.state, mails()) == ("closed", [])


def test_an_urgent_case_that_is_found_illegal_does_not_close_on_an_unanswered_link(desk: Desk, mails: Any) -> None:
    case, ana = desk.first("", kind="danger", text=SAID), desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    with pytest.raises(FactsMissing):
        services.assess(case.pk, {}, outcome="illegal", actor=ana)
    services.assess(case.pk, {"medium": "text", "age_band": "11-13"}, outcome="illegal", actor=ana)
    desk.act(case)
    desk.until(case, lambda _: len(mails()) == 2)
    assert case.state == "acting"
    assert refused(lambda: services.close_case(case.pk, reason=14, actor=ana)) is Refusal.POLICE_ARE_OWED
    police(desk, case, "acknowledge")
    assert case.state == "acting"
    referral = notices_queries.referral_of(case.pk)
    assert referral
    carl = desk.cast["carl"].actor
    with pytest.raises(OutcomeNeedsWords):
        answer_referral(referral.id, "outcome", outcome="investigating", actor=carl)
    answer_referral(referral.id, "outcome", outcome="investigating", note="They called.", actor=carl)
    desk.work()
    case.refresh_from_db()
    assert case.state == "acting", "no one person alone (test_by_hand.py)"
    police(desk, case, "outcome", outcome="investigating")
    assert case.state == "closed"


def test_a_review_that_was_right_ends_no_urgent_case_before_the_police_answered(desk: Desk, mails: Any) -> None:
    case = desk.first(kind="danger", text=SAID)
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda _: len(mails()) == 2)
    assert services.open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    appeal = Appeal.objects.get()
    carl = desk.cast["carl"].actor
    services.decide_appeal(appeal.pk, upheld=True, reasons="It is a film.", actor=carl)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.outcome, case.urgent) == ("triaged", "", True)
    assert refused(lambda: services.hand_over(case.pk, actor=carl)) is Refusal.POLICE_ARE_OWED
    police(desk, case, "acknowledge")
    police(desk, case, "outcome", outcome="child_safe")
    services.hand_over(case.pk, actor=carl)
    case.refresh_from_db()
    assert case.state == "closed"


def test_an_urgent_case_is_merged_into_no_closed_one_before_the_police_answered(desk: Desk, mails: Any) -> None:
    case = desk.first(kind="danger", text=SAID)
    desk.assess(case)
    other = desk.case("http://a.example/1")
    desk.assess(other, outcome="not_illegal", facts={}, reason=15)
    carl = desk.cast["carl"].actor
    with pytest.raises(CannotMerge, match="closed"):
        merging.merge(case.pk, other.pk, reason="The same.", actor=carl)
    case.refresh_from_db()
    assert (case.state, case.merged_into_id) == ("decided", None)


@pytest.mark.parametrize("moment", ["at_once", "after_assessment"])
def test_danger_that_is_taken_back_before_anybody_read_it_waits_for_a_person(
    desk: Desk, mails: Any, moment: str
) -> None:
    moments(desk, police_on_danger=moment, police_on_urgent=moment)
    report_id = desk.report(kind="danger", text=SAID)
    intake_services.withdraw_report(report_id, now=intake_queries.report(report_id).received_at + timedelta(seconds=12))
    desk.work()
    [case] = Case.objects.all()
    assert (case.state, case.urgent, mails()) == ("triaged", True, [])
    assert PagedReport.objects.filter(report_id=report_id, page__closed_at=None).exists()
    page = desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode()
    assert "A child is in danger now." in page
    assert "Withdrawn after 12 s." in page
    assert "a person here decides whether to tell the police" in page
    assert "marked it as urgent" not in page
    assert "tells the police" not in page
    services.pass_to_police(case.pk, actor=desk.cast["ana"].actor)
    desk.until(case, lambda _: len(mails()) == 1)
    text = text_of(mails()[0])
    assert "the report was then withdrawn" in text
    assert "marked this" not in text


def test_words_that_wait_for_a_person_go_with_nothing_that_is_taken_back(desk: Desk, mails: Any) -> None:
    """The message about danger has not gone when its reporter takes it back; a threat of somebody else waits for a person."""
    case = desk.first(kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 1)
    Message.objects.filter(kind="forward").update(state="waiting", next_at=now_utc() + timedelta(hours=1))
    desk.report(desk.world.gallery_url, kind="me", threat="yes", text="The other reporter said this.")
    desk.work()
    intake_services.withdraw_report(desk.reports[0])
    desk.work()
    brief = read(NoticeCase.objects.get(case_id=case.pk).brief)
    assert (brief.reporter_texts, brief.urgencies) == ((), ("withdrawn",))


def test_it_is_not_closed_as_something_else_before_the_police_are_told_or_it_is_not_urgent(desk: Desk) -> None:
    case = desk.first(kind="contact")

    def close() -> object:
        return desk.assess(case, outcome="not_illegal", facts={}, reason=15)

    assert refused(close) is Refusal.POLICE_ARE_OWED
    for who in ("ana", "ana", "carl"):
        case.refresh_from_db()
        assert case.urgent, "until a second person says so"
        actor = desk.cast[who].actor
        services.change_urgency(case.pk, urgent=False, reason="It is a film from the cinema.", actor=actor)
    close()
    assert case.state == "closed"


def test_nobody_alone_ends_what_the_police_were_told_of_as_urgent(desk: Desk, mails: Any) -> None:
    case, ana, carl = desk.first("", kind="danger", text=SAID), desk.cast["ana"].actor, desk.cast["carl"].actor
    desk.until(case, lambda _: len(mails()) == 1)
    desk.work()

    def close() -> object:
        return desk.assess(case, outcome="not_illegal", facts={}, reason=1, comment="It was a film.")

    services.change_urgency(case.pk, urgent=False, reason="x", actor=ana)
    case.refresh_from_db()
    assert case.urgent, "no analyst alone"
    services.change_urgency(case.pk, urgent=False, reason="It is a film from the cinema.", actor=carl)
    assert [note.person_id for note in StaffNote.objects.filter(what="not_urgent")] == [carl.id]
    assert refused(close) is Refusal.POLICE_ARE_OWED, "they have it and have not answered"
    case.refresh_from_db()
    assert Clock.objects.get(case_id=case.pk, kind="police_answered").state == "running"
    police(desk, case, "acknowledge")
    police(desk, case, "outcome", outcome="child_safe")
    services.claim_case(case.pk, actor=ana)
    with pytest.raises(WrongReason):  # only adults are shown: nobody saw anything
        services.assess(case.pk, {}, outcome="not_illegal", reason=14, actor=ana)
    close()
    case.refresh_from_db()
    assert case.state == "closed"


def test_an_urgent_report_of_a_closed_case_opens_it_again_and_reaches_the_police(desk: Desk, mails: Any) -> None:
    case = desk.first()
    desk.assess(case, outcome="not_illegal", facts={}, reason=15)
    assert case.state == "closed"
    desk.report(desk.world.gallery_url, kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 1)
    assert case.state in ("received", "triaged")
    assert SAID in text_of(mails()[0])
    assert "which we assessed before" in mails()[0].message["Subject"]


def test_what_an_urgent_reporter_adds_reaches_the_police_too(desk: Desk, mails: Any) -> None:
    case = desk.first("", kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 1)
    intake_services.add_to_report(desk.reports[-1], text="I remember the street.", form_key=new_form_key())
    desk.until(case, lambda _: len(mails()) == 2)
    assert "I remember the street." in text_of(mails()[1])


def test_what_is_added_to_a_closed_urgent_case_opens_it_pages_and_is_marked_as_new(desk: Desk, mails: Any) -> None:
    case, ana = desk.first("", kind="danger", text=SAID), desk.cast["ana"].actor
    desk.until(case, lambda _: len(mails()) == 1)
    police(desk, case, "outcome", outcome="child_safe")
    services.hand_over(case.pk, actor=ana)
    desk.work()
    intake_services.add_to_report(
        desk.reports[-1], text="The child is at the old harbour now.", form_key=new_form_key()
    )
    desk.until(case, lambda _: len(mails()) == 2)
    assert case.state == "triaged"
    assert PagedReport.objects.filter(report_id=desk.reports[-1], page__closed_at=None).count() == 1
    first, second = mails()
    assert "More about report" in second.message["Subject"]
    assert "More about" not in first.message["Subject"]
    known, _, new = text_of(second).partition("New since our message of")
    assert SAID in known
    assert "at the old harbour now" in new
    assert "New since" not in text_of(first)


def urgent_report(desk: Desk, where: str, **told: Any) -> int:
    """An urgent report with its place as it was typed."""
    return desk.report(where, where=where, **({"kind": "danger", "text": SAID} | told))


def test_one_report_is_one_urgent_case_and_one_letter_with_all_it_says(desk: Desk, mails: Any) -> None:
    """Whatever it names: the place as typed stands there once, with who says it and when it was seen."""
    where = "my school is near the harbour, 12 Harbour Street, Kingston"
    report_id = urgent_report(desk, where, under_18=True, when_seen="today")
    desk.work()
    [case] = Case.objects.filter(urgent=True)
    desk.until(case, lambda _: len(mails()) == 1)
    text = text_of(mails()[0])
    assert text.count("12 Harbour Street, Kingston") == 1
    assert text.count("my school is near the harbour") == 1
    for line in ("Under 18", "When it was seen: Today", SAID):
        assert line in text
    items = {item.id for item in intake_queries.items_of(report_id)}
    assert set(CaseItem.objects.filter(case=case).values_list("item_id", flat=True)) == items
    assert Referral.objects.count() == 1
    page = desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode()
    assert "my school is near the harbour" in page


def test_a_long_urgent_report_is_one_message_and_waits_for_nothing_else(desk: Desk, mails: Any) -> None:
    addresses = [f"{desk.world.gallery_url}?{number}" for number in range(9)]
    report_id = urgent_report(desk, "\n".join(addresses))
    opening.take_in(report_id)
    assert CaseItem.objects.count() == 1, "the urgent case first, by itself"
    assert Referral.objects.count() == 1
    assert opening.open_some_cases(report_id)
    assert CaseItem.objects.count() == 1 + opening.A_BITE
    desk.work()
    assert CaseItem.objects.count() == len(addresses)
    [case] = Case.objects.filter(urgent=True)
    desk.until(case, lambda _: len(mails()) == 1)
    assert set(addresses) <= {word.strip("“”") for word in mails()[0].text.split()}
    assert not Job.objects.filter(kind="casework.take_in_more").exists()
    assert Referral.objects.count() == 1


def test_what_was_assessed_and_referred_before_is_not_called_unread(desk: Desk, mails: Any) -> None:
    case = desk.first()
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda _: len(mails()) == 1)
    services.close_case(case.pk, reason=14, actor=desk.cast["ana"].actor)
    desk.report(desk.world.gallery_url, kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 2)
    text = text_of(mails()[1])
    assert "We assessed what was at this address on" in text
    assert "We referred this address to you before, under the same reference." in text
    assert "Nobody here has assessed its content" not in text
    assert "unassessed" not in mails()[1].message["Subject"]


def test_words_go_at_once_only_where_the_portal_says_so_of_their_kind(desk: Desk, mails: Any) -> None:
    """A threat waits for a person, also beside a danger that doesn't."""
    case = desk.first(kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 1)
    threat = desk.report(desk.world.gallery_url, kind="me", threat="yes", text="The other reporter said this.")
    desk.work()
    case.refresh_from_db()
    assert (len(mails()), case.passed_at) == (1, None)
    intake_services.add_to_report(desk.reports[0], text="It is the blue house.", form_key=new_form_key())
    intake_services.add_to_report(threat, text="They wrote again.", form_key=new_form_key())
    desk.until(case, lambda _: len(mails()) == 2)
    text = text_of(mails()[1])
    assert "the blue house" in text
    assert "The other reporter" not in text
    assert "They wrote again" not in text
    services.pass_to_police(case.pk, actor=desk.cast["ana"].actor)
    desk.until(case, lambda _: len(mails()) == 3)
    assert "The other reporter said this." in text_of(mails()[2])


def test_passing_on_can_be_taken_back_for_a_moment(desk: Desk, mails: Any, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"undo_seconds": 10})
    case, ana = desk.case("", kind="contact", text=SAID), desk.cast["ana"].actor
    services.pass_to_police(case.pk, actor=ana)
    desk.work()
    assert services.undo(case.pk, actor=ana) == "pass_to_police"
    carl = desk.cast["carl"].actor
    services.change_urgency(case.pk, urgent=False, reason="A game.", actor=ana)
    services.change_urgency(case.pk, urgent=False, reason="A game.", actor=carl)
    assert services.undo(case.pk, actor=carl) == "not_urgent"
    case.refresh_from_db()
    assert (case.urgent, case.passed_at, mails()) == (True, None, [])


def test_a_portal_is_asked_once_about_all_its_reports(desk: Desk, django_assert_num_queries: Any) -> None:
    desk.first("", kind="danger", text=SAID)
    first = intake_queries.report(desk.reports[0])
    second, taken_back = (replace(first, id=first.id + number) for number in (1, 2))
    taken_back = replace(taken_back, withdrawn_at=now_utc())
    with django_assert_num_queries(1):
        assert going_at_once([first, second, taken_back]) == {first.id, second.id}


@pytest.mark.slow
def test_twelve_in_a_minute_become_one_message_a_minute_and_none_is_dropped(
    desk: Desk, mails: Any, settings: Any
) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"pace": 12.0})  # a minute takes five seconds
    began = time.monotonic()
    for number in range(12):
        desk.report("", kind="danger", text=f"Child number {number:02d}.")
    desk.work()
    last = Case.objects.latest("pk")
    desk.until(last, lambda _: not Message.objects.exclude(state="sent").exists())
    assert 2 <= len(mails()) <= min(2 + (time.monotonic() - began) / 5, 11)
    every = " ".join(text_of(mail) for mail in mails())
    for number in range(12):
        assert every.count(f"Child number {number:02d}.") == 1
    links = {token for mail in mails() for token in mail.text.split() if "/referral/" in token}
    assert len(links) == 12
    assert Referral.objects.filter(sent_at__isnull=True).count() == 0
    assert not Case.objects.filter(police_told_at=None).exists()
    first, summed = mails()[0], mails()[1]
    assert first.message["Subject"].startswith("URGENT: Report")
    assert "urgent reports" in summed.message["Subject"]
    attached = [json.loads(part.get_content()) for part in summed.message.iter_attachments()]
    assert all(one["items"][0]["reported"] for one in attached)


def test_the_page_of_an_urgent_case_asks_no_facts_and_offers_what_can_be_done(desk: Desk) -> None:
    case, ana = desk.case(kind="contact"), desk.signed_in("ana")
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    path = f"/desk/case/{case.reference}"
    page = ana.get(path).content.decode()
    assert "two people together can say that it is not" in " ".join(page.split())
    page = desk.signed_in("carl").get(path).content.decode()
    assert "Real person" not in page
    assert "not told yet" in page
    for key, text in (("Shift+Enter", "Pass to police now"), ("n", "Not urgent"), ("a", "Assess the picture")):
        assert re.search(rf'data-key="{re.escape(key)}"[^>]*>\s*{text}', page), text
    assert 'href="#ask"' in page
    assert "No child-protection office is recorded" in page
    assert "Real person" in ana.get(f"{path}?assess").content.decode()
    once = {"once": new_form_key()}
    assert ana.post(f"{path}/police", once).status_code == 302
    assert ana.post(f"{path}/police", once).status_code == 302, "sent twice it counts once"
    assert ana.post(f"{path}/police", {"once": new_form_key()}).status_code == 409
    assert desk.signed_in("pia").post(f"{path}/police", {"once": new_form_key()}).status_code == 403
    page = ana.get(path).content.decode()
    assert "Pass to police now" not in page
    assert "nothing urgent has come in since" in page
    assert 'data-key="v"' not in page
    spoken = desk.case("", kind="danger", text=SAID)
    assert "Assess the picture" not in ana.get(f"/desk/case/{spoken.reference}").content.decode(), (
        "there is nothing to see"
    )


def test_a_letter_says_that_two_agree_only_where_both_stated_the_same(desk: Desk, mails: Any) -> None:
    """Of one, of two who found the same, of two who differ in one fact, and of a case that was opened again."""
    assert make_brief(desk.case(desk.world.gallery_url + "?0")).judged == ""
    alone = desk.case(desk.world.gallery_url + "?1")
    desk.assess(alone)
    assert (make_brief(alone).judged, make_brief(alone).assessments) == ("person", "one")
    same = desk.case(desk.world.gallery_url + "?2")
    desk.assess(same, facts=GRAVE)
    assert make_brief(same).judged == "", "a first assessment alone has not decided it"
    desk.assess(same, "bela", facts=GRAVE)
    assert make_brief(same).assessments == "same"
    differ = desk.case(desk.world.gallery_url + "?3")
    desk.assess(differ, facts=GRAVE)
    desk.assess(differ, "bela", facts=GRAVE | {"act": "uk_b"})
    brief = make_brief(differ)
    assert brief.assessments == "differ"
    assert len(brief.differing) == 1
    desk.act(differ, "bela")
    desk.until(differ, lambda _: bool(mails()))
    text = text_of(mails()[-1])
    assert f"differ on: {brief.differing[0]}." in text
    assert "both agreed" not in text
    services.close_case(alone.pk, reason=14, actor=desk.cast["ana"].actor)
    services.reopen(alone.pk, comment="Look again.", actor=desk.cast["carl"].actor)
    alone.refresh_from_db()
    assert make_brief(alone).judged == "", "what was decided before no longer counts"


def test_a_letter_says_that_nobody_looked_where_that_is_so(desk: Desk, mails: Any) -> None:
    """In the urgent letter and in the one that follows a decision; not where somebody was shown it, or saw it elsewhere."""
    said = "nobody here has looked at a picture or video of it"
    case = desk.case(kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 1)
    assert said in text_of(mails()[0])
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda _: len(mails()) == 2)
    assert "We have assessed it" in text_of(mails()[1])
    assert said in text_of(mails()[1])
    desk.saw(case, "bela")
    assert not make_brief(case).is_unseen
    assert not make_brief(desk.case("", kind="danger", text=SAID)).is_unseen, "there is nothing to look at"
    elsewhere = desk.case(desk.world.gallery_url + "?4")
    assert make_brief(elsewhere).is_unseen
    desk.assess(elsewhere, elsewhere="police")
    assert not make_brief(elsewhere).is_unseen


def test_what_is_given_back_waits_for_a_first_look_again(desk: Desk) -> None:
    case, ana = desk.first("", kind="contact", text=SAID), desk.cast["ana"].actor
    services.claim_case(case.pk, actor=ana)
    assert {row.kind: row.state for row in clocks_of_case(case.pk)}["first_assessment"] == "met"
    services.give_back(case.pk, actor=ana)
    clock = next(row for row in clocks_of_case(case.pk) if row.kind == "first_assessment")
    assert (clock.state, clock.rule_kind) == ("running", "urgent_assessment")


def test_people_are_paged_at_once_when_the_second_try_of_something_urgent_fails(desk: Desk, settings: Any) -> None:
    from leeward.oncall.models import PagedReport

    settings.LEEWARD = settings.LEEWARD.model_copy(update={"pace": 60.0})  # a try a second

    paged = PagedReport.objects.filter(urgency="untold")
    desk.world.mail.defer(POLICE, times=10_000)
    try:
        case = desk.case("", kind="danger", text=SAID)
        desk.until(case, lambda _case: Message.objects.get(kind="forward").attempts == 1)
        assert not paged.exists()
        desk.until(case, lambda _case: paged.exists())
        assert Message.objects.get(kind="forward").state == "failed", "long before anybody gives up"
        desk.until(case, lambda _case: Message.objects.get(kind="forward").attempts > 4)
        assert [row.report_id for row in paged] == desk.reports, "once"
    finally:
        desk.world.mail.accept_again(POLICE)


def test_where_the_police_can_not_be_told_of_something_urgent_people_are_paged(desk: Desk) -> None:
    from leeward.oncall.models import PagedReport

    desk.world.mail.refuse(POLICE)
    try:
        case = desk.case("", kind="danger", text=SAID)
        desk.until(case, lambda case: PagedReport.objects.filter(urgency="untold").exists())
        assert [row.report_id for row in PagedReport.objects.filter(urgency="untold")] == desk.reports
        assert Message.objects.filter(kind="staff").exists()
    finally:
        desk.world.mail.accept_again(POLICE)


def test_what_else_an_urgent_report_names_goes_first_too_and_its_receipt_says_who_was_told(
    desk: Desk, mails: Any
) -> None:
    """One page and one letter name all of it; each address that can be looked at is a case, before other work and said to be so."""
    ordinary = desk.first("http://a.example/ordinary")
    report_id = urgent_report(desk, f"{desk.world.gallery_url}?first\n{desk.world.gallery_url}?second")
    desk.work()
    first = Case.objects.get(urgent=True)
    [second] = Case.objects.filter(named_with=first)
    desk.until(first, lambda _: len(mails()) == 1)
    second.refresh_from_db()
    assert second.priority < ordinary.priority
    assert f"{desk.world.gallery_url}?second" in text_of(mails()[0])
    assert Referral.objects.count() == 1
    assert {(item.state, item.reason) for item in intake_queries.items_of(report_id)} == {("acted", "forwarded")}
    carl = desk.signed_in("carl")
    page = carl.get(f"/desk/case/{second.reference}").content.decode()
    assert "An urgent report names this address too" in page
    assert f"/desk/case/{first.reference}" in page
    assert f"/desk/case/{second.reference}" in carl.get(f"/desk/case/{first.reference}").content.decode()
    assert "Beside urgent" in carl.get("/desk/?view=waiting").content.decode()
    stranger = desk.report(f"{desk.world.gallery_url}?second", kind="page")
    desk.work()
    assert told(stranger) == ("received", ""), "nobody else learns of it"
    services.change_urgency(first.pk, urgent=False, reason="It was a rehearsal.", actor=desk.cast["carl"].actor)
    desk.work()
    second.refresh_from_db()
    assert second.named_with_id is None
    assert second.priority >= ordinary.priority


def test_what_is_told_later_of_more_addresses_is_told_of_all(desk: Desk, mails: Any) -> None:
    """Where a person passes it on, the receipt of the other address says so from then on, and not before."""
    moments(desk, police_on_danger="after_look")
    report_id = urgent_report(desk, f"{desk.world.gallery_url}?first\n{desk.world.gallery_url}?second")
    desk.work()
    assert {item.state for item in intake_queries.items_of(report_id)} == {"received"}
    first = Case.objects.get(urgent=True)
    services.claim_case(first.pk, actor=desk.cast["ana"].actor)
    services.pass_to_police(first.pk, actor=desk.cast["ana"].actor)
    desk.until(first, lambda _: len(mails()) == 1)
    assert {item.state for item in intake_queries.items_of(report_id)} == {"acted"}


def test_our_link_stands_first_and_an_address_in_a_reporters_words_is_no_link(desk: Desk, mails: Any) -> None:
    """A false "answer here" in what somebody reports is neither the first link of the letter nor one that can be clicked."""
    false = "https://evil.example/referral/1"
    case = desk.case(kind="danger", text=f"Answer here: {false} or at WWW.evil.example, \u202egnorw")
    desk.until(case, lambda _: len(mails()) == 1)
    text = mails()[0].text
    ours = text.index(f"{installed.LEEWARD.base_url}/referral/")
    assert ours < text.index("https[://]evil.example/referral/1")
    assert ours == text.index("://") - len(installed.LEEWARD.base_url.partition("://")[0])
    assert false not in text
    assert "WWW[.]evil.example" in text
    assert "\u202e" not in text
    assert "Brackets stand around what would make an address in these words a link." in " ".join(text.split())


def test_while_the_police_have_nothing_two_people_say_that_it_is_not_urgent(desk: Desk) -> None:
    """Also two analysts, so that a hotline without a supervisor can; nobody with two accounts, and what comes anew asks anew."""
    case, cast = desk.first("", kind="contact", text=SAID), desk.cast

    def say(who: str) -> bool:
        services.change_urgency(case.pk, urgent=False, reason="A game.", actor=cast[who].actor)
        case.refresh_from_db()
        return not case.urgent

    assert not say("carl"), "a supervisor is not two people"
    assert not say("carl"), "nor is one who says so twice, and nobody is told again"
    assert StaffNote.objects.filter(what="called_not_urgent").count() == 3
    assert {row.person_id for row in StaffNote.objects.filter(what="called_not_urgent")} == {
        cast[who].account_id for who in ("ana", "bela", "carl")
    }
    page = re.sub(r"\\s+", " ", desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode())
    assert "Carl says that it is not urgent" in page
    titles = {event.title for event in history_of(case, actor=cast["ana"].actor)}
    assert "Called not urgent by the first of two people" in titles
    User.objects.filter(pk=cast["ana"].account_id).update(made_by=cast["carl"].account_id)
    assert not say("ana"), "an account that Carl made alone"
    intake_services.add_to_report(desk.reports[0], text="They wrote again.", form_key=new_form_key())
    desk.work()
    case.refresh_from_db()
    assert not say("ana")
    assert say("bela")
    desk.work()
    assert [row.person_id for row in StaffNote.objects.filter(what="not_urgent")] == [cast["carl"].account_id]
