"""A hold that nothing ends after a restoring: the police can hold the case again, however long ago that hold began."""

import re

import pytest

from leeward.notices import services
from leeward.notices.errors import HoldNotPossible
from leeward.notices.rules.briefs import CaseBrief
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_holds import DAY, THEY, _brief, hold, letters
from tests.notices.test_said_of_the_host import HELD, page_of, restore, said

__all__ = ["_brief"]
pytestmark = pytest.mark.django_db


def last_day(office: Office) -> str:
    [found] = re.findall(r'max="([\d-]+)"', page_of(letters()[0]))
    return str(found)


def test_after_a_restoring_the_longest_time_of_a_hold_begins_anew(office: Office, brief: CaseBrief) -> None:
    hold(office, letters()[0], days=20)
    office.work(DAY)
    assert last_day(office) == "2026-12-23", "while a day ends it, it is counted from its beginning"
    restore(office)
    office.work(60 * DAY)
    assert last_day(office) == "2027-02-22"
    with pytest.raises(HoldNotPossible):
        hold(office, letters()[0], days=31)
    hold(office, letters()[0], days=5)
    assert said(letters()[0]).startswith(HELD)
    assert last_day(office) == "2027-02-22"
    with pytest.raises(HoldNotPossible):
        services.answer_referral(letters()[0].pk, "hold", until=office.reached + 31 * DAY, actor=THEY)
    office.work(4 * DAY)
    assert office.mails(ABUSE) == []
    assert last_day(office) == "2027-02-22"
    office.work(DAY)
    assert len(office.mails(ABUSE)) == 1
