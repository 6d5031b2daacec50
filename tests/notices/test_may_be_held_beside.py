"""A hold that may have been lost with a restoring keeps the other cases about its address, too."""

import pytest

from leeward.notices import services
from leeward.notices.rules.briefs import CaseBrief, Plan
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_held_beside import DAY, HOUR, PATH, _first, beside, gate, letter, opened, release, told
from tests.notices.test_said_of_the_host import NOT_YET, due, restore, said

__all__ = ["_first"]
pytestmark = pytest.mark.django_db


def test_a_new_case_waits_for_the_word_about_the_other(office: Office, first: CaseBrief) -> None:
    restore(office)
    second = opened(office)
    office.work(3 * DAY)
    assert (gate(first), gate(second), office.mails(ABUSE)) == ("police", "address", [])
    assert (said(letter(second)), due(second), beside(second)) == (NOT_YET, [], [])
    release(first)
    office.work(HOUR)
    assert (told(first), told(second)) == (1, 1)


def test_so_does_one_that_the_police_are_not_told_of(office: Office, first: CaseBrief) -> None:
    second = office.case(path=PATH)
    office.act(second, Plan(police=False))
    restore(office)
    office.work(3 * DAY)
    assert office.mails(ABUSE) == []
    services.follow_holds(office.reached)
    assert gate(second) == "address"
    release(first)
    office.work(HOUR)
    assert (told(first), told(second)) == (1, 1)


def test_each_waits_for_its_own_word_and_neither_for_ever(office: Office, first: CaseBrief) -> None:
    second = opened(office)
    restore(office)
    release(first)
    office.work(3 * DAY)
    assert office.mails(ABUSE) == []
    release(second)
    office.work(HOUR)
    assert (told(first), told(second)) == (1, 1)


def test_what_only_waits_for_its_time_holds_nothing(office: Office, first: CaseBrief) -> None:
    second = opened(office)
    release(second)
    office.work()
    assert (gate(first), told(second)) == ("police", 1)
    services.follow_holds(office.reached)
    assert gate(second) == "open"
