"""The form on a small telephone, in a browser without script: what was asked for is what the screen shows next."""

import pytest
from django.test import Client
from playwright.sync_api import expect

from leeward.people.models import Portal
from tests.browser import Visit, Visitor
from tests.intake.walk import Walk, report

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WAIT = 5_000
SMALL = (320, 568)
PAGES = {"fr": ("", "report#step-2", "my-picture", "receipt", "privacy"), "ur": ("", "report#step-2")}


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
    page.get_by_role("link", name="Continue").click()
    guest.press("Check what I’ve entered")
    _sees(guest, "#found", "You have not entered anything yet.")
    page.locator("#where").fill("http://a.example/1\nhttp://a.example/2\nblue_kite")
    page.get_by_role("link", name="Continue").click()
    guest.press("Send the report")
    _sees(guest, "#problems", "One question before you go on")
    guest.press("Check what I’ve entered")
    _sees(guest, "#found", "We recognised 2 of 3")
    lines = [box["height"] for one in page.locator("li.line").all() if (box := one.bounding_box())]
    assert len(lines) == 2, "what was recognised is a line each"
    assert max(lines) < 130, "also on a small screen"
    assert page.locator("li.card").count() == 1, "only a question is a card"
    guest.press("Remove number 1")
    _sees(guest, "#found", "We recognised 1 of 2")
    page.get_by_role("button", name="Change number 1").click()
    expect(page.locator("#changed:focus")).to_be_in_viewport(ratio=1)
    guest.press("Done")
    _sees(guest, "#found", "We recognised 1 of 2")
    page.locator("#where").fill("\n".join(f"http://a.example/{number}" for number in range(201)))
    guest.press("Check what I’ve entered")
    _sees(guest, "#found", "These are more than 200 addresses.")


def _shown(guest: Visitor) -> str:
    return " ".join(guest.page.locator("main").inner_text().split())


def test_back_within_the_form_loses_nothing(cast, visitor: Visit) -> None:
    guest = visitor(size=SMALL, script=False)
    page = guest.page
    guest.go("/jm/report")
    assert "Addresses, names or numbers" not in _shown(guest)
    page.locator("label[for=k-page]").click()
    page.get_by_role("link", name="Continue").click()
    expect(page.locator("#step-2:focus")).to_be_in_viewport()
    assert "What happened?" not in _shown(guest)
    page.locator("#where").fill("http://a.example/1")
    page.get_by_role("link", name="Continue").click()
    page.locator("#text").fill("I found a bad page.")
    page.go_back()
    assert page.locator("#where").input_value() == "http://a.example/1"
    page.go_back()
    expect(page.locator("#k-page")).to_be_checked()
    page.go_forward()
    page.go_forward()
    assert page.locator("#text").input_value() == "I found a bad page."
    assert len([one for one in guest.requests if one.is_navigation_request()]) == 2, "no connection is needed"
    guest.press("Send the report")
    digits = page.locator(".words").inner_text()
    page.reload()
    assert page.locator(".words").inner_text() == digits
    page.go_back()
    expect(page.locator("h1")).to_have_text("This form is closed")
    assert page.locator("textarea").count() == 0, "nobody who presses Back reads it"
    page.go_forward()
    assert page.locator(".words").inner_text() == digits


def test_what_was_typed_is_there_again_until_it_is_sent(cast, visitor: Visit) -> None:
    """Back from another page, and Back past “Check what I’ve entered”, find it; the page of a report that came doesn't."""
    guest = visitor(size=SMALL, script=False)
    page = guest.page
    guest.go("/jm/")
    page.locator("main a[href$='/report']").first.click()
    page.locator("label[for=k-page]").click()
    page.get_by_role("link", name="Continue").click()
    page.locator("#where").fill("http://a.example/1")
    guest.go("/jm/privacy")
    page.go_back()
    assert (page.locator("#where").input_value(), page.locator("#k-page").is_checked()) == ("http://a.example/1", True)
    guest.press("Check what I’ve entered")
    _sees(guest, "#found", "We recognised one thing")
    page.go_back()
    assert page.locator("#where").input_value() == "http://a.example/1"
    page.get_by_role("link", name="Continue").click()
    page.locator("#text").fill("I found a bad page.")
    guest.press("Send the report")
    page.locator(".words").wait_for()
    for _ in range(2):
        page.go_back()
        assert "bad page" not in page.content()
        assert page.locator("textarea").count() == 0
    page.get_by_role("link", name="Report something else").click()
    expect(page.locator("#where")).to_have_value("")


def test_leaving_replaces_the_form_and_back_finds_nothing_that_was_typed(cast, visitor: Visit) -> None:
    """Neither in the history nor by sending the page of what we recognised again; a report that is sent all the same comes."""
    guest = visitor(size=SMALL, script=False)
    page = guest.page
    away = f"{guest.base}/accessibility"
    Portal.objects.filter(pk=cast.portal_id).update(exit_url=away)
    guest.go("/jm/")
    guest.go("/jm/report")
    page.locator("label[for=k-page]").click()
    page.get_by_role("link", name="Continue").click()
    page.locator("#where").fill("http://a.example/1")
    page.get_by_role("link", name="Continue").click()
    page.locator("#text").wait_for()
    form, once = page.url, page.locator("input[name=once]").input_value()
    page.get_by_role("button", name="Leave this page").click()
    page.wait_for_url(away)
    for _ in range(3):  # the three steps
        page.go_back()
        assert page.locator("textarea").count() == 0
        assert "a.example" not in page.content()
        assert page.url.startswith(away), "in place of the form"
    page.go_back()
    expect(page.locator("main a[href$='/report']").first).to_be_visible()
    typed = {"once": once, "kind": "page", "where": "http://a.example/1"}
    path = form.removeprefix(guest.base).partition("#")[0]
    assert Client().post(path, typed | {"look": "1"})["Location"].startswith(away)
    receipt = Client().post(path, typed | {"go": "send"})["Location"]
    guest.go(receipt)
    assert page.locator(".words").count() == 1
    page.get_by_role("button", name="Leave this page").click()
    page.wait_for_url(away)
    page.go_back()
    assert page.url.startswith(away), "nor the digits"
    assert Client().get(receipt)["Location"].startswith(away), "nobody else opens it either"


# What a kind and an age ask, and nobody else is asked.
ASKED = {
    "page": ("Do you know who is behind it?",),
    "contact": ("how do they reach the child?",),
    "me": ("Is anyone threatening to share it?", "Who has the picture"),
    "danger": ("Where is the child?",),
    "else": ("Do you know who is behind it?",),
}
ASKED_YOUNG = ASKED | {"contact": ("What did they say they would do?",)}


def test_each_kind_and_age_is_asked_its_own(cast, visitor: Visit) -> None:
    guest = visitor(size=SMALL, script=False)
    page = guest.page
    guest.go("/jm/report")
    every = {text for asked in (ASKED, ASKED_YOUNG) for texts in asked.values() for text in texts}
    for young, asked in ((False, ASKED), (True, ASKED_YOUNG)):
        for kind, texts in asked.items():
            page.goto(f"{guest.base}/jm/report#step-1")
            page.locator(f"label[for=k-{kind}]").click()
            page.locator("#young").set_checked(young)
            page.get_by_role("link", name="Continue").click()
            seen = _shown(guest)
            expect(page.locator(".emergency .call").first).to_be_in_viewport(ratio=1)
            assert ("Paste everything you have" in seen) == (not young and kind != "danger")
            assert ("Don’t go back to look" in seen) == young
            page.get_by_role("link", name="Continue").click()
            seen += _shown(guest)
            assert {text for text in every if text in seen} == set(texts), (kind, young)
            assert ("even if you took it or sent it yourself" in seen) == young
            assert ("You are not in trouble" in seen) == young
            assert "even to get help" not in seen
            assert "I am under 18" not in seen, "whom it concerns is said only where all is shown"


def test_a_language_in_the_middle_and_a_problem_open_the_step_they_are_about(cast, visitor: Visit) -> None:
    guest = visitor(size=SMALL, script=False)
    page = guest.page
    guest.go("/jm/report#step-3")
    page.locator("#text").fill("I found a bad page.")
    guest.press("Français")
    assert page.locator("#text").input_value() == "I found a bad page."
    assert page.locator("#text").is_visible()
    page.locator("button[value=send]").click()
    expect(page.locator("#problems:focus")).to_be_in_viewport()
    assert page.locator("label[for=k-page]").is_visible()
    assert not page.locator("#text").is_visible()
    page.locator("label[for=k-me]").click()
    page.locator("a[href='#step-2']:visible").first.click()
    page.locator("a[href='#step-3']").click()
    page.locator("button[value=send]").click()
    page.locator("#problems a").click()
    expect(page.locator("#t-yes:focus")).to_be_in_viewport()


def test_enter_in_a_field_sends_nothing_and_stays_at_the_step(cast, visitor: Visit) -> None:
    guest = visitor(size=SMALL, script=False)
    guest.go("/jm/report#step-3")
    guest.page.locator("#step-3 summary").click()
    guest.page.locator("#mail").fill("someone@mail.example")
    with guest.page.expect_navigation():
        guest.page.locator("#mail").press("Enter")
    assert guest.page.locator("#mail").input_value() == "someone@mail.example"
    assert guest.page.locator("#mail").is_visible()
    assert guest.page.locator("#step-2").is_hidden()


def test_print_shows_the_digits_of_a_receipt_and_no_word(cast, visitor: Visit) -> None:
    walk = Walk()
    report(walk, kind="me", threat="yes")
    guest = visitor(script=False)
    for path in ("/jm/", "/jm/report", "/jm/receipt", walk.response.request["PATH_INFO"]):
        guest.go(path)
        guest.page.emulate_media(media="print")
        digits = "".join(guest.page.locator("body").inner_text().split())
        assert digits == "".join(Walk().open(path).receipt), path
        guest.page.emulate_media(media="screen")
    guest.go("/jm/privacy")
    guest.page.emulate_media(media="print")
    assert "What we keep" in guest.page.locator("body").inner_text()


def test_twice_the_text_and_four_times_the_size_are_nowhere_wider_than_the_phone(cast, visitor: Visit) -> None:
    """Also in a language with long words and in one that runs from right to left. 90 pixels are 360 at 400 per cent."""
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    guest = visitor(size=(360, 640), script=False)
    wide = []
    for language, pages in PAGES.items():
        walk = Walk()
        report(walk, portal=f"/jm/{language}", kind="danger", where="insta badguy_77")
        last = walk.response.request["PATH_INFO"]
        for path in (last, *(f"/jm/{language}/{page}" for page in pages)):
            guest.page.goto(guest.base + path)
            for width, text in ((360, "200%"), (90, "")):
                guest.page.set_viewport_size({"width": width, "height": 640})
                guest.page.evaluate("size => { document.documentElement.style.fontSize = size }", text)
                if guest.overflow() > 0:
                    wide.append((path, width, guest.overflow()))
                header = guest.page.locator(".top").bounding_box()
                if text and header is not None:
                    assert header["height"] < 640 / 4, "what stays in sight leaves room for the page"
    assert wide == []
