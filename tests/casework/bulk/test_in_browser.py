"""Marking in the queue, assessing together, merging, and what is kept while it is written, in a real browser by its keys."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from leeward.blocklist import services as blocklist_services
from leeward.casework import services
from leeward.casework.merging.services import merging
from leeward.casework.models import Draft
from leeward.casework.quality.models import Adjudication
from leeward.foundation.actor import SYSTEM
from leeward.intake import services as intake_services
from leeward.intake.rules.where import item_drafts
from leeward.web_security.keys import new_form_key
from tests.blocklist.conftest import listed
from tests.browser import Visit, Visitor
from tests.casework.bulk.test_assessing import cases_of_one_report, states
from tests.casework.conftest import GRAVE, PLAIN, Desk

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADULT = PLAIN | {"age_band": "adult"}


@pytest.fixture
def enter(desk: Desk, visitor: Visit) -> Callable[[str], Visitor]:
    """A signed-in member of staff with a browser, one a person."""
    guests: dict[str, Visitor] = {}

    def go(who: str) -> Visitor:
        if who not in guests:
            guests[who] = guest = visitor()
            cookie = desk.signed_in(who).cookies["sessionid"].value
            guest.context.add_cookies(
                [{"name": "sessionid", "value": cookie, "url": f"{guest.base}/desk", "sameSite": "Strict"}]
            )
        return guests[who]

    return go


def test_marked_by_key_and_assessed_together(desk: Desk, enter: Callable[[str], Visitor]) -> None:
    cases = cases_of_one_report(desk, 3)
    ana = enter("ana")
    ana.go("/desk/")
    for key in ("x", "j", "x"):
        ana.page.keyboard.press(key)
    expect(ana.page.locator("input[name=case]:checked")).to_have_count(2)
    ana.look("queue-marked")
    ana.page.keyboard.press("a")
    ana.page.wait_for_url("**/bulk?*")
    expect(ana.page.locator("input[name=case]")).to_have_count(2)
    for number in ("1", "4", "1", "1", "2"):
        ana.page.keyboard.press(number)
    ana.look("together-of-queue")
    ana.page.keyboard.press("n")
    ana.page.keyboard.type("only")  # the reason: only adults are shown
    ana.look("together-ends")
    ana.page.keyboard.press("Shift+Enter")
    ana.page.wait_for_selector("h1:text('What will happen')")
    assert "Not illegal" in ana.page.locator("main dl").inner_text(), "the end that was chosen, not “illegal”"
    ana.page.keyboard.press("b")
    ana.page.wait_for_selector("h1:text('Assess together')")
    ana.page.check("#f-medium_0")
    ana.page.check("#f-level_0")
    ana.page.keyboard.press("Shift+Enter")
    ana.page.wait_for_selector("h1:text('What will happen')")
    ana.look("together-ahead")
    ana.page.keyboard.press("Shift+Enter")
    ana.page.wait_for_url("**/bulk/*")
    ana.page.wait_for_selector("text=2 to go, 0 done")
    ana.look("together-run")
    ana.page.keyboard.press("d")
    ana.page.wait_for_url("**/desk/?view=decided")
    assert sorted(states(cases)) == ["second_assessment", "second_assessment", "triaged"]


def test_merging_and_what_is_begun(desk: Desk, enter: Callable[[str], Visitor]) -> None:
    one, other, third = (desk.case(f"{desk.world.gallery_url}?{number}") for number in range(3))
    desk.assess(one)
    desk.assess(other, facts=PLAIN | {"sex": "female"})
    desk.assess(third, "bela", "not_illegal", ADULT, reason=14)
    for case in (one, other):
        services.give_back(case.pk, actor=desk.cast["ana"].actor)
    carl = enter("carl")
    for name, case, into in (("alike", other, one), ("way", one, other), ("over", one, third), ("own", third, one)):
        carl.go(f"/desk/case/{case.reference}/merge?into={into.reference}")
        carl.look(f"merge-{name}")
    merging.merge(other.pk, one.pk, reason="The same page.", actor=desk.cast["ana"].actor)
    carl.go(f"/desk/case/{one.reference}/merge")
    carl.look("merge-done")
    register(desk)
    carl.go("/desk/appeals/register")
    carl.look("register-blocks")

    grave = desk.case(f"{desk.world.gallery_url}?grave")
    desk.assess(grave, facts=GRAVE)
    desk.assess(grave, "bela", "not_illegal", ADULT, reason=14)
    desk.work()
    path, ana = f"/desk/quality/adjudications/{Adjudication.objects.get().pk}", enter("ana")
    ana.go(path)
    ana.page.check("#f-age_band_6")
    ana.page.fill("#comment", "We looked at")
    ana.page.wait_for_selector("#begun-kept:has-text('Kept')")
    while "We looked at" not in [draft.text for draft in Draft.objects.filter(kind="proposal")]:
        ana.page.wait_for_timeout(50)
    ana.look("adjudication-begun")
    ana.go(path)
    assert ana.page.input_value("#comment") == "We looked at"
    assert ana.page.is_checked("#f-age_band_6")
    ana.look("adjudication-restored")


def register(desk: Desk) -> None:
    """A request about a block."""
    national: Any = blocklist_services.open_own_lists(desk.cast.hotline_id, actor=SYSTEM)[0]
    address = "https://bad.example/pictures/1.html"
    listed(desk.cast, national.id, address=address)
    intake_services.ask_from_outside(
        item_drafts(address, {})[0], relation="owner", text="It is mine.", contact="", form_key=new_form_key(),
        hotline_id=desk.cast.hotline_id, portal_id=desk.cast.portal_id, language="en",
    )  # fmt: skip
    desk.work()
