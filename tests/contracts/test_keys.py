"""The keys of the desk: on every page each key means one thing, none waits for a second one in vain, and what the page is for has one.
No page asks the database more than twelve times, even for somebody who may do everything.
The times on it are those of the clock on the wall.

The pages are found by following their links, from the desk's first page on, as somebody who may do everything.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve
from lxml import html

from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services import sampling
from leeward.people.models import User
from leeward.people.rules.permissions import ROLES
from tests.casework.conftest import Desk, desk, running_world, world
from tests.casework.test_browser import stages
from tests.personas import Cast, date_roles

__all__ = ["desk", "running_world", "world"]

pytestmark = pytest.mark.django_db
JAMAICA = ZoneInfo("America/Jamaica")
OF_A_KIND = 2  # pages of one address that are looked at
MOST = 400
MOST_QUERIES = 12
FOR_MESSAGES = 1  # whether a hotline abroad has the case by the exchange already: it would be told twice
ASKS = ("SELECT", "WITH")
GENERAL = {"?", "/", "j", "k", "x", "Enter", "Backspace"}
DULL = {"second", "pale", "grave", "link"}
FOUND = "//main//button[not(@type='button')] | //main//a[contains(concat(' ', @class, ' '), ' btn ')]"


@dataclass
class Page:
    """A page of the desk as its script finds it: with the pieces that load by themselves."""

    path: str
    root: Any
    queries: int = 0

    def keys(self) -> list[str]:
        """Every key that is declared, outside what stands before the page when it is opened; one that takes things in turn once."""
        return [
            element.get("data-key")
            for element in self.root.xpath("//*[@data-key]")
            if not element.xpath("ancestor-or-self::*[@popover or @hidden]")
            and not element.xpath(
                "ancestor::*[@data-in-turn] and preceding::*[@data-key=$key]", key=element.get("data-key")
            )
            and element.get("disabled") is None
        ]

    def main_acts(self) -> list[Any]:
        """The buttons and links that a page is for: those that don't stand back."""
        return [
            element
            for element in self.root.xpath(FOUND)
            if not DULL & set((element.get("class") or "").split())
            and not element.xpath("ancestor::*[@popover or @hidden]")
            and not element.xpath("ancestor::details[not(@open)]")
            and element.get("disabled") is None
        ]


def seen(client: Client, path: str) -> Page | None:
    """A page with what it asks for by itself; None where there is none to be read."""
    with CaptureQueriesContext(connection) as asked_first:
        answer = client.get(path, follow=True)
        # Now, since what comes next empties the list; without what the first visit writes: that it was read.
        queries = sum(one["sql"].startswith(ASKS) for one in asked_first)
    if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
        return None
    root = html.fromstring(answer.content)
    for _ in range(3):
        for piece in root.xpath("//*[@hx-get and contains(@hx-trigger, 'load')]"):
            asked = client.get(piece.get("hx-get"), headers={"HX-Request": "true"})
            if asked.status_code == 200 and asked.content.strip():
                put_in(piece, html.fromstring(f"<div>{asked.content.decode()}</div>"))
    return Page(path, root, 0 if answer.redirect_chain else queries)


def put_in(piece: Any, new: Any) -> None:
    """Put what came where the page's script would."""
    if piece.get("hx-swap") == "outerHTML":
        piece.getparent().replace(piece, new)
        return
    for child in list(piece):
        piece.remove(child)
    piece.append(new)
    piece.attrib.pop("hx-get")


def links(page: Page) -> Iterator[str]:
    """Where the page leads on the desk."""
    for element in page.root.xpath("//a[@href]"):
        target = urlsplit(urljoin(page.path, element.get("href")))
        if not target.netloc and target.path.startswith("/desk/"):
            yield target.path + (f"?{target.query}" if target.query else "")


def crawl(client: Client, start: list[str]) -> list[Page]:
    """Every page that is reached from these, a few of each kind."""
    waiting, met, kinds, pages = list(start), set(start), Counter[str](), []
    while waiting and len(pages) < MOST:
        path = waiting.pop(0)
        try:
            kind = resolve(urlsplit(path).path).view_name
        except Resolver404:
            continue
        if kinds[kind] >= OF_A_KIND and path not in start:
            continue
        kinds[kind] += 1
        page = seen(client, path)
        if page is None:
            continue
        pages.append(page)
        new = [link for link in dict.fromkeys(links(page)) if link not in met]
        met.update(new)
        waiting += new
    return pages


def wrong_with(page: Page) -> Iterator[str]:
    """What is wrong with the keys of a page, one line each."""
    declared = Counter(page.keys())
    yield from (f"{page.path}: {key!r} means {count} things" for key, count in declared.items() if count > 1)
    for key in declared:
        if any(other.startswith(f"{key} ") for other in declared):
            yield f"{page.path}: {key!r} is a key and the beginning of another"
        if key in GENERAL:
            yield f"{page.path}: {key!r} is taken on every page"
    acts = page.main_acts()
    if acts and not any(element.get("data-key") for element in acts):
        buttons = [element for element in acts if element.tag == "button"]
        # The desk's script gives Shift+Enter to the one button that a page is for.
        if len(buttons) != 1 or len(acts) != 1 or "Shift+Enter" in declared:
            said = ", ".join(" ".join(element.text_content().split()) for element in acts)
            yield f"{page.path}: no key for {said}"
    for element in page.root.xpath("//main//time[@datetime]"):
        here = datetime.fromisoformat(element.get("datetime")).astimezone(JAMAICA)
        said = re.search(r"\d\d:\d\d$", element.text_content().strip())
        if said and said[0] != f"{here:%H:%M}":
            yield f"{page.path}: {said[0]} is not what the clock on the wall says, {here:%H:%M}"
    if not page.root.xpath("//button[@popovertarget='all-keys']"):
        yield f"{page.path}: “?” has nothing to open"
    if page.root.xpath("//nav//a[@href='/desk/']") and not page.root.xpath(
        "//input[@type='search'] | //input[@data-find]"
    ):
        yield f"{page.path}: “/” finds nothing"


def test_every_page_has_its_keys_and_asks_few_questions(desk: Desk, cast: Cast) -> None:
    sampling.set_rates(Rates(100, 100, 100), actor=cast["carl"].actor)  # whatever their numbers, cases are drawn
    places = stages(desk)
    ana = User.objects.get(pk=cast["ana"].account_id)
    client = Client()
    client.force_login(ana)
    date_roles(ana.pk, list(ROLES))
    pages = crawl(client, ["/desk/", *(path for who, path in places.values() if who == "ana")])
    assert len(pages) > 60
    wrong = [line for page in pages for line in wrong_with(page)]
    wrong += [
        f"{page.path}: {page.queries} queries"
        for page in pages
        if page.queries > MOST_QUERIES + FOR_MESSAGES * page.path.endswith("/messages")
    ]
    for who, path in places.values():
        if who != "ana" and (page := seen(desk.signed_in(who), path)):
            wrong += wrong_with(page)
    assert wrong == [], "\n".join(dict.fromkeys(wrong))
