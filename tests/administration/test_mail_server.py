"""The mail server that every letter goes through takes two people, and a letter that came through it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from leeward.administration.services.mail_trial import send_trial_letters
from leeward.administration.tasks import set_mail_server
from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import Actor
from leeward.installation import stamp
from leeward.installation.queries import config_now
from leeward.installation.rules import choices
from leeward.installation.services import change
from leeward.people.errors import NotSecondPerson, TrialLetterNeeded
from leeward.people.models import Portal, PortalChange
from leeward.people.services import settle_change
from tests.administration.test_installation import send
from tests.people.signing import signed_in
from tests.personas import Cast

pytestmark = pytest.mark.django_db
WORD = "a long one"


@pytest.fixture
def server(settings: Any, tmp_path: Any, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """Another mail server, which somebody wants; a portal was opened before."""
    monkeypatch.setattr(stamp, "LOOK_SECONDS", 0.0)
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
    assert carl.post(f"/desk{path}", {"answer": "confirm", "proof": proof}).status_code == 302
    set_mail_server(asked.pk)
    set_mail_server(asked.pk)
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
    set_mail_server(asked.pk)
    assert config_now().smtp_host == "localhost"


def test_whoever_runs_the_server_and_what_concerns_no_letter_wait_for_nobody(cast: Cast, server: MailServer) -> None:
    change("mail", {"bounces_most": 7}, reason="Too few.", actor=cast["adam"].actor)
    assert config_now().bounces_most == 7
    change("mail", {"mail_from": "x@jm.example"}, reason="We moved.", actor=Actor("command"))
    assert config_now().mail_from == "x@jm.example"
    change("mail", {"mail_bounces": "b@jm.example"}, reason="We moved.", actor=cast["adam"].actor)
    assert config_now().mail_bounces != "b@jm.example"
