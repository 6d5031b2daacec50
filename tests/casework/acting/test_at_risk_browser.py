"""The pages about a child at risk in a real browser: phone and desktop, light and dark, nothing that bars anybody."""

import pytest

from leeward.casework.models import Case
from leeward.notices.models import Referral
from tests.browser import Visit
from tests.casework.acting.conftest import SAID
from tests.casework.acting.test_at_risk import CHILD, office, tell
from tests.casework.acting.test_urgent import link
from tests.casework.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_letter_is_written_seen_and_answered(desk: Desk, visitor: Visit) -> None:
    case: Case = desk.case("", kind="contact", text=SAID)
    care = office(desk)
    guest = visitor()
    cookie = desk.signed_in("carl").cookies["sessionid"].value
    url = f"{guest.base}/desk"
    guest.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url, "sameSite": "Strict"}])
    tell(desk, case, care, "carl")
    desk.work()
    assert guest.go(f"/desk/case/{case.reference}/protection").ok
    guest.page.get_by_label("What is known of the child").fill(CHILD)
    guest.look("at-risk-form")
    guest.page.get_by_role("button", name="Show the letter").click()
    guest.page.get_by_role("heading", name="This is the letter").wait_for()
    guest.look("at-risk-letter")
    assert guest.go(f"/desk/referrals/{Referral.objects.get(kind='protection').pk}").ok
    guest.look("at-risk-answer")
    there = visitor()
    assert there.go(link(case)).ok
    there.look("at-risk-office")
