"""The bar of the desk: five groups, one line, for every combination of roles, by mouse and by keys."""

from itertools import combinations
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

import leeward.web
from leeward.foundation.actor import Actor
from leeward.people.rules import desk_parts
from leeward.people.rules.permissions import ROLES, may
from leeward.web.desk import GROUPS, Bar, bar_for
from tests.browser import Visit
from tests.people.browsing import sign_in
from tests.personas import Cast

STYLES = Path(leeward.web.__file__).parent / "static" / "leeward"
EVERY = [frozenset(some) for size in range(1, len(ROLES) + 1) for some in combinations(sorted(ROLES), size)]
IN_LINE = """() => { const [nav, find] = [...document.querySelectorAll(".deskbar nav, .deskbar .find label")].map(
    (one) => one.getBoundingClientRect()); return !find || Math.abs(nav.top + nav.bottom - find.top - find.bottom) < 8 }"""
LINES = """() => [...document.querySelectorAll("nav ul")].map(
    (list) => new Set([...list.children].map((item) => Math.round(item.getBoundingClientRect().top))).size)"""


def _bar(roles: frozenset[str], address: str = "/desk/", unused: frozenset[str] = frozenset()) -> Bar:
    return bar_for(Actor("staff", 1, "Ana", 1, roles), address, unused)


def _paths(bar: Bar) -> set[str]:
    return {page.path for page in bar.pages} | {page.path for _, pages in bar.elsewhere for page in pages}


@pytest.mark.parametrize("roles", EVERY, ids=lambda roles: "+".join(sorted(roles)))
def test_it_holds_what_a_person_may_open_and_nothing_else(roles: frozenset[str]) -> None:
    actor = Actor("staff", 1, "Ana", 1, roles)
    bar = _bar(roles, "/nowhere")
    assert _paths(bar) == {page.path for group in GROUPS for page in group.pages if may(actor, page.act, 1)}
    assert [str(entry.title) for entry in bar.groups] == [str(title) for title, _ in bar.elsewhere]
    assert bar.pages == ()
    assert bar.may_search == bool(may(actor, "case.read", 1))
    for group in bar.groups:
        inside = _bar(roles, group.path)
        assert [entry.title for entry in inside.groups if entry.is_current] == [group.title]
        assert len(inside.pages) != 1, "a group of one page is that page"


def test_every_page_has_its_own_keys() -> None:
    keys = [page.keys for group in GROUPS for page in group.pages if page.keys]
    assert len(keys) == len(set(keys))
    assert all(key.startswith("g ") for key in keys)


@pytest.mark.parametrize("part", desk_parts.PARTS)
def test_what_a_hotline_does_not_use_is_gone_and_nothing_else(part: str) -> None:
    everybody = frozenset(ROLES)
    gone = _paths(_bar(everybody)) - _paths(_bar(everybody, unused=frozenset([part])))
    assert gone == {page.path for group in GROUPS for page in group.pages if page.goes_with == part}
    assert gone


def test_a_group_without_pages_is_gone() -> None:
    unused = frozenset([desk_parts.BLOCKING, desk_parts.BANK])
    assert "Lists" not in [str(group.title) for group in _bar(frozenset(ROLES), unused=unused).groups]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320, 1280])
def test_each_level_is_one_line_for_every_combination_of_roles(visitor: Visit, width: int) -> None:
    css = "".join(
        f"<style>{(STYLES / name).read_text(encoding='utf-8')}</style>" for name in ("leeward.css", "desk.css")
    )
    user, hotline = SimpleNamespace(is_authenticated=True), "Hotline of Saint Lucia"
    guest = visitor(size=(width, 800), script=False)
    seen: set[str] = set()
    for roles in EVERY:
        for group in _bar(roles).groups:
            values = {"bar": _bar(roles, group.path), "user": user, "hotline_name": hotline}
            html = render_to_string("web/includes/deskbar.html", values)
            if html in seen:
                continue
            seen.add(html)
            guest.page.set_content(
                f"<!DOCTYPE html><html lang='en'><head>{css}</head><body class='desk'>{html}</body></html>"
            )
            assert set(guest.page.evaluate(LINES)) == {1}, (sorted(roles), str(group.title))
            assert width == 320 or guest.page.evaluate(IN_LINE), (sorted(roles), str(group.title))
            assert guest.page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_keys_lead_to_pages_of_other_groups(visitor: Visit, cast: Cast) -> None:
    guest = visitor()
    sign_in(guest, cast, "carl")
    guest.go("/desk/")
    for keys, path in (("gb", "/desk/blocking"), ("gv", "/desk/overview"), ("gc", "/desk/contacts"), ("gq", "/desk/")):
        guest.page.keyboard.type(keys)
        guest.page.wait_for_url(f"**{path}")
    guest.page.keyboard.press("?")
    dialog = guest.page.locator("#all-keys")
    expect(dialog.get_by_role("link", name="Blocking")).to_be_visible()
    dialog.get_by_role("link", name="Contacts").click()
    guest.page.wait_for_url("**/desk/contacts")
    assert guest.page.locator(".sub [aria-current=page]").inner_text() == "Contacts"
    assert guest.page.locator(".deskbar [aria-current=true]").inner_text() == "Settings"
