"""A form whose page shows a mark of what it stands on (`seen`) does nothing without it: found by walking the desk from link to link.

Each form is sent twice, as the page fills it and then without its mark, and everything it did is taken back. What counts as done is a row
of the log, since every act of the desk writes one. `test_forms.py` sees to it that a form has a mark at all.
"""

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from django.db import transaction
from django.test import Client
from django.urls import Resolver404, resolve
from django_scopes import scopes_disabled
from lxml import html

from leeward.audit.models import AuditRow
from leeward.demo.fill import fill
from leeward.people.models import User
from leeward.site import health
from tests.contracts.test_routes import case, routes
from tests.personas import Cast

WALKERS = ("carl", "adam", "pia", "ana")
PAGES_OF_A_ROUTE = 2
FEWEST_THAT_ACT = 15
TYPED = {
    "number": "1",
    "date": f"{datetime.now(UTC):%Y-%m-%d}",
    "email": "someone@a.example",
    "url": "https://a.example/",
}
TEXTS = "@type='text' or @type='number' or not(@type)"
__all__ = ["case"]


@dataclass(frozen=True)
class Pressed:
    """A button of a form with a mark, and what the form may send."""

    walker: str
    page: str
    action: str
    variants: tuple[tuple[tuple[str, str], ...], ...]
    key: tuple[str, str] = field(compare=False, default=("", ""))


def route_of(path: str) -> str:
    """The route of a path; "" where there is none."""
    try:
        return str(resolve(path).route)
    except Resolver404:
        return ""


def filled(form: html.FormElement, changed: int) -> list[tuple[str, str]]:
    """What a form sends: as the page has it with what it must have, then with its first fields of text, one more each time, as somebody
    changes them."""
    for one in form.xpath(".//*[@required]"):
        if one.tag == "select" and not one.value:
            one.value = [value for value in one.value_options if value][-1]
        elif one.get("type") == "checkbox":
            one.checked = True
        elif one.get("type") not in ("radio", "file") and not one.value:
            one.value = TYPED.get(one.get("type"), "For a test.")
    for one in form.xpath(f".//textarea|.//input[{TEXTS}]")[:changed]:
        one.value = f"{float(one.value or 0) + 1:g}" if one.get("type") == "number" else f"{one.value or ''}x".strip()
    return [(name, value or "") for name, value in form.form_values()]


def pressed_on(page: html.HtmlElement, walker: str, path: str) -> Iterator[Pressed]:
    """Every button of the forms of a page that have a mark."""
    for form in page.forms:
        if not form.xpath(".//input[@name='seen'][@value!='']"):
            continue
        action = urlsplit(urljoin(path, form.get("action") or path)).path
        variants = [tuple(filled(deepcopy(form), changed)) for changed in range(4)]
        for button in form.xpath(".//button[not(@type='button')]"):
            given = [(button.get("name"), button.get("value") or "")] if button.get("name") else []
            key = (route_of(action), "=".join(given[0]) if given else "")
            yield Pressed(walker, path, action, tuple((*fields, *given) for fields in variants), key)


def pages(client: Client) -> Iterator[tuple[str, html.HtmlElement]]:
    """The pages of the desk that somebody reaches by addresses without a number and by links from there, two of each kind."""
    waiting = [route for route in routes() if route.startswith("/desk") and "<" not in route]
    known, of_route = set(waiting), dict.fromkeys(map(route_of, waiting), 0)
    while waiting:
        path = waiting.pop(0)
        with transaction.atomic():
            answer = client.get(path)
            transaction.set_rollback(True)
        if answer.status_code != 200 or "html" not in answer["Content-Type"] or not answer.content.strip():
            continue
        page = html.fromstring(answer.content)
        yield path, page
        for link in page.xpath("//a/@href"):
            there = urlsplit(urljoin(path, link)).path
            route = route_of(there)
            if route.startswith("desk") and there not in known and of_route.get(route, 0) < PAGES_OF_A_ROUTE:
                known.add(there)
                of_route[route] = of_route.get(route, 0) + 1
                waiting.append(there)


def rows_written(client: Client, one: Pressed, fields: Iterable[tuple[str, str]]) -> int:
    """How many rows of the log a form writes; all is taken back."""
    sent: dict[str, list[str]] = {}
    for name, value in fields:
        sent.setdefault(name, []).append(value)
    with transaction.atomic(), scopes_disabled():
        before = AuditRow.objects.count()
        client.post(one.action, sent)
        written = AuditRow.objects.count() - before
        transaction.set_rollback(True)
    return int(written)


@pytest.mark.django_db
def test_without_its_mark_no_form_does_anything(cast: Cast, case: None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SILENT", "URGENT_WAITS", "LATE", "UNOPENED"):
        monkeypatch.setattr(health, name, timedelta(days=1))
    monkeypatch.setattr("leeward.demo.fill._Roomy", nullcontext)  # no setting of the database changes in a transaction
    fill(40, cast.hotline_id, lambda _done, _count: None)
    clients: dict[str, Any] = {}
    for name in WALKERS:
        clients[name] = Client(raise_request_exception=False)
        clients[name].force_login(User.objects.get(pk=cast[name].account_id))
    found: dict[tuple[str, str], Pressed] = {}
    for name, client in clients.items():
        for path, page in pages(client):
            for one in pressed_on(page, name, path):
                found.setdefault(one.key, one)
    acting, wrong = [], []
    for one in found.values():
        client = clients[one.walker]
        acts = [fields for fields in one.variants if rows_written(client, one, fields)]
        acting += [one.key] * bool(acts)
        for fields in one.variants:
            if rows_written(client, one, [pair for pair in fields if pair[0] != "seen"]):
                wrong.append(f"{one.page}: {one.key}")
    assert wrong == [], "\n".join(wrong)
    assert len(acting) >= FEWEST_THAT_ACT, f"the walk has found only {sorted(acting)}"
