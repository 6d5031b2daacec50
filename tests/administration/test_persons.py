"""Somebody asks for their data: found by what only they know, seen before anything happens, confirmed by a second person, and the log stays whole."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django_scopes import scope

from leeward.administration.models import PersonRequest, ReferralTest
from leeward.audit.models import AuditRow
from leeward.audit.queries import verdict
from leeward.capacity.models import Course, Participation
from leeward.foundation.actor import Actor
from leeward.intake.models import OutsideAppeal, Report
from leeward.intake.receipts import make_receipt
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import add_to_report, ask_from_outside, receive_report
from leeward.jobs.worker import run_until_idle
from leeward.languages.models import TextProposal
from leeward.notices.models import Alert, Contact, InboundMail, Message, StaffNote
from leeward.notices.services import ContactDetails, add_contact, change_contact
from leeward.notices.services.outbox import put
from leeward.oncall.models import Page, PageMessage
from leeward.payments.rules.masking import typed_without_card_numbers
from leeward.people import services
from leeward.people.models import Invitation, PortalChange, User
from leeward.people.services import settle_change
from leeward.providers.models import Provider, ProviderPerson
from leeward.web_security.keys import new_form_key
from tests.people.signing import events, signed_in
from tests.personas import PASSWORD, Cast, add_person

pytestmark = pytest.mark.django_db
SERVER = Actor("command")
LIST, REASON = "/desk/administration/persons", "By letter, with a copy of the pass"


def report(cast: Cast, form_key: str = "") -> Any:
    draft = ReportDraft(
        kind="page",
        items=item_drafts("http://a.example/x", {}),
        where="http://a.example/x",
        text="I found a bad page.",
        contact="me@home.example",
    )
    with scope(hotline=cast.hotline_id):
        return receive_report(
            draft,
            hotline_id=cast.hotline_id,
            portal_id=cast.portal_id,
            language="en",
            form_key=form_key or new_form_key(),
        )


def looked_for(client: Client, kind: str, what: str) -> list[str]:
    page = client.post(LIST, {"kind": kind, "receipt_or_name": what}).content.decode()
    return re.findall(rf'href="({LIST}/{kind}/[^"]+)"', page)


def found(client: Client, kind: str, what: str) -> list[str]:
    """The pages of requests for review."""
    page = client.post(LIST, {"kind": kind, "receipt_or_name": what}).content.decode()
    return re.findall(rf'href="({LIST}/appeal/[^"]+)"', page)


def asked(client: Client, page: str, act: str) -> Any:
    return client.post(page, {"act": act, "reason": REASON, "once": new_form_key()})


def settled(client: Client, request: str, answer: str, page: str = "") -> Any:
    """Press a button of a request's page: of one that somebody has open, or of the one that it shows now."""
    shown = page or client.get(request).content.decode()
    seen = re.findall(r'name="seen" value="([^"]*)"', shown)
    return client.post(request, {"answer": answer} | ({"seen": seen[0]} if seen else {}))


def erased(cast: Cast, kind: str, what: str) -> None:
    """Asked for by the administrator, confirmed by the supervisor."""
    (page,) = looked_for(signed_in(cast, "adam"), kind, what)
    request = asked(signed_in(cast, "adam"), page, "erase")
    assert request.status_code == 302, request.content.decode()
    assert settled(signed_in(cast, "carl"), request.url, "confirm").status_code == 302


def is_whole(cast: Cast) -> bool:
    return verdict(cast.hotline_id).fault is None


def test_a_reporter_is_found_by_the_receipt_alone_and_erased_by_two(cast: Cast) -> None:
    received, adam, carl = report(cast), signed_in(cast, "adam"), signed_in(cast, "carl")
    assert looked_for(adam, "reporter", "1234 5678 9012 3456") == []
    (page,) = looked_for(adam, "reporter", received.receipt)
    shown = adam.get(page).content.decode()
    assert "The addresses that were reported" in shown
    assert "I found a bad page" not in shown, "whoever asks sees what is here, not the words"
    assert adam.post(page, {"act": "erase", "reason": "", "once": new_form_key()}).status_code == 400
    request = asked(adam, page, "erase").url
    assert asked(adam, page, "erase").status_code == 409, "the same waits"
    assert settled(adam, request, "confirm").status_code == 403, "nobody alone"
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get().text
    assert REASON in carl.get(request).content.decode()
    assert settled(carl, request, "confirm").status_code == 302
    with scope(hotline=cast.hotline_id):
        row = Report.objects.get()
        assert (row.text, row.contact, row.receipt_hash) == ("", "", None)
    assert events(cast.hotline_id)[:3] == ["report.withdrawn", "person_request.confirmed", "person_request.made"]
    assert carl.post(request, {"answer": "refuse"}).status_code == 409
    assert is_whole(cast)


def review(cast: Cast, relation: str = "owner") -> Any:
    (item,) = item_drafts("http://shop.example/", {})
    with scope(hotline=cast.hotline_id):
        return ask_from_outside(
            item,
            relation=relation,
            text="It is a shop.",
            contact="owner@shop.example",
            hotline_id=cast.hotline_id,
            portal_id=cast.portal_id,
            language="en",
            form_key=new_form_key(),
        )


def test_who_asked_for_a_review_is_found_by_the_digits_alone_and_erased_by_two(cast: Cast) -> None:
    received, adam = review(cast), signed_in(cast, "adam")
    (page,) = found(adam, "appeal", received.receipt)
    assert found(adam, "reporter", received.receipt) == [page], "whichever of the two was chosen"
    assert looked_for(adam, "staff", received.receipt) == []
    assert found(signed_in(cast, "dora"), "appeal", received.receipt) == [], "of another hotline"
    shown = adam.get(page).content.decode()
    assert "<h1>Request for review</h1>" in shown
    assert "It is a shop" not in shown
    erased(cast, "appeal", received.receipt)
    with scope(hotline=cast.hotline_id):
        row = OutsideAppeal.objects.get()
        assert (row.text, row.contact, row.typed, row.receipt_hash) == ("", "", "", None)
    acts = AuditRow.objects.filter(chain=cast.hotline_id).order_by("-number")[:3]
    assert [(act.event, act.subject, act.actor) for act in acts] == [
        (event, f"appeal:{row.pk}", f"staff:{cast[name].account_id}")
        for event, name in (
            ("appeal.withdrawn", "carl"),
            ("person_request.confirmed", "carl"),
            ("person_request.made", "adam"),
        )
    ]
    assert found(adam, "appeal", received.receipt) == []
    assert is_whole(cast)


def test_a_person_shown_gets_and_erases_the_request_and_the_report_that_came_with_it(cast: Cast) -> None:
    received, adam = review(cast, "shown"), signed_in(cast, "adam")
    (page,) = found(adam, "reporter", received.receipt)
    request = asked(adam, page, "export").url
    settled(signed_in(cast, "carl"), request, "confirm")
    copy = json.loads(adam.post(f"{request}/copy").content)
    assert copy["kind"] == "appeal"
    for name in ("appeal", "report"):
        assert (copy["data"][name][0]["text"], copy["data"][name][0]["contact"]) == (
            "It is a shop.",
            "owner@shop.example",
        )
    assert copy["data"]["appeal"][0]["display"] == copy["data"]["addresses"][0]["display"] == "http://shop.example/"
    erased(cast, "appeal", received.receipt)
    with scope(hotline=cast.hotline_id):
        row = Report.objects.get()
        assert (row.text, row.contact, row.withdrawn_at is not None) == ("", "", True)
    last = AuditRow.objects.filter(chain=cast.hotline_id, event="report.withdrawn").get()
    assert (last.subject, last.actor) == (f"report:{row.pk}", f"staff:{cast['carl'].account_id}")


def test_a_receipt_that_could_be_the_number_of_a_card_finds_its_report(cast: Cast) -> None:
    key = next(key for key in iter(new_form_key, "") if is_masked(make_receipt(key, kind="report")))
    assert len(looked_for(signed_in(cast, "adam"), "reporter", report(cast, key).receipt)) == 1


def is_masked(digits: str) -> bool:
    return typed_without_card_numbers(digits) != digits


def test_a_copy_goes_to_the_two_who_agreed_and_to_nobody_else(cast: Cast) -> None:
    received, adam = report(cast), signed_in(cast, "adam")
    (page,) = looked_for(adam, "reporter", received.receipt)
    request = asked(adam, page, "export").url
    early = adam.post(f"{request}/copy")
    assert early.status_code == 404, "not confirmed"
    assert "There is no request" in early.content.decode()
    settled(signed_in(cast, "carl"), request, "confirm")
    copy = adam.post(f"{request}/copy")
    assert copy.status_code == 200, re.findall(r"<h1>.*?</p>", copy.content.decode(), re.S)
    data = json.loads(copy.content)["data"]
    assert (data["report"][0]["text"], data["report"][0]["contact"]) == ("I found a bad page.", "me@home.example")
    assert received.receipt.replace(" ", "") not in copy.content.decode()
    assert events(cast.hotline_id)[0] == "person_request.copy_taken"
    cast.people["zoe"] = add_person("zoe", ["administrator"], cast.hotline_id)
    assert signed_in(cast, "zoe").post(f"{request}/copy").status_code == 404
    with scope(hotline=cast.hotline_id):
        PersonRequest.objects.update(settled_at=datetime.now(UTC) - timedelta(days=8))
    assert adam.post(f"{request}/copy").status_code == 404, "after a week"
    with scope(hotline=cast.hotline_id):
        PersonRequest.objects.update(settled_at=datetime.now(UTC) + timedelta(days=1))
    assert adam.post(f"{request}/copy").status_code == 404, "by a clock that is behind, or was ahead"
    assert "/copy" not in adam.get(request).content.decode()


def test_a_former_member_of_staff_leaves_a_number(cast: Cast) -> None:
    adam, ana = signed_in(cast, "adam"), cast["ana"]
    user = User.objects.get(pk=ana.account_id)
    (page,) = looked_for(adam, "staff", user.email)
    assert "Close the account first" in adam.get(page).content.decode()
    assert asked(adam, page, "erase").status_code == 409
    services.close_account(ana.account_id, actor=cast["adam"].actor)
    before, name, email = AuditRow.objects.filter(chain=cast.hotline_id).count(), user.name, user.email
    erased(cast, "staff", email)
    user.refresh_from_db()
    assert (user.name, user.is_active, user.languages) == (f"#{user.pk}", False, [])
    assert not user.check_password(PASSWORD)
    assert not Authenticator.objects.filter(user=user).exists()
    assert not EmailAddress.objects.filter(email__iexact=email).exists()
    said = "".join(f"{row.actor}{row.subject}{row.facts}" for row in AuditRow.objects.filter(chain=cast.hotline_id))
    assert name not in said
    assert email not in said
    assert AuditRow.objects.filter(chain=cast.hotline_id).count() == before + 3
    assert is_whole(cast)


def test_a_contact_out_of_use_a_trainee_and_a_clerk(cast: Cast) -> None:
    adam = signed_in(cast, "adam")
    with scope(hotline=cast.hotline_id):
        details = ContactDetails("host", "", "Harbour Host, Ms Reid", "reid@harbour.example")
        contact = add_contact(details, hotline_id=cast.hotline_id, actor=cast["carl"].actor)
        course = Course.objects.create(hotline_id=cast.hotline_id, title="Law", role="analyst")
        for day in (1, 2):
            Participation.objects.create(
                hotline_id=cast.hotline_id, course=course, person="ab" * 32, name="Kim Reid", organisation="Police",
                role="analyst", country="JM", ended_on=date(2026, 5, day),
            )  # fmt: skip
        provider = Provider.objects.create(
            hotline_id=cast.hotline_id,
            portal_id=cast.portal_id,
            legal_name="Cloud",
            kind="hosting",
            state="approved",
            asked_at=datetime.now(UTC),
        )
        clerk = ProviderPerson.objects.create(
            hotline_id=cast.hotline_id,
            provider=provider,
            name="Kim Reid",
            email="kim@cloud.example",
            role="reports",
            added_at=datetime.now(UTC),
        )
    for kind, what in (("contact", "Reid@harbour.example"), ("clerk", "kim@cloud.example")):
        (page,) = looked_for(adam, kind, what)
        assert asked(adam, page, "erase").status_code == 409, kind
    with scope(hotline=cast.hotline_id):
        Contact.objects.filter(pk=contact).update(retired=True)
        ProviderPerson.objects.filter(pk=clerk.pk).update(ended_at=datetime.now(UTC))
    for kind, what in (("contact", "reid@harbour.example"), ("trainee", "kim reid"), ("clerk", "kim@cloud.example")):
        erased(cast, kind, what)
        assert looked_for(adam, kind, what) == [], kind
    with scope(hotline=cast.hotline_id):
        assert Contact.objects.get(pk=contact).name == ""
        rows = Participation.objects.all()
        assert {(row.name, row.organisation) for row in rows} == {("", "")}
        assert len({row.person for row in rows}) == 1, "still one person, whom nobody knows"
        assert {row.person for row in rows} != {"ab" * 32}
        assert ProviderPerson.objects.get().email == ""
    assert is_whole(cast)


def test_what_two_people_changed_of_an_entry_forgets_it_with_the_entry(cast: Cast) -> None:
    """Both names that it had, and what waits; nothing of another one at the same address."""
    adam, first = signed_in(cast, "adam"), {"asked_at": datetime.now(UTC), "what": "police_contact"}
    old, new = "reid@police.example", "kim.reid@police.example"
    with scope(hotline=cast.hotline_id):
        entry, other = (
            Contact.objects.create(
                hotline_id=cast.hotline_id, kind=kind, country="JM", name="Ms Reid", email=new, retired=True
            )
            for kind in ("police", "protection")
        )
        for about, before, wanted, outcome in (
            (f"police/JM/{old}", {}, {"email": old, "name": "Ms Reid", "kind": "police"}, "confirmed"),
            (f"police/JM/{old}", {"email": old}, {"email": new, "certificate": "KEY OF REID"}, "confirmed"),
            (f"police/JM/{new}", {"retired": True}, {"retired": False}, ""),
            (f"protection/JM/{new}", {"name": ""}, {"name": "Ms Reid"}, "confirmed"),
        ):
            PortalChange.objects.create(
                hotline_id=cast.hotline_id, about=about, before=before, wanted=wanted, outcome=outcome, **first
            )
    page = next(one for one in looked_for(adam, "contact", new) if adam.get(one).status_code == 200)
    request = asked(adam, page, "erase").url
    assert settled(signed_in(cast, "carl"), request, "confirm").status_code == 302
    with scope(hotline=cast.hotline_id):
        (left,) = Contact.objects.filter(name="Ms Reid")
    assert left == other, entry
    *changes, untouched = PortalChange.objects.filter(hotline_id=cast.hotline_id, what="police_contact").order_by("pk")
    assert [row.outcome for row in changes] == ["confirmed", "confirmed", "refused"]
    shown = json.dumps([[row.about, row.before, row.wanted] for row in changes])
    assert not re.search("reid", shown, re.I), shown
    assert untouched.wanted == {"name": "Ms Reid"}
    assert is_whole(cast)


def test_the_copy_of_an_entry_has_what_two_people_changed_of_it(cast: Cast) -> None:
    """Who it was before, what was wanted and not confirmed, and when; nothing of another entry, and of our staff nobody."""
    adam, carl = signed_in(cast, "adam"), signed_in(cast, "carl")
    old, new = "reid@police.example", "kim.reid@police.example"
    with scope(hotline=cast.hotline_id):
        add_contact(ContactDetails("police", "JM", "", old), hotline_id=cast.hotline_id, actor=SERVER)
        row = Contact.objects.get()
        details = ContactDetails("police", "JM", "Ms Reid", new)
        change_contact(row.pk, details, actor=cast["adam"].actor)
        first = PortalChange.objects.get(outcome="")
        settle_change(first.pk, confirm=True, actor=cast["carl"].actor)
        run_until_idle()
        assert Contact.objects.get().email == new
        assert StaffNote.objects.filter(what="police_letter_changed").exists(), "those in charge are told"
        change_contact(row.pk, replace(details, email="kay@police.example"), actor=cast["adam"].actor)
        second = PortalChange.objects.get(outcome="")
        settle_change(second.pk, confirm=False, actor=cast["carl"].actor)
        Contact.objects.create(
            hotline_id=cast.hotline_id, kind="hotline", country="JM", name="Other", email="o@o.example"
        )
        ReferralTest.objects.create(
            hotline_id=cast.hotline_id, portal_id=cast.portal_id, to=new, asked_at=datetime.now(UTC)
        )
    PortalChange.objects.create(
        hotline_id=cast.hotline_id, what="police_contact", about="hotline/JM/o@o.example", wanted={"name": "Other"},
        asked_at=datetime.now(UTC),
    )  # fmt: skip
    (page,) = looked_for(adam, "contact", new)
    request = asked(adam, page, "export").url
    settled(carl, request, "confirm")
    text = adam.post(f"{request}/copy").content.decode()
    data = json.loads(text)["data"]
    found = [(one["about"], one["wanted"].get("email"), one["outcome"]) for one in data["changes"]]
    assert found[-2:] == [
        (f"police/JM/{old}", new, "confirmed"),
        (f"police/JM/{new}", "kay@police.example", "refused"),
    ]
    assert all(one["asked_at"] and one["settled_at"] for one in data["changes"][-2:])
    assert data["changes"][-2]["before"]["email"] == old
    assert "contact.edited" in [one["event"] for one in data["acts"]]
    assert [one["to"] for one in data["test_letters"]] == [new]
    for other in (
        "o@o.example",
        "Other",
        *(User.objects.get(pk=cast[who].account_id).name for who in ("adam", "carl")),
    ):
        assert other not in text
    with scope(hotline=cast.hotline_id):
        Contact.objects.filter(pk=row.pk).update(retired=True)
    erased(cast, "contact", new)
    for change in PortalChange.objects.filter(pk__in=[first.pk, second.pk]):
        kept = f"{change.about} {change.before} {change.wanted}"
        assert not re.search("reid|kay", kept, re.I), "erasing takes away what the copy has"


def test_letters_and_mails_of_an_address_and_records_of_a_trainee_are_found_by_an_index(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole; its indexes are the same")
    with scope(hotline=cast.hotline_id):
        letters = Message.objects.filter(to="reid@harbour.example").order_by("-id")[:5].explain()
        mails = InboundMail.objects.filter(sender="reid@harbour.example").order_by("-id")[:5].explain()
        records = Participation.objects.filter(person="ab" * 32).explain()
    for plan, index in ((letters, "message_to"), (mails, "mail_sender"), (records, "participation_person")):
        assert f"INDEX {index} " in plan
        assert "TEMP B-TREE" not in plan


def test_nobody_of_another_hotline_is_found_and_no_link_is_made_up(cast: Cast) -> None:
    received, dora = report(cast), signed_in(cast, "dora")
    assert looked_for(dora, "reporter", received.receipt) == []
    assert looked_for(dora, "staff", User.objects.get(pk=cast["ana"].account_id).email) == []
    (page,) = looked_for(signed_in(cast, "adam"), "reporter", received.receipt)
    assert dora.get(page).status_code == 404
    number = page.rpartition("/")[2].partition("-")[0]
    assert signed_in(cast, "adam").get(f"{LIST}/reporter/{number}-{'a' * 26}").status_code == 404
    request = asked(signed_in(cast, "adam"), page, "erase").url
    assert dora.post(request, {"answer": "confirm"}).status_code == 404


def test_who_looks_for_everybody_is_slowed(cast: Cast) -> None:
    adam = signed_in(cast, "adam")
    answers = [
        adam.post(LIST, {"kind": "staff", "receipt_or_name": f"n{number}@x.example"}).status_code
        for number in range(22)
    ]
    assert (answers[0], answers[-1]) == (200, 400)


def test_copies_of_a_name_and_an_address_go_too_and_nothing_of_another_hotline(cast: Cast) -> None:
    ana, barbados, now = cast["ana"], cast["dora"], datetime.now(UTC)
    services.close_account(ana.account_id, actor=cast["adam"].actor)
    user = User.objects.get(pk=ana.account_id)
    name, email = user.name, user.email
    assert barbados.actor.hotline_id not in (None, cast.hotline_id)
    for hotline_id in (cast.hotline_id, barbados.actor.hotline_id):
        Invitation.objects.create(hotline_id=hotline_id, email=email, name=name, invited_at=now, expires_at=now)
    with scope(hotline=cast.hotline_id):
        note = StaffNote.objects.create(
            hotline_id=cast.hotline_id, person=user, what="reset", key="1", path="/desk/", made_at=now
        )
        alert = Alert.objects.create(hotline_id=cast.hotline_id, what="remind", to=email, created_at=now)
        for kind, about in (("staff", note.pk), ("alert", alert.pk)):
            put(kind, about, to=email, hotline_id=cast.hotline_id, due_at=now, urgent=False)
        page = Page.objects.create(hotline_id=cast.hotline_id, portal_id=cast.portal_id, opened_at=now, kind="test")
        PageMessage.objects.create(
            hotline_id=cast.hotline_id, page=page, round=1, way="mail", person=user, to=email, created_at=now
        )
    TextProposal.objects.create(
        language="fr", kind="texts", proposed_in_id=cast.hotline_id, by=user, by_name=name, at=now
    )
    erased(cast, "staff", email)
    with scope(hotline=cast.hotline_id):
        assert not Message.objects.filter(to=email).exists()
        assert not Message.objects.exclude(state="stopped").exists(), "no letter goes to an address that is none"
        assert not Alert.objects.filter(to=email).exists()
        assert PageMessage.objects.get().to == f"erased-{user.pk}@erased.invalid"
    assert TextProposal.objects.get().by_name == f"#{user.pk}"
    assert Invitation.objects.get(email=email).hotline_id == barbados.actor.hotline_id
    assert is_whole(cast)


def test_what_no_keyboard_types_finds_nobody_and_breaks_nothing(cast: Cast) -> None:
    adam = signed_in(cast, "adam")
    for kind in ("reporter", "staff", "contact"):
        for what in ("a\0b", "%", "a", "\u202e" + "x" * 10_000):
            page = adam.post(LIST, {"kind": kind, "receipt_or_name": what})
            assert (page.status_code, f"{LIST}/{kind}/" in page.content.decode()) == (200, False), (kind, what)
    (page,) = looked_for(adam, "staff", User.objects.get(pk=cast["ana"].account_id).email)
    assert adam.post(page, {"act": "export", "reason": "by\0letter", "once": new_form_key()}).status_code == 302


def test_what_came_in_after_a_page_was_opened_is_erased_by_nobody_who_did_not_see_it(cast: Cast) -> None:
    received, adam, carl = report(cast), signed_in(cast, "adam"), signed_in(cast, "carl")
    (page,) = looked_for(adam, "reporter", received.receipt)
    request = asked(adam, page, "erase").url
    old = carl.get(request).content.decode()
    assert carl.post(request, {"answer": "confirm"}).status_code == 409, "a page that shows no mark confirms nothing"
    assert carl.post(request, {"answer": "refuse"}).status_code == 409
    with scope(hotline=cast.hotline_id):
        add_to_report(received.report_id, text="There is a second page.", form_key=new_form_key())
    refused = settled(carl, request, "confirm", page=old)
    assert refused.status_code == 409
    assert "Something else was entered since you opened this page" in refused.content.decode()
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get().text, "nothing was erased"
    assert settled(carl, request, "confirm").status_code == 302
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get().text == ""


def test_an_old_page_settles_nothing_that_a_colleague_settled(cast: Cast) -> None:
    cast.people["cleo"] = add_person("cleo", ["supervisor"], cast.hotline_id)
    received, carl, cleo = report(cast), signed_in(cast, "carl"), signed_in(cast, "cleo")
    (page,) = looked_for(signed_in(cast, "adam"), "reporter", received.receipt)
    request = asked(signed_in(cast, "adam"), page, "erase").url
    old = carl.get(request).content.decode()
    assert settled(cleo, request, "refuse").status_code == 302
    assert settled(carl, request, "confirm", page=old).status_code == 409
    with scope(hotline=cast.hotline_id):
        assert (Report.objects.get().text, PersonRequest.objects.get().outcome) == ("I found a bad page.", "refused")


def test_a_copy_is_agreed_to_whatever_comes_in_meanwhile(cast: Cast) -> None:
    received, adam, carl = report(cast), signed_in(cast, "adam"), signed_in(cast, "carl")
    (page,) = looked_for(adam, "reporter", received.receipt)
    request = asked(adam, page, "export").url
    old = carl.get(request).content.decode()
    with scope(hotline=cast.hotline_id):
        add_to_report(received.report_id, text="There is a second page.", form_key=new_form_key())
    assert settled(carl, request, "confirm", page=old).status_code == 302
    assert "There is a second page." in adam.post(f"{request}/copy").content.decode()


def test_what_somebody_asked_for_who_leaves_is_ended_and_another_can_ask_again(cast: Cast) -> None:
    cast.people["zoe"] = add_person("zoe", ["administrator"], cast.hotline_id)
    received, carl = report(cast), signed_in(cast, "carl")
    (page,) = looked_for(signed_in(cast, "zoe"), "reporter", received.receipt)
    request = asked(signed_in(cast, "zoe"), page, "erase").url
    old = carl.get(request).content.decode()
    services.close_account(cast["zoe"].account_id, actor=cast["adam"].actor)
    assert settled(carl, request, "confirm", page=old).status_code == 409, "before the worker has seen to it, too"
    run_until_idle()
    with scope(hotline=cast.hotline_id):
        assert (PersonRequest.objects.get().outcome, Report.objects.get().text) == ("refused", "I found a bad page.")
    shown = carl.get(request).content.decode()
    assert "Confirm" not in re.findall(r"<button[^>]*>([^<]*)</button>", shown)
    assert "person_request.refused" in events(cast.hotline_id)
    assert asked(signed_in(cast, "adam"), page, "erase").status_code == 302
    assert is_whole(cast)
