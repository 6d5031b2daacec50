"""The pages about what is entered by hand for the police in a real browser: phone and desktop, light and dark, nothing that bars anybody."""

from typing import Any

import pytest

from leeward.casework.models import Case
from leeward.notices.models import Referral
from leeward.people.models import OutsideReview
from leeward.web_security.keys import new_form_key
from tests.browser import Visit, Visitor
from tests.casework.acting.conftest import SAID
from tests.casework.acting.test_by_hand import enter
from tests.casework.acting.test_urgent import link
from tests.casework.conftest import Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_every_page_is_open_to_everybody(desk: Desk, visitor: Visit, mails: Any) -> None:
    case: Case = desk.case("", kind="danger", text=SAID)
    desk.until(case, lambda _: len(mails()) == 1)
    enter(desk, case)
    given = {"subject_kind": "case", "about": case.reference, "email": desk.cast["dora"].email, "once": new_form_key()}
    assert desk.signed_in("carl").post("/desk/outside-reviewers", given).status_code == 302
    number = Referral.objects.get(case_id=case.pk).pk
    pages = {
        "entered": ("carl", f"/desk/referrals/{number}"),
        "confirm": ("ana", f"/desk/referrals/{number}/confirm"),
        "case": ("ana", f"/desk/case/{case.reference}"),
        "timeline": ("ana", f"/desk/case/{case.reference}/timeline"),
        "visit": ("dora", f"/desk/outside-reviews/{OutsideReview.objects.get().pk}"),
        "clock": ("carl", f"/desk/time-limits/{desk.cast.portal_id}/urgent_answered"),
    }
    views: dict[str, Visitor] = {}
    for name, (who, path) in pages.items():
        if who not in views:
            guest = views[who] = visitor()
            cookie = desk.signed_in(who).cookies["sessionid"].value
            url = f"{guest.base}/desk"
            guest.context.add_cookies([{"name": "sessionid", "value": cookie, "url": url, "sameSite": "Strict"}])
        assert views[who].go(path).ok, name
        views[who].look(f"by-hand-{name}")
    police = visitor()
    assert police.go(link(case)).ok
    police.look("by-hand-police")
