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


NARROW = """<!doctype html><html lang="en"><title>A page</title><style>%s</style><body><main><h1>A page</h1>
<button class="more">%s</button><button class="more">Less</button></main></body></html>"""
ONLY_NARROW = ".more { display: none } @media (max-width: 400px) { .more { display: block; padding: 2em } }"
TIGHT = "@media (max-width: 400px) { .more { padding: 0; border: 0; height: 9px; width: 9px; overflow: hidden; display: block } }"


@pytest.mark.parametrize(
    ("style", "label", "fault"),
    [(ONLY_NARROW, "", "button-name"), (TIGHT, "More", "target-size"), (ONLY_NARROW, "More", None)],
)
def test_what_a_narrow_window_alone_shows_is_judged_there(
    chromium: Browser, style: str, label: str, fault: str | None
) -> None:
    page = chromium.new_page()
    try:
        page.set_content(NARROW % (style, label))
        assert axe.structure(page, 1280, 900) == []
        assert {one.partition(" ")[0] for one in axe.structure_again(page, 320, 640)} == ({fault} if fault else set())
    finally:
        page.close()
