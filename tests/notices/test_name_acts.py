"""Acts about a name: whom each goes to, on what basis, with which clock; the police first, and ICANN only with proof."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leeward.audit.queries import entries
from leeward.audit.services import hotline_transaction
from leeward.foundation.errors import NotAllowed
from leeward.hosting.models import NameRecord
from leeward.hosting.services import locate
from leeward.monitoring.models import Watch
from leeward.notices import services
from leeward.notices.errors import AddressNotMail, NameActNotPossible, WordingFaulty
from leeward.notices.models import Contact, Message, NameAct, Notice, NoticeItem
from leeward.notices.queries import contacts
from leeward.notices.queries.name_acts import name_acts_of
from leeward.notices.queries.overviews import open_items
from leeward.notices.rules.briefs import Plan
from leeward.notices.services.delivery import came_back
from leeward.web_security.keys import new_form_key
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import signed_in

HOST = "pictures.harbour-host.example"
NAME = "harbour-host.example"
REGISTRAR = "abuse@anchor-names.example"
GTLD = "pictures.kite.test"


def free(office: Office, host: str = HOST) -> Any:
    """A case whose police have it and let others be told."""
    office.internet.host(host, abuse=[ABUSE], registrar=[REGISTRAR])
    brief = office.case(host)
    acted = office.act(brief, Plan(police=True, host=True))
    office.work()
    services.answer_referral(acted.referral_id, "release", actor=office.cast["pia"].actor)
    return brief


def contact(office: Office, kind: str, email: str, country: str = "") -> None:
    services.add_contact(
        services.ContactDetails(kind, country, kind.upper(), email),
        hotline_id=office.cast.hotline_id,
        actor=office.cast["carl"].actor,
    )


def text_of(mail: Any) -> str:
    """What a mail says, however its lines are broken."""
    return " ".join(mail.text.split())


def page_in(mail: Any) -> str:
    """Return the path of the page on which a mail is answered."""
    link = next(line for line in mail.text.splitlines() if "/notice/" in line).strip()
    return "/" + str(link.split("/", 3)[3])


def events(office: Office, name: str) -> list[Any]:
    return [json.loads(str(one.facts)) for one in entries(office.cast.hotline_id) if one.event == name]


def hindrances(brief: Any, name: str, **more: Any) -> dict[str, str]:
    return {row.what: row.hindrance for row in name_acts_of(brief.case_id, name, **more).offered}


def test_nothing_goes_out_before_the_police_let_others_be_told(office: Office) -> None:
    office.internet.host(HOST, abuse=[ABUSE], registrar=[REGISTRAR])
    brief = office.case()
    assert set(hindrances(brief, NAME).values()) == {"police_first"}
    office.act(brief, Plan(police=True, host=True))
    with pytest.raises(NameActNotPossible):
        services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    assert set(hindrances(brief, NAME).values()) == {"police_first"}
    assert not NameAct.objects.exists()


def test_a_registrar_gets_a_notice_with_its_basis_and_its_answer_page(office: Office) -> None:
    brief = free(office)
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    (mail,) = office.mails(REGISTRAR)
    assert f"Illegal activity on {NAME}" in str(mail.message["subject"])
    for text in ("3.18.1", brief.address, "Suspending it does not remove the material", "registered through you"):
        assert text in text_of(mail)
    (act,) = name_acts_of(brief.case_id, NAME).done
    assert (act.what, act.to, act.answer, act.is_overdue) == ("registrar", REGISTRAR, "", False)
    assert act.due_at - act.sent_at <= timedelta(hours=72)
    path = page_in(mail)
    page = Client().get(path).content.decode()
    assert "we write again" not in page
    overview = contacts(kind="registrar", search=REGISTRAR).get().pk
    assert not open_items(overview).exists(), "it has a page of its own"
    assert "The name is suspended" in page
    assert "It is removed" not in page
    item = NoticeItem.objects.get(notice__kind="name_registrar")
    Client().post(path, {"once": new_form_key(), f"answer-{item.pk}": "suspended"})
    item.refresh_from_db()
    assert item.answer == "suspended"
    assert item.notice_case.state == "open", "the host ladder goes on"
    assert hindrances(brief, NAME).get("registrar") is None
    with pytest.raises(NameActNotPossible):
        services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)


def test_what_only_an_authority_can_do_goes_to_our_police(office: Office) -> None:
    brief = free(office)
    for what in ("police", "data"):
        services.act_on_name(brief.case_id, what, name=NAME, actor=office.cast["ana"].actor)
    office.work()
    police, data = (mail for mail in office.mails(POLICE) if NAME in str(mail.message["subject"]))
    assert "3.18.3" in text_of(police)
    assert "24 hours" in text_of(police)
    assert "Anchor Names" in text_of(police)
    assert "Only an authority can ask" in text_of(data)
    due = {act.what: act.due_at - act.item.notice.sent_at for act in NameAct.objects.all()}
    assert due == {"police": timedelta(hours=24), "data": timedelta(hours=72)}


def test_a_reader_is_written_to_in_their_own_language(office: Office) -> None:
    brief = free(office)
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    Contact.objects.filter(email=REGISTRAR).update(languages=["fr"])
    office.work()
    (mail,) = office.mails(REGISTRAR)
    subject = str(mail.message["subject"])
    assert NAME in subject
    assert not {"Illegal", "on"} & set(subject.split())
    assert "3.18.1" in text_of(mail)
    assert "registered through you" not in text_of(mail)


def test_the_registry_of_our_own_country_and_no_other(office: Office) -> None:
    brief = free(office, "pictures.kite.jm")
    assert hindrances(brief, "kite.jm")["registry"] == "no_registry"
    assert "registry" not in hindrances(brief, "kite.ca")
    contact(office, "registry", "desk@registry.example", "JM")
    services.act_on_name(brief.case_id, "registry", name="kite.jm", actor=office.cast["ana"].actor)
    office.work()
    (mail,) = office.mails("desk@registry.example")
    assert "The terms of the registry" in text_of(mail)


def test_icann_hears_only_with_the_proof_of_an_earlier_notice(office: Office) -> None:
    brief = free(office, GTLD)
    contact(office, "icann", "compliance@icann.example")
    assert hindrances(brief, "kite.test")["icann"] == "no_proof"
    services.act_on_name(brief.case_id, "registrar", name="kite.test", actor=office.cast["ana"].actor)
    office.work()
    assert hindrances(brief, "kite.test")["icann"] == "too_early"
    office.work(timedelta(hours=73))
    assert hindrances(brief, "kite.test")["icann"] == ""
    services.act_on_name(brief.case_id, "icann", name="kite.test", actor=office.cast["ana"].actor)
    office.work()
    (mail,) = office.mails("compliance@icann.example")
    (proof,) = [part for part in mail.message.iter_attachments() if part.get_filename() == "earlier-notice.txt"]
    text = proof.get_content()
    sent = Message.objects.get(kind="notice", subject_id=Notice.objects.get(kind="name_registrar").pk)
    assert sent.message_id in text
    assert REGISTRAR in text
    assert "icann" not in hindrances(brief, "harbour.jm")
    path = page_in(mail)
    assert "kite.test" in Client().get(path).content.decode()
    for seen in (
        mail.text,
        *(Client().get(path + more).content.decode() for more in ("", "/addresses.csv", "/addresses.json")),
    ):
        assert brief.address not in seen
        assert "/a/1" not in seen


def test_what_has_no_answer_in_time_is_told_once_and_asked_again_as_a_reminder(office: Office) -> None:
    brief = free(office)
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    NoticeItem.objects.filter(notice__kind="name_registrar").update(
        answer="acknowledged", answered_at=datetime.now(UTC)
    )
    with pytest.raises(NameActNotPossible):
        services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    assert events(office, "name_act.overdue") == []
    office.work(timedelta(hours=73))
    (act,) = name_acts_of(brief.case_id, NAME).done
    assert act.answer, "it is shown"
    assert act.is_overdue, "that somebody has it is no answer"
    assert [one["what"] for one in events(office, "name_act.overdue")] == ["registrar"]
    (again,) = (row for row in name_acts_of(brief.case_id, NAME).offered if row.what == "registrar")
    assert (again.hindrance, again.is_reminder) == ("", True)
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    mail = office.mails(REGISTRAR)[-1]
    assert str(mail.message["subject"]).startswith(f"Reminder 1: Illegal activity on {NAME}")
    assert "Reminder" not in str(office.mails(REGISTRAR)[0].message["subject"])
    with pytest.raises(NameActNotPossible):
        services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)


def test_nobody_is_told_of_silence_about_content_that_is_gone(office: Office) -> None:
    brief = free(office)
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    with hotline_transaction():
        services.withdraw(brief.case_id, actor=office.cast["ana"].actor)
    office.work(timedelta(hours=73))
    assert events(office, "name_act.overdue") == []


def test_a_letter_that_came_back_can_be_written_again_to_another_mailbox(office: Office) -> None:
    brief = free(office)
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    notice = Notice.objects.get(kind="name_registrar")
    with hotline_transaction():
        came_back(Message.objects.get(kind="notice", subject_id=notice.pk), "hard", now=datetime.now(UTC))
    office.internet.host(HOST, abuse=[ABUSE], registrar=["desk@anchor-names.example"])
    locate(brief.location_id, at_most_old=timedelta(0))
    assert name_acts_of(brief.case_id, NAME).done[0].has_failed
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    (mail,) = office.mails("desk@anchor-names.example")
    assert "Reminder" not in str(mail.message["subject"])


def test_a_registrar_that_says_suspended_is_taken_at_the_registrys_word(office: Office) -> None:
    brief = free(office, GTLD)
    contact(office, "icann", "compliance@icann.example")
    services.act_on_name(brief.case_id, "registrar", name="kite.test", actor=office.cast["ana"].actor)
    office.work()
    item = NoticeItem.objects.get(notice__kind="name_registrar")
    services.answer_notice(item.notice_id, [services.Given(item.pk, "suspended")], actor=office.cast["ana"].actor)
    assert not name_acts_of(brief.case_id, "kite.test").done[0].is_refuted, "it is asked first"
    office.work(timedelta(hours=73))
    assert name_acts_of(brief.case_id, "kite.test").done[0].is_refuted
    offered = {row.what: row for row in name_acts_of(brief.case_id, "kite.test").offered}
    assert (offered["registrar"].hindrance, offered["registrar"].is_reminder) == ("", True)
    assert offered["icann"].hindrance == ""


def test_a_hotlines_own_words_about_a_name_go_out_and_the_polices_text_takes_two(office: Office) -> None:
    brief = free(office)
    words = {"language": "en", "country": "", "hotline_id": office.cast.hotline_id, "actor": office.cast["carl"].actor}
    body = "Ours about {name}.\n\n{addresses}\n\n{registrar}\n\n{finding}\n\n{basis}\n\n{answer_by}\n\n{link}"
    services.save_wording(kind="name_registrar", subject="Name {name}", body=body, **words)
    with pytest.raises(WordingFaulty):
        services.save_wording(kind="name_accuracy", subject="x", body="{name} {odd} {link} {addresses}", **words)
    assert services.save_wording(kind="name_police", subject="Name {name}", body=body, **words) == 0
    for what in ("registrar", "police"):
        services.act_on_name(brief.case_id, what, name=NAME, actor=office.cast["ana"].actor)
    office.work()
    (mail,) = office.mails(REGISTRAR)
    assert str(mail.message["subject"]).startswith(f"Name {NAME} [LW-N")
    assert text_of(mail).startswith(f"Ours about {NAME}.")
    for text in (brief.address, "3.18.1", "Anchor Names", page_in(mail)):
        assert text in text_of(mail)
    police = next(mail for mail in office.mails(POLICE) if NAME in str(mail.message["subject"]))
    assert "Ours" not in text_of(police)


@pytest.mark.parametrize("fate", ["came back", "suspended", "another registrar"])
def test_icann_is_not_told_what_is_not_so(office: Office, fate: str) -> None:
    brief = free(office, GTLD)
    contact(office, "icann", "compliance@icann.example")
    services.act_on_name(brief.case_id, "registrar", name="kite.test", actor=office.cast["ana"].actor)
    office.work()
    office.work(timedelta(hours=73))
    assert hindrances(brief, "kite.test")["icann"] == ""
    notice = Notice.objects.get(kind="name_registrar")
    if fate == "came back":
        with hotline_transaction():
            came_back(Message.objects.get(kind="notice", subject_id=notice.pk), "soft", now=datetime.now(UTC))
    elif fate == "suspended":
        notice.items.update(answer="suspended", answered_at=datetime.now(UTC))
    else:
        office.internet.host(GTLD, abuse=[ABUSE], registrar=["abuse@other-names.example"])
        locate(brief.location_id, at_most_old=timedelta(0))
    assert hindrances(brief, "kite.test").get("icann") == (None if fate == "suspended" else "no_proof")
    with pytest.raises(NameActNotPossible):
        services.act_on_name(brief.case_id, "icann", name="kite.test", actor=office.cast["ana"].actor)


@pytest.mark.parametrize("what", ["police", "data", "registrar"])
def test_a_case_without_a_name_has_no_act_about_one(office: Office, what: str) -> None:
    brief = free(office)
    with pytest.raises(NameActNotPossible):
        services.act_on_name(brief.case_id, what, name="", actor=office.cast["ana"].actor)
    assert not NameAct.objects.exists()


def test_data_that_fit_are_not_reported_and_what_stands_out_is_named(office: Office) -> None:
    brief = free(office)
    assert hindrances(brief, NAME)["accuracy"] == "nothing_odd"
    assert hindrances(brief, NAME, odd=("young", "elsewhere"))["accuracy"] == "nothing_odd"
    services.act_on_name(
        brief.case_id, "accuracy", name=NAME, odd=("odd_phone", "young"), actor=office.cast["ana"].actor
    )
    office.work()
    (mail,) = office.mails(REGISTRAR)
    assert "The telephone number is not well formed." in text_of(mail)
    assert "We say nothing about why" in text_of(mail)
    assert brief.address not in mail.text


def test_what_was_asked_but_not_sent_is_pulled_back_with_the_case(office: Office) -> None:
    brief = free(office)
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    services.withdraw(brief.case_id, actor=office.cast["ana"].actor)
    office.work()
    assert office.mails(REGISTRAR) == []


def test_a_reporter_of_other_abuse_never_gets_it(office: Office) -> None:
    brief = free(office)
    office.internet.host(HOST, abuse=[ABUSE], registrar=["report@netbeacon.org"])
    locate(brief.location_id, at_most_old=timedelta(0))
    assert hindrances(brief, NAME)["registrar"] == "no_registrar"


@pytest.mark.parametrize("name", ["otto", "pia", "dora"])
def test_only_who_acts_on_cases_acts_on_names(office: Office, name: str) -> None:
    brief = free(office)
    with pytest.raises(NotAllowed):
        services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast[name].actor)


def test_what_is_answered_is_verified_by_its_own_evidence_only(office: Office) -> None:
    """That content is gone says nothing of the name, and a name that is held nothing of the content."""
    brief = free(office)
    services.act_on_name(brief.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    answers = {"host": "removed", "name_registrar": "suspended"}
    for kind, answer in answers.items():
        item = NoticeItem.objects.get(notice__kind=kind)
        services.answer_notice(item.notice_id, [services.Given(item.pk, answer)], actor=office.cast["ana"].actor)

    def verified() -> list[tuple[str, int, int]]:
        Contact.objects.update(due=9)
        with hotline_transaction():
            services.measure_claims()
        found = Contact.objects.filter(kind__in=("host", "registrar")).order_by("kind")
        return list(found.values_list("kind", "removed", "verified"))

    assert verified() == [("host", 1, 0), ("registrar", 1, 0)]
    record = NameRecord.objects.filter(name=NAME).latest("pk")
    NameRecord.objects.filter(pk=record.pk).update(is_suspended=True)
    assert verified() == [("host", 1, 0), ("registrar", 1, 1)]
    # It was held after the answer, and is no more.
    NameRecord.objects.filter(pk=record.pk).update(last_at=datetime.now(UTC) + timedelta(hours=1))
    free_again = NameRecord.objects.get(pk=record.pk)
    free_again.pk, free_again.is_suspended = None, False
    free_again.save()
    assert verified()[1] == ("registrar", 1, 1)
    NameRecord.objects.filter(pk=record.pk).update(last_at=datetime.now(UTC) - timedelta(days=9))
    assert verified()[1] == ("registrar", 1, 0)
    Watch.objects.update_or_create(
        location_id=brief.location_id,
        hotline_id=office.cast.hotline_id,
        defaults={"state": "removed", "since": datetime.now(UTC)},
    )
    assert verified() == [("host", 1, 1), ("registrar", 1, 0)]


def test_the_league_is_read_by_kind_exported_without_formulas_and_logged(office: Office) -> None:
    for number, (kind, name, due) in enumerate(
        (("host", "=Harbour", 8), ("host", "Few", 4), ("registrar", "Anchor", 9))
    ):
        contact(office, kind, f"desk{number}@league.example")
        Contact.objects.filter(email=f"desk{number}@league.example").update(
            name=name, due=due, answered=due, removed=due, verified=0 if number else due, median_minutes=90
        )
    client = signed_in(office, "carl")
    page = client.get("/desk/league?kind=host").content.decode()
    assert "=Harbour" in page
    assert "Few" not in page
    assert "left out: 1." in page
    page = " ".join(client.get("/desk/league?kind=nonsense").content.decode().split())
    assert "Anchor" in page
    for share in ('Removed, and verified"> ?0%', 'Says so, not verified"> ?100%'):
        assert re.search(share, page), share
    table = client.post("/desk/league", {"kind": "host", "once": new_form_key()}).content.decode()
    assert table.splitlines()[1] == "'=Harbour,host,8,100,0,100,1.5"
    assert [one.facts for one in entries(office.cast.hotline_id) if one.event == "league.exported"]
    assert "=Harbour" not in signed_in(office, "dora").get("/desk/league?kind=host").content.decode()
    assert signed_in(office, "ana").get("/desk/league").status_code == 403


def test_nor_does_the_ladder_or_the_directory_lead_there(office: Office) -> None:
    office.internet.host(HOST, abuse=["report@netbeacon.org"], registrar=["report@netbeacon.org"])
    brief = office.case()
    office.act(brief, Plan(police=False, host=True))
    office.work()
    assert office.mails("report@netbeacon.org") == []
    with pytest.raises(AddressNotMail):
        contact(office, "host", "Report@NetBeacon.org")
