"""Contacts that want X-ARF: one report beside the text of each notice, over real SMTP, encrypted where they have a key."""

import json
from email.message import Message as Part
from typing import Any

import pysequoia
import xarf as theirs

from leeward.notices import queries, services
from leeward.notices.models import Contact, Message
from leeward.notices.rules.briefs import Plan
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_openpgp import opened
from tests.notices.test_pages import signed_in

HOST = Plan(police=False)


def wants_it(office: Office, email: str = ABUSE) -> Contact:
    """The contact of the host, which says on its page in the directory that it wants X-ARF."""
    carl = signed_in(office, "carl")
    number = services.add_contact(
        services.ContactDetails("host", "", "Harbour Host", email),
        hotline_id=office.cast.hotline_id,
        actor=office.cast["carl"].actor,
    )
    form = {"once": new_form_key(), "kind": "host", "name": "Harbour Host", "email": email, "wants_xarf": "on"}
    form["seen"] = seen_on(carl.get(f"/desk/contacts/{number}").content.decode())
    assert carl.post(f"/desk/contacts/{number}", form).status_code == 302
    shown = carl.get(f"/desk/contacts/{number}").content.decode()
    assert 'name="wants_xarf"' in shown
    assert "checked" in shown.split('name="wants_xarf"')[1].split(">")[0]
    return Contact.objects.get(pk=number)


def read_report(whole: Part) -> dict[str, Any]:
    """The report in a message as a receiver's program reads it, by the convention for e-mail; valid, and without evidence."""
    assert whole.get_content_type() == "multipart/report"
    assert whole.get_param("report-type") == "feedback-report"
    words, kind, report = whole.get_payload()
    assert [part.get_content_type() for part in (words, kind, report)] == [
        "text/plain",
        "message/feedback-report",
        "application/json",
    ]
    fields = kind.as_string().partition("\n\n")[2] if kind.is_multipart() else str(kind.get_payload())
    assert "Feedback-Type: xarf" in fields
    assert "Version: 1" in fields
    assert report.get_filename() == "xarf.json"
    found: dict[str, Any] = json.loads(report.get_payload(decode=True))
    assert theirs.parse(found).errors == []
    assert found["url"] in words.get_payload(decode=True).decode()
    assert not set(found) & {"evidence", "hash_values", "screenshot_url", "_internal"}
    assert "0" * 64 not in json.dumps(found)
    return found


def test_each_address_is_one_message_with_one_report_and_what_can_not_be_reported_goes_as_ever(office: Office) -> None:
    wants_it(office)
    sure = [
        office.case(classification="A2", media="video", judged="record" if number == 1 else "person")
        for number in range(2)
    ]
    unsure = office.case()
    [preview] = queries.previews(sure[0], HOST)
    [attached] = preview.attachments
    before = json.loads(attached.text)
    assert (attached.name, before["report_id"], before["classification"]) == ("xarf.json", "…", "A2")
    assert queries.previews(unsure, HOST)[0].attachments == ()
    for one in (*sure, unsure):
        office.act(one, HOST)
    office.act(sure[0], HOST)  # asking again begins no second notice
    office.work()

    mails = [mail.message for mail in office.mails(ABUSE)]
    assert [mail.get_content_type() for mail in mails] == ["multipart/report", "multipart/report", "text/plain"]
    reports = [read_report(mail) for mail in mails[:2]]
    assert [one["url"] for one in reports] == [one.address for one in sure]
    assert [one["detection_method"] for one in reports] == ["manual_review", "hash_match"]
    assert len({one["report_id"] for one in reports}) == 2
    assert {one["reporter"]["contact"] for one in reports} == {"desk@jm.example"}
    assert before | {"report_id": 0, "description": 0} == reports[0] | {"report_id": 0, "description": 0}

    # The same message again has the same report.
    message = Message.objects.get(message_id=str(mails[0]["Message-ID"]))
    Message.objects.filter(pk=message.pk).update(state="dead")
    services.retry(message.pk, actor=office.cast["carl"].actor)
    office.work()
    assert read_report(office.mails(ABUSE)[-1].message) == reports[0]


def test_with_a_key_the_report_is_inside(office: Office) -> None:
    contact = wants_it(office)
    secret = pysequoia.Tsk.generate(ABUSE)
    services.set_key(contact.pk, str(secret.extract_certificate()), actor=office.cast["carl"].actor)
    office.act(office.case(classification="baseline"), HOST)
    office.work()
    [mail] = office.mails(ABUSE)
    raw = mail.message.as_bytes()
    for word in (b"pictures.harbour-host", b"baseline", b"feedback-report", b"xarf"):
        assert word not in raw
    assert read_report(opened(raw, secret))["classification"] == "baseline"


def test_addresses_that_waited_together_go_together_without_a_report(office: Office) -> None:
    """Two that were gathered before the contact wanted X-ARF: nobody is told late, and no report is about two."""
    for _ in range(2):
        office.act(office.case(classification="A1"), HOST)
    from leeward.jobs.worker import run_until_idle

    run_until_idle(office.reached)
    Contact.objects.filter(email=ABUSE).update(wants_xarf=True)
    office.work()
    [mail] = office.mails(ABUSE)
    assert mail.message.get_content_type() == "text/plain"
    assert mail.text.count("http://pictures.harbour-host.example/a/") == 2
