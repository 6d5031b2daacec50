"""Pages that are the same for everybody are made once for all who look within a second, and nobody sees another’s."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from leeward.people.models import Portal, User
from leeward.web import portals
from leeward.web_security import remembered
from leeward.web_security.remembered import alike
from tests.intake.walk import Walk
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


def test_each_visitor_has_the_keys_of_their_own_form(monkeypatch: pytest.MonkeyPatch) -> None:
    walks = [Walk(Client(headers=headers)).open("/jm/report") for headers in ({}, {}, IN_FRENCH)]
    forms = [walk.response.request["QUERY_STRING"].removeprefix("form=") for walk in walks]
    onces = [walk.page.xpath("//input[@name='once']/@value")[0] for walk in walks]
    assert len({*forms, *onces}) == 6
    for number, walk in enumerate(walks):
        there = walk.response.content.decode()
        assert [key in there for key in (*forms, *onces)] == [at % 3 == number for at in range(6)]
    monkeypatch.setattr(remembered, "KEPT_SECONDS", 0.0)
    for walk, form, once in zip(walks, forms, onces, strict=True):
        afresh = Walk(walk.client).open(f"/jm/report?form={form}")
        own = afresh.page.xpath("//input[@name='once']/@value")[0]
        assert afresh.response.content.decode().replace(own, once) == walk.response.content.decode()
    receipts = {
        walk.send("report", press="go=send", kind="page", where="http://a.example/").receipt for walk in walks[:2]
    }
    assert len(receipts) == 2
    assert all(len(receipt) == 16 for receipt in receipts)


def test_whoever_reports_an_own_picture_has_a_key_of_their_own_and_the_page_its_policy(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    walks = [Walk(Client(headers=headers)).open("/jm/my-picture") for headers in ({}, {}, IN_FRENCH)]
    onces = [walk.page.xpath("//input[@name='once']/@value")[0] for walk in walks]
    assert len(set(onces)) == 3
    for number, walk in enumerate(walks):
        there = walk.response.content.decode()
        assert [key in there for key in onces] == [at == number for at in range(3)]
        assert "script-src 'sha256-" in walk.response.headers["Content-Security-Policy"]
    saved = Walk().open("/jm/my-picture?file=1").response
    assert saved.headers["Content-Disposition"]
    assert not any(key in saved.content.decode() for key in onces)


def test_a_form_that_says_more_than_its_key_is_made_alone(cast: Cast) -> None:
    plain = Walk().open("/jm/report")
    easy = Walk().open("/jm/report?easy=1")
    assert plain.text != easy.text
    assert Walk().open("/jm/report").text == plain.text
    assert Walk().open("/jm/report?easy=1").text == easy.text


def test_a_page_that_writes_a_key_in_another_way_is_never_kept_for_others() -> None:
    for _ in range(2):
        with pytest.raises(ValueError, match="its key"):
            alike(RequestFactory().post("/jm/report"), ("a<b",), lambda: HttpResponse("a&lt;b"))
