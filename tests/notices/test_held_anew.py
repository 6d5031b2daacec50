"""A hold that nothing ends after a restoring: the police can hold the case again, however long ago that hold began."""

import re
from collections.abc import Callable

import pytest

from leeward.notices import services
from leeward.notices.channels.protocol import Parcel
from leeward.notices.channels.smtp.channel import Smtp
from leeward.notices.errors import HoldNotPossible
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.delivery import Outcome
from leeward.notices.services import delivery
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


def test_a_hold_that_comes_while_the_mail_server_is_asked_holds(
    office: Office, brief: CaseBrief, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing outdates the notice any more."""
    hand_over, handed = Smtp.hand_over, list[str]()

    def slow(server: Smtp, parcel: Parcel, may_go: Callable[[], bool]) -> Outcome | None:
        if parcel.to == ABUSE and not handed:
            handed.append(parcel.to)
            hold(office, letters()[0], days=2)
        return hand_over(server, parcel, may_go)

    monkeypatch.setattr(delivery, "EDITIONS_A_RUN", 1)
    monkeypatch.setattr(Smtp, "hand_over", slow)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work(DAY)
    assert (handed, office.mails(ABUSE)) == ([ABUSE], [])
    office.work(3 * DAY)
    assert len(office.mails(ABUSE)) == 1
