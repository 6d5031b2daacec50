"""Keys on the desk and by the command."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from leeward.audit.models import AuditRow
from leeward.people import queries
from leeward.people.models import User
from leeward.people.services.tokens import issue_token
from leeward.web_security.keys import new_form_key
from tests.personas import Cast, add_people

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


def test_who_holds_a_key_takes_a_second_person(adam: Client, cast: Cast) -> None:
    issue_token(name="Harbour Host", scopes=["check"], actor=cast["adam"].actor)
    (row,) = queries.tokens_of(cast.hotline_id)
    shown = adam.get("/desk/keys").content.decode()
    assert ("Its holder is not confirmed" in shown, "Confirm the holder" in shown) == (True, False)
    adam.post(f"/desk/keys/{row.id}/vouch")
    assert not queries.tokens_of(cast.hotline_id)[0].is_vouched, "not by whoever made it"
    people = add_people({"newly": ["administrator"]}, cast.hotline_id, made_at=datetime.now(UTC))
    people |= add_people({"ada": ["administrator"]}, cast.hotline_id)
    second = Client()
    second.force_login(User.objects.get(pk=people["newly"].account_id))
    assert second.post(f"/desk/keys/{row.id}/vouch").status_code == 403
    second.force_login(User.objects.get(pk=people["ada"].account_id))
    assert "Confirm the holder" in second.get("/desk/keys").content.decode()
    second.post(f"/desk/keys/{row.id}/vouch")
    assert queries.tokens_of(cast.hotline_id)[0].is_vouched
    assert "Its holder is not confirmed" not in adam.get("/desk/keys").content.decode()
    assert AuditRow.objects.filter(event="token.vouched").count() == 1


def test_a_wrong_form_says_what_is_wrong_and_makes_nothing(adam: Client, cast: Cast) -> None:
    values = {"once": new_form_key(), "name": "Harbour Police", "scopes": ["police"], "agency": "", "expires_on": ""}
    answer = adam.post("/desk/keys/new", values)
    assert answer.status_code == 422
    assert "names the agency" in answer.content.decode()
    assert "Harbour Police" in answer.content.decode()
    assert queries.tokens_of(cast.hotline_id) == []
