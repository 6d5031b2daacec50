"""The translator's pages in a browser: nothing that bars anybody, nothing wider than a telephone."""

import pytest

from tests.browser import Visit
from tests.languages.test_translating import RECEIPT
from tests.people.browsing import sign_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("tag", ["ur", "fr"])
def test_a_text_is_read_and_one_that_does_not_fit_comes_back(cast: Cast, visitor: Visit, tag: str) -> None:
    guest = visitor()
    sign_in(guest, cast, "adam")
    for path, what in (
        ("/desk/languages", "languages"),
        (f"/desk/languages/{tag}?show=all", "texts"),
        (f"/desk/languages/{tag}?show=reviewed", "no-text"),
        (f"/desk/languages/{tag}?show=all&find=your+receipt", "one-text"),
    ):
        guest.go(path)
        guest.look(f"{what}-{tag}")
    guest.page.fill(f"#t-{RECEIPT}-1", "<i>no</i>")
    guest.page.keyboard.press("Escape")
    guest.page.click("button[data-key='Shift+Enter']")
    guest.page.wait_for_selector(".error")
    guest.look(f"wrong-text-{tag}")
    assert guest.page.input_value(f"#t-{RECEIPT}-1") == "<i>no</i>"
