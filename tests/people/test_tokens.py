"""Keys on the desk and by the command."""

import pytest
from django.test import Client

from leeward.people import queries
from leeward.people.models import User
from leeward.web_security.keys import new_form_key
from tests.personas import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def adam(client: Client, cast: Cast) -> Client:
    client.force_login(User.objects.get(pk=cast["adam"].account_id))
    return client


def test_a_key_is_made_shown_once_and_taken_back(adam: Client, cast: Cast) -> None:
    assert "No keys yet" in adam.get("/desk/keys").content.decode()
    once = new_form_key()
    values = {"once": once, "name": "Harbour Host", "scopes": ["check"], "agency": "", "expires_on": ""}
    made = adam.post("/desk/keys/new", values)
    shown = made.content.decode().partition('<code class="break">')[2].partition("<")[0]
    row = queries.token_of(shown)
    assert row
    assert made["Cache-Control"] == "no-store"
    assert row.scopes == ("check",)
    again = adam.post("/desk/keys/new", values)
    assert again.status_code == 302
    assert len(queries.tokens_of(cast.hotline_id)) == 1
    listed = adam.get("/desk/keys").content.decode()
    assert "Harbour Host" in listed
    assert shown not in listed
    adam.post(f"/desk/keys/{row.id}/take-back")
    assert "revoked" in adam.get("/desk/keys").content.decode()


def test_a_wrong_form_says_what_is_wrong_and_makes_nothing(adam: Client, cast: Cast) -> None:
    values = {"once": new_form_key(), "name": "Harbour Police", "scopes": ["police"], "agency": "", "expires_on": ""}
    answer = adam.post("/desk/keys/new", values)
    assert answer.status_code == 422
    assert "names the agency" in answer.content.decode()
    assert "Harbour Police" in answer.content.decode()
    assert queries.tokens_of(cast.hotline_id) == []
