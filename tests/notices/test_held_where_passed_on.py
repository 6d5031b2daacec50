"""The police can hold what was only passed on to them where another case about the same address tells a host, or could."""

import pytest

from leeward.foundation.actor import SYSTEM
from leeward.notices import services
from leeward.notices.errors import NothingToHold
from leeward.notices.rules.briefs import CaseBrief
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_held_beside import DAY, PATH, gate, letter, opened, release, told
from tests.notices.test_holds import hold
from tests.notices.test_said_of_the_host import offered

pytestmark = pytest.mark.django_db


@pytest.fixture(name="passed")
def _passed(office: Office) -> CaseBrief:
    brief = office.case(path=PATH, judged="")
    services.forward_to_police(brief)
    office.work()
    return brief


def test_nothing_is_held_where_no_host_is_told(office: Office, passed: CaseBrief) -> None:
    assert "hold" not in offered(letter(passed))
    with pytest.raises(NothingToHold):
        hold(office, letter(passed))


def test_the_other_case_waits_and_goes_on(office: Office, passed: CaseBrief) -> None:
    second = opened(office)
    release(second)
    assert "hold" in offered(letter(passed))
    hold(office, letter(passed), days=9)
    assert gate(second) == "address"
    office.work(8 * DAY)
    assert office.mails(ABUSE) == []
    release(passed)
    office.work()
    assert (told(passed), told(second)) == (0, 1)


def test_nothing_is_held_for_what_is_stopped(office: Office, passed: CaseBrief) -> None:
    second = opened(office)
    services.withdraw(second.case_id, actor=SYSTEM)
    assert "hold" not in offered(letter(passed))
    with pytest.raises(NothingToHold):
        hold(office, letter(passed))
