"""Whoever asks for pages faster than hundreds of people do is refused before the database is asked; others are not, nor are reports."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from leeward.intake.views import slowing
from leeward.site.config import Config
from leeward.web import middleware, portals
from leeward.web.middleware import REQUESTS_A_REPORT, SECONDS_TO_REFILL
from leeward.web_security import remembered
from leeward.web_security.keys import new_form_key

AT_ONCE = 20


def forget_callers() -> None:
    for kept in (middleware._shaper, slowing._shapers):
        kept.cache_clear()


@pytest.fixture
def remembers(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Portals are remembered for a moment, as outside of tests."""
    for place in (portals, remembered):
        monkeypatch.setattr(place, "KEPT_SECONDS", 60.0)
    yield
    portals.forget_portals()


@pytest.fixture(autouse=True)
def clock(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    settings.LEEWARD = Config(caller_reports=AT_ONCE, web_processes=1)
    now = [1000.0]
    monkeypatch.setattr("leeward.web_security.shaping.time.monotonic", lambda: now[0])
    forget_callers()
    yield now
    forget_callers()


def test_a_flood_of_requests_is_refused_before_the_database(
    cast, clock, django_assert_num_queries, remembers: None
) -> None:
    flood, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    assert {flood.get("/jm/nowhere").status_code for _ in range(AT_ONCE * REQUESTS_A_REPORT)} == {404}
    with django_assert_num_queries(0):
        refused = flood.get("/jm/report", headers={"Accept-Language": "fr"})
        assert flood.head("/jm/").status_code == 429
    assert (refused.status_code, refused["Retry-After"]) == (429, "5")
    assert 'lang="fr" dir="ltr"' in refused.content.decode()
    assert "Content-Security-Policy" in refused
    assert other.get("/jm/report").status_code == 302
    said = {"go": "send", "kind": "danger", "text": "[message withheld]", "once": new_form_key()}
    assert "/receipt/" in flood.post("/jm/report", said)["Location"], "what is sent is not refused here"
    for path in ("/desk/account/login/", "/api/v1/openapi.json", "/healthz"):
        assert flood.get(path).status_code != 429, path
    clock[0] += SECONDS_TO_REFILL / AT_ONCE
    assert flood.get("/jm/report").status_code == 302, "and soon it goes on"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "unix:", ""])
def test_an_address_that_may_be_everybodys_is_not_counted(cast, address: str) -> None:
    """A proxy or a Tor on this machine that doesn't say for whom it asks: one visitor's flood would be everybody's."""
    crowd = Client(REMOTE_ADDR=address)
    assert {crowd.get("/jm/nowhere").status_code for _ in range(AT_ONCE * REQUESTS_A_REPORT + 9)} == {404}


@pytest.mark.parametrize("kind", ["page", "danger"])
def test_a_flood_of_what_is_sent_is_refused_before_the_database(
    cast, clock, django_assert_num_queries, remembers: None, kind: str
) -> None:
    flood = Client(REMOTE_ADDR="192.0.2.7")
    sent = {"go": "send", "kind": kind, "where": "http://a.example/", "once": "junk"}
    for _ in range(AT_ONCE // slowing.REPORTS_A_KEYLESS):
        assert flood.post("/jm/report", sent).status_code == 200, "the form, with another key"
    with django_assert_num_queries(0):
        assert flood.post("/jm/report", sent).status_code == 429


@pytest.mark.parametrize(
    "path",
    [
        "/witness/add-checkpoint",
        "/exchange/abc/messages",
        "/referral/1-abc",
        "/lang/fr/notice/1-abc",
        "/desk/account/login/",
        "/lang/fr/desk/account/login/",
    ],
)
def test_a_flood_of_what_is_sent_to_links_peers_and_witnesses_is_refused_before_the_database(
    cast, clock, django_assert_num_queries, remembers: None, path: str
) -> None:
    """Who is refused there often has to wait, but that is counted in the database, where reports are written too."""
    flood, other = Client(REMOTE_ADDR="192.0.2.7"), Client(REMOTE_ADDR="192.0.2.8")
    assert 429 not in {other.post(path, "x", content_type="text/plain").status_code for _ in range(AT_ONCE)}
    for _ in range(AT_ONCE):
        flood.post(path, "x", content_type="text/plain")
    with django_assert_num_queries(0):
        assert flood.post(path, "x", content_type="text/plain").status_code == 429
    assert flood.get("/jm/report").status_code == 302, "reading has an allowance of its own"
    said = {"go": "send", "kind": "danger", "text": "[message withheld]", "once": new_form_key()}
    assert "/receipt/" in flood.post("/jm/report", said)["Location"], "and so have reports"
    clock[0] += SECONDS_TO_REFILL / AT_ONCE
    assert flood.post(path, "x", content_type="text/plain").status_code != 429


def test_a_flood_of_what_is_sent_to_no_portal_is_refused_before_the_database(
    cast, clock, django_assert_num_queries, remembers: None
) -> None:
    """A name that is no portal's is looked for in the database each time, and has no allowance of its own."""
    flood = Client(REMOTE_ADDR="192.0.2.7")
    assert Client(REMOTE_ADDR="192.0.2.8").get("/jm/").status_code == 200
    assert {flood.post("/nowhere/report").status_code for _ in range(AT_ONCE * REQUESTS_A_REPORT)} == {404}
    with django_assert_num_queries(0):
        assert flood.post("/nowhere/report").status_code == 429
    said = {"go": "send", "kind": "danger", "text": "[message withheld]", "once": new_form_key()}
    assert "/receipt/" in flood.post("/jm/report", said)["Location"], (
        "a portal that is known takes reports all the same"
    )
