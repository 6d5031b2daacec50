"""A new portal takes no reports until an administrator opens it; the list of what is open is read from facts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.audit.queries import log_page
from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import Actor
from leeward.intake.models import Item, Report
from leeward.jobs.worker import run_until_idle
from leeward.notices.models import StaffNote
from leeward.notices.staff import staff_mail
from leeward.people.models import Portal
from leeward.people.queries import portal_changes_waiting
from leeward.people.services import change_portal, settle_change
from leeward.web.portals import forget_portals
from leeward.web_security.keys import new_form_key
from tests.having_read import post_as_shown
from tests.people.signing import signed_in
from tests.personas import Cast

pytestmark = pytest.mark.django_db
DRAFT = {"kind": "page", "where": "https://pictures.example/a", "text": "I found a bad page."}


@pytest.fixture
def police(settings: Any, tmp_path: Any) -> Iterator[MailServer]:
    """A mail server that takes letters; nothing was backed up yet."""
    with MailServer() as server:
        host = {"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_security": "none"}
        settings.LEEWARD = settings.LEEWARD.model_copy(update=host | {"data": tmp_path})
        yield server


def report(client: Client, **more: str) -> Any:
    """The last step of the form, sent."""
    return client.post("/jm/report", {**DRAFT, "go": "send", "once": new_form_key(), **more}, follow=True)


def test_a_change_of_whom_a_portal_tells_is_told_to_all_who_look_after_it(cast: Cast) -> None:
    """Nobody leads what children report to somebody else without a word to the others."""
    server = Actor("command", hotline_id=cast.hotline_id)
    change_portal(cast.portal_id, police_email="harbour@elsewhere.example", actor=server)
    run_until_idle()
    with scope(hotline=cast.hotline_id):
        told = {note.person_id: staff_mail(note) for note in StaffNote.objects.filter(what="reach_changed")}
        assert set(told) == {cast["adam"].account_id, cast["carl"].account_id}
        assert all(letter and "was changed" in letter.body for letter in told.values())
        change_portal(cast.portal_id, name="Jamaica again", actor=cast["adam"].actor)
        Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False, was_opened=False)
        change_portal(cast.portal_id, police_name="Unit", actor=cast["adam"].actor)
        run_until_idle()
        assert StaffNote.objects.filter(what="reach_changed").count() == 2, "not of a portal that takes no reports yet"


def open_points(page: str) -> list[str]:
    return re.findall(r'id="point-(\w+)">[^<]*<span class="tag soon">', page)


def test_a_closed_portal_says_where_to_turn_and_loses_no_words(cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    guest = Client()
    front, form, sent = guest.get("/jm/"), guest.get("/jm/report", follow=True), report(guest)
    for page in (front, form, sent):
        text = page.content.decode()
        assert 'href="tel:119"' in text
        assert 'href="tel:116111"' in text
        assert "takes no reports at the moment" in text
    assert 'class="btn pale"' not in front.content.decode()
    assert (form.status_code, sent.status_code) == (200, 503)
    assert "I found a bad page." in sent.content.decode()
    assert guest.get("/jm/receipt").status_code == 200
    with scope(hotline=cast.hotline_id):
        assert not Report.objects.exists()


def test_from_a_fresh_portal_to_an_open_one(cast: Cast, police: MailServer, settings: Any, tmp_path: Any) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False, languages=["en"], emergency_number="")
    adam, guest, where = signed_in(cast, "adam"), Client(), f"/desk/administration/portals/{cast.portal_id}"
    page = adam.get(where).content.decode()
    assert open_points(page) == ["emergency", "who_runs_it", "law", "backup", "mail", "paging", "police", "test_report"]
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"demonstration": True})
    assert "Nobody needs one in the demonstration." in adam.get(where).content.decode()
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"demonstration": False})
    assert adam.post(f"{where}/open", {"despite": "1"}).status_code == 409, "never without an emergency number"

    Portal.objects.filter(pk=cast.portal_id).update(emergency_number="119")  # still the one that was confirmed
    refused = adam.post(f"{where}/open", {"despite": "1"})
    assert refused.status_code == 409, "never while nobody would be paged"
    assert "nobody would be paged" in refused.content.decode()
    listed = {"act": "add", "person": str(cast["carl"].account_id)}
    adam.post(f"/desk/oncall/{cast.portal_id}/people", listed)
    adam.post(f"/desk/oncall/{cast.portal_id}/people", {**listed, "act": "off"})
    assert "paging" in open_points(adam.get(where).content.decode()), "whoever is switched off is not on call"
    adam.post(f"/desk/oncall/{cast.portal_id}/people", {**listed, "act": "on"})
    mail = {"smtp_host": settings.LEEWARD.smtp_host}
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"smtp_host": ""})
    assert "paging" in open_points(adam.get(where).content.decode()), "nobody can be written to without a mail server"
    assert adam.post(f"{where}/open", {"despite": "1"}).status_code == 409
    settings.LEEWARD = settings.LEEWARD.model_copy(update=mail)
    once = new_form_key()
    for _ in range(2):  # sent twice is once
        adam.post(f"{where}/referral", {"once": once})
    (letter,) = police.messages("police@constabulary.example")
    link = re.search(r"http://\S+(/referral/test/\S+)", letter.text)
    assert link
    assert "It reached the police" in guest.get(link[1]).content.decode()
    page = adam.get(where).content.decode()
    assert "police" in open_points(page), "opening the link is not confirming"
    assert "Thank you" in guest.post(link[1]).content.decode()
    assert guest.get(link[1][:-1] + "x").status_code == 404

    assert "mail" not in open_points(page), "a test referral tests the mail server too"
    (tmp_path / "backup-done").touch()
    page = adam.get(where).content.decode()
    found = re.search(r'href="/jm/report\?rehearsal=([^"]+)"', page)
    assert found
    assert "This is a test report" in guest.get(f"/jm/report?rehearsal={found[1]}", follow=True).content.decode()
    assert report(guest, rehearsal=found[1]).status_code == 200
    assert report(guest, rehearsal=found[1][:-2] + "xx").status_code == 503
    with scope(hotline=cast.hotline_id):
        assert [row.source for row in Report.objects.all()] == ["rehearsal"]
        assert "nobody has decided it yet" in adam.get(where).content.decode()
        Item.objects.update(state="closed")
    assert open_points(adam.get(where).content.decode()) == ["who_runs_it", "law"]
    assert "Who runs this" not in guest.get("/jm/").content.decode(), "nothing is shown that nobody entered"
    Portal.objects.filter(pk=cast.portal_id).update(run_by="Harbour Trust", accountable_to="Ministry of Justice")
    assert open_points(adam.get(where).content.decode()) == ["law"], "the hotline’s e-mail is a way to reach it"
    front = guest.get("/jm/").content.decode()
    assert all(words in front for words in ("Harbour Trust", "Ministry of Justice", "desk@jm.example"))
    assert "How to reach them" not in front

    assert adam.post(f"{where}/open").status_code == 409
    assert report(guest).status_code == 503
    assert adam.post(f"{where}/open", {"despite": "1", "seen": "0" * 32}).status_code == 409, "other points are open"
    post_as_shown(adam, where, f"{where}/open", despite="1")
    assert report(guest).status_code == 200
    line = next(line for line in log_page(cast.hotline_id) if line.event == "portal.opened_to_reports")
    assert line.facts == {"missing": ["law"]}
    adam.post(f"{where}/close")
    assert report(guest).status_code == 200, "closing it takes two"
    [waits] = portal_changes_waiting(cast.hotline_id)
    settle_change(waits.id, confirm=True, actor=cast["carl"].actor)
    forget_portals()
    assert report(guest).status_code == 503

    post_as_shown(adam, where, f"{where}/open", despite="1")
    [waits] = portal_changes_waiting(cast.hotline_id)
    carl, path = signed_in(cast, "carl"), f"/desk/portals/changes/{waits.id}"
    (tmp_path / "backup-done").unlink()
    adam.post(f"/desk/oncall/{cast.portal_id}/people", {**listed, "act": "off"})
    refused = post_as_shown(carl, path, answer="confirm")
    assert refused.status_code == 409
    assert "Open on its checklist: Backups run, Somebody is paged when it is urgent." in refused.content.decode()
    assert not Portal.objects.get(pk=cast.portal_id).takes_reports
    (tmp_path / "backup-done").touch()
    adam.post(f"/desk/oncall/{cast.portal_id}/people", {**listed, "act": "on"})
    assert post_as_shown(carl, path, answer="confirm").status_code == 302, (
        "what was known to be open stands in nobody’s way"
    )
    assert Portal.objects.get(pk=cast.portal_id).takes_reports


def test_a_changed_address_of_the_police_is_not_a_confirmed_one(cast: Cast, police: MailServer) -> None:
    adam, where = signed_in(cast, "adam"), f"/desk/administration/portals/{cast.portal_id}"
    adam.post(f"{where}/referral", {"once": new_form_key()})
    link = re.search(r"/referral/test/\S+", police.messages()[0].text)
    assert link
    Client().post(link[0])
    assert "police" not in open_points(adam.get(where).content.decode())
    Portal.objects.filter(pk=cast.portal_id).update(police_email="other@constabulary.example")
    assert "police" in open_points(adam.get(where).content.decode())


def test_a_mail_server_that_refuses_is_quoted_and_queries_are_few(
    cast: Cast, police: MailServer, django_assert_max_num_queries: Any
) -> None:
    police.refuse()
    adam, where = signed_in(cast, "adam"), f"/desk/administration/portals/{cast.portal_id}"
    said = adam.post(f"{where}/referral", {"once": new_form_key()}, follow=True).content.decode()
    assert "The mail server refused it." in said
    assert "mail" in open_points(said)
    statuses = [adam.post(f"{where}/referral", {"once": new_form_key()}).status_code for _ in range(6)]
    assert statuses == [302] * 5 + [429], "nobody buries a real referral under tests"
    for path, most in ((where, 12), ("/desk/administration", 13)):  # each point of the checklist asks for its fact
        with django_assert_max_num_queries(most):
            page = adam.get(path).content.decode()
    assert "machine-made and unread" in page, "the index says how each area stands"
    assert 'href="/desk/wordings"' in page
    assert signed_in(cast, "dora").get(where).status_code == 404
