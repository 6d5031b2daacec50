"""`leeward account`, for whoever runs the server."""

import json

import pytest

from leeward.audit.queries import log_page
from leeward.cli import main
from leeward.people import services
from leeward.people.models import User
from tests.personas import PASSWORD, Cast, set_up_factor

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_this_noun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "NOUNS", {"account": main.NOUNS["account"]})
    monkeypatch.setattr(main, "VERBS", ())
    monkeypatch.setattr(main, "app", __import__("typer").Typer())


def test_accounts_are_listed(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["account", "list", "--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["email"] for row in rows} == {persona.email for persona in cast.people.values()}
    assert "password" not in rows[0]


def test_a_first_password_is_printed_works_and_must_be_changed(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["account", "password", "ADAM@staff.example"]) == 0
    user = User.objects.get(pk=cast["adam"].account_id)
    assert user.check_password(capsys.readouterr().out.strip())
    assert user.must_change_password
    assert [(line.event, line.actor) for line in log_page(cast.hotline_id)] == [("password.given", "command")]


def test_a_reset_needs_somebody_who_has_asked(cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["account", "approve-reset", cast["adam"].email]) == 2
    assert "A colleague asks on the desk" in capsys.readouterr().err
    services.ask_second_factor_reset(cast["adam"].account_id, actor=cast["carl"].actor)
    assert main.run(["account", "approve-reset", cast["adam"].email]) == 0
    assert log_page(cast.hotline_id)[0].event == "second_factor.reset_approved"


def test_an_account_is_confirmed_once_its_owner_has_made_it_theirs(
    cast: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    values = {"email": "zed@staff.example", "name": "Zed", "roles": ["administrator"], "password": PASSWORD}
    zed = services.add_account(cast.hotline_id, actor=cast["adam"].actor, **values)
    assert main.run(["account", "confirm", "zed@staff.example", "--seen", "0"]) == 2
    assert "Zed must first sign in, choose a password and set up a second factor" in capsys.readouterr().err
    assert User.objects.get(pk=zed).confirmed_at is None
    set_up_factor(zed)
    assert main.run(["account", "confirm", "zed@staff.example"]) == 1
    shown = capsys.readouterr().out
    assert "roles that nobody has confirmed: administrator." in shown
    again = shown.splitlines()[-1].partition("leeward ")[2].split()
    services.change_account(zed, roles=["administrator", "supervisor"], actor=cast["adam"].actor)
    assert main.run(again) == 2
    assert "Something else was entered" in capsys.readouterr().err
    assert User.objects.get(pk=zed).confirmed_at is None
    assert main.run(["account", "confirm", "zed@staff.example"]) == 1
    assert main.run(capsys.readouterr().out.splitlines()[-1].partition("leeward ")[2].split()) == 0
    assert "First signed in with a second factor of their own: 20" in capsys.readouterr().out
    assert User.objects.get(pk=zed).confirmed_at is not None


def test_an_account_that_there_is_not(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("password", "approve-reset"):
        assert main.run(["account", verb, "nobody@staff.example"]) == 2
        assert len(capsys.readouterr().err.splitlines()) == 1
