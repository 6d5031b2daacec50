"""Portals that are remembered for a moment."""

import pytest
from django.test import Client

from leeward.people.models import Portal, User
from leeward.web import portals
from tests.personas import Cast


@pytest.fixture
def remembering(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    """As in earnest; tests have it switched off."""
    monkeypatch.setattr(portals, "KEPT_SECONDS", 60.0)
    portals.forget_portals()
    yield
    portals.forget_portals()


def test_a_portal_is_asked_for_once(cast: Cast, remembering: None, django_assert_num_queries) -> None:
    with django_assert_num_queries(1):
        for _ in range(3):
            assert portals.portal_named("jm").id == cast.portal_id


def test_what_is_not_there_is_not_remembered(cast: Cast, remembering: None) -> None:
    assert portals.portal_named("new") is None
    Portal.objects.filter(slug="jm").update(slug="new")
    assert portals.portal_named("new").id == cast.portal_id


def test_a_change_at_the_desk_is_shown_at_once(cast: Cast, remembering: None) -> None:
    visitor, desk = Client(), Client()
    desk.force_login(User.objects.get(pk=cast["adam"].account_id))
    assert visitor.get("/jm/").status_code == 200
    Portal.objects.filter(slug="jm").update(is_open=False)
    assert visitor.get("/jm/").status_code == 200
    desk.post("/desk/portals/new", {})
    assert visitor.get("/jm/").status_code == 404


def test_it_is_forgotten_after_a_moment(cast: Cast, remembering: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portals, "KEPT_SECONDS", 0.001)
    assert portals.portal_named("jm")
    Portal.objects.filter(slug="jm").update(is_open=False)
    while portals.portal_named("jm"):
        pass
