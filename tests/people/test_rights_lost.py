"""Whoever may no longer invite or make keys leaves nothing behind by which they come back."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.administration.services.settings_file import take_settings
from leeward.audit.queries import log_page
from leeward.foundation.actor import Actor
from leeward.people import queries, services
from leeward.people.models import Invitation, User
from leeward.people.services.invitations import link_of
from leeward.people.services.tokens import issue_token
from leeward.web_security.keys import new_form_key
from tests.people.signing import GOOD, signed_in
from tests.personas import Cast, add_person

pytestmark = pytest.mark.django_db
EVE = {"name": "Eve", "email": "eve@staff.example", "roles": ["administrator"], "languages": ["en"]}
COMMAND = Actor("command")
PASSWORDS = {"name": "Eve", "password": GOOD, "again": GOOD}
OVER = "This invitation no longer works."
MAY_NOT = "Whoever sent this invitation may no longer invite anybody here"


@pytest.fixture
def olga(cast: Cast) -> Client:
    """One more administrator, who takes the role from Adam."""
    cast.people["olga"] = add_person("olga", ["administrator", "supervisor"], cast.hotline_id)
    return signed_in(cast, "olga")


def invite(cast: Cast, who: str = "adam", **more: Any) -> str:
    """Somebody invites on their page; the link in the letter."""
    sent = EVE | {"once": new_form_key()} | more
    assert signed_in(cast, who).post("/desk/people/invitations", sent).status_code == 302
    return link_of(Invitation.objects.latest("pk").pk)


def take_roles(cast: Cast, olga: Client, roles: list[str], **more: Any) -> str:
    """Olga changes the roles on Adam's page; what that page showed before."""
    path = f"/desk/people/{cast['adam'].account_id}"
    page = olga.get(path).content.decode()
    mark = page.split('name="seen_account" value="')[1].partition('"')[0]
    sent = {"name": "Adam", "roles": roles, "languages": ["en"], "seen_account": mark} | more
    assert olga.post(path, sent).status_code == 302
    assert User.objects.get(pk=cast["adam"].account_id).roles == roles
    return page


def newest(cast: Cast, event: str) -> Any:
    return next(line for line in log_page(cast.hotline_id) if line.event == event)


def is_good(key: str) -> bool:
    row = queries.token_of(key)
    return row is not None and row.is_good(datetime.now(UTC).date())


def test_an_administrator_who_was_removed_does_not_come_back_by_an_invitation(
    cast: Cast, olga: Client, django_assert_max_num_queries: Any
) -> None:
    link, own = invite(cast), invite(cast, "olga", email="ines@staff.example")
    olga.get("/desk/people")
    with django_assert_max_num_queries(12):
        olga.get(f"/desk/people/{cast['adam'].account_id}")
    page = take_roles(cast, olga, ["analyst"])
    assert "If you take away the role of administrator, these stop working at once:" in page
    assert "eve@staff.example" in page
    assert "ines@staff.example" not in page
    guest = Client()
    for answer in (guest.get(link), guest.post(link, PASSWORDS)):
        assert answer.status_code == 404
        assert OVER in answer.content.decode()
    assert not User.objects.filter(email="eve@staff.example").exists()
    assert newest(cast, "account.changed").facts["invitations"] == [
        Invitation.objects.get(name="Eve", email__startswith="eve").pk
    ]
    assert guest.post(own, PASSWORDS).status_code == 302, "what others sent goes on"


def test_nor_by_a_key_that_they_made_and_have_seen(cast: Cast, olga: Client) -> None:
    key = issue_token(name="Cloud", scopes=["check"], actor=cast["adam"].actor)
    other = issue_token(name="Store", scopes=["check"], actor=cast["olga"].actor)
    page = take_roles(cast, olga, ["analyst"])
    assert "<bdi>Cloud</bdi>" in page
    assert "Store" not in page
    assert [is_good(one) for one in (key, other)] == [False, True]
    assert newest(cast, "account.changed").facts["keys"] == [row.id for row in [queries.token_of(key)] if row]


def test_other_roles_and_countries_take_nothing_away(cast: Cast, olga: Client) -> None:
    link, key = invite(cast), issue_token(name="Cloud", scopes=["check"], actor=cast["adam"].actor)
    take_roles(cast, olga, ["administrator", "analyst"])
    take_roles(cast, olga, ["administrator"])
    services.change_account(cast["adam"].account_id, countries=["BB"], actor=cast["olga"].actor)
    assert is_good(key)
    assert Client().post(link, PASSWORDS).status_code == 302


def test_a_settings_file_that_takes_the_role_ends_it_too(cast: Cast, olga: Client) -> None:
    link, key = invite(cast), issue_token(name="Cloud", scopes=["check"], actor=cast["adam"].actor)
    text = json.dumps({"leeward_settings": 1, "staff": {"adam@staff.example": {"roles": ["analyst"]}}})
    with scope(hotline=cast.hotline_id):
        assert take_settings(cast.hotline_id, text, actor=COMMAND).refused == []
    assert User.objects.get(pk=cast["adam"].account_id).roles == ["analyst"]
    assert Client().post(link, PASSWORDS).status_code == 404
    assert not is_good(key)


@pytest.mark.parametrize("lost", [{"roles": ["analyst"]}, {"is_active": False}])
def test_a_link_is_refused_however_its_sender_lost_the_right(cast: Cast, olga: Client, lost: dict[str, Any]) -> None:
    link = invite(cast)
    User.objects.filter(pk=cast["adam"].account_id).update(**lost)  # as before invitations were withdrawn with the role
    guest = Client()
    assert MAY_NOT in guest.get(link).content.decode()
    assert Invitation.objects.get().withdrawn_at is None, "opening the link does nothing"
    number = Invitation.objects.get().pk
    renewed = olga.post(f"/desk/people/invitations/{number}/renew", {"once": new_form_key()})
    assert MAY_NOT in renewed.content.decode(), "nobody else's hands make the account"
    refused = guest.post(link, PASSWORDS)
    assert (refused.status_code, MAY_NOT in refused.content.decode()) == (404, True)
    assert not User.objects.filter(email="eve@staff.example").exists()
    line = newest(cast, "invitation.withdrawn")
    assert (line.actor, line.facts) == ("system", {"may_not_invite": cast["adam"].account_id})
    assert OVER in guest.post(link, PASSWORDS).content.decode(), "it is over for good"


def test_who_runs_the_server_invites_without_an_account(cast: Cast) -> None:
    number = services.invite(cast.hotline_id, actor=COMMAND, **EVE)
    assert Client().post(link_of(number), PASSWORDS).status_code == 302
    assert User.objects.get(email="eve@staff.example").made_by_id is None


def test_a_key_from_before_is_shown_where_its_maker_may_make_none(cast: Cast, olga: Client) -> None:
    issue_token(name="Cloud", scopes=["check"], actor=cast["adam"].actor)
    note = "Whoever created it may no longer create keys"
    assert note not in olga.get("/desk/keys").content.decode()
    User.objects.filter(pk=cast["adam"].account_id).update(roles=["analyst"])
    assert note in olga.get("/desk/keys").content.decode()
