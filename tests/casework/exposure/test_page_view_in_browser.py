"""A page without its pictures, in a real browser at both sizes."""

import pytest

from leeward.casework import services
from tests.casework.conftest import Desk
from tests.casework.test_browser import Enter, enter

__all__ = ["enter"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_words_of_a_page_and_a_box_for_each_picture(desk: Desk, enter: Enter) -> None:
    case = desk.case()
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    ana = enter("ana")
    ana.go(f"/desk/case/{case.reference}/page")
    ana.page.get_by_role("button", name="Read the page").click()
    ana.page.wait_for_selector(".page-view")
    assert ana.page.locator(".page-view .is-picture").count() == 6
    assert ana.page.locator("main img").count() == 0
    ana.look("page-without-pictures")
