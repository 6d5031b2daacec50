"""The public pages that belong to no slice, in a real browser: what they load, weigh, keep, and how they read."""

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from leeward.audit.tree.checkpoints import publish
from tests.audit.test_log import some_acts
from tests.browser import PHONE, Visit
from tests.personas import Cast
from tests.signers import signing_here

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = ["/", "/proof", "/privacy", "/accessibility", "/jm/privacy", "/jm/proof", "/jm/accessibility", "/nowhere"]
MOST_BYTES = 60_000


@pytest.mark.parametrize("path", PAGES)
def test_a_page_sets_no_cookie_runs_no_script_loads_nothing_from_elsewhere_and_is_light(
    visitor: Visit, cast: Cast, path: str
) -> None:
    guest = visitor()
    answer = guest.go(path)
    assert answer.status == (404 if path == "/nowhere" else 200)
    assert guest.context.cookies() == []
    assert "set-cookie" not in answer.headers
    assert guest.page.locator("script, [style], [onclick], style").count() == 0
    assert {urlsplit(request.url).netloc for request in guest.requests} == {urlsplit(guest.base).netloc}
    assert guest.page.locator("a.exit[rel~=noreferrer]").is_visible()
    assert guest.weight() + len(answer.body()) * (not answer.ok) < MOST_BYTES
    assert [said for said in guest.complaints if "404" not in said] == []


@pytest.mark.parametrize("prefix", ["", "/lang/ur"], ids=["en", "ur"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    visitor: Visit, cast: Cast, prefix: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    signing_here(monkeypatch, tmp_path / "signer")
    some_acts(1, cast.hotline_id)
    publish(cast.hotline_id, datetime.now(UTC))  # a signed note has lines of a hundred characters without a space
    guest = visitor()
    for page in PAGES:
        path = page.replace("/jm", "/jm/ur") if prefix and page.startswith("/jm") else prefix + page
        guest.go(path)
        assert guest.faults_at_each_size() == [], path


def test_pages_read_without_script(visitor: Visit, cast: Cast) -> None:
    guest = visitor(script=False, size=PHONE)
    guest.go("/")
    guest.page.get_by_role("link", name="Jamaica").focus()
    assert guest.page.get_by_role("link", name="Jamaica").get_attribute("href") == "/jm/"
    guest.page.get_by_role("link", name="All promises, and how we keep them").click()
    expect(guest.page.locator("h1")).to_have_text("What we keep")


def test_every_language_keeps_the_page_and_turns_the_direction(visitor: Visit, cast: Cast) -> None:
    guest = visitor(size=PHONE)
    guest.go("/jm/privacy")
    assert guest.page.locator("html").get_attribute("dir") == "ltr"
    guest.page.get_by_role("link", name="اردو").click()
    guest.page.wait_for_url("**/jm/ur/privacy")
    html = guest.page.locator("html")
    assert (html.get_attribute("lang"), html.get_attribute("dir")) == ("ur", "rtl")
    guest.page.get_by_role("link", name="English").click()
    guest.page.wait_for_url("**/jm/privacy")


def test_the_list_of_countries_opens_in_the_browsers_language_and_portals_do_not(visitor: Visit, cast: Cast) -> None:
    guest = visitor(language="fr-CA")
    guest.go("/")
    assert guest.page.locator("html").get_attribute("lang") == "fr"
    guest.go("/jm/privacy")
    assert guest.page.locator("html").get_attribute("lang") == "en"


def test_the_emergency_number_is_at_the_top_of_a_portals_pages(visitor: Visit, cast: Cast) -> None:
    guest = visitor(size=PHONE)
    guest.go("/jm/privacy")
    call = guest.page.get_by_role("region", name="Emergency").get_by_role("link", name="Call 119")
    assert call.get_attribute("href") == "tel:119"
    box = call.bounding_box()
    assert box is not None
    assert box["y"] < PHONE[1]
    guest.go("/privacy")
    assert guest.page.get_by_role("region", name="Emergency").count() == 0
