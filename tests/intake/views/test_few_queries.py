"""What a visitor costs the database: ceilings, so that nobody adds a question to the busiest pages unseen."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from leeward.people.models import Helpline, Portal
from leeward.spool import where
from leeward.web import portals
from leeward.web_security import remembered
from leeward.web_security.keys import new_form_key
from leeward.web_security.models import UsedKey
from tests.personas import Cast
from tests.spool.conftest import Face, apart, face, role

__all__ = ["apart", "face", "role"]
pytestmark = pytest.mark.once


@pytest.fixture
def visitor(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """Somebody who comes a moment after somebody else: what portals show is remembered, as in earnest."""
    monkeypatch.setattr(portals, "KEPT_SECONDS", 60.0)
    monkeypatch.setattr(remembered, "KEPT_SECONDS", 60.0)
    Portal.objects.filter(pk=cast.portal_id).update(own_picture="wish")
    portals.forget_portals()
    client = Client()
    report(client)
    yield client
    portals.forget_portals()


def report(client: Client) -> str:
    """Open the front page and the form, send it and look at the receipt; return the receipt's address."""
    form = f"/jm/report?form={new_form_key()}"
    assert client.get("/jm/").status_code == client.get(form).status_code == 200
    answer = client.post(form, filled_in())
    assert client.get(answer.headers["Location"]).status_code == 200
    return str(answer.headers["Location"])


def filled_in() -> dict[str, str]:
    return {"once": new_form_key(), "kind": "page", "where": "http://a.example/x", "step": "3", "go": "send"}


@pytest.mark.parametrize(
    ("page", "most"), [("/jm/", 0), ("/jm/report?form={key}", 2), ("/jm/receipt", 0), ("/jm/my-picture", 0)]
)
def test_a_page_asks_little(visitor: Client, django_assert_max_num_queries: Any, page: str, most: int) -> None:
    visitor.get(page)
    with django_assert_max_num_queries(most):
        assert visitor.get(page.format(key=new_form_key())).status_code == 200


def test_an_accepted_form_is_one_transaction(visitor: Client, django_assert_max_num_queries: Any) -> None:
    """Its report, item, job, row and tip of the log, and the form’s address; then the page with the receipt."""
    used = UsedKey.objects.count()
    with django_assert_max_num_queries(9) as asked:
        answer = visitor.post(f"/jm/report?form={new_form_key()}", filled_in())
    assert sum("SAVEPOINT" in query["sql"] or "BEGIN" in query["sql"] for query in asked) == 2, "begun and ended once"
    assert UsedKey.objects.count() == used + 1
    with django_assert_max_num_queries(3):
        assert visitor.get(answer.headers["Location"]).status_code == 200


def test_so_does_one_that_goes_into_the_spool(
    visitor: Client, face: Face, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """The page with the receipt doesn’t work out again what the form did."""
    from leeward.intake.services import by_spool

    with face():
        with django_assert_max_num_queries(2), django_assert_max_num_queries(5, connection=connections[where.alias()]):
            answer = visitor.post(f"/jm/report?form={new_form_key()}", filled_in())
        monkeypatch.setattr(by_spool, "kept_of", None)
        page = visitor.get(answer.headers["Location"])
    assert page.status_code == 200


def test_a_helpline_that_is_taken_away_is_gone_after_the_next_act_at_the_desk(visitor: Client, cast: Cast) -> None:
    line = Helpline.objects.create(
        portal_id=cast.portal_id, whom="child", name="Child line", number="5550116", is_shown=True
    )
    portals.forget_portals()
    assert "5550116" in visitor.get("/jm/talk").content.decode()
    line.delete()
    assert "5550116" in visitor.get("/jm/talk").content.decode(), "remembered"
    visitor.post("/desk/anything", {})
    assert "5550116" not in visitor.get("/jm/talk").content.decode()
