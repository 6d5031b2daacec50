"""Somebody asks for a review of an address that we know, somebody else of one that we don't: until a person answers, and after, they
see the same."""

import re

import pytest

from leeward.demo.browserless import Page
from leeward.demo.running import Installation
from leeward.demo.staff import PORTAL
from leeward.demo.steps import until
from leeward.demo.world import World, cast
from leeward.demo.world.sites import GALLERY
from tests.journeys.life import Life, People, insist, press

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("journeys")]
ANSWER = "We have read what you wrote and see no reason to change anything."


def ask(people: People, address: str) -> tuple[str, str]:
    """Ask for a review; the page that comes back without its digits, and the digits."""
    page = insist(lambda: people.visitor().open(f"/{PORTAL}/appeal"))
    said = {"address": address, "relation": "owner", "text": "It is a picture of a harbour."}
    page = press(page.form(having="relation").fill(said))
    digits = "".join(page.texts("//*[contains(@class, 'words')]/span"))
    assert re.fullmatch(r"\d{16}", digits), page.text[:300]
    return plain(page), digits


def plain(page: Page) -> str:
    """What stands on a page, without digits and keys, which are each one's own."""
    return f"{page.status} {re.sub(r'[0-9]+', '0', page.text)}"


def seen(people: People, digits: str) -> str:
    """What the holder of these digits sees now."""
    return plain(people.receipt_page(Life("", digits)))


def test_an_unknown_address_is_answered_by_a_person_like_a_known_one(installation: Installation, world: World) -> None:
    people = People(installation, world)
    life = people.report(GALLERY)
    until(lambda: (people.go_on(life), life.reference)[1], "the case")
    known = world.host.address_of(cast.PICTURES, GALLERY)
    near, far = re.sub(r":\d+/", "/", known), "http://harbour-cafe.example/menu"
    assert near != known
    arrived, digits = zip(*[ask(people, address) for address in (known, near, far)], strict=True)
    assert len(set(arrived)) == 1
    assert len({seen(people, one) for one in digits}) == 1, "before anybody has heard of it"
    listed = until(lambda: _three_open(people), "three requests")
    waiting = {seen(people, one) for one in digits}
    assert len(waiting) == 1
    assert "Waiting for an answer" in waiting.pop()
    for number, page in listed.items():
        unplaced = "without a case" in page.text
        assert unplaced == (f"Review of {life.reference}" not in page.text)
        assert ("It is about this case" in page.text) == (unplaced and near in page.text and far not in page.text)
        button = None if unplaced else "answer=rejected"
        answered = press(page.form(having="text").fill({"text": ANSWER}), button)
        assert answered.is_good, (number, answered.text[:500])
    ended = {seen(people, one) for one in digits}
    assert len(ended) == 1
    assert ANSWER in ended.pop()


def _three_open(people: People) -> dict[str, Page]:
    """The pages of all requests that wait for an answer, once they are three."""
    page = people.see("carl", "/desk/appeals")
    numbers = re.findall(r"/desk/appeals/(\d+)", " ".join(page.texts("//tr[@data-row]/th//a/@href")))
    return {number: people.see("carl", f"/desk/appeals/{number}") for number in numbers} if len(numbers) == 3 else {}
