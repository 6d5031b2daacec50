"""A hold of the police stands where its case is acted on anew and they aren't asked about it any more."""

from datetime import timedelta

import pytest

from leeward.foundation.actor import SYSTEM
from leeward.notices import services
from leeward.notices.models import Message, NoticeCase
from leeward.notices.rules.briefs import CaseBrief, Plan
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_held_beside import DAY, _first, _second, gate, letter, release, told
from tests.notices.test_holds import hold
from tests.notices.test_said_of_the_host import ASKED_NOW, HELD, due, page_of, restore, said

__all__ = ["_first", "_second"]
pytestmark = pytest.mark.django_db


def held_and_begun_anew(office: Office, brief: CaseBrief) -> None:
    hold(office, letter(brief), days=9)
    services.withdraw(brief.case_id, actor=SYSTEM)
    office.act(brief, Plan(police=False))


def test_it_waits_for_the_end_of_the_hold(office: Office, first: CaseBrief) -> None:
    held_and_begun_anew(office, first)
    until = letter(first).hold_until
    assert (gate(first), due(first)) == ("police", [until])
    assert said(letter(first)).startswith(HELD)
    assert ASKED_NOW in page_of(letter(first))
    office.work(8 * DAY)
    assert office.mails(ABUSE) == []
    office.work(2 * DAY)
    assert told(first) == 1


def test_so_does_another_case_about_the_address(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    release(second)
    held_and_begun_anew(office, first)
    office.work(8 * DAY)
    assert (gate(second), office.mails(ABUSE)) == ("address", [])
    release(first)
    office.work()
    assert (told(first), told(second)) == (1, 1)


def test_no_day_is_named_after_a_restoring(office: Office, first: CaseBrief) -> None:
    held_and_begun_anew(office, first)
    restore(office)
    assert due(first) == []
    assert not said(letter(first)).startswith(HELD)
    office.work(30 * DAY)
    assert office.mails(ABUSE) == []
    release(first)
    office.work()
    assert told(first) == 1


def test_what_went_on_before_follows_by_itself(office: Office, first: CaseBrief) -> None:
    held_and_begun_anew(office, first)
    this = NoticeCase.objects.filter(case_id=first.case_id)
    this.update(state="open", next_at=office.reached)
    assert services.advance(this.get().pk) is not None, "it waits"
    assert not Message.objects.filter(kind="notice").exists()
    services.follow_holds(office.reached + timedelta(minutes=1))
    assert gate(first) == "police"
