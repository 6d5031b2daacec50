"""What a decision needs stands on one screen: the first six questions, the picture and the buttons, at 1280 × 800."""

import pytest

from leeward.casework import services
from tests.casework.conftest import Desk
from tests.casework.test_browser import Enter, enter

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, HIGH = 1280, 800


def test_questions_picture_and_decision_are_above_the_fold(desk: Desk, enter: Enter) -> None:
    case = desk.first()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    guest = enter("ana")
    page = guest.page
    page.set_viewport_size({"width": WIDE, "height": HIGH})
    guest.go(f"/desk/case/{case.reference}")
    page.get_by_role("button", name="Show 1", exact=True).wait_for()
    first = page.locator("[data-questions] > fieldset").first
    before = first.bounding_box()
    for key in ("p", "1", "2", "Enter"):
        page.keyboard.press(key)
    picture = page.locator("img[src^='data:image/png']")
    picture.wait_for()
    guest.settle()
    assert page.evaluate("scrollY") == 0
    assert first.bounding_box() == before, "the picture pushes no question down"
    keys = page.locator("footer.keys").bounding_box()
    assert keys
    shown = [*page.locator("[data-questions] > fieldset").all()[:6], picture]
    shown += page.locator(".follows > .acts button").all()
    assert len(shown) >= 10
    below = [
        (one.inner_text()[:20], box["y"] + box["height"])
        for one in shown
        if (box := one.bounding_box()) and box["y"] + box["height"] > keys["y"]
    ]
    assert below == []
