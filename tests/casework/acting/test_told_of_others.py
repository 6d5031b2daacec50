"""What a receipt says of a case that others reported too: only what is true of this report."""

from typing import Any

import pytest
from django.test import Client

from leeward.casework import services
from leeward.casework.acting.services.owing import standing_of
from leeward.casework.errors import WrongTransition
from leeward.casework.queue.services import claiming
from leeward.clocks.queries import clocks_of_case
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.oncall.models import Page, PagedReport
from leeward.oncall.services import acknowledge_at_desk
from leeward.web_security.keys import new_form_key
from tests.casework.acting.test_urgent import link, police
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db
NUMBER = "+1 876 555 0177"


def told(report_id: int) -> tuple[str, str]:
    item = intake_queries.items_of(report_id)[0]
    return item.state, item.reason


def test_nobody_learns_from_a_receipt_that_another_report_went_to_the_police(desk: Desk, mails: Any) -> None:
    before = desk.report(NUMBER, kind="page")
    desk.work()
    case = desk.case(NUMBER, kind="danger", text="I found a bad page.")
    desk.until(case, lambda _: len(mails()) == 1)
    child = desk.reports[-1]
    after = desk.report(NUMBER, kind="page")
    desk.work()
    assert told(child) == ("acted", "forwarded")
    assert told(before) == told(after) == ("received", "")
    claiming.claim_case(case.pk, actor=desk.cast["ana"].actor)
    assert told(child) == ("acted", "read")
    assert told(before) == told(after) == ("looking", "")
    police(desk, case, "outcome", outcome="child_safe")
    services.hand_over(case.pk, actor=desk.cast["ana"].actor)
    desk.work()
    assert told(child) == ("closed", "forwarded")
    assert told(before) == told(after) == ("closed", "other")
    late = desk.report(NUMBER, kind="page")
    desk.work()
    assert told(late) == ("received", "")


def test_what_was_decided_before_a_report_came_is_not_told_to_it(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    desk.act(case)
    first = told(desk.reports[0])
    assert first[0] == "acted"
    second = desk.report(desk.world.gallery_url, kind="page")
    desk.work()
    assert told(second) == ("received", "")
    services.mark_as_read(case.pk, actor=desk.cast["ana"].actor)
    assert told(second) == told(desk.reports[0])


def test_a_second_urgent_report_is_passed_on_only_when_its_own_words_went(desk: Desk, mails: Any) -> None:
    case = desk.first(NUMBER, kind="danger", text="I found a bad page.")
    desk.until(case, lambda _: len(mails()) == 1)
    second = desk.report(NUMBER, kind="danger", text="I found it too.")
    assert told(second) == ("received", "")
    desk.until(case, lambda _: len(mails()) == 2)
    desk.work()
    assert told(second) == ("acted", "forwarded")


def test_what_is_added_pages_anew_and_has_a_clock_and_an_outcome_of_its_own(desk: Desk, mails: Any) -> None:
    case, ana = desk.first(NUMBER, kind="danger", text="I found a bad page."), desk.cast["ana"].actor
    desk.until(case, lambda _: len(mails()) == 1)
    first_link = link(case)
    page = Page.objects.get()
    acknowledge_at_desk(page.pk, upto=page.reports.latest("pk").pk, actor=ana)
    police(desk, case, "acknowledge")
    intake_services.add_to_report(desk.reports[-1], text="They moved.", form_key=new_form_key())
    desk.until(case, lambda _: len(mails()) == 2)
    desk.work()
    assert PagedReport.objects.filter(report_id=desk.reports[-1], page__closed_at=None, taken_at=None).count() == 1
    clock = next(row for row in clocks_of_case(case.pk) if row.kind == "police_answered")
    assert clock.state == "running"
    Client().post(first_link, {"act": "outcome", "outcome": "child_safe", "once": new_form_key()})
    police(desk, case, "acknowledge")
    standing = standing_of(case)
    assert (standing.outcome, [outcome for _at, outcome in standing.earlier]) == ("", ["child_safe"])
    with pytest.raises(WrongTransition):
        services.hand_over(case.pk, actor=ana)
    police(desk, case, "outcome", outcome="no_danger")
    services.hand_over(case.pk, actor=ana)


def test_a_report_that_gets_worse_is_counted_once_and_the_police_are_told_of_it(desk: Desk, mails: Any) -> None:
    case = desk.first(NUMBER, kind="contact", text="Somebody writes to me.")
    intake_services.add_to_report(desk.reports[-1], text="", worse=["danger"], form_key=new_form_key())
    desk.until(case, lambda _: len(mails()) == 1)
    desk.work()
    assert [row.urgency for row in PagedReport.objects.all()] == ["danger"]
    clock = next(row for row in clocks_of_case(case.pk) if row.kind == "police_told")
    assert clock.state == "met"


def test_the_police_read_all_that_was_said_in_what_is_urgent_and_in_what_is_not(desk: Desk, mails: Any) -> None:
    key, page = new_form_key(), desk.world.gallery_url
    facts = {"needs_login": True, "password": "harbour", "referrer": "http://links.example/a"}
    case = desk.case(page, form_key=key, text="I found a \u202ebad page.", **facts)
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda _: len(mails()) == 1)
    first = " ".join(mails()[0].text.split())
    for said in ("I found a bad page.", "sign in", "harbour", "http://links.example/a", "Saw a page or a file"):
        assert said in first
    assert "\u202e" not in mails()[0].text
    key = new_form_key()
    desk.report(NUMBER, form_key=key, kind="me", threat="unsure", text="A picture of me.")
    desk.report("http://second.example/y", form_key=key, kind="danger", text="They moved.")
    desk.until(case, lambda _: any("second.example" in mail.text for mail in mails()[1:]))
    letter = next(mail.text for mail in mails()[1:] if "second.example" in mail.text)
    for said in ("A picture of me.", "They moved.", "I’m not sure"):
        assert said in letter


def test_two_children_who_name_one_account_are_told_apart_everywhere(desk: Desk, mails: Any) -> None:
    """They share the case rightly: it is one account. What one wrote is never taken for the other's."""
    account, ana = "blue_kite on Telegram", desk.cast["ana"].actor
    case = desk.case(account, kind="danger", text="First said.", under_18=True)
    first = desk.reports[-1]
    desk.until(case, lambda _: len(mails()) == 1)
    assert "Report of" in mails()[0].text, "there is only one"
    second = desk.report(account, kind="danger", text="Second said.", password="theirs")
    intake_services.add_to_report(first, text="First adds.", form_key=new_form_key())
    desk.until(case, lambda _: "First adds." in mails()[-1].text)
    letter = [" ".join(line.split()) for line in mails()[-1].text.replace("\r\n  ", " ").splitlines()]
    for said, number in (
        ("First said.", first), ("Under 18", first), ("First adds.", first), ("Second said.", second), ("theirs", second),
    ):  # fmt: skip
        (line,) = [line for line in letter if said in line]
        assert f"Report {number}" in line
    page = desk.signed_in("ana").get(f"/desk/case/{case.reference}").content.decode()
    assert f"Report {first}" in page
    assert f"Report {second}" in page
    services.claim_case(case.pk, actor=ana)
    services.ask_reporter(case.pk, first, text="Where are you?", actor=ana)
    assert [row.text for row in intake_queries.messages_of_reports([first])] == ["First adds.", "Where are you?"]
    assert intake_queries.messages_of_reports([second]) == []
