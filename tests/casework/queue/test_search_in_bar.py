"""The search field of the bar: on every page, by mouse and by key, on a phone as well."""

import pytest
from lxml import html
from playwright.sync_api import expect

from tests.browser import DESKTOP, PHONE, Visit
from tests.casework.conftest import Desk
from tests.people.browsing import sign_in


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("size", "script"), [(PHONE, False), (DESKTOP, True)])
def test_a_case_is_found_from_any_page(desk: Desk, visitor: Visit, size: tuple[int, int], script: bool) -> None:
    case = desk.first("http://files.tradewind.example/d/55812")
    guest = visitor(size=size, script=script)
    sign_in(guest, desk.cast, "ana")
    guest.go("/desk/account/")
    field = guest.page.get_by_role("searchbox", name="Find")
    if script:
        guest.look("find-folded")
        guest.page.keyboard.press("/")
    else:
        guest.page.get_by_text("Find", exact=True).click()
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport(ratio=1)
    expect(field).to_have_css("opacity", "1")
    expect(guest.page.get_by_text("words of a note")).to_be_visible()
    guest.page.keyboard.insert_text(case.reference)
    if script:
        guest.look("find-open")
    guest.page.keyboard.press("Enter")
    guest.page.wait_for_url(f"**/desk/case/{case.reference}")


def test_the_page_that_answers_says_what_was_searched_for_and_narrows_it(desk: Desk) -> None:
    there = desk.first("http://files.tradewind.example/d/55812")
    ana = desk.signed_in("ana")
    page = html.fromstring(ana.get("/desk/", {"q": "tradewind", "place": "abroad"}).content)
    assert page.xpath("//input[@type='search']/@id") == ["find-case"], "there is one field for it"
    assert page.xpath("//input[@id='find-case']/@value") == ["tradewind"]
    assert page.xpath("//main//form//input[@name='q']/@value") == ["tradewind"]
    found = html.fromstring(ana.get("/desk/", {"q": "tradewind"}).content)
    assert there.reference in found.text_content()
    elsewhere = html.fromstring(ana.get("/desk/my-day", {"q": "tradewind"}).content)
    assert elsewhere.xpath("//input[@id='find-case']/@value") == [""]


def test_who_may_not_search_has_no_field(desk: Desk) -> None:
    for who, fields in (("ana", 1), ("adam", 0)):
        page = html.fromstring(desk.signed_in(who).get("/desk/account/").content)
        assert len(page.xpath("//input[@id='find-case']")) == fields, who
