"""A child is in danger and everybody at the hotline is asleep: they are woken over real sockets, and nothing is lost in a flood."""

import json
import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from leeward.demo.browserless import Browser, Page
from leeward.demo.running import Installation
from leeward.demo.staff import PORTAL, email_of
from leeward.demo.world import World
from leeward.demo.world.cast import POLICE
from leeward.demo.world.smtp import Received
from tests.journeys.life import People, insist, press
from tests.journeys.log import events, rows_of_log
from tests.journeys.tree import kill

WITHIN = 60.0  # seconds, as is promised
WORDS = "[message withheld]"


def last_step(people: People, kind: str = "danger") -> Page:
    """A visitor who has only to press “send”."""
    page = insist(lambda: people.visitor().open(f"/{PORTAL}/report"))
    return press(page.form(having="kind").fill({"kind": kind}), "look=1")


def send(page: Page) -> str:
    """Press it; return the receipt's digits."""
    page = press(page.form(having="text").fill({"text": WORDS}), "go=send")
    return "".join(page.texts("//*[contains(@class, 'words')]/span"))


def pages_to(world: World, who: str) -> list[Received]:
    """The pages that somebody got."""
    return [mail for mail in world.mail.messages(email_of(who)) if "/page/" in mail.text]


def wait_for_page(world: World, who: str, number: int = 1) -> Received:
    """The page of this number to somebody."""
    end = time.monotonic() + WITHIN
    while len(pages_to(world, who)) < number:
        assert time.monotonic() < end, f"{who} got {len(pages_to(world, who))} pages after {WITHIN} s"
        time.sleep(0.05)
    return pages_to(world, who)[number - 1]


def link_in(mail: Received) -> str:
    """The address in a page on which it is acknowledged."""
    found = re.search(r"http\S+/page/\S+", mail.text)
    assert found, mail.text
    return found[0]


@pytest.mark.slow
def test_danger_at_three_in_the_morning(world: World, installation: Installation) -> None:
    people = People(installation, world)
    assert re.fullmatch(r"\d{16}", send(last_step(people)))
    first = wait_for_page(world, "carl")
    assert str(first.message["Subject"]).startswith("URGENT: 1 report")
    assert WORDS not in first.text
    second = wait_for_page(world, "ana")  # ten minutes later by the clock of the demonstration
    rounds = [json.loads(row["facts"]) for row in rows_of_log(installation) if row["event"] == "page.round_begun"]
    assert len(rounds[0]["people"]) == 1 < len(rounds[1]["people"]), "whoever is on call, and nobody else yet"
    wait_for_page(world, "carl", 2)
    assert link_in(second) != link_in(first)

    somebody = Browser(installation.url)
    page = insist(lambda: somebody.open(link_in(second)))
    assert page.is_good
    assert page.shows("A child is in danger now")
    assert WORDS not in page.text
    assert not page.shows("You have acknowledged it"), "opening is not acknowledging"
    page = press(page.form(having="upto"))
    assert page.shows("You have acknowledged it")

    case = people.see("ana", "/desk/")
    assert case.shows("acknowledged by Ana")
    wait_until(lambda: acknowledged_all(people, "carl"), "nothing is left but pages about letters that were late")
    assert people.see("carl", "/desk/oncall").shows("by the link")
    log = events(installation, "page.")
    opened = [json.loads(row["facts"]) for row in rows_of_log(installation) if row["event"] == "page.opened"]
    late = sum(facts.get("urgency") == "untold" for facts in opened)
    assert log.count("page.acknowledged") == len(opened) == 1 + late
    assert 2 <= log.count("page.round_begun") <= 4 + 4 * late
    numbers = [str(mail.message["Message-ID"]) for mail in world.mail.messages()]
    assert len(numbers) == len(set(numbers))


def mails_to_police(world: World) -> list[Received]:
    """What the police got."""
    return world.mail.messages(POLICE)


def links_to_police(world: World) -> set[str]:
    """The pages on which the police answer."""
    return {link for mail in mails_to_police(world) for link in re.findall(r"http\S+/referral/\S+", mail.text)}


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Wait for something as long as may be waited for it."""
    end = time.monotonic() + WITHIN
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.3)


def told_all(people: People, world: World) -> bool:
    """Return whether the police have a page for each of them. A letter in whose middle the worker was killed goes again only when a person
    says that the mail server hasn't got it."""
    if len(links_to_police(world)) == 15:
        return True
    people.decide_stuck()
    return False


def acknowledged_all(people: People, name: str) -> bool:
    """Acknowledge at the desk what waits there; return whether nothing did. A letter to the police that is late, as all are for a
    while once the worker was killed, pages somebody, who may have acknowledged the reports before."""
    board = people.see(name, "/desk/oncall")
    if board.shows("No page is waiting for acknowledgement."):
        return True
    press(board.form(having="upto"))
    return False


@pytest.mark.slow
def test_fifteen_reports_of_danger_at_once(world: World, installation: Installation) -> None:
    people = People(installation, world)
    ready = [last_step(people) for _ in range(15)]
    world.mail.stall(email_of("carl"), seconds=3)  # it has the message and doesn't say so
    begun, begun_at = time.monotonic(), datetime.now(UTC)
    with ThreadPoolExecutor(15) as crowd:
        receipts = list(crowd.map(send, ready))
    took = time.monotonic() - begun
    assert len({one for one in receipts if re.fullmatch(r"\d{16}", one)}) == 15
    link = link_in(wait_for_page(world, "carl"))
    assert kill(installation.pid, "worker"), "nobody knows now whether that page arrived"
    somebody = Browser(installation.url)
    end = time.monotonic() + WITHIN
    while not (page := insist(lambda: somebody.open(link))).shows("15 reports"):
        assert time.monotonic() < end, page.text[:500]
        time.sleep(0.3)
    assert events(installation, "page.opened") == ["page.opened"], f"15 reports in {took:.1f} s are one page"
    press(page.form(having="upto"))
    rounds = len(events(installation, "page.round_begun"))
    assert len(pages_to(world, "carl")) <= rounds, "what may have gone is not sent again"
    wait_until(lambda: told_all(people, world), "the police have each of them")
    mails = mails_to_police(world)
    seconds = (max(mail.at for mail in mails) - begun_at).total_seconds()
    assert len(mails) <= 1 + seconds, "one message at once, then at most one a second at this pace"
    assert sum(mail.text.count(WORDS) for mail in mails_to_police(world)) == 15
    assert len(events(installation, "report.received")) == 15
    joined = [json.loads(row["facts"]) for row in rows_of_log(installation) if row["event"] == "page.joined"]
    arrived = [
        facts["report"] for facts in joined if facts["urgency"] != "untold"
    ]  # a message that was late adds a line
    assert len(set(arrived)) == len(arrived) == 14, "none is lost, none is there twice"
    wait_until(lambda: acknowledged_all(people, "carl"), "nothing is left but pages about letters that were late")
    pages = [json.loads(row["facts"]) for row in rows_of_log(installation) if row["event"] == "page.opened"]
    assert sum(facts.get("urgency") != "untold" for facts in pages) == 1, "the others are about letters that were late"
    opened = len(pages)

    send(last_step(people, "contact"))
    end = time.monotonic() + WITHIN
    while len(events(installation, "page.opened")) == opened:
        assert time.monotonic() < end, "what comes later is paged anew"
        time.sleep(0.2)
