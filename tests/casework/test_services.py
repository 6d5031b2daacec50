"""What the desk does with what happens: claims, holds, returns, reviews, other kinds of cases, other kinds of hotlines."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.html import escape

from leeward.casework import services, tasks
from leeward.casework.acting.services import following
from leeward.casework.acting.services.blocking import removal_tried
from leeward.casework.errors import ReasonMissing
from leeward.casework.models import Appeal, Case, Draft, Note
from leeward.casework.queue.services import claiming
from leeward.clocks.models import Clock
from leeward.foundation.actor import Actor
from leeward.foundation.crypto.tokens import make_token
from leeward.hosting.models import Fetch
from leeward.installation.queries import config_now
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.intake.models import Report
from leeward.intake.rules.canned import SHIPPED
from leeward.jobs.clockwatch import Jump, confirm, note
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.notices import tasks as notices_tasks
from leeward.people.models import Portal
from leeward.people.services import close_account
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GALLERY, PLAIN, Desk
from tests.personas import date_roles

pytestmark = pytest.mark.django_db
LATER, DAY = timedelta(minutes=31), timedelta(days=1)


def told(report_id: int) -> tuple[str, str]:
    item = intake_queries.items_of(report_id)[0]
    return item.state, item.reason


@pytest.fixture
def acting(desk: Desk) -> Case:
    """A case on which police and host were told."""

    def make() -> Case:
        case: Case = desk.case()
        desk.assess(case)
        desk.act(case)
        referral = notices_queries.referral_of(case.pk)
        assert referral
        notices_services.answer_referral(referral.id, "release", actor=desk.cast["pia"].actor)
        desk.until(case, lambda case: case.host_told_at)
        return case

    told: Case = desk.begun("acting", make)
    return told


def test_an_abandoned_claim_goes_back_with_its_draft(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    case = desk.first()
    actor = desk.cast["ana"].actor
    services.claim_case(case.pk, actor=actor)
    services.save_draft(case.pk, PLAIN, actor=actor)
    assert claiming.return_abandoned(datetime.now(UTC)) == 0
    assert claiming.return_abandoned(datetime.now(UTC) + LATER) == 1
    case.refresh_from_db()
    assert (case.state, case.claimed_by) == ("triaged", None)
    assert acts_of(case)[-1] == "case.returned"
    assert Draft.objects.get(case=case).facts["age_band"] == "11-13"
    services.claim_case(case.pk, actor=desk.cast["bela"].actor)


def test_a_clock_that_jumps_ends_no_claim_and_makes_none_last(desk: Desk) -> None:
    case, now = desk.first(), datetime.now(UTC)
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    note(Jump(now, now + DAY), "here:0")
    Case.objects.update(claimed_until=now - timedelta(minutes=1))
    tasks.keep_order()
    assert Case.objects.get().claimed_by_id is not None
    note(Jump(now + DAY, now), "here:0")
    tasks.keep_order()
    assert Case.objects.get().claimed_by_id is None
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    Case.objects.update(claimed_until=now + DAY)
    tasks.keep_order()
    until, longest = Case.objects.get().claimed_until, timedelta(minutes=config_now().claim_minutes)
    assert until is not None
    assert timedelta() <= until - now - longest < timedelta(minutes=1)


@pytest.mark.parametrize("confirmed", [False, True])
def test_nor_does_one_that_was_behind_end_a_claim(desk: Desk, *, confirmed: bool) -> None:
    case, now = desk.first(), datetime.now(UTC)
    if not confirmed:
        note(Jump(now, now - DAY), "here:0")
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    longest = timedelta(minutes=config_now().claim_minutes)
    Case.objects.update(claimed_until=now - DAY + longest)
    note(Jump(now - DAY, now), "here:0")
    if confirmed:
        confirm(Actor("command"), now)
    tasks.keep_order()
    found = Case.objects.get()
    assert (found.claimed_by_id, found.claimed_until) == (desk.cast["ana"].account_id, now + longest)


def test_a_closed_account_holds_nothing(desk: Desk) -> None:
    case = desk.first()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    close_account(desk.cast["ana"].account_id, actor=desk.cast["adam"].actor)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.claimed_by) == ("triaged", None)
    services.claim_case(case.pk, actor=desk.cast["bela"].actor)


def test_every_act_keeps_a_claim_alive(desk: Desk) -> None:
    case = desk.first()
    actor = desk.cast["ana"].actor
    acts: list[Callable[[], object]] = [
        lambda: services.save_draft(case.pk, PLAIN, actor=actor),
        lambda: services.note(case.pk, text="A note.", actor=actor),
        lambda: services.ask_reporter(case.pk, desk.reports[0], text="Which page?", actor=actor),
        lambda: services.correct_finding(case.pk, kind="country", value="BB", reason="They told us.", actor=actor),
        lambda: services.change_urgency(case.pk, urgent=True, reason="they called again", actor=actor),
        lambda: services.refetch(case.pk, actor=actor),
    ]
    services.claim_case(case.pk, actor=actor)
    for act in acts:
        Case.objects.filter(pk=case.pk).update(claimed_until=datetime.now(UTC) + timedelta(minutes=1))
        act()
        case.refresh_from_db()
        assert case.claimed_until > datetime.now(UTC) + timedelta(minutes=settings.LEEWARD.claim_minutes - 1)


def test_looking_again_finds_what_is_there_now(desk: Desk) -> None:
    from leeward.hosting import queries as hosting_queries

    case = desk.case()
    desk.world.pictures.take_down(GALLERY)
    services.refetch(case.pk, actor=desk.cast["ana"].actor)
    desk.work()
    fetched = hosting_queries.latest_fetch(case.location_id)
    assert fetched
    assert fetched.status == 410


def test_a_correction_changes_where_the_case_is(desk: Desk) -> None:
    case = desk.first()
    services.correct_finding(case.pk, kind="country", value="bb", reason="Told so.", actor=desk.cast["ana"].actor)
    case.refresh_from_db()
    assert (case.place, case.country) == ("abroad", "BB")


def test_a_report_of_another_case_is_not_asked(desk: Desk) -> None:
    case = desk.first()
    desk.case(desk.world.far_gallery_url)
    with pytest.raises(Exception, match="no report"):
        services.ask_reporter(case.pk, desk.reports[1], text="Which page?", actor=desk.cast["ana"].actor)


@pytest.mark.parametrize(("kind", "threat"), [("danger", ""), ("contact", ""), ("me", "yes")])
def test_an_urgent_kind_has_the_first_place_in_the_queue_and_an_hour_for_its_first_look(
    desk: Desk, kind, threat
) -> None:
    ordinary = desk.first()
    urgent = desk.case(desk.world.far_gallery_url, kind=kind, threat=threat)
    assert (ordinary.urgent, urgent.urgent) == (False, True)
    assert urgent.priority < ordinary.priority
    assessment = Clock.objects.get(case_id=urgent.pk, kind="first_assessment")
    assert assessment.due_at - urgent.received_at == timedelta(hours=1)


def test_a_report_that_is_sent_again_and_speaks_of_danger_makes_its_case_urgent(desk: Desk) -> None:
    key = new_form_key()
    case = desk.case(desk.world.gallery_url, form_key=key)
    desk.report(desk.world.gallery_url, form_key=key, kind="danger", text="It is happening now.")
    desk.work()
    before = case.priority
    case.refresh_from_db()
    assert case.urgent
    assert case.priority < before


def test_who_moves_a_case_into_the_urgent_lane_or_out_says_why(desk: Desk) -> None:
    case, ana = desk.first(), desk.cast["ana"].actor
    with pytest.raises(ReasonMissing):
        services.change_urgency(case.pk, urgent=True, reason=" ", actor=ana)
    services.change_urgency(case.pk, urgent=True, reason="The school called.", actor=ana)
    case.refresh_from_db()
    assert case.urgent
    assert Note.objects.get(case=case).text == "The school called."


def test_a_hold_is_shown_and_ends(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    desk.act(case)
    referral = notices_queries.referral_of(case.pk)
    assert referral
    until = datetime.now(UTC) + timedelta(seconds=2)
    notices_services.answer_referral(referral.id, "hold", until=until, actor=desk.cast["pia"].actor)
    desk.work()
    case.refresh_from_db()
    assert case.held_until == until
    assert case.host_told_at is None
    desk.until(case, lambda case: case.held_until is None)
    desk.until(case, lambda case: case.host_told_at)


def test_what_comes_back_is_acted_on_again(desk: Desk, acting: Case) -> None:
    desk.world.pictures.take_down(GALLERY)
    desk.until(acting, lambda case: case.state == "closed")
    desk.world.pictures.restore(GALLERY)
    desk.until(acting, lambda case: case.returned)
    assert (acting.state, acting.news) == ("acting", True)
    assert told(desk.reports[0])[0] == "acted"
    desk.act(acting, "bela")
    assert not acting.returned
    assert acting.police_told_at is not None


def test_a_new_report_of_what_was_not_found_looks_again(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, outcome="not_found", facts={}, reason=2)
    desk.report(desk.world.gallery_url)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.cycle, case.report_count) == ("triaged", 2, 2)
    assert desk.assess(case, facts=PLAIN) == "find_illegal"


def test_a_new_report_of_what_was_judged_waits_a_week(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, outcome="not_illegal", facts={}, reason=14)
    report = desk.report(desk.world.gallery_url)
    desk.work()
    case.refresh_from_db()
    assert case.state == "closed"
    assert told(report) == ("received", "")
    services.mark_as_read(case.pk, actor=desk.cast["ana"].actor)
    assert told(report) == ("closed", "adults")
    Case.objects.filter(pk=case.pk).update(closed_at=datetime.now(UTC) - timedelta(days=8))
    desk.report(desk.world.gallery_url)
    desk.work()
    case.refresh_from_db()
    assert case.state == "triaged"


def test_a_withdrawn_report_closes_only_what_nobody_else_reported(desk: Desk) -> None:
    case = desk.first()
    second = desk.report(desk.world.gallery_url)
    desk.work()
    intake_services.withdraw_report(desk.reports[0])
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.report_count) == ("triaged", 1)
    intake_services.withdraw_report(second)
    desk.work()
    case.refresh_from_db()
    assert (case.state, case.report_count) == ("closed", 0)


def test_what_a_reporter_adds_is_news_and_opens_cases(desk: Desk) -> None:
    case = desk.first()
    intake_services.add_to_report(desk.reports[0], text=f"Also {desk.world.far_gallery_url}", form_key=new_form_key())
    desk.work()
    case.refresh_from_db()
    assert case.news
    assert Case.objects.count() == 2
    services.mark_as_read(case.pk, actor=desk.cast["ana"].actor)
    case.refresh_from_db()
    assert not case.news


def test_a_reporters_review_is_decided_by_somebody_else(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "carl", outcome="not_illegal", facts={}, reason=14)
    intake_services.ask_for_review(desk.reports[0], text="Please look again.", form_key=new_form_key())
    desk.work()
    appeal = Appeal.objects.get()
    case.refresh_from_db()
    assert case.appealed
    decide = {"upheld": True, "reasons": "The age was judged wrongly."}
    with pytest.raises(Exception, match="role"):
        services.decide_appeal(appeal.pk, actor=desk.cast["ana"].actor, **decide)
    with pytest.raises(Exception, match="part in this case"):
        services.decide_appeal(appeal.pk, actor=desk.cast["carl"].actor, **decide)
    other = desk.cast["bela"].actor
    date_roles(desk.cast["bela"].account_id, ["supervisor"])
    supervisor = type(other)("staff", other.id, other.name, other.hotline_id, frozenset({"supervisor"}))
    services.decide_appeal(appeal.pk, actor=supervisor, **decide)
    case.refresh_from_db()
    assert (case.state, case.appealed, case.cycle) == ("triaged", False, 2)
    assert intake_queries.reviews_of(desk.reports[0])[0].outcome == "changed"
    with pytest.raises(Exception, match="already been answered"):
        services.decide_appeal(appeal.pk, actor=supervisor, **decide)


def test_a_report_taken_back_takes_the_words_of_its_request_for_review_along(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "carl", outcome="not_illegal", facts={}, reason=14)
    intake_services.ask_for_review(desk.reports[0], text="Please look again.", form_key=new_form_key())
    desk.work()
    assert Appeal.objects.get().text == "Please look again."
    intake_services.withdraw_report(desk.reports[0])
    desk.work()
    appeal = Appeal.objects.get()
    assert (appeal.text, appeal.state) == ("", "open")


def test_where_every_supervisor_had_a_part_in_what_is_asked_about_they_are_told_so(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, "carl", outcome="not_illegal", facts={}, reason=14)
    before = len(desk.world.mail.messages())
    intake_services.ask_for_review(desk.reports[0], form_key=new_form_key())
    desk.work()
    told = [
        mail for mail in desk.world.mail.messages()[before:] if "Nobody can answer a request for review" in mail.text
    ]
    assert {
        path for path in ("/desk/appeals", "/desk/people/invitations") if any(path in mail.text for mail in told)
    } == {
        "/desk/appeals",
        "/desk/people/invitations",
    }


def test_a_host_that_is_right_is_left_alone(desk: Desk, acting: Case) -> None:
    item = notices_queries.items_of(acting.pk)[0]
    host = type(desk.cast["ana"].actor)("host")
    notices_services.answer_notice(
        item.notice_id, [notices_services.Given(item.id, "disputed", "A picture of a harbour.")], actor=host
    )
    desk.work()
    acting.refresh_from_db()
    assert (acting.appealed, acting.news) == (True, True)
    appeal = Appeal.objects.get()
    assert appeal.text == "A picture of a harbour."
    services.decide_appeal(appeal.pk, upheld=True, reasons="They are right.", actor=desk.cast["carl"].actor)
    acting.refresh_from_db()
    assert (acting.state, acting.outcome) == ("closed", "not_illegal")
    matter = notices_queries.notice_case_of(acting.pk)
    assert matter
    assert matter.state == "stopped"
    desk.work()
    told = [mail for mail in desk.world.mail.messages() if str(mail.message["Subject"]).startswith("Withdrawn")][-2:]
    assert {mail.recipients[0] for mail in told} == {"police@constabulary.example", "abuse@harbour-host.example"}
    assert all(acting.reference in mail.text and "withdraw what we wrote" in mail.text for mail in told)
    assert {row.what for row in notices_queries.history_of(acting.pk)} >= {"reply_sent"}
    page = desk.client.get(f"/notice/{make_token(settings.LEEWARD.secret_bytes, 'notice', item.notice_id)}")
    assert "We have withdrawn this" in page.content.decode()
    referral = notices_queries.referral_of(acting.pk)
    assert referral
    page = desk.client.get(f"/referral/{make_token(settings.LEEWARD.secret_bytes, 'referral', referral.id)}")
    assert "We have withdrawn this" in page.content.decode()
    assert "Hold the notice" not in page.content.decode()


def test_a_host_that_is_not_right_hears_why(desk: Desk, acting: Case) -> None:
    item = notices_queries.items_of(acting.pk)[0]
    host = type(desk.cast["ana"].actor)("host")
    notices_services.answer_notice(
        item.notice_id, [notices_services.Given(item.id, "disputed", "A picture of a harbour.")], actor=host
    )
    desk.work()
    reasons = "It is what the notice says."
    services.decide_appeal(Appeal.objects.get().pk, upheld=False, reasons=reasons, actor=desk.cast["carl"].actor)
    desk.work()
    mails = desk.world.mail.messages("abuse@harbour-host.example")
    assert any("Reviewed" in str(mail.message["Subject"]) and reasons in mail.text for mail in mails)
    page = desk.client.get(f"/notice/{make_token(settings.LEEWARD.secret_bytes, 'notice', item.notice_id)}")
    assert reasons in page.content.decode()


def test_a_case_left_removed_by_a_crash_closes_when_it_is_heard_again(desk: Desk, acting: Case) -> None:
    Case.objects.filter(pk=acting.pk).update(state="removed")
    following.was_removed(acting.location_id)
    acting.refresh_from_db()
    assert acting.state == "closed"


def test_a_case_that_is_closed_without_saying_that_it_was_wrong_takes_nothing_back(desk: Desk, acting: Case) -> None:
    before = len(desk.world.mail.messages())
    services.claim_case(acting.pk, actor=desk.cast["ana"].actor)
    services.close_case(acting.pk, reason=13, comment="Others see to it.", actor=desk.cast["ana"].actor)
    desk.work()
    assert not any("Withdrawn" in str(mail.message["Subject"]) for mail in desk.world.mail.messages()[before:])
    [item] = notices_queries.items_of(acting.pk)
    page = desk.client.get(f"/notice/{make_token(settings.LEEWARD.secret_bytes, 'notice', item.notice_id)}")
    assert "We have withdrawn this" not in page.content.decode()


def test_a_rejected_appeal_lets_a_removed_case_close(desk: Desk, acting: Case) -> None:
    services.open_appeal(acting.pk, origin="host", origin_id=1, text="No.")
    desk.world.pictures.take_down(GALLERY)
    desk.until(acting, lambda case: case.state == "removed")
    following.was_removed(acting.location_id)
    acting.refresh_from_db()
    assert acting.state == "removed"
    services.decide_appeal(Appeal.objects.get().pk, upheld=False, reasons="It is.", actor=desk.cast["carl"].actor)
    acting.refresh_from_db()
    assert acting.state == "closed"


def test_an_outside_appeal_finds_its_case_and_can_be_taken_back(desk: Desk, acting: Case) -> None:
    from leeward.intake.rules.where import item_drafts

    asked = intake_services.ask_from_outside(
        item_drafts(desk.world.gallery_url, {})[0], relation="owner", text="It is mine.", contact="",
        hotline_id=desk.cast.hotline_id, portal_id=desk.cast.portal_id, language="en", form_key=new_form_key(),
    )  # fmt: skip
    desk.work()
    acting.refresh_from_db()
    assert acting.appealed
    assert intake_queries.outside_appeal(asked.appeal_id).state == "received"
    intake_services.withdraw_appeal(asked.appeal_id)
    desk.work()
    acting.refresh_from_db()
    assert not acting.appealed
    assert Appeal.objects.get().text == ""


def test_a_post_box_passes_on_unassessed(desk: Desk) -> None:
    from leeward.notices.models import NoticeCase

    before = len(desk.world.mail.messages("police@constabulary.example"))
    Portal.objects.filter(pk=desk.cast.portal_id).update(mode="post_box")
    case = desk.case()
    assert (case.state, case.outcome) == ("forwarded", "")
    assert told(desk.reports[0]) == ("closed", "forwarded")
    mail = desk.world.mail.messages("police@constabulary.example")[-1]
    assert "I found a bad page." in mail.text
    assert "\r\n\r\nThis is" in mail.text or mail.text.startswith("This is")
    intake_services.withdraw_report(desk.reports[0])
    desk.work()
    assert "I found a bad page." not in str(NoticeCase.objects.get().brief)
    assert len(desk.world.mail.messages("police@constabulary.example")) == before + 1
    with pytest.raises(Exception, match="can’t be done"):
        services.claim_case(case.pk, actor=desk.cast["ana"].actor)


def test_one_address_through_a_post_box_and_through_a_portal_that_assesses_is_two_cases(desk: Desk) -> None:
    from leeward.casework.models import Case

    assessing = desk.cast.portal_id
    post_box = Portal.objects.create(
        hotline_id=desk.cast.hotline_id, slug="ky", name="Cayman Islands", country="KY", languages=["en"],
        emergency_number="911", police_email="police@constabulary.example", mode="post_box",
    )  # fmt: skip
    for portal_id in (assessing, post_box.pk):
        desk.cast = replace(desk.cast, portal_id=portal_id)
        desk.report(desk.world.gallery_url)
    desk.work()
    states = dict(Case.objects.values_list("portal_id", "state"))
    assert states == {assessing: "triaged", post_box.pk: "forwarded"}


def test_what_comes_in_about_what_a_post_box_passed_on_reaches_the_police_too(desk: Desk) -> None:

    def mails() -> list[Any]:
        return desk.world.mail.messages("police@constabulary.example")[before:]

    before = 0
    before = len(mails())
    Portal.objects.filter(pk=desk.cast.portal_id).update(mode="post_box")
    first = desk.case(desk.world.gallery_url)
    desk.report(desk.world.gallery_url, text="Another person saw it as well.")
    desk.until(first, lambda _: len(mails()) == 2)
    intake_services.add_to_report(desk.reports[0], text="I remember more now.", form_key=new_form_key())
    desk.until(first, lambda _: len(mails()) == 3)
    desk.report(desk.world.gallery_url, text="It is happening today.", is_marked=True)
    desk.until(first, lambda _: len(mails()) == 4)
    assert [mail.message["Subject"].startswith("URGENT") for mail in mails()] == [False, False, False, True]
    last = " ".join(mails()[-1].text.split())
    for text in (
        "Reports of this address: 3",
        "Another person saw it as well.",
        "I remember more now.",
        "It is happening today.",
    ):
        assert text in last


def test_abroad_the_host_is_told_until_somebody_in_charge_there_is_known(desk: Desk) -> None:
    case = desk.first(desk.world.far_gallery_url)
    assert (case.place, case.country) == ("abroad", "CA")
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    page = desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode()
    assert "no confirmed contact there is known" in page
    assert "/desk/contacts/known?country=CA" in page
    desk.assess(case)
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    plan = services.act(case.pk, actor=desk.cast["ana"].actor).plan
    assert (plan.police, plan.host, plan.foreign) == (True, True, True)
    desk.until(case, lambda case: case.state == "monitoring")
    assert removal_tried(case)[0] == "notice", "so that a block can be proposed"
    details = notices_services.ContactDetails(kind="hotline", country="CA", name="There", email="hotline@far.example")
    notices_services.add_contact(details, hotline_id=desk.cast.hotline_id, actor=desk.cast["carl"].actor)
    notices_tasks.try_again()
    desk.until(case, lambda case: notices_queries.abroad_informed_at(case.pk) is not None)


def test_a_country_without_law_can_still_decide(desk: Desk) -> None:
    from leeward.people.models import Portal

    Portal.objects.filter(pk=desk.cast.portal_id).update(country="TV")
    case = desk.case()
    desk.assess(case)
    opinion = case.assessments.get().opinions[0]
    assert opinion["country"] == "TV"
    assert case.state == "decided"


def test_facts_from_an_isolated_workstation(desk: Desk, acts_of: Callable[[Any], list[str]]) -> None:
    case = desk.first("http://odd.harbour-host.example/log-in")
    actor = desk.cast["ana"].actor
    services.claim_case(case.pk, actor=actor)
    services.record_offline_facts(case.pk, PLAIN, actor=actor)
    assert Draft.objects.get().seen == "isolated"
    assert acts_of(case)[-1] == "case.offline_facts_recorded"
    services.assess(case.pk, PLAIN, outcome="illegal", actor=actor, elsewhere="isolated")
    assert case.assessments.get().seen == "isolated"


def test_a_supervisor_opens_a_closed_case_again(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, outcome="not_found", facts={}, reason=9)
    with pytest.raises(Exception, match="role"):
        services.reopen(case.pk, comment="Look again.", actor=desk.cast["ana"].actor)
    services.reopen(case.pk, comment="Look again.", actor=desk.cast["carl"].actor)
    case.refresh_from_db()
    assert (case.state, case.cycle) == ("triaged", 2)
    assert told(desk.reports[0]) == ("looking", "")


def test_a_decided_case_can_be_closed_without_more_work(desk: Desk, acting: Case) -> None:
    services.close_case(acting.pk, reason=4, actor=desk.cast["ana"].actor)
    acting.refresh_from_db()
    assert (acting.state, acting.close_reason) == ("closed", 4)
    matter = notices_queries.notice_case_of(acting.pk)
    assert matter
    assert matter.state == "stopped"


def test_what_cant_be_prepared_does_not_wait_for_ever(desk: Desk) -> None:
    from leeward.casework.queue.services import opening, overdue

    desk.report("http://nowhere.nowhere.example/")
    from leeward.jobs.models import Job

    opening.take_in(desk.reports[0])
    Job.objects.all().delete()
    case = Case.objects.get()
    assert case.state == "received"
    assert overdue.rescue(datetime.now(UTC) - timedelta(hours=1)) == 0
    assert overdue.rescue(datetime.now(UTC) + timedelta(hours=1)) == 1
    case.refresh_from_db()
    assert case.state == "triaged"


def test_what_was_taken_before_its_turn_to_be_prepared_came_is_looked_at_all_the_same(desk: Desk) -> None:
    from leeward.casework.queue.services import opening, overdue

    desk.report(desk.world.gallery_url)
    opening.take_in(desk.reports[0])
    assert overdue.rescue(datetime.now(UTC) + timedelta(hours=1)) == 1
    services.claim_case(Case.objects.get().pk, actor=desk.cast["ana"].actor)
    assert (Case.objects.get().state, Case.objects.get().place) == ("assessing", "unknown")
    tasks.prepare(Case.objects.get().pk)
    assert (Case.objects.get().state, Case.objects.get().place) == ("assessing", "here")
    assert Fetch.objects.get().outcome == "answered"
    tasks.prepare(Case.objects.get().pk)
    assert Fetch.objects.count() == 1


def test_the_chain_of_the_log_holds(desk: Desk, acting: Case) -> None:
    from leeward.audit.queries import verdict

    assert verdict(acting.hotline_id).fault is None
    tasks.keep_order()


def test_a_reporter_is_asked_from_the_list_and_the_question_taken_back(desk: Desk, acts_of: Any) -> None:
    Portal.objects.filter(pk=desk.cast.portal_id).update(languages=["en", "fr"])
    case, client = desk.case(), desk.signed_in("ana")
    Report.objects.update(language="fr")
    page = client.get(f"/desk/case/{case.reference}").content.decode()
    with translation.override("fr"):
        assert escape(translation.gettext(SHIPPED["password"].text)) in page, "as the reporter will read it"
    asked = {"report": desk.reports[0], "canned": "password", "once": new_form_key()}
    for _ in range(2):
        client.post(f"/desk/case/{case.reference}/ask", asked)
    (question,) = intake_queries.messages_of(desk.reports[0])
    assert (question.code, question.form) == ("password", "yes_no")
    page = client.post(f"/desk/case/{case.reference}/ask/withdraw", {"question": question.id}, follow=True)
    assert "withdrawn" in page.content.decode()
    desk.case(desk.world.far_gallery_url)
    other = intake_services.ask_reporter(desk.reports[1], canned="password", actor=desk.cast["ana"].actor)
    assert client.post(f"/desk/case/{case.reference}/ask/withdraw", {"question": other}).status_code == 404
    assert acts_of(case)[-2:] == ["case.reporter_asked", "case.question_withdrawn"]
    desk.assess(case, outcome="not_illegal", facts={}, reason=14)
    desk.work()
    assert "questions are no longer possible" in client.get(f"/desk/case/{case.reference}").content.decode()


def test_everything_that_a_child_in_danger_waits_for_is_urgent(desk: Desk) -> None:
    """From the report to the mail to the police; the case is in the queue before anything has to be found out."""
    from leeward.jobs.models import Job
    from leeward.jobs.worker import claim, run_job

    late = datetime.now(UTC) - timedelta(days=1)
    Job.objects.bulk_create(Job(kind="test.nothing", subject_id=number, due_at=late) for number in range(50))
    desk.report(desk.world.gallery_url, kind="danger")
    done = []
    while (duty := claim(datetime.now(UTC), "here", "urgent")) is not None:
        done.append(duty.kind)
        run_job(duty, datetime.now(UTC))
    case = Case.objects.get()
    assert (case.urgent, case.lane) == (True, "waiting")
    assert {"oncall.call_for_report", "casework.take_in", "notices.deliver"} <= set(done), done
    assert set(Job.objects.values_list("kind", "urgent")) >= {("test.nothing", False), ("casework.prepare", True)}
    assert Job.objects.filter(kind="test.nothing").count() == 50
