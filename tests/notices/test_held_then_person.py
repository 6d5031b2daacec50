"""Redirects, answers to hosts and portals that change while the police hold an address."""

from dataclasses import replace

import pytest

from leeward.foundation.actor import SYSTEM, Actor
from leeward.notices import services
from leeward.notices.models import Message, NoticeCase, NoticeItem, StaffNote
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.redirects import PAGE
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_held_beside import DAY, HOUR, _first, _second, gate, letter, release, told
from tests.notices.test_holds import hold

__all__ = ["_first", "_second"]
pytestmark = pytest.mark.django_db


def answered(office: Office, brief: CaseBrief, answer: str, words: str) -> NoticeItem:
    """The host is told of a case and answers."""
    release(brief)
    office.work()
    item = NoticeItem.objects.get(case_id=brief.case_id)
    services.answer_notice(item.notice_id, [services.Given(item.pk, answer, words)], actor=Actor("host"))
    return item


def test_staff_hear_after_a_hold_that_somebody_else_is_in_charge(
    office: Office, first: CaseBrief, second: CaseBrief
) -> None:
    release(second)
    office.work()
    item = NoticeItem.objects.get(case_id=second.case_id)
    hold(office, letter(first), days=5)
    given = [services.Given(item.pk, "wrong_contact", "abuse@right.example")]
    services.answer_notice(item.notice_id, given, actor=Actor("host"))
    assert not StaffNote.objects.filter(what="wrong_contact").exists()
    office.work(6 * DAY)
    assert gate(second) == "person"
    told_of = StaffNote.objects.filter(what="wrong_contact", hotline_id=item.hotline_id)
    assert {(note.key, note.path) for note in told_of} == {(f"redirect:{item.pk}", PAGE.format(item=item.pk))}


def test_whoever_disagreed_hears_nothing_of_what_is_stopped_either(
    office: Office, first: CaseBrief, second: CaseBrief
) -> None:
    item = answered(office, second, "disputed", "It is ours.")
    hold(office, letter(first), days=9)
    services.withdraw(second.case_id, actor=SYSTEM)
    services.stand_by(item.pk, reasons="It stands.")
    office.work(8 * DAY)
    assert len(office.mails(ABUSE)) == 1
    release(first)
    office.work(HOUR)
    assert any("It stands." in mail.text for mail in office.mails(ABUSE))


def test_nor_before_its_gate_follows(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    item = answered(office, second, "disputed", "It is ours.")
    hold(office, letter(first), days=9)
    NoticeCase.objects.filter(case_id=second.case_id).update(state="open")
    services.stand_by(item.pk, reasons="It stands.")
    assert services.deliver(Message.objects.get(kind="reply").pk) is not None
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_counts_in_the_country_whose_police_were_written_to(
    office: Office, first: CaseBrief, second: CaseBrief
) -> None:
    away = Portal.objects.get(pk=office.cast.portal_id)
    away.pk, away.slug, away.country, away.police_email = None, "bahamas", "BS", "police@bahamas.example"
    away.save()
    hold(office, letter(first), days=9)
    release(second)
    office.act(replace(first, portal_id=away.pk))
    services.follow_holds(office.reached)
    office.work(DAY)
    assert (gate(second), told(first), told(second)) == ("address", 0, 0)
