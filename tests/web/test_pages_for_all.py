"""Pages that are the same for everybody are made once for all who look within a second, and nobody sees another’s."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from leeward.people.models import Portal, User
from leeward.people.queries import remembered
from leeward.web import portals
from tests.personas import Cast

PAGES = ("/", "/jm/", "/jm/receipt", "/law", "/learn", "/jm/learn")
OTHERS = ("/lang/fr/", "/lang/en/", "/lang/fr/law", "/lang/ar/learn", "/learn?for=parent", "/law?by=c4", "/?x=1")
IN_FRENCH = {"Accept-Language": "fr"}


@pytest.fixture(autouse=True)
def _remembering(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As in earnest; tests have it switched off."""
    portals.forget_portals()
    monkeypatch.setattr(portals, "KEPT_SECONDS", 60.0)
    monkeypatch.setattr(remembered, "KEPT_SECONDS", 60.0)
    yield
    portals.forget_portals()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_made_once_for_all(page: str, django_assert_num_queries: Any) -> None:
    first = Client().get(page)
    with django_assert_num_queries(0):
        second = Client().get(page)
    assert first.status_code == second.status_code == 200
    assert second.content == first.content
    assert second.headers.items() == first.headers.items()


def test_each_address_and_language_has_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(page, headers) for page in (*PAGES, *OTHERS) for headers in ({}, IN_FRENCH)]
    with monkeypatch.context() as afresh:
        afresh.setattr(remembered, "KEPT_SECONDS", 0.0)
        alone = [Client().get(page, headers=headers).content for page, headers in asked]
    for _ in range(2):
        assert [Client().get(page, headers=headers).content for page, headers in asked] == alone
    assert len(set(alone)) > len(PAGES)


def test_what_the_desk_changed_is_shown_at_once(cast: Cast) -> None:
    desk = Client()
    desk.force_login(User.objects.get(pk=cast["adam"].account_id))
    assert b"/jm/" in Client().get("/").content
    Portal.objects.filter(slug="jm").update(is_open=False)
    assert b"/jm/" in Client().get("/").content, "remembered"
    desk.post("/desk/portals/new", {})
    assert b"/jm/" not in Client().get("/").content


def test_nobody_gets_what_was_refused_to_somebody_else() -> None:
    assert Client().post("/").status_code == 405
    assert Client().head("/").content == b""
    assert Client().get("/nowhere/learn").status_code == 404
    assert b"/jm/" in Client().get("/").content
