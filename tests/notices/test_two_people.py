"""How the police and child protection are written to is changed by two people; until then letters go as they went."""

import json
import re

import pysequoia
import pytest

from leeward.administration.services.former_police import tell_former_police
from leeward.administration.services.settings_file import take_settings
from leeward.foundation.actor import Actor
from leeward.notices import services
from leeward.notices.errors import WordingFaulty
from leeward.notices.models import Contact, Wording
from leeward.notices.recipients import police_of
from leeward.notices.rules.briefs import Plan
from leeward.people import queries
from leeward.people.errors import ChangeWaits, NotSecondPerson
from leeward.people.models import Portal
from leeward.people.services import settle_change
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.conftest import POLICE, Office
from tests.notices.test_pages import signed_in

PUPPET = "unit@puppet.example"
BODY = "{opening}\n\n{urgent}\n\n{address}\n\n{summary}\n\n{link}"
IGNORE = f"Please ignore this.\n\n{BODY}"


def key_of(address: str) -> tuple[str, str]:
    certificate = pysequoia.Tsk.generate(address).extract_certificate()
    return str(certificate), str(certificate.fingerprint).upper()


def police(office: Office, **values: object) -> Contact:
    """The entry of the directory by which the portal's police are written to."""
    row: Contact = Contact.objects.create(
        hotline_id=office.cast.hotline_id, kind="police", country="JM", email=POLICE, name="Constabulary", **values
    )
    return row


def confirm(office: Office, who: str = "adam") -> int:
    [change] = queries.portal_changes_waiting(office.cast.hotline_id)
    settle_change(change.id, confirm=True, actor=office.cast[who].actor)
    office.work()
    return change.id


def read(office: Office) -> str:
    """The newest letter that the police can read, "" where it is encrypted."""
    body = office.mails(POLICE)[-1].message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def test_a_key_for_the_police_takes_two_and_the_old_address_hears_of_it_in_plain_text(office: Office) -> None:
    contact, (public, fingerprint) = police(office), key_of(POLICE)
    carl = signed_in(office, "carl")
    path = f"/desk/contacts/{contact.pk}"
    sent = {"certificate": public, "once": new_form_key(), "seen": seen_on(carl.get(path).content.decode())}
    page = carl.post(f"{path}/key", sent, follow=True).content.decode()
    assert "This takes two people" in page
    assert f"A change of the contact police/JM/{POLICE} is waiting" in page
    office.act(office.case())
    office.work()
    assert "pictures.harbour-host.example" in read(office), "until then they can read it"
    [change] = queries.portal_changes_waiting(office.cast.hotline_id)
    assert fingerprint in signed_in(office, "adam").get(f"/desk/portals/changes/{change.id}").content.decode().upper()
    with pytest.raises(NotSecondPerson):
        settle_change(change.id, confirm=True, actor=office.cast["carl"].actor)
    confirm(office)
    assert Contact.objects.get(pk=contact.pk).fingerprint.upper() == fingerprint
    tell_former_police(change.id)
    text = read(office)
    assert " ".join(fingerprint[at : at + 4] for at in range(0, len(fingerprint), 4)) in text.upper()
    assert "If this is not your key, you can’t read what we send." in " ".join(text.split())
    services.remove_key(contact.pk, actor=office.cast["carl"].actor)
    assert Contact.objects.get(pk=contact.pk).fingerprint, "taking it away takes two as well"
    tell_former_police(confirm(office))
    assert not Contact.objects.get(pk=contact.pk).fingerprint
    assert "without OpenPGP encryption" in " ".join(read(office).split())


def test_an_entry_made_beforehand_is_no_way_around(office: Office) -> None:
    """Nobody wrote to the police yet, so the directory has no entry: one with another heading or language would be used."""
    details = services.ContactDetails("police", "JM", "Nobody reads this", POLICE, ("tlh",))
    assert services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor) == 0
    assert not Contact.objects.exists()
    same = services.ContactDetails("police", "JM", "Constabulary", POLICE)
    assert services.add_contact(same, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    confirm(office)
    assert Contact.objects.get().languages == ["tlh"]


def test_police_of_the_directory_stay_while_a_portal_writes_to_them(office: Office) -> None:
    contact, carl = police(office), office.cast["carl"].actor
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    portal, whole = (
        queries.portal(office.cast.portal_id),
        services.ContactDetails("police", "JM", "Constabulary", POLICE),
    )
    moved = services.ContactDetails("police", "JM", "Constabulary", PUPPET)
    number = services.change_contact(contact.pk, moved, actor=carl)
    assert number is not None
    assert services.change_contact(contact.pk, moved, actor=carl) == number
    with pytest.raises(ChangeWaits):
        services.change_contact(contact.pk, moved, actor=office.cast["adam"].actor)
    retired = services.ContactDetails("police", "JM", "Constabulary", POLICE, retired=True)
    assert services.change_contact(contact.pk, retired, actor=carl) is not None
    for change in queries.portal_changes_waiting(office.cast.hotline_id):
        settle_change(change.id, confirm=False, actor=carl)
    assert police_of(portal) == ("Constabulary", POLICE)
    other = services.ContactDetails("police", "JM", "Unit", PUPPET)
    assert services.add_contact(other, hotline_id=office.cast.hotline_id, actor=carl), "it stands behind the first"
    Contact.objects.filter(pk=contact.pk).update(bounced_at=office.reached)
    Contact.objects.filter(email=PUPPET).update(bounced_at=office.reached)
    [puppet] = Contact.objects.filter(email=PUPPET)
    assert services.clear_bounce(puppet.pk, actor=carl) is not None
    assert services.change_contact(contact.pk, whole, actor=carl) is None, "what changes nothing is saved"
    assert police_of(portal) == ("Constabulary", POLICE)
    tell_former_police(confirm(office))
    assert police_of(portal) == ("Unit", PUPPET)


def test_nor_does_a_table_or_a_settings_file_lead_them_elsewhere(office: Office) -> None:
    contact, carl = police(office), office.cast["carl"].actor
    public, _fingerprint = key_of(POLICE)
    table = [
        services.ContactDetails("police", "JM", "Nobody reads this", POLICE),
        services.ContactDetails("host", "", "Harbour Host", "abuse@harbour-host.example"),
    ]
    assert services.import_contacts(table, hotline_id=office.cast.hotline_id, actor=carl) == (1, 0)
    text = json.dumps(
        {
            "leeward_settings": 1,
            "contacts": {f"police/JM/{POLICE}": {"certificate": public}},
            "texts": {"police/en": {"subject": "Ignore", "body": IGNORE}},
        }
    )
    done = take_settings(office.cast.hotline_id, text, actor=office.cast["adam"].actor)
    said = " ".join(map(str, done.by_hand))
    assert f"A second person confirms how the police or child protection are written to at: {POLICE}" in said
    assert "A second person confirms the text police/en" in said
    kept = Contact.objects.get(pk=contact.pk)
    assert (kept.name, kept.fingerprint, Wording.objects.count()) == ("Constabulary", "", 0)
    waiting = queries.portal_changes_waiting(office.cast.hotline_id)
    assert [(row.what, row.asked_by) for row in waiting] == [
        ("police_contact", "Carl"),
        ("police_text", "Adam"),
        ("police_contact", "Adam"),
    ]


def test_before_a_portal_opens_and_for_others_one_person_is_enough(office: Office) -> None:
    carl, (public, _fingerprint) = office.cast["carl"].actor, key_of(POLICE)
    host = services.ContactDetails("host", "", "Harbour Host", "abuse@harbour-host.example")
    assert (
        services.set_key(services.add_contact(host, hotline_id=office.cast.hotline_id, actor=carl), public, actor=carl)
        is None
    )
    abroad = services.ContactDetails("police", "CA", "There", "police@there.example")
    number = services.add_contact(abroad, hotline_id=office.cast.hotline_id, actor=carl)
    assert number, "a directory can be filled"
    elsewhere = services.ContactDetails("police", "CA", "There", PUPPET)
    assert services.change_contact(number, elsewhere, actor=carl) is not None, "what stands there is guarded"
    Portal.objects.filter(pk=office.cast.portal_id).update(takes_reports=False, was_opened=False)
    assert services.set_key(police(office).pk, public, actor=carl) is None
    assert (
        services.save_wording(
            kind="police",
            language="en",
            country="",
            subject="Ours",
            body=BODY,
            hotline_id=office.cast.hotline_id,
            actor=carl,
        )
        == 1
    )


def test_the_text_of_referrals_takes_two_and_keeps_what_the_police_need(office: Office) -> None:
    path = "/desk/wordings/edit?kind=police&language=en&country="
    carl = signed_in(office, "carl")
    for name in ("urgent", "summary", "address", "link"):
        short = BODY.replace(f"{{{name}}}", "")
        answer = carl.post(path, {"subject": "Ours", "body": short, "act": "save", "once": new_form_key()})
        assert answer.status_code == 422
        assert f"the placeholder “{name}” is missing" in answer.content.decode()
    seen = seen_on(carl.get(path).content.decode())
    sent = {"subject": "Ours", "body": IGNORE, "act": "save", "once": new_form_key(), "seen": seen}
    assert "This takes two people" in carl.post(path, sent, follow=True).content.decode()
    assert "is waiting for a second person: police/en/" in carl.get(path).content.decode()
    office.act(office.case(), Plan(host=False))
    office.work()
    assert "Please ignore this" not in read(office)
    [change] = queries.portal_changes_waiting(office.cast.hotline_id)
    shown = signed_in(office, "adam").get(f"/desk/portals/changes/{change.id}").content.decode()
    assert re.search(r'<ins><span class="vh">new:</span>\+ [^<]*Please ignore this', shown), "in signs and words"
    assert '<del><span class="vh">removed:</span>− ' in shown
    assert "− removed, + new" in shown
    assert "does it still ask them to act" in shown
    confirm(office)
    row = Wording.objects.get(is_current=True)
    assert (row.body, row.person_id) == (IGNORE.strip(), office.cast["carl"].account_id)
    query = "kind=police&language=en&country="
    seen = seen_on(carl.get(f"/desk/wordings/versions?{query}").content.decode())
    sent = {"once": new_form_key(), "seen": seen}
    back = carl.post(f"/desk/wordings/shipped?{query}", sent, follow=True).content.decode()
    assert "This takes two people" in back
    confirm(office)
    assert Wording.objects.get(is_current=True).is_shipped
    assert services.restore_wording(row.pk, actor=office.cast["carl"].actor) == 0


def test_an_older_text_without_what_the_police_need_is_not_sent(office: Office) -> None:
    Wording.objects.create(
        hotline_id=office.cast.hotline_id, kind="police", language="en", version=1, subject="Ours",
        body="{opening} Please ignore this. {address} {link}", made_at=office.reached,
    )  # fmt: skip
    office.act(office.case())
    office.work()
    assert "Please ignore this" not in read(office)
    with pytest.raises(WordingFaulty):
        services.save_wording(
            kind="police", language="en", country="", subject="Ours", body="{address} {link}",
            hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor,
        )  # fmt: skip


def test_the_page_says_who_writes_to_an_entry_that_is_not_in_use(office: Office) -> None:
    contact, carl = police(office, retired=True, bounced_at=office.reached), signed_in(office, "carl")
    page = " ".join(carl.get(f"/desk/contacts/{contact.pk}").content.decode().split())
    assert "The portal Jamaica has this address for its police: their letters go there" in page
    assert "nothing is sent there automatically" not in page
    assert "Not in use" not in carl.get("/desk/contacts?kind=police").content.decode()
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    page = carl.get(f"/desk/contacts/{contact.pk}").content.decode()
    assert "has this address for its police:" not in page
    assert "nothing is sent there automatically" in page
    assert "Not in use" in carl.get("/desk/contacts?kind=police").content.decode()


def test_whoever_runs_the_server_changes_it_at_once_and_all_see_it(office: Office) -> None:
    contact, (public, _fingerprint) = police(office), key_of(POLICE)
    services.set_key(contact.pk, public, actor=Actor("command", hotline_id=office.cast.hotline_id))
    office.work()
    assert Contact.objects.get(pk=contact.pk).fingerprint
    assert queries.portal_changes_waiting(office.cast.hotline_id) == []
