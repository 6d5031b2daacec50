"""Browsers that know only part of the style sheet, or none: nothing runs together, and all is there in order."""

from itertools import pairwise

import pytest

from tests.browser import Visit, Visitor
from tests.intake.walk import Walk, report
from tests.personas import Cast
from tools.old_browsers import SHEET, faults_of

# What a browser before 2021 makes of the sheet: the part for it applies, the part for all others is skipped.
AS_OLD = """() => { const sheet = document.styleSheets[0];
  for (let at = sheet.cssRules.length - 1; at >= 0; at--) {
    const rule = sheet.cssRules[at], says = rule.conditionText || "";
    if (says.startsWith("not ")) { for (const own of [...rule.cssRules].reverse()) sheet.insertRule(own.cssText, at + 1); }
    if (says) sheet.deleteRule(at);
  } }"""
TALLEST_PICTURE = "Math.max(...[...document.querySelectorAll('svg')].map((one) => one.clientHeight))"
OVER_ITS_BOX = """() => [...document.querySelectorAll(".choice")].filter((box) => { const outer = box.getBoundingClientRect();
  return [...box.children].some((one) => { const own = one.getBoundingClientRect();
    return own.left < outer.left || own.right > outer.right || own.top < outer.top || own.bottom > outer.bottom; }); }).length"""


def test_the_sheet_gives_old_browsers_what_they_know() -> None:
    assert faults_of(SHEET.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "wrong",
    [
        ".a { gap: 1rem; }", ".a { margin-inline: 1rem; }", ".a { inset: 0; }", ".a { color: var(--ink); }", ".a { display: flex; }",
        ":is(a, b) { margin: 0; }", ":not(a b) { margin: 0; }", "form:has(a) { margin: 0; }",
        "@supports not (aspect-ratio: 1) { .a { width: min(1rem, 2%); } }", "@media print { .a { padding-block: 0; } }",
    ],
)  # fmt: skip
def test_what_they_dont_know_is_found_outside_the_part_for_others(wrong: str) -> None:
    assert len(faults_of(wrong)) == 1
    assert faults_of("@supports (aspect-ratio: 1) { " + wrong + " }") == []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_an_old_browser_and_one_without_style_show_the_whole_form_and_the_receipt(cast: Cast, visitor: Visit) -> None:
    walk = Walk()
    digits = report(walk, kind="me", threat="yes", where="insta badguy_77")
    guest = visitor(size=(320, 568))
    for path in ("/jm/", "/jm/report", walk.response.request["PATH_INFO"], "/jm/procedure", "/jm/ur/report", "/law"):
        guest.go(path)
        guest.page.evaluate(AS_OLD)
        assert guest.overflow() <= 0, path
        assert guest.faults() == [], path
        if path == "/jm/report":
            assert guest.page.evaluate(OVER_ITS_BOX) == 0
            _reads_in_order(guest)
        if ".words" in path or "/receipt/" in path:
            shown = guest.page.locator(".words span").evaluate_all(
                "all => all.map((one) => one.getBoundingClientRect())"
            )
            assert all(
                left["right"] < right["left"] or left["bottom"] <= right["top"] for left, right in pairwise(shown)
            ), "the groups of digits stand apart"
        guest.page.evaluate("document.querySelector('link[rel=stylesheet]').remove()")
        if path == "/jm/report":
            assert guest.page.evaluate(TALLEST_PICTURE) < 200
            _reads_in_order(guest)
    assert len(digits) == 16


def _reads_in_order(guest: Visitor) -> None:
    text = " ".join(guest.page.locator("main").inner_text().split())
    said = (
        "What happened?",
        "On a website, in a group",
        "Addresses, names or numbers",
        "What should we know?",
        "Send the report",
    )
    places = [text.index(words) for words in said]
    assert places == sorted(places)
    assert "I am under 18: Write the address of the page" in text, "it says whom a part concerns"
    assert "a page or a file On a website" in text
