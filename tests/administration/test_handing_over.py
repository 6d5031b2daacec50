"""A portal goes to another hotline of the installation: what goes along, what stays, what is in the way, all or nothing."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django_scopes import scope, scopes_disabled

from leeward.administration.errors import HandOverBlocked, HandOverSettled
from leeward.administration.handing import offers_for, plan_of
from leeward.administration.labels import STEPS_TO_CLEAR
from leeward.administration.models import PortalHandOver
from leeward.administration.rules import handing
from leeward.administration.services import handing_over
from leeward.administration.services.handing_over import accept_offer, offer_portal
from leeward.audit.queries import log_of, verdict
from leeward.backup.hotline.rows import lines_of
from leeward.casework import services as casework_services
from leeward.casework.acting.services import following
from leeward.casework.models import Case, CaseItem
from leeward.casework.queue.services.opening import urgent_cases
from leeward.casework.rules.states import OPEN_STATES
from leeward.clocks.models import RuleVersion
from leeward.clocks.rules.due import Rule
from leeward.clocks.services.ruling import set_rule
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.hashbank.models import OwnPictureHash
from leeward.intake.models import Item, Report, ReporterMessage
from leeward.intake.queries import items_of
from leeward.intake.queries.counts import counts_by_portal
from leeward.intake.rules.sms_shapes import Incoming
from leeward.intake.services import ask_reporter, receive_report
from leeward.intake.services.texting import take_text
from leeward.intake.sms_texts import state_of
from leeward.jobs.models import Job
from leeward.monitoring import queries as monitoring_queries
from leeward.notices.models import Contact, NoticeCase, Referral, StaffNote
from leeward.notices.services import answer_referral
from leeward.oncall.models import OnCallPerson, Page, PortalRota
from leeward.oncall.services import put_on_call, set_police_number
from leeward.people.errors import NotSecondPerson, PortalIsRecord
from leeward.people.models import ApiToken, Helpline, Portal, User
from leeward.people.queries import portal
from leeward.people.services import change_portal, open_portal
from leeward.people.services.tokens import issue_token
from leeward.web_security.keys import new_form_key
from tests.casework.acting.test_urgent import police
from tests.casework.conftest import Desk, desk, running_world, world
from tests.casework.test_own_pictures import sent
from tests.having_read import seen_on
from tests.personas import LONG_AGO

__all__ = ["desk", "running_world", "world"]
pytestmark = pytest.mark.django_db


def reported(desk: Desk, *addresses: str, **told: Any) -> tuple[int, str]:
    """A report by the public form; its number and its receipt."""
    from leeward.intake.rules.draft import ReportDraft
    from leeward.intake.rules.where import item_drafts

    values = {"kind": "page", "text": "I found a bad page."} | told
    received = receive_report(
        ReportDraft(items=item_drafts("\n".join(addresses or [desk.world.gallery_url]), {}), **values),
        hotline_id=desk.cast.hotline_id,
        portal_id=desk.cast.portal_id,
        language="en",
        form_key=new_form_key(),
    )
    return received.report_id, received.receipt


def hand_over(desk: Desk, *, keys: tuple[int, ...] = ()) -> int:
    """Jamaica's portal goes to Barbados: Adam offers, Dora accepts; return its number there. A portal that isn't Barbados's has
    nobody on call whom she could mean.
    """
    cast = desk.cast
    offer = offer_portal(portal(cast.portal_id), cast.other_hotline_id, keys=keys, actor=cast["adam"].actor)
    for wrong in (cast.portal_id, 10**17):
        with pytest.raises(NotFound):
            accept_offer(offer, like=wrong, actor=cast["dora"].actor)
    return accept_offer(offer, like=None, actor=cast["dora"].actor)


def receipt_page(receipt: str) -> str:
    answer = Client().post("/jm/receipt", {"receipt": receipt})
    return " ".join(answer.content.decode().split()) if answer.status_code == 200 else ""


@pytest.mark.slow
def test_open_reports_go_along_and_their_receipts_with_them(desk: Desk) -> None:
    cast = desk.cast
    number, receipt = reported(desk)
    desk.work()
    assert receipt_page(receipt)
    ask_reporter(number, text="Which page was it?", actor=cast["ana"].actor)
    made = hand_over(desk)
    new, old = Portal.objects.get(pk=made), Portal.objects.get(pk=cast.portal_id)
    assert (new.slug, new.hotline_id, new.formerly_id, new.takes_reports) == ("jm", cast.other_hotline_id, old.pk, True)
    assert (old.slug, old.is_open, old.takes_reports) == (f"jm-{old.pk}", False, False)
    assert new.languages == ["en", "fr", "ur"]
    assert list(Helpline.objects.filter(portal=new).values_list("name", "is_shown")) == [("Child helpline", True)]
    assert not Case.objects.filter(state__in=OPEN_STATES).exists(), "nobody of the former hotline has anything to do"
    stub = Report.objects.get(pk=number)
    assert (stub.text, stub.where, stub.receipt_hash, stub.once_digest) == ("", "", None, None)
    desk.work()
    with scope(hotline=cast.other_hotline_id):
        (report,) = Report.objects.all()
        (case,) = Case.objects.all()
        assert (report.text, report.formerly, report.portal_id) == ("I found a bad page.", number, made)
        assert (case.portal_id, case.state, case.received_at) == (made, "triaged", report.received_at)
        assert ReporterMessage.objects.get().asked == "Which page was it?"
        assert ReporterMessage.objects.get().asked_by is None
    page = receipt_page(receipt)
    assert "Which page was it?" in page
    added = Client().post(
        "/jm/receipt", {"receipt": receipt, "act": "add", "text": "It is still there.", "once": new_form_key()}
    )
    assert added.status_code == 200
    with scope(hotline=cast.other_hotline_id):
        assert "It is still there." in [one.text for one in ReporterMessage.objects.all()]
    shown = desk.signed_in("dora").get(f"/desk/case/{case.reference}").content.decode()
    assert "Hotline of Jamaica had it before" in shown
    for hotline_id in (cast.hotline_id, cast.other_hotline_id):
        assert verdict(hotline_id, is_begun=False).fault is None
        with scopes_disabled():
            list(lines_of(hotline_id))  # no row of one refers to a row of the other that it can't be without


def test_what_was_done_before_is_seen_there_and_told_on(desk: Desk) -> None:
    cast = desk.cast
    case = desk.case()
    (number,) = desk.reports
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.state == "monitoring" and one.host_told_at is not None)
    before = {item.state: item.reason for item in items_of(number)}
    assert before == {"acted": "police_and_host"}
    assert counts_by_portal(LONG_AGO, datetime.now(UTC))[cast.portal_id] == (1, 0)
    made = hand_over(desk)
    case.refresh_from_db()
    assert (case.state, case.outcome, case.claimed_by_id) == ("closed", "illegal", None)
    assert monitoring_queries.watch_of(case.location_id).state == "off"
    assert [row.state for row in NoticeCase.objects.all()] == ["stopped"]
    assert "case.left" in [line.event for line in log_of(cast.hotline_id, f"case:{case.pk}")]
    assert counts_by_portal(LONG_AGO, datetime.now(UTC)) == {cast.portal_id: (1, 0)}, "counted where it came in"
    desk.work()
    with scope(hotline=cast.other_hotline_id):
        (theirs,) = Case.objects.all()
        (report,) = Report.objects.all()
        assert [(item.state, item.reason) for item in items_of(report.pk)] == [("acted", "police_and_host")]
        assert counts_by_portal(LONG_AGO, datetime.now(UTC)) == {}
        assert theirs.outcome == "", "it is assessed anew"
    shown = " ".join(desk.signed_in("dora").get(f"/desk/case/{theirs.reference}").content.decode().split())
    for words in (
        f"Its case there: {case.reference}",
        "Police told",
        "Host told",
        "Whoever was told has it",
        "Photograph",
    ):
        assert words in shown, words
    assert (
        "Handed over to another hotline with its portal"
        in desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode()
    )
    (line,) = log_of(cast.other_hotline_id, f"portal:{made}", events=["portal.taken_over"])
    assert (line.facts["from"], line.facts["reports"]) == (cast.hotline_id, 1)
    theirs_of = log_of(cast.hotline_id, f"portal:{cast.portal_id}", events=["portal.handed_over"])
    assert line.facts["row"] == theirs_of[0].number
    following.something_is_new(case.pk, "notice_moved")  # the host answers by the link that it has
    desk.work()
    with scope(hotline=cast.other_hotline_id):
        theirs.refresh_from_db()
        assert theirs.news_at is not None
        Case.objects.update(news_at=None)
    Case.objects.update(news_at=None)
    police(desk, case, "note", note="Who has the case now?")
    assert case.news
    with scope(hotline=cast.other_hotline_id):
        theirs.refresh_from_db()
        assert theirs.news_at is not None
    following.came_back(case.location_id)
    with pytest.raises(PortalIsRecord):
        casework_services.reopen(case.pk, comment="Once more.", actor=cast["carl"].actor)
    assert "/reopen" not in desk.signed_in("carl").get(f"/desk/case/{case.reference}").content.decode()
    case.refresh_from_db()
    assert case.state == "closed", "nobody here works on it any more"


def test_closed_reports_stay_with_their_receipts_and_come_after_if_something_is_added(desk: Desk) -> None:
    cast = desk.cast
    number, receipt = reported(desk)
    desk.work()
    case = Case.objects.get()
    desk.assess(case, outcome="not_illegal", reason=16)
    assert Report.objects.get(pk=number).closed_at is not None
    made = hand_over(desk)
    page = receipt_page(receipt)
    assert "It is not against the law here." in page
    assert Report.objects.get(pk=number).text == "I found a bad page.", "what is closed stays, with its log"
    with scope(hotline=cast.other_hotline_id):
        assert not Report.objects.exists()
        asked = Incoming("+18765550199", "+18765550199", receipt, "", has_picture=False)
        assert take_text(asked, portal(made), language="en").texts == (state_of("closed"),), "by text message as well"
    added = {"receipt": receipt, "act": "add", "text": "Now it is at http://pictures.example/b", "once": new_form_key()}
    assert Client().post("/jm/receipt", added).status_code == 200
    desk.work()
    assert not Case.objects.filter(state__in=OPEN_STATES).exists()
    with scope(hotline=cast.other_hotline_id):
        (report,) = Report.objects.all()
        assert (report.portal_id, report.formerly) == (made, number)
        assert [item.state for item in items_of(report.pk)] == ["closed", "received"]
        (theirs,) = Case.objects.all()
        assert theirs.report_count == 1, "what was decided there is not opened again"
    assert "It is not against the law here." in receipt_page(receipt)


def test_what_else_an_urgent_report_names_is_an_urgent_case_there_where_the_first_was_decided(desk: Desk) -> None:
    """About one child there is one urgent case, of what the report names first: here that was over before it came."""
    cast = desk.cast
    number, _ = reported(desk, "http://a.example/x", "http://b.example/y", "http://c.example/z", kind="danger")
    desk.work()
    with scope(hotline=cast.hotline_id):
        first = items_of(number)[0].id
        Case.objects.filter(items__item_id=first).update(state="closed", closed_at=datetime.now(UTC))
        Item.objects.filter(pk=first).update(state="closed", reason="not_illegal")
        Page.objects.update(closed_at=datetime.now(UTC))
    hand_over(desk)
    desk.work()
    with scope(hotline=cast.other_hotline_id):
        opened = list(CaseItem.objects.order_by("item_id"))
        assert [(row.item.display, row.case.urgent) for row in opened] == [
            ("http://b.example/y", True),
            ("http://c.example/z", False),
        ]
        assert opened[1].case.named_with_id == opened[0].case_id
        assert urgent_cases(opened[0].item.report_id) == [opened[0].case_id]
    assert not Job.objects.exclude(problem="").exists()


def test_what_came_at_the_same_moment_is_brought_after(desk: Desk) -> None:
    hand_over(desk)
    number, _receipt = reported(desk)  # by a process that had the portal in its memory
    offer = PortalHandOver.of_every_hotline.get()
    assert Job.objects.filter(kind=handing_over.SWEEP, subject_id=offer.pk).exists()
    desk.work()
    handing_over.bring_after(offer.pk)
    handing_over.bring_after(offer.pk)
    with scope(hotline=desk.cast.other_hotline_id):
        assert [row.formerly for row in Report.objects.all()] == [number]
    assert not Case.objects.filter(state__in=OPEN_STATES).exists()


def test_fingerprints_rules_keys_and_people_on_call_go_along(desk: Desk) -> None:
    cast = desk.cast
    sent(desk, happened="afraid")
    fingerprints = OwnPictureHash.objects.count()
    assert fingerprints
    issue_token(name="A school", scopes=["intake"], actor=cast["adam"].actor)
    issue_token(name="Both", scopes=["intake", "export"], actor=cast["adam"].actor)
    keys = {row.name: row.pk for row in ApiToken.objects.all()}
    set_rule(cast.portal_id, "first_assessment", Rule(6, "hours"), actor=cast["adam"].actor)
    set_police_number(cast.portal_id, "555 0119", actor=Actor("command", hotline_id=cast.hotline_id))
    with scope(hotline=cast.other_hotline_id):
        put_on_call(cast.other_portal_id, cast["dora"].account_id, actor=cast["dora"].actor)
    made = hand_over(desk, keys=tuple(keys.values()))
    assert not OwnPictureHash.objects.exists()
    owners = dict(ApiToken.objects.values_list("name", "hotline_id"))
    assert owners == {"A school": cast.other_hotline_id, "Both": cast.hotline_id}, "one that opens more stays"
    desk.work()
    with scope(hotline=cast.other_hotline_id):
        assert OwnPictureHash.objects.filter(report_id=Report.objects.get().pk).count() == fingerprints
        assert RuleVersion.objects.get(portal_id=made).amount == 6
        assert OnCallPerson.objects.get(portal_id=made).person_id == cast["dora"].account_id
        assert PortalRota.objects.get(portal_id=made).police_number == "555 0119"
        assert [(item.state, item.reason) for item in items_of(Report.objects.get().pk)] == [("acted", "listed")]


def test_a_case_with_a_report_of_another_portal_goes_on_for_that_one(desk: Desk) -> None:
    cast = desk.cast
    other = open_portal(
        cast.hotline_id, slug="second", name="Second", country="JM", languages=["en"], actor=Actor("command")
    )
    reported(desk)
    desk.work()
    staying = desk.report(desk.world.gallery_url, text="I found it too.")
    Report.objects.filter(pk=staying).update(portal_id=other)
    desk.work()
    case = Case.objects.get()
    assert (case.portal_id, case.report_count) == (cast.portal_id, 2)
    hand_over(desk)
    case.refresh_from_db()
    assert (case.portal_id, case.state, case.report_count) == (other, "triaged", 1)
    assert not Case.objects.filter(portal_id=cast.portal_id, state__in=OPEN_STATES).exists()


IN_THE_WAY = {
    "in_hand": lambda desk, case: Case.objects.update(state="acting"),
    "urgent": lambda desk, case: Case.objects.update(urgent=True),
    "from_peers": lambda desk, case: Report.objects.update(source="peer"),
    "from_abroad": lambda desk, case: Report.objects.update(source="tip"),
    "appealed": lambda desk, case: Case.objects.update(appealed=True),
    "held": lambda desk, case: Case.objects.update(held_until=datetime.now(UTC)),
    "nobody": lambda desk, case: User.objects.filter(hotline_id=desk.cast.other_hotline_id).update(is_active=False),
}


@pytest.mark.parametrize("what", sorted(IN_THE_WAY))
def test_what_is_in_the_way_is_named_and_nothing_changes(desk: Desk, what: str) -> None:
    cast = desk.cast
    case = desk.first()
    offer = offer_portal(portal(cast.portal_id), cast.other_hotline_id, keys=(), actor=cast["adam"].actor)
    IN_THE_WAY[what](desk, case)
    assert what in plan_of(portal(cast.portal_id), cast.other_hotline_id).in_the_way
    with pytest.raises(HandOverBlocked):
        accept_offer(offer, like=None, actor=cast["dora"].actor)
    assert Portal.objects.get(slug="jm").pk == cast.portal_id
    assert len(offers_for(cast.hotline_id)) == 1, "the offer stays"
    page = desk.signed_in("adam").get(f"/desk/administration/portals/{cast.portal_id}/hand-over").content.decode()
    assert str(STEPS_TO_CLEAR[what]) in page, "with the one step that clears it"


def test_a_crash_in_the_middle_leaves_everything_as_it_was(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    cast = desk.cast
    receipts = [reported(desk, f"http://pictures.example/{n}")[1] for n in range(3)]
    desk.work()
    offer = offer_portal(portal(cast.portal_id), cast.other_hotline_id, keys=(), actor=cast["adam"].actor)
    steps, carried = iter(range(10)), handing_over.hand_over_report

    def dies(*arguments: Any) -> int:
        if next(steps) == 2:
            raise MemoryError
        return carried(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(handing_over, "hand_over_report", dies)
        with pytest.raises(MemoryError), transaction.atomic():
            accept_offer(offer, like=None, actor=cast["dora"].actor)
    assert Portal.objects.get(slug="jm").pk == cast.portal_id
    assert Case.objects.filter(state__in=OPEN_STATES).count() == 3
    assert all(map(receipt_page, receipts))
    with scope(hotline=cast.other_hotline_id):
        assert not Report.objects.exists()
    accept_offer(offer, like=None, actor=cast["dora"].actor)
    assert all(map(receipt_page, receipts))


def test_many_reports_follow_in_pieces_and_go_on_where_a_crash_ended_them(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each receipt opens all the time, each report comes once, and a case whose reports are torn apart ends with the last."""
    cast = desk.cast
    monkeypatch.setattr(handing_over, "AT_ONCE", 1)
    monkeypatch.setattr(handing, "PIECE", 2)
    places = [f"http://pictures.example/{n}" for n in (0, 1, 2, 1, 3, 0)]
    receipts = [reported(desk, place)[1] for place in places]
    desk.work()
    made = hand_over(desk)
    (offer,) = PortalHandOver.of_every_hotline.all()
    assert (offer.reports, Report.objects.filter(handed_over_at=None).count()) == (6, 5)
    assert all(map(receipt_page, receipts))
    assert Case.objects.filter(state__in=OPEN_STATES).count() == 4, "the first case has a report that follows"
    page = " ".join(desk.signed_in("dora").get(f"/desk/administration/offers/{offer.pk}").content.decode().split())
    assert "1 of 6 open reports are there. The others follow by themselves" in page
    assert "1 of 6 open reports" in " ".join(
        desk.signed_in("adam").get(f"/desk/administration/portals/{cast.portal_id}/hand-over").content.decode().split()
    )
    steps, carried = iter(range(20)), handing_over.hand_over_report

    def dies(*arguments: Any) -> int:
        if next(steps) == 3:
            raise MemoryError
        return carried(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(handing_over, "hand_over_report", dies)
        with pytest.raises(MemoryError):
            handing_over.bring_after(offer.pk)
    assert all(map(receipt_page, receipts))
    assert handing_over.bring_after(offer.pk, until=lambda: True) == 3, "the first piece stays where it went"
    desk.work()
    assert not Report.objects.filter(handed_over_at=None).exists()
    assert not Case.objects.filter(state__in=OPEN_STATES).exists()
    with scope(hotline=cast.other_hotline_id):
        assert Report.objects.filter(portal_id=made).count() == 6
        assert len(set(Report.objects.values_list("formerly", flat=True))) == 6
        assert Case.objects.filter(state__in=OPEN_STATES).count() == 4
    assert all(map(receipt_page, receipts))
    page = desk.signed_in("dora").get(f"/desk/administration/offers/{offer.pk}").content.decode()
    assert "follow by themselves" not in page


def test_what_somebody_works_on_goes_along_with_what_was_decided(desk: Desk) -> None:
    cast = desk.cast
    case = desk.first()
    casework_services.claim_case(case.pk, actor=cast["ana"].actor)
    plan = plan_of(portal(cast.portal_id), cast.other_hotline_id)
    assert (plan.in_the_way, plan.counts["interrupted"]) == ((), 1)
    desk.assess(case)
    assert case.state == "decided"
    page = desk.signed_in("adam").get(
        f"/desk/administration/portals/{cast.portal_id}/hand-over?to={cast.other_hotline_id}"
    )
    assert "That work ends with it; facts that were decided go along." in " ".join(page.content.decode().split())
    hand_over(desk)
    case.refresh_from_db()
    assert (case.state, case.claimed_by_id) == ("closed", None)
    desk.work()
    with scope(hotline=cast.other_hotline_id):
        (theirs,) = Case.objects.all()
        assert (theirs.state, theirs.outcome) == ("triaged", "")
    assert "What people there found" in desk.signed_in("dora").get(f"/desk/case/{theirs.reference}").content.decode()


def test_an_offer_and_its_answer_are_announced_by_mail(desk: Desk) -> None:
    cast = desk.cast
    offer = offer_portal(portal(cast.portal_id), cast.other_hotline_id, keys=(), actor=cast["adam"].actor)
    desk.work()
    with scope(hotline=cast.other_hotline_id):
        rows = StaffNote.objects.filter(what="portal_offered")
        assert {row.person_id for row in rows} >= {cast["dora"].account_id}
        assert {row.path for row in rows} == {f"/desk/administration/offers/{offer}"}
    assert not StaffNote.objects.filter(what="portal_offered").exists(), "whoever offers it knows"
    accept_offer(offer, like=None, actor=cast["dora"].actor)
    desk.work()
    assert [row.person_id for row in StaffNote.objects.filter(what="portal_answered")] == [cast["adam"].account_id]


def test_it_takes_somebody_of_each_hotline_and_every_offer_is_settled_once(desk: Desk) -> None:
    cast = desk.cast
    adam, dora, carl = (cast[who].actor for who in ("adam", "dora", "carl"))
    here = portal(cast.portal_id)
    with pytest.raises(NotAllowed):
        offer_portal(here, cast.other_hotline_id, keys=(), actor=carl)
    with pytest.raises(NotAllowed):
        offer_portal(here, cast.other_hotline_id, keys=(), actor=dora)
    for wrong in (cast.hotline_id, 999_999):
        with pytest.raises(BadInput):
            offer_portal(here, wrong, keys=(), actor=adam)
    first = offer_portal(here, cast.other_hotline_id, keys=(), actor=adam)
    offer = offer_portal(here, cast.other_hotline_id, keys=(), actor=adam)
    assert PortalHandOver.of_every_hotline.get(pk=first).outcome == "withdrawn"
    for stranger in (adam, carl):
        with pytest.raises(NotFound):
            accept_offer(offer, like=None, actor=stranger)
    with pytest.raises(NotFound), scope(hotline=cast.other_hotline_id):
        handing_over.withdraw_offer(offer, actor=dora)
    User.objects.filter(pk=cast["dora"].account_id).update(made_by=cast["adam"].account_id)
    with pytest.raises(NotSecondPerson):
        accept_offer(offer, like=None, actor=dora)
    User.objects.filter(pk=cast["dora"].account_id).update(made_by=None)
    accept_offer(offer, like=None, actor=dora)
    with pytest.raises(HandOverSettled):
        accept_offer(offer, like=None, actor=dora)
    with pytest.raises(HandOverSettled):
        handing_over.refuse_offer(offer, actor=dora)
    with pytest.raises(HandOverSettled):
        offer_portal(portal(cast.portal_id), cast.other_hotline_id, keys=(), actor=adam)
    with pytest.raises(PortalIsRecord):
        change_portal(cast.portal_id, is_open=True, actor=adam)


def test_on_the_desk_one_side_offers_and_the_other_answers(desk: Desk) -> None:
    cast = desk.cast
    desk.first()
    adam, dora = desk.signed_in("adam"), desk.signed_in("dora")
    here = f"/desk/administration/portals/{cast.portal_id}/hand-over"
    to = str(cast.other_hotline_id)

    def shown() -> str:
        return seen_on(adam.get(f"{here}?to={to}").content.decode())

    older = shown()
    assert here in adam.get(f"/desk/administration/portals/{cast.portal_id}").content.decode()
    page = " ".join(adam.get(f"{here}?to={cast.other_hotline_id}").content.decode().split())
    assert "1 open report with its words" in page
    assert "Offer it to Hotline of Barbados" in page
    assert adam.post(here, {"to": to, "seen": older}).status_code == 302
    for seen in ({}, {"seen": older}):
        assert adam.post(here, {"to": to} | seen).status_code == 409, "it would end an offer that the page didn’t show"
    assert "It is offered to Hotline of Barbados" in adam.get(here).content.decode()
    (row,) = offers_for(cast.other_hotline_id)
    there = f"/desk/administration/offers/{row.id}"
    assert there in dora.get("/desk/administration/offers").content.decode()
    assert "is offered to Hotline of Barbados" in adam.get("/desk/administration/offers").content.decode()
    assert adam.get(there).status_code == 404
    assert "Take it over" in dora.get(there).content.decode()
    assert dora.post(there, {"answer": "refuse"}).status_code == 302
    assert "This offer is settled. Nothing was changed." in dora.get(there).content.decode()
    assert adam.post(here, {"to": to, "seen": shown()}).status_code == 302
    (row,) = offers_for(cast.hotline_id)
    assert adam.post(here, {"act": "withdraw", "offer": str(row.id)}).status_code == 302
    assert adam.post(here, {"to": to, "seen": shown()}).status_code == 302
    (row,) = offers_for(cast.hotline_id)
    there = f"/desk/administration/offers/{row.id}"
    assert dora.post(there, {"answer": "later"}).status_code == 400
    assert dora.post(there, {"answer": "accept", "like": str(cast.other_portal_id)}).status_code == 302
    assert "with 1 open report" in " ".join(dora.get(there).content.decode().split())
    assert "This portal was handed over." in adam.get(here).content.decode()
    assert Portal.objects.get(slug="jm").hotline_id == cast.other_hotline_id


def test_the_command_shows_the_plan_and_hands_over_when_told(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    from leeward.cli.main import run

    case = desk.first()
    command = ["portal", "hand-over", "jm", "--to", "bb", "--json"]
    assert run(command) == 0
    plan = json.loads(capsys.readouterr().out)
    assert (plan["reports"], plan["cases"], plan["in_the_way"]) == (1, 1, [])
    assert Portal.objects.get(slug="jm").pk == desk.cast.portal_id, "a plan changes nothing"
    Case.objects.filter(pk=case.pk).update(state="acting")
    assert run([*command, "--yes"]) == 1
    assert json.loads(capsys.readouterr().out)["in_the_way"] == ["in_hand"]
    Case.objects.filter(pk=case.pk).update(state="triaged")
    assert run([*command, "--yes"]) == 0
    done = json.loads(capsys.readouterr().out)
    assert (done["became"], done["left"]) == (Portal.objects.get(slug="jm").pk, 0)
    assert run(["portal", "hand-over", "jm", "--to", "nobody"]) == 2
    assert run(["portal", "hand-over", "nowhere", "--to", "bb"]) == 2


def test_a_child_of_whom_child_protection_has_not_said_is_in_the_way(desk: Desk) -> None:
    cast = desk.cast
    case = desk.first()
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.state == "monitoring" and one.host_told_at is not None)
    office = Contact.objects.create(
        hotline_id=cast.hotline_id, kind="protection", country="JM", service="social", email="care@child.example"
    )
    casework_services.tell_protection(
        case.pk, office_id=office.pk, child="A girl, about ten.", place="", actor=cast["ana"].actor
    )
    desk.work()
    plan = plan_of(portal(cast.portal_id), cast.other_hotline_id)
    assert plan.in_the_way == ("protection",)
    with pytest.raises(HandOverBlocked):
        hand_over(desk)
    referral = Referral.objects.get(kind="protection")
    answer_referral(referral.pk, "outcome", outcome="child_safe", note="They telephoned.", actor=cast["pia"].actor)
    hand_over(desk)
    desk.work()
    with scope(hotline=cast.other_hotline_id):
        (theirs,) = Case.objects.all()
    page = desk.signed_in("dora").get(f"/desk/case/{theirs.reference}").content.decode()
    assert "Passed on to child protection" in page, "they should not tell the office anew without knowing"
    assert "A girl, about ten." not in page
