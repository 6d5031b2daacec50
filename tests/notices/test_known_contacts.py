"""Publicly known contacts: shipped with their sources, taken in unconfirmed, and told of no case before a person confirms them."""

import json
import os
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from leeward.foundation.errors import LeewardError, NotAllowed
from leeward.installation.errors import TriedTooOften
from leeward.notices import queries, services, tasks
from leeward.notices.models import Contact
from leeward.notices.queries.known import all_known, known_contacts, with_keys
from leeward.notices.recipients import is_mail_address
from leeward.notices.rules.briefs import Plan
from leeward.notices.rules.known import Trust
from leeward.notices.services import KnownContact
from leeward.web_security.keys import new_form_key
from tests import commands
from tests.having_read import seen_on
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import signed_in

HOUR = timedelta(hours=1)
TRUST = Trust("A page", "https://source.example", was_seen=True, as_of="2026-11-27", confidence="high", note="")
THERE = KnownContact(
    "hotline/CA/There", "hotline", "CA", "There", "reports@there.example", "https://there.example", "English", TRUST
)


def take(office: Office, row: KnownContact = THERE) -> Contact:
    services.take_known([row], hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    found: Contact = Contact.objects.get(email=row.email)
    return found


def test_every_row_has_a_way_to_report_a_source_and_a_date() -> None:
    rows = all_known()
    assert len(rows) > 150
    assert len({row.key for row in rows}) == len(rows)
    for row in rows:
        assert row.email or row.report_url, row.key
        assert not row.email or is_mail_address(row.email), row.key
        assert row.report_url == "" or row.report_url.startswith("http"), row.key
        assert row.trust.source, row.key
        assert row.trust.as_of, row.key
        assert row.kind in ("hotline", "police", "protection", "host", "registrar"), row.key


def test_no_case_goes_to_an_entry_that_nobody_confirmed(office: Office) -> None:
    entry = take(office)
    acted = office.act(office.case(country="CA"), Plan(foreign=True))
    assert acted.problems == ("no_contact_abroad",)
    office.work(25 * HOUR)
    assert office.mails(THERE.email) == []
    services.confirm_contact(entry.pk, "answered", actor=office.cast["carl"].actor)
    tasks.try_again()
    office.work()
    assert len(office.mails(THERE.email)) == 1


def test_a_case_abroad_is_never_a_dead_end(office: Office) -> None:
    """Nobody in charge there is known: our police are told, then the host, and the case says what would mend it."""
    brief = office.case(country="CA")
    assert [row.kind for row in queries.previews(brief, Plan(foreign=True))] == ["referral", "foreign_host"]
    assert any("Add one to the contacts" in problem for problem in queries.plan_problems(brief, Plan(foreign=True)))
    office.act(brief, Plan(foreign=True))
    office.work()
    assert (len(office.mails(POLICE)), office.mails(ABUSE)) == (1, [])
    office.work(25 * HOUR)
    assert len(office.mails(ABUSE)) == 1


def test_where_somebody_is_in_charge_the_host_abroad_is_left_to_them(office: Office) -> None:
    services.confirm_contact(take(office).pk, "spoken", actor=office.cast["carl"].actor)
    office.act(office.case(country="CA"), Plan(foreign=True))
    office.work(25 * HOUR)
    assert (len(office.mails(THERE.email)), office.mails(ABUSE)) == (1, [])


@pytest.mark.parametrize(("kind", "country"), [("police", "JM"), ("protection", "JM")])
def test_our_own_police_and_child_protection_are_confirmed_first(office: Office, kind: str, country: str) -> None:
    from leeward.people.models import Portal

    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    row = KnownContact(f"x/{kind}", kind, country, "Here", "here@there.example", "", "", TRUST)
    entry = take(office, row)
    office.act(office.case())
    office.work()
    assert office.mails(row.email) == []
    assert queries.is_protection_known(country) is False
    services.confirm_contact(entry.pk, "official", actor=office.cast["carl"].actor)
    assert queries.is_protection_known(country) is (kind == "protection")


def test_a_test_letter_holds_nothing_of_a_case(office: Office) -> None:
    entry = take(office)
    office.case()
    for _ in range(6):
        assert services.send_test_letter(entry.pk, actor=office.cast["carl"].actor).is_sent
    with pytest.raises(TriedTooOften):
        services.send_test_letter(entry.pk, actor=office.cast["carl"].actor)
    mail, *_others = office.mails(THERE.email)
    assert "test message" in mail.text
    assert "http" not in mail.text
    assert Contact.objects.get(pk=entry.pk).unconfirmed
    with pytest.raises(LeewardError):
        services.confirm_contact(entry.pk, "", actor=office.cast["carl"].actor)
    for act in (services.confirm_contact, lambda number, _how, actor: services.send_test_letter(number, actor=actor)):
        with pytest.raises(NotAllowed):
            act(entry.pk, "answered", actor=office.cast["ana"].actor)


def test_taking_in_twice_changes_nothing_that_is_there(office: Office) -> None:
    entry = take(office)
    services.confirm_contact(entry.pk, "answered", actor=office.cast["carl"].actor)
    take(office)
    assert Contact.objects.get(email=THERE.email).unconfirmed is False


def test_a_person_sees_chooses_and_takes_in_on_the_desk(office: Office) -> None:
    carl, page = signed_in(office, "carl"), "/desk/contacts/known"
    [row] = [row for row in known_contacts(country="TT") if row.known.email]
    shown = unescape(carl.get(f"{page}?country=TT").content.decode())
    assert row.known.email in shown
    assert row.known.trust.source in shown
    assert carl.post(page, {}).status_code == 422
    preview = carl.post(page, {"key": [row.known.key]}).content.decode()
    assert "These would be imported" in preview
    assert not Contact.objects.filter(email=row.known.email).exists()
    done = carl.post(page, {"key": [row.known.key], "act": "take", "once": new_form_key()}, follow=True)
    assert "No case goes there" in done.content.decode()
    entry = Contact.objects.get(email=row.known.email)
    assert "Unconfirmed" in carl.get(f"/desk/contacts/{entry.pk}").content.decode()
    confirm = f"/desk/contacts/{entry.pk}/confirm"
    assert signed_in(office, "dora").post(confirm, {"once": new_form_key(), "how": "spoken"}).status_code == 404
    assert signed_in(office, "ana").post(confirm, {"once": new_form_key(), "how": "spoken"}).status_code == 403
    seen = seen_on(carl.get(f"/desk/contacts/{entry.pk}").content.decode())
    Contact.objects.filter(pk=entry.pk).update(email="elsewhere@police.example")
    answer = carl.post(confirm, {"once": new_form_key(), "act": "confirm", "how": "spoken", "seen": seen}, follow=True)
    assert "Something else was entered since" in answer.content.decode()
    assert Contact.objects.get(pk=entry.pk).unconfirmed is True, "nobody spoke with them there"
    seen = seen_on(carl.get(f"/desk/contacts/{entry.pk}").content.decode())
    carl.post(confirm, {"once": new_form_key(), "act": "confirm", "how": "spoken", "seen": seen})
    assert Contact.objects.get(pk=entry.pk).unconfirmed is False
    assert with_keys(["no such"]) == []


def test_the_command_shows_what_is_known(tmp_path: Path) -> None:
    environment = {**os.environ, "LEEWARD_DATA": str(tmp_path)}
    done = commands.leeward("contact", "known", "--country", "TT", "--json", environment=environment)
    assert done.returncode == 0, done.stderr
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert {"key", "email", "report_url", "source", "seen", "as_of"} <= set(rows[0])
