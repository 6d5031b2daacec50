"""What is judged once is not judged again; what is new is judged wherever it stands."""

import pytest
from playwright.sync_api import Browser

from tests import axe

pytestmark = pytest.mark.browser
PAGE = """<!doctype html><html lang="en"><title>A page</title><body><main><h1 class="%s">A page</h1>
<p style="color: #222; background: #fff">Easy to read</p></main></body></html>"""
PALE = "document.querySelector('main').insertAdjacentHTML('beforeend', '<ul><li style=\"color: #ddd; background: #fff\">Hard to read')"


def test_a_pale_word_in_a_page_that_is_known_is_found(chromium: Browser, request: pytest.FixtureRequest) -> None:
    page = chromium.new_page()
    try:
        page.set_content(PAGE % request.node.name)
        assert axe.colours(page, "light") == []
        assert axe.colours(page, "light") == [], "known by now"
        page.evaluate(PALE)
        found = axe.colours(page, "light")
        assert len(found) == 2, "in either scheme"
        assert all(one.startswith("color-contrast") and "Hard to read" in one for one in found)
        assert axe.colours(page, "light") == found, "a fault is never known as good"
        assert page.locator("[data-unjudged]").count() == 0
    finally:
        page.close()
