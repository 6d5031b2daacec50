"""What is judged once is not judged again; what is new is judged wherever it stands."""

from pathlib import Path
from random import Random

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


def test_where_the_focus_goes_alone_is_judged_anew(
    chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(axe.CLEAN, "folder", tmp_path)  # what is known in this test alone
    page = chromium.new_page()
    try:
        page.set_content(PAGE % "title")
        page.evaluate("document.querySelector('p').tabIndex = 0")
        assert axe.colours(page, "light") == []
        known = len(list(tmp_path.iterdir()))
        page.locator("p").focus()
        assert axe.colours(page, "light") == []
        assert len(list(tmp_path.iterdir())) == known + 1
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


THREE = "<button style='position: absolute; padding: 0; border: 0; left: %dpx; top: %dpx; width: %dpx; height: %dpx'>One</button>"


def test_axe_is_asked_wherever_it_would_find_a_target_too_small(chromium: Browser) -> None:
    page, chance = chromium.new_page(), Random(24)
    sizes, places = (8, 20, 23, 24, 30, 70), range(0, 130, 3)
    seen = set()
    try:
        for _ in range(60):
            three = [
                (chance.choice(places), chance.choice(places), chance.choice(sizes), chance.choice(sizes))
                for _ in "abc"
            ]
            page.set_content(NARROW % ("", "More") + "".join(THREE % one for one in three))
            page.locator(".more").evaluate_all("all => all.forEach(one => one.remove())")
            faults = axe._axe(page, axe.EVERYTHING, {"type": "rule", "values": ["target-size"]}, {})
            in_doubt = page.evaluate(axe.TARGETS_IN_DOUBT)
            assert in_doubt or not faults, three
            seen.add((in_doubt, bool(faults)))
    finally:
        page.close()
    assert seen == {(False, False), (True, False), (True, True)}
