"""Contacts with a key get everything encrypted; what can't be encrypted is never sent in plain instead."""

import email
import email.policy
from typing import Any

import pysequoia

from leeward.notices import queries, services
from leeward.notices.models import Contact, Message
from leeward.notices.queries.persons import is_in_use
from leeward.notices.rules.briefs import Plan
from leeward.people.queries import changes_about
from leeward.people.services import settle_change
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import signed_in


def opened(raw: bytes, secret: Any) -> Any:
    """The message inside a PGP/MIME one (RFC 3156), as the contact's mail program shows it."""
    outer = email.message_from_bytes(raw, policy=email.policy.default)
    assert outer.get_content_type() == "multipart/encrypted"
    assert outer.get_param("protocol") == "application/pgp-encrypted"
    first, second = outer.iter_parts()
    assert first.get_content_type() == "application/pgp-encrypted"
    plain = pysequoia.decrypt(decryptor=secret.decryptor(), bytes=second.get_content()).bytes
    return email.message_from_bytes(bytes(plain), policy=email.policy.default)


def test_a_contact_with_a_key_gets_nothing_in_plain(office: Office) -> None:
    carl = signed_in(office, "carl")
    office.act(office.case())
    contact = Contact.objects.get(email=POLICE)
    secret = pysequoia.Tsk.generate("police@constabulary.example")
    public = str(secret.extract_certificate())
    page = f"/desk/contacts/{contact.pk}"
    seen = seen_on(carl.get(page).content.decode())
    for wrong in ("", "no key", str(secret)):
        refused = carl.post(f"{page}/key", {"once": new_form_key(), "certificate": wrong, "seen": seen})
        assert refused.status_code == 422
        assert "can’t be used" in refused.content.decode()
    carl.post(f"{page}/key", {"once": new_form_key(), "certificate": public, "seen": "of another address"})
    assert changes_about(office.cast.hotline_id, "police_contact", f"police/JM/{POLICE}") == []
    assert carl.post(f"{page}/key", {"once": new_form_key(), "certificate": public, "seen": seen}).status_code == 302
    [change] = changes_about(office.cast.hotline_id, "police_contact", f"police/JM/{POLICE}")
    settle_change(change.id, confirm=True, actor=office.cast["adam"].actor)
    services.take_confirmed_contact(change.id)
    shown = carl.get(page).content.decode()
    printed = str(secret.extract_certificate().fingerprint).upper()
    assert " ".join(printed[at : at + 4] for at in range(0, len(printed), 4)) in shown
    office.work()
    [mail] = office.mails(POLICE)
    raw = mail.message.as_bytes()
    for word in (b"harbour-host", b"/referral/", b"2026-0001", b"Section 3"):
        assert word not in raw
    inside = opened(raw, secret)
    assert "http://pictures.harbour-host.example/a/1" in inside.get_body(("plain",)).get_content()
    assert "Referral 2026-0001" in str(inside["Subject"])
    assert [part.get_filename() for part in inside.iter_attachments()] == ["referral-2026-0001.json"]
    assert str(mail.message["Subject"]).startswith("Encrypted message [LW-R")  # an answer still finds its case


def test_what_can_not_be_encrypted_waits_for_a_person(office: Office) -> None:
    office.internet.host("pictures.harbour-host.example", abuse=[ABUSE], upstream=["noc@upstream.example"])
    office.act(office.case(), Plan(police=False))
    office.work()
    host = Contact.objects.get(email=ABUSE)
    secret = pysequoia.Tsk.generate("abuse@harbour-host.example")
    public = str(secret.extract_certificate())
    services.set_key(host.pk, public, actor=office.cast["carl"].actor)
    sent = len(office.mails(ABUSE))
    Contact.objects.filter(pk=host.pk).update(certificate=public[:200])
    office.act(office.case(), Plan(police=False))
    office.work()
    assert len(office.mails(ABUSE)) == sent
    [stuck] = queries.dead_letters()
    assert (stuck.state, stuck.problem) == ("dead", "key_unusable")
    assert "can’t be encrypted" in stuck.problem_sentence
    assert Contact.objects.get(pk=host.pk).bounced_at is None
    assert len(office.mails("noc@upstream.example")) == 1  # the ladder goes on to somebody else
    services.remove_key(host.pk, actor=office.cast["carl"].actor)
    services.retry(stuck.id, actor=office.cast["carl"].actor)
    office.work()
    assert len(office.mails(ABUSE)) == sent + 1
    assert Message.objects.get(pk=stuck.id).state == "sent"


def test_an_entry_that_a_letter_still_waits_for_is_not_erased_with_its_key(office: Office) -> None:
    office.act(office.case())
    contact = Contact.objects.get(email=POLICE)
    Contact.objects.update(retired=True)
    assert is_in_use(contact.pk), "its key is needed when the letter leaves"
    office.work()
    assert len(office.mails(POLICE)) == 1
    assert not is_in_use(contact.pk)
    Message.objects.filter(to=POLICE).update(state="unsure")
    assert is_in_use(contact.pk), "a person may still send it again"
