"""The form on a small telephone, in a browser without script: what was asked for is what the screen shows next."""

import pytest
from playwright.sync_api import expect

from tests.browser import Visit, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAIT = 5_000
SMALL = (320, 568)


def _sees(guest: Visitor, what: str, says: str) -> None:
    """The focus is there, where a screen reader goes on, and so is the eye."""
    found = guest.page.locator(f"{what}:focus")
    expect(found).to_contain_text(says, timeout=WAIT)
    expect(found).to_be_in_viewport(ratio=1)


def test_the_page_opens_again_at_what_was_asked_for(cast, visitor: Visit) -> None:
    guest = visitor(size=SMALL, script=False)
    page = guest.page
    guest.go("/jm/report")
    page.locator("label[for=k-page]").click()
    guest.press("Continue")
    guest.press("Check what I’ve entered")
    _sees(guest, "#found", "You have not entered anything yet.")
    page.locator("#where").fill("http://a.example/1\nhttp://a.example/2\nblue_kite")
    guest.press("Continue")
    _sees(guest, "#problems", "One question before you go on")
    guest.press("Check what I’ve entered")
    _sees(guest, "#found", "We recognised 2 of 3")
    guest.press("Remove number 1")
    _sees(guest, "#found", "We recognised 1 of 2")
    page.get_by_role("button", name="Change number 1").click()
    expect(page.locator("#changed:focus")).to_be_in_viewport(ratio=1)
    guest.press("Done")
    _sees(guest, "#found", "We recognised 1 of 2")
    page.locator("#where").fill("\n".join(f"http://a.example/{number}" for number in range(201)))
    guest.press("Check what I’ve entered")
    _sees(guest, "#found", "These are more than 200 addresses.")
