"""The directory: what comes back is counted, how contacts answer is measured, tables go out and come in."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from leeward.demo.world.mailbox import Mailbox
from leeward.notices import queries, services
from leeward.notices.models import Contact, InboundMail, Message, NoticeItem, StaffNote
from leeward.notices.rules.briefs import Plan
from leeward.notices.tasks import read_mailbox
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_pages import signed_in

HOUR = timedelta(hours=1)


@pytest.fixture
def box(tmp_path: Path, configure: Callable[..., None]) -> Mailbox:
    made = Mailbox(tmp_path / "mail")
    configure(mailbox=made.setting, mail_bounces="bounces@leeward.example", bounces_most=2)
    return made


def host() -> Contact:
    return Contact.objects.get(email=ABUSE)


def returned_to(office: Office) -> str:
    """The envelope sender of the newest message to the host."""
    return office.mails(ABUSE)[-1].sender


def test_what_comes_back_is_counted_until_the_contact_is_bad_and_a_person_is_told(office: Office, box: Mailbox) -> None:
    office.internet.host("pictures.harbour-host.example", abuse=[ABUSE], upstream=["noc@upstream.example"])
    office.act(office.case(), Plan(police=False))
    office.work()
    path = returned_to(office)
    assert path.startswith("bounces+lw-m")
    assert path.endswith("@leeward.example")

    answers = f"From: {ABUSE}\r\nTo: {path}\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nUntil Monday.\r\n"
    box.deliver(answers.encode())
    box.deliver(f"From: a@x.example\r\nTo: {path.replace('-m1', '-m2')}\r\nSubject: made up\r\n\r\n5.1.1\r\n".encode())
    read_mailbox()
    assert (host().bounces_hard, host().bounces_soft, Message.objects.get().state) == (0, 0, "sent")

    # A server's own words, without a report that programs read.
    words = (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {path}\r\nSubject: Sorry\r\n\r\nRejected by policy: 550 5.7.1 no.\r\n"
    )
    box.deliver(words.encode())
    read_mailbox()
    assert (host().bounces_hard, host().bounced_at) == (1, None)
    assert InboundMail.objects.filter(is_bounce=True).count() == 1
    office.work()
    assert len(office.mails("noc@upstream.example")) == 1  # the ladder goes on to the next at once

    office.act(office.case(), Plan(police=False))
    office.work()
    services.take_in(
        f"From: {ABUSE}\r\nIn-Reply-To: {office.mails(ABUSE)[-1].message['Message-ID']}\r\n\r\nHello.".encode()
    )
    assert host().bounces_hard == 0  # a sign of life

    for _ in range(2):
        office.act(office.case(), Plan(police=False))
        office.work()
        box.bounce(office.mails(ABUSE)[-1].message, recipient=ABUSE, status="5.7.1")
        read_mailbox()
    assert host().bounced_at is not None
    office.work()
    assert {note.what for note in StaffNote.objects.all()} == {"contact_bad"}
    told = len(office.mails(ABUSE))
    office.act(office.case(), Plan(police=False))
    office.work()
    assert len(office.mails(ABUSE)) == told
    assert len(office.mails(office.cast["carl"].email)) == 1

    page = signed_in(office, "carl").get(f"/desk/contacts/{host().pk}").content.decode()
    assert "Bounces" in page
    assert page.count("Mail bounced") >= 3  # the warning, and each bounce in its history
    assert "harbour-host.example/a/" not in page


def test_how_a_contact_answers_is_measured(office: Office, django_assert_max_num_queries: Any) -> None:
    for _ in range(4):
        office.act(office.case(), Plan(police=False))
    office.work()
    items = list(NoticeItem.objects.order_by("pk"))
    for hours, item, answer in ((1, items[0], "removed"), (2, items[1], "removed"), (3, items[2], "wrong_contact")):
        office.clock.move_to((item.notice.sent_at or office.reached) + hours * HOUR)
        given = [services.Given(item.pk, answer)]
        services.answer_notice(item.notice_id, given, actor=office.cast["ana"].actor)
    row = queries.contact_row(host())
    assert (row.measured.asked, row.measured.answered, row.measured.removed, row.measured.wrong) == (4, 3, 2, 1)
    assert (row.measured.median_minutes, row.standing) == (120, "good")
    carl = signed_in(office, "carl")
    carl.get("/desk/contacts")
    with django_assert_max_num_queries(12):
        assert "Answers" in carl.get("/desk/contacts?kind=host").content.decode()
    with django_assert_max_num_queries(12):
        assert "2 h" in carl.get(f"/desk/contacts/{host().pk}").content.decode()


@pytest.mark.parametrize(("kind", "plan"), [("police", Plan(host=False)), ("host", Plan(police=False))])
def test_silence_counts_once_there_was_time_to_answer(office: Office, kind: str, plan: Plan) -> None:
    """Five minutes of silence say nothing; a day of it does, without anybody asking."""
    for _ in range(3):
        office.act(office.case(), plan)
    office.work()
    contact = Contact.objects.get(kind=kind)
    office.work(HOUR / 12)
    row = queries.contact_row(Contact.objects.get(pk=contact.pk))
    assert (row.measured.asked, row.measured.due, row.standing) == (3, 0, "new")
    office.work(25 * HOUR)
    row = queries.contact_row(Contact.objects.get(pk=contact.pk))
    assert (row.measured.due, row.measured.answered, row.standing) == (3, 0, "silent")


def test_a_table_goes_out_without_formulas_and_comes_in_with_a_preview(office: Office) -> None:
    carl = signed_in(office, "carl")
    details = services.ContactDetails("hotline", "BB", "=cmd|' /C calc'!A0", "desk@bb.example", ("en",))
    services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    sheet = carl.post("/desk/contacts/export", {"q": "bb.example"}).content.decode()
    assert "'=cmd" in sheet

    added = sheet.rstrip() + "\r\nPolice,tt,Police of Trinidad,Police@TT.example,en fr,\r\n"
    page = take(carl, added, "")
    assert "New: 1. Changed: 0. The same as before: 1." in page.content.decode()
    assert not Contact.objects.filter(country="TT").exists()
    bad = take(carl, added + "police,,No country,x@y.example,,\nhost,,,not an address,,\n", "take")
    assert bad.status_code == 422
    assert "Line 4" in bad.content.decode()
    assert "Line 5" in bad.content.decode()
    assert not Contact.objects.filter(country="TT").exists()

    key = new_form_key()
    for _ in range(2):
        assert take(carl, added, "take", key).status_code == 302
    entry = Contact.objects.get(country="TT")
    assert (entry.kind, entry.email, entry.languages, entry.source) == (
        "police",
        "police@tt.example",
        ["en", "fr"],
        "import",
    )
    changed = added.replace("Police of Trinidad", "Trinidad and Tobago")
    sent = {"text": changed, "act": "take", "once": new_form_key()}
    old = seen_on(carl.post("/desk/contacts/import", sent | {"act": ""}).content.decode())
    Contact.objects.filter(country="TT").update(name="Police of Tobago")
    for seen in (old, ""):
        assert carl.post("/desk/contacts/import", sent | {"seen": seen}).status_code == 409, (
            "the preview showed another"
        )
    assert Contact.objects.get(country="TT").name == "Police of Tobago"
    assert "Changed: 1" in take(carl, changed, "").content.decode()
    take(carl, changed, "take")
    assert Contact.objects.get(country="TT").name == "Trinidad and Tobago"
    assert Contact.objects.get(country="BB").name.startswith("=cmd")
    for text in ("", "a,b\n1,2\n", "kind,email\n" + "host,a@b.example\n" * 2001, '"' + "x" * 200_000):
        assert take(carl, text, "take").status_code == 422


def test_the_table_says_what_kind_of_office_it_is(office: Office) -> None:
    carl = signed_in(office, "carl")
    table = "kind,country,name,email,service\nprotection,TT,Care,care@tt.example,social\n"
    assert "Changed: 0" in take(carl, table, "").content.decode()
    take(carl, table, "take")
    assert Contact.objects.get(kind="protection").service == "social"
    exported = carl.post("/desk/contacts/export", {"kind": "protection"}).content.decode()
    assert "care@tt.example,,,social" in exported
    again = take(carl, exported, "").content.decode()
    assert "The same as before: 1" in again, "what was exported comes back as it is"
    assert "Changed: 1" in take(carl, table.replace("social", "advocacy"), "").content.decode()
    assert "The same as before: 1" in take(carl, table.replace("social", ""), "").content.decode(), (
        "empty changes nothing"
    )
    assert take(carl, table.replace("social", "bakery"), "").status_code == 422


def take(client: Client, text: str, act: str, once: str = "") -> Any:
    path, sent = "/desk/contacts/import", {"text": text, "once": once or new_form_key()}
    preview = client.post(path, sent)
    seen = (
        seen_on(preview.content.decode()) if preview.status_code == 200 and "seen" in preview.content.decode() else ""
    )
    return client.post(path, sent | {"act": act, "seen": seen})


def test_a_form_of_yesterday_leads_no_notice_back_to_an_address_that_was_given_up(office: Office) -> None:
    number = services.add_contact(
        services.ContactDetails("host", "", "Harbour Host", "old@harbour-host.example"),
        hotline_id=office.cast.hotline_id,
        actor=office.cast["carl"].actor,
    )
    carl, adam, path = signed_in(office, "carl"), signed_in(office, "adam"), f"/desk/contacts/{number}"

    def save(client: Client, seen: str, **more: str) -> str:
        form = {"once": new_form_key(), "kind": "host", "name": "Harbour Host", "seen": seen}
        return client.post(path, form | more, follow=True).content.decode()

    seen = seen_on(adam.get(path).content.decode())
    save(carl, seen_on(carl.get(path).content.decode()), email="new@harbour-host.example")
    assert "Something else was entered since you opened this page." in save(
        adam, seen, email="old@harbour-host.example", languages="en"
    )
    assert Contact.objects.get(pk=number).email == "new@harbour-host.example"
    assert f'name="seen" value="{seen}"' in save(adam, seen, email=""), (
        "a mistake in the form is no reading of the page"
    )
    save(adam, seen_on(adam.get(path).content.decode()), email="new@harbour-host.example", languages="en")
    assert Contact.objects.get(pk=number).languages == ["en"]
