"""The mail server that every letter goes through takes two people, and a letter that came through it; the mailbox, name
servers, proxies and the police's time take two people."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.administration.services.mail_trial import send_trial_letters
from leeward.administration.tasks import set_as_agreed, tell_of_asked_change, tell_of_confirmed_change
from leeward.cli import portal
from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import Actor
from leeward.installation import stamp
from leeward.installation.queries import config_now
from leeward.installation.rules import choices
from leeward.installation.services import change
from leeward.notices.models import StaffNote
from leeward.people.errors import NotSecondPerson, TrialLetterNeeded
from leeward.people.models import Portal, PortalChange
from leeward.people.services import settle_change
from tests.administration.test_installation import send
from tests.having_read import post_as_shown
from tests.people.signing import signed_in
from tests.personas import Cast

pytestmark = pytest.mark.django_db
WORD = "a long one"


@pytest.fixture
def server(settings: Any, tmp_path: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Another mail server, which somebody wants; a portal was opened before."""
    monkeypatch.setattr(stamp, "POLL_SECONDS", 0.0)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path})
    stamp.forget()
    Portal.objects.update(was_opened=True)
    with MailServer(security="starttls", user="leeward", password=WORD) as wanted:
        monkeypatch.setenv("SSL_CERT_FILE", str(wanted.authority))
        monkeypatch.setattr(choices, "MAIL_PORTS", (wanted.port, 465))
        yield wanted
    stamp.forget()


def ask(client: Client, server: MailServer) -> PortalChange:
    typed = {"smtp_host": "localhost", "smtp_port": server.port, "smtp_user": "leeward", "smtp_password": WORD}
    assert send(client, "mail", **typed, mail_from="desk@jm.example").status_code == 302
    return PortalChange.objects.get(what="mail_server", outcome="")


def test_nobody_alone_leads_all_letters_through_a_server_of_their_own(cast: Cast, server: MailServer) -> None:
    adam = signed_in(cast, "adam")
    asked = ask(adam, server)
    assert config_now().smtp_host == ""
    assert WORD not in str(asked.wanted)
    with pytest.raises(NotSecondPerson):
        settle_change(asked.pk, confirm=True, actor=cast["adam"].actor)
    send_trial_letters(asked.pk)
    assert not server.messages(cast["adam"].email), "who asked is no second person"
    [letter] = server.messages(cast["carl"].email)
    with pytest.raises(TrialLetterNeeded):
        settle_change(asked.pk, confirm=True, actor=cast["carl"].actor)
    path = next(word for word in letter.text.split() if "?proof=" in word).partition("/desk")[2]
    carl = signed_in(cast, "carl")
    page = carl.get(f"/desk{path}").content.decode()
    assert WORD not in page
    assert "localhost" in page
    proof = path.rpartition("=")[2]
    assert post_as_shown(carl, f"/desk{path}", answer="confirm", proof=proof).status_code == 302
    set_as_agreed(asked.pk)
    set_as_agreed(asked.pk)
    now = config_now()
    assert (now.smtp_host, now.smtp_password, now.mail_from) == ("localhost", WORD, "desk@jm.example")


def test_where_no_letter_arrives_it_can_only_be_refused_or_confirmed_at_the_server(
    cast: Cast, server: MailServer
) -> None:
    asked = ask(signed_in(cast, "adam"), server)
    for proof in ("", "x"):
        with pytest.raises(TrialLetterNeeded):
            settle_change(asked.pk, confirm=True, actor=cast["carl"].actor, proof=proof)
    settle_change(asked.pk, confirm=True, actor=Actor("command"))
    set_as_agreed(asked.pk)
    assert config_now().smtp_host == "localhost"


def test_whoever_runs_the_server_and_what_concerns_no_letter_wait_for_nobody(cast: Cast, server: MailServer) -> None:
    change("mail", {"bounces_most": 7}, reason="Too few.", actor=cast["adam"].actor)
    assert config_now().bounces_most == 7
    change("times", {"claim_minutes": 20}, reason="Too few.", actor=cast["adam"].actor)
    assert config_now().claim_minutes == 20
    change("mail", {"mail_from": "x@jm.example"}, reason="We moved.", actor=Actor("command"))
    assert config_now().mail_from == "x@jm.example"
    change("mail", {"mail_bounces": "b@jm.example"}, reason="We moved.", actor=cast["adam"].actor)
    assert config_now().mail_bounces != "b@jm.example"


def test_where_answers_come_in_takes_two_people_who_can_do_it_at_once(
    cast: Cast, server: MailServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mailbox of somebody's own would show them what the police answer, and keep it from the desk."""
    typed = {"mailbox_host": "imap.jm.example", "mailbox_user": "desk", "mailbox_password": WORD}
    assert send(signed_in(cast, "adam"), "mailbox", **typed).status_code == 302
    [asked] = PortalChange.objects.all()
    assert (config_now().mailbox, asked.what, asked.about) == ("", "installation", "mailbox")
    assert WORD not in str(asked.wanted)
    with pytest.raises(NotSecondPerson):
        settle_change(asked.pk, confirm=True, actor=cast["adam"].actor)
    carl, path = signed_in(cast, "carl"), f"/desk/portals/changes/{asked.pk}"
    page = carl.get(path).content.decode()
    assert "imap.jm.example" in page
    assert "another one; it is not shown" in page
    monkeypatch.setattr(portal, "_begin", lambda: None)  # the tables are here already
    portal.list_changes(as_json=True)
    printed = capsys.readouterr().out
    assert "imap.jm.example" in printed
    for said in (page, printed):
        assert str(asked.wanted["mailbox_password"]) not in said
    assert signed_in(cast, "dora").get(path).status_code == 404
    assert post_as_shown(carl, path, answer="confirm").status_code == 302
    set_as_agreed(asked.pk)
    assert config_now().mailbox == f"imaps://desk:{WORD.replace(' ', '%20')}@imap.jm.example:993/INBOX"
    with scope(hotline=cast.hotline_id):
        tell_of_confirmed_change(asked.pk)
        told = set(StaffNote.objects.filter(what="installation_changed").values_list("person_id", flat=True))
    assert {cast["adam"].account_id, cast["carl"].account_id} <= told


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("names", {"dns_resolvers": ["192.0.2.53"]}),
        ("fetching", {"fetch_proxy": "socks5://192.0.2.9:1080"}),
        ("fetching", {"onion_proxy": "socks5://192.0.2.9:9050"}),
        ("times", {"police_wait_hours": 1}),
    ],
)
def test_what_is_seen_of_a_place_and_how_long_a_host_waits_take_two_people(
    cast: Cast, server: MailServer, group: str, values: dict[str, Any]
) -> None:
    before = config_now()
    change(group, values, reason="I say so.", actor=cast["adam"].actor)
    assert config_now() == before
    [asked] = PortalChange.objects.all()
    with scope(hotline=cast.hotline_id):
        tell_of_asked_change(asked.pk)
        assert StaffNote.objects.filter(what="installation_asked", person=cast["carl"].account_id).exists()
    settle_change(asked.pk, confirm=True, actor=cast["carl"].actor)
    set_as_agreed(asked.pk)
    now = config_now()
    assert {name: getattr(now, name) for name in values} == {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
