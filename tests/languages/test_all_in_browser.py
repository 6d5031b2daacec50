"""Every language in a browser: the first pages of a reporter are nowhere wider than a telephone and bar nobody."""

import pytest
from django.conf import settings

from tests.browser import PHONE, Visit, Visitor
from tests.intake.walk import Walk, report
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


SMALL_PHONES = ((320, 568), (360, 640))
HELPLINE = ".emergency p + p > .call"


def test_a_reporters_first_pages_fit_a_telephone_in_every_language(cast: Cast, visitor: Visit) -> None:
    """Nothing is cut off, and the first screen of a small telephone has what the page is for, and both numbers to call."""
    from leeward.people.models import Helpline, Portal

    tags = [tag for tag, _name in settings.LANGUAGES]
    Portal.objects.filter(pk=cast.portal_id).update(languages=tags, emergency_number="119")
    Helpline.objects.filter(portal_id=cast.portal_id).update(number="888 991 4146")
    guest = visitor(size=PHONE)
    walk = Walk()
    for tag in tags:
        portal = "/jm" if tag == tags[0] else f"/jm/{tag}"
        for page in ("report", "procedure"):
            guest.go(f"{portal}/{page}")
            assert guest.page.locator("html").get_attribute("lang") == tag
            assert guest.overflow() <= 0, (tag, page)
        assert guest.faults() == [], tag
        report(walk, portal=portal, kind="contact", young="1")
        _show_as(guest, f"{portal}/receipt", walk.response.content)
        for page, main in (("", ".hero .btn"), ("report", "label[for=k-page] b"), ("receipt", ".receipt .words")):
            guest.go(f"{portal}/{page}")
            for width, height in SMALL_PHONES:
                guest.page.set_viewport_size({"width": width, "height": height})
                for what in (main, HELPLINE, ".emergency p:first-child > .call", ".exit", ".menu"):
                    box = guest.page.locator(what).bounding_box()
                    assert box is not None, (tag, page, what)
                    assert box["y"] + box["height"] <= height, (tag, page, what, width)
            assert guest.overflow() <= 0, (tag, page)
            guest.page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})


def _show_as(guest: Visitor, path: str, body: bytes) -> None:
    guest.page.route(
        f"**{path}", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"), times=1
    )


def test_the_menu_leads_to_pages_and_languages(cast: Cast, visitor: Visit) -> None:
    guest = visitor(size=SMALL_PHONES[0], script=False)
    guest.go("/jm/report")
    guest.page.get_by_role("link", name="Menu").click()
    assert guest.page.get_by_role("navigation", name="Languages").bounding_box()["y"] < SMALL_PHONES[0][1]
