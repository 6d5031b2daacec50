"""The translator's pages in a browser: nothing that bars anybody, nothing wider than a telephone."""

import os
from pathlib import Path

import pytest

from tests.browser import DESKTOP, PHONE, Visit
from tests.languages.test_translating import RECEIPT
from tests.people.browsing import sign_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
PICTURES = os.environ.get("PICTURES_OF_PAGES", "")


@pytest.mark.parametrize(("size", "scheme", "tag"), [(PHONE, "dark", "ur"), (DESKTOP, "light", "fr")])
def test_a_text_is_read_and_one_that_does_not_fit_comes_back(
    cast: Cast, visitor: Visit, size: tuple[int, int], scheme: str, tag: str
) -> None:
    guest = visitor(size=size, scheme=scheme)
    sign_in(guest, cast, "adam")
    for path, what in (
        ("/desk/languages", "languages"),
        (f"/desk/languages/{tag}?show=all", "texts"),
        (f"/desk/languages/{tag}?show=reviewed", "no-text"),
        (f"/desk/languages/{tag}?show=all&find=your+receipt", "one-text"),
    ):
        guest.go(path)
        _picture(guest.page, what, size)
        assert guest.faults() == [], path
        assert guest.overflow() <= 0, path
    guest.page.fill(f"#t-{RECEIPT}-1", "<i>no</i>")
    guest.page.keyboard.press("Escape")
    guest.page.click("button[data-key='Shift+Enter']")
    guest.page.wait_for_selector(".error")
    _picture(guest.page, "wrong-text", size)
    assert guest.page.input_value(f"#t-{RECEIPT}-1") == "<i>no</i>"
    assert guest.faults() == []


def _picture(page: object, what: str, size: tuple[int, int]) -> None:
    if PICTURES:
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{PICTURES}/{what}-{size[0]}.png", full_page=True)  # type: ignore[attr-defined]
