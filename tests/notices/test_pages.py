"""The pages behind our links and the desk's: opening does nothing, one press counts once, nobody sees another's."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django_scopes import scopes_disabled

from leeward.foundation.crypto.tokens import make_token
from leeward.notices import queries, services
from leeward.notices.models import InboundMail, Message, Referral
from leeward.notices.rules.briefs import Plan
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on, what_follows_a_release
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_services import HOUR, link_in


def path_of(link: str) -> str:
    return link.removeprefix("http://testserver")


@pytest.fixture
def notice_link(office: Office) -> str:
    """The link in a notice with two addresses that was sent."""
    for brief in (office.case(), office.case()):
        office.act(brief, Plan(police=False))
    office.work()
    return path_of(link_in(office.mails(ABUSE)[0], "notice"))


@pytest.fixture
def referral_link(office: Office) -> str:
    """The link in a referral that was sent."""
    office.act(office.case())
    office.work()
    return path_of(link_in(office.mails(POLICE)[0], "referral"))


def signed_in(office: Office, name: str) -> Client:
    from leeward.people.models import User

    client = Client()
    client.force_login(User.objects.get(pk=office.cast[name].account_id))
    return client


def rows_in_database() -> dict[str, int]:
    from django.apps import apps

    with scopes_disabled():
        return {
            model._meta.label: model._default_manager.count()
            for model in apps.get_models()
            if model.__module__.startswith("leeward.")
        }


def test_opening_a_link_does_nothing(office: Office, notice_link: str, referral_link: str) -> None:
    before = rows_in_database()
    states = (queries.items_of(1), queries.referral_of(3))
    for path in (notice_link, referral_link):
        for method in ("get", "head", "get", "head"):
            response = getattr(Client(), method)(path)
            assert response.status_code == 200
            assert response.cookies == {}
            assert response.headers["Cache-Control"] == "no-store"
            assert "noindex" in response.headers["X-Robots-Tag"]
    assert rows_in_database() == before
    assert (queries.items_of(1), queries.referral_of(3)) == states


def test_a_host_answers_per_address(office: Office, notice_link: str) -> None:
    first, second = queries.items_of(1)[0].id, queries.items_of(2)[0].id
    page = Client().get(notice_link).content.decode()
    assert "http://pictures.harbour-host.example/a/1" in page
    assert "<script" not in page
    assert 'href="http://pictures' not in page
    sent = {
        "once": new_form_key(),
        f"answer-{first}": "removed",
        f"answer-{second}": "moved",
        f"detail-{second}": "http://elsewhere.example/b",
    }
    response = Client().post(notice_link, sent)
    assert (response.status_code, response.headers["Location"]) == (303, f"{notice_link}?done=1")
    assert queries.notice_item(first).answer == "removed"
    assert queries.notice_item(second).moved_to == "http://elsewhere.example/b"
    assert "Your answer: removed" in Client().get(f"{notice_link}?done=1").content.decode()


def test_one_answer_for_all(office: Office, notice_link: str) -> None:
    Client().post(notice_link, {"once": new_form_key(), "all": "acknowledged"})
    assert [queries.items_of(case)[0].answer for case in (1, 2)] == ["acknowledged", "acknowledged"]


def test_pressing_twice_counts_once(office: Office, notice_link: str) -> None:
    item = queries.items_of(1)[0].id
    key = new_form_key()
    Client().post(notice_link, {"once": key, f"answer-{item}": "acknowledged"})
    again = Client().post(notice_link, {"once": key, f"answer-{item}": "removed"})
    assert again.status_code == 303
    assert queries.notice_item(item).answer == "acknowledged"


def test_an_answer_that_says_nothing_is_asked_for_again(office: Office, notice_link: str) -> None:
    item = queries.items_of(1)[0].id
    answer, detail = f"answer-{item}", f"detail-{item}"
    for sent in ({}, {answer: "disputed"}, {answer: "moved", detail: " "}, {answer: "<b>"}):
        response = Client().post(notice_link, {"once": new_form_key(), **sent})
        assert response.status_code == 422, sent
        assert "Everything else you wrote is still here" in response.content.decode()
        assert queries.notice_item(item).answer == "none"


def test_what_is_too_long_is_said_and_nothing_of_it_is_cut_off(
    office: Office, notice_link: str, referral_link: str
) -> None:
    item = queries.items_of(1)[0].id
    long = f"moved{' ' * 100_000}x"
    sent = {"once": new_form_key(), f"answer-{item}": "moved", f"detail-{item}": long}
    notice = Client().post(notice_link, sent)
    referral = Client().post(
        referral_link, {"once": new_form_key(), "act": "hold", "until": "2026-12-01", "note": long}
    )
    for response in (notice, referral):
        page = response.content.decode()
        assert response.status_code == 422
        assert "This is 100006 characters long" in page
        assert long in page
    assert queries.notice_item(item).answer == "none"
    assert 'name="act"' in Client().get(referral_link).content.decode(), "the police can still answer"


def test_a_form_without_its_key_is_not_taken(office: Office, notice_link: str) -> None:
    item = queries.items_of(1)[0].id
    assert Client().post(notice_link, {f"answer-{item}": "removed"}).status_code == 422
    assert queries.notice_item(item).answer == "none"


def test_a_notice_of_another_cannot_be_answered_through_mine(office: Office, notice_link: str) -> None:
    office.internet.host("other-host.example", abuse=["abuse@other-host.example"])
    office.act(office.case("other-host.example"), Plan(police=False))
    office.work()
    foreign = queries.items_of(3)[0].id
    Client().post(notice_link, {"once": new_form_key(), f"answer-{foreign}": "removed"})
    assert queries.notice_item(foreign).answer == "none"


def test_police_confirm_hold_and_release(office: Office, referral_link: str) -> None:
    client = Client()
    page = client.get(referral_link).content.decode()
    assert "2026-0001" in page
    assert "harbour-host" not in page
    client.post(referral_link, {"once": new_form_key(), "act": "acknowledge"})
    assert queries.referral_of(1).state == "acknowledged"
    client.post(referral_link, {"once": new_form_key(), "act": "hold", "until": "2026-12-01", "note": "Server copied"})
    row = queries.referral_of(1)
    assert row is not None
    assert row.state == "held"
    assert "Server copied" in row.note
    assert re.search(r"^[0-9-]{10} [0-9:]{5} EST: ", row.note), "as every other time on the page"
    assert row.hold_until is not None
    assert row.hold_until.isoformat() == "2026-12-02T04:59:59+00:00"  # the end of the day in Jamaica
    seen = what_follows_a_release(1)
    client.post(referral_link, {"once": new_form_key(), "act": "release", "seen": seen})
    assert queries.referral_of(1).state == "released"
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_after_the_notice_has_gone_the_police_can_only_say_that_they_have_it(
    office: Office, referral_link: str
) -> None:
    client = Client()
    assert 'value="hold"' in client.get(referral_link).content.decode()
    office.work(25 * HOUR)
    assert len(office.mails(ABUSE)) == 1
    page = client.get(referral_link).content.decode()
    assert "The notice to the host was sent on" in page
    assert re.findall(r'name="act" value="(\w+)"', page) == ["acknowledge", "outcome", "note"]
    client.post(referral_link, {"once": new_form_key(), "act": "acknowledge"})
    row = queries.referral_of(1)
    assert row is not None
    assert (row.state, row.answered_at is None) == ("timed_out", False)
    page = client.get(referral_link).content.decode()
    assert re.findall(r'name="act" value="(\w+)"', page) == ["outcome", "note"]
    assert "sent on" in page


def test_what_the_police_can_not_do_is_explained(office: Office, referral_link: str) -> None:
    for until in ("", "2026-11-01", "2099-01-01", "9999-12-31", "0001-01-01"):
        response = Client().post(referral_link, {"once": new_form_key(), "act": "hold", "until": until})
        assert response.status_code == 422, until
        assert "Choose a day from today to 23 December 2026." in response.content.decode(), until
        assert 'max="2026-12-23"' in response.content.decode(), "the field and the refusal name the same day"
        assert "earlier day" not in response.content.decode(), until
    empty = Client().post(referral_link, {"once": new_form_key(), "act": "note", "note": " "})
    assert empty.status_code == 422
    assert "it is empty" in empty.content.decode()
    assert Client().post(referral_link, {"once": new_form_key(), "act": "arrest"}).status_code == 422
    assert queries.referral_of(1).state == "waiting"


def test_wrong_links_are_all_answered_alike_and_not_too_often(office: Office, notice_link: str) -> None:
    referral_token = make_token(settings.LEEWARD.secret_bytes, "referral", 1)
    never_made = make_token(settings.LEEWARD.secret_bytes, "notice", 999)
    wrong = [notice_link[:-1] + ("a" if notice_link[-1] != "a" else "b"), f"/notice/{referral_token}"]
    wrong += [f"/notice/{never_made}", "/notice/1", "/notice/" + "x" * 400]
    pages = set()
    for path in wrong:
        response = Client().get(path)
        assert response.status_code == 404
        pages.add(re.sub(r"/notice/[^\s\"<]*", "", response.content.decode()))
    assert len(pages) == 1
    for _ in range(30):
        last = Client().get("/referral/1-aaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert last.status_code == 429
    assert Client().get(notice_link).status_code == 200


@pytest.mark.slow
@pytest.mark.once
def test_pages_stay_small_with_very_many_addresses(office: Office) -> None:
    for _ in range(60):
        office.act(office.case(), Plan(police=False))
    office.work()
    [mail] = office.mails(ABUSE)
    link = path_of(link_in(mail, "notice"))
    response = Client().get(link)
    assert len(response.content) < 35_000
    assert response.content.count(b"<fieldset") == 20
    assert "/a/60" in Client().get(f"{link}?page=3").content.decode()
    assert Client().post(f"{link}?page=3", {"once": new_form_key(), "all": "removed"}).status_code == 303
    assert [queries.items_of(case)[0].answer for case in (1, 41, 60)] == ["none", "removed", "removed"]


def test_pages_speak_other_languages(office: Office, notice_link: str, referral_link: str) -> None:
    for path in (notice_link, referral_link):
        page = Client().get(f"/lang/ur{path}").content.decode()
        assert '<html lang="ur" dir="rtl">' in page
        done = Client().post(f"/lang/ur{path}", {"once": new_form_key(), "act": "acknowledge", "all": "acknowledged"})
        assert done.headers["Location"] == f"/lang/ur{path}?done=1"


def with_number(path: str) -> str:
    """A path of the desk with the number of case 1's referral."""
    referral = queries.referral_of(1)
    assert referral is not None
    return path.replace("REFERRAL", str(referral.id))


DESK = {
    "/desk/outbox": {"carl", "adam"},
    "/desk/outbox?view=mail": {"carl", "adam"},
    "/desk/contacts": {"carl", "adam"},
    "/desk/contacts/new": {"carl", "adam"},
    "/desk/referrals": {"carl", "pia"},
    "/desk/referrals/REFERRAL": {"carl", "pia"},
}


def test_only_those_who_may_open_a_desk_page(office: Office, referral_link: str, bare_refusals: None) -> None:
    for name in ("ana", "bela", "carl", "adam", "pia", "otto"):
        client = signed_in(office, name)
        for path, who in DESK.items():
            assert client.get(with_number(path)).status_code == (200 if name in who else 403), (name, path)
    for path in DESK:
        assert Client().get(with_number(path)).status_code == 302


def test_dora_sees_nothing_of_the_other_hotline(office: Office, referral_link: str, notice_link: str) -> None:
    dora = signed_in(office, "dora")
    office.post.refuse("abuse@dead-host.example")
    office.internet.host("dead-host.example", abuse=["abuse@dead-host.example"])
    office.act(office.case("dead-host.example"), Plan(police=False))
    office.work()
    stuck = queries.dead_letters()[0].id
    contact = queries.contacts(search=ABUSE).get().pk
    for path in ("/desk/outbox", "/desk/outbox?view=sent", "/desk/contacts?kind=host", "/desk/referrals?view=all"):
        page = dora.get(path).content.decode()
        assert "harbour-host" not in page
        assert "dead-host" not in page
        assert "2026-0001" not in page
    assert dora.get(with_number("/desk/referrals/REFERRAL")).status_code == 404
    assert dora.get(f"/desk/contacts/{contact}").status_code == 404
    assert dora.post(f"/desk/outbox/{stuck}", {"once": new_form_key(), "act": "retry"}).status_code == 404
    assert (
        dora.post(with_number("/desk/referrals/REFERRAL"), {"once": new_form_key(), "act": "release"}).status_code
        == 404
    )
    assert queries.referral_of(1).state == "waiting"


def test_a_dead_letter_is_sent_again_after_the_address_was_corrected(office: Office) -> None:
    office.post.refuse(ABUSE)
    office.act(office.case(), Plan(police=False))
    office.work()
    [stuck] = queries.dead_letters()
    carl = signed_in(office, "carl")
    page = carl.get("/desk/outbox").content.decode()
    assert ABUSE in page
    assert "550" in page
    path = f"/desk/contacts/{queries.contacts(search=ABUSE).get().pk}"
    changed = {"once": new_form_key(), "kind": "host", "name": "Harbour", "email": "Desk@harbour-host.example"}
    changed["seen"] = seen_on(carl.get(path).content.decode().partition("Mail works again")[2])
    assert carl.post(path, changed).status_code == 302
    sent = {"once": new_form_key(), "act": "retry", "seen": seen_on(page)}
    for _ in range(2):
        assert carl.post(f"/desk/outbox/{stuck.id}", sent).status_code == 302
    office.work()
    assert len(office.mails("desk@harbour-host.example")) == 1
    assert queries.dead_letters() == []


def test_a_message_can_be_given_up(office: Office) -> None:
    office.post.refuse(ABUSE)
    office.act(office.case(), Plan(police=False))
    office.work()
    [stuck] = queries.dead_letters()
    carl = signed_in(office, "carl")
    seen = seen_on(carl.get("/desk/outbox").content.decode())
    carl.post(f"/desk/outbox/{stuck.id}", {"once": new_form_key(), "act": "drop"})
    assert queries.dead_letters() != [], "who decides has seen how it stands"
    carl.post(f"/desk/outbox/{stuck.id}", {"once": new_form_key(), "act": "drop", "seen": seen})
    assert queries.dead_letters() == []
    assert "Not sent" in carl.get("/desk/outbox?view=stopped").content.decode()


@pytest.mark.parametrize("act", ["retry", "drop", "arrived"])
def test_nobody_decides_about_a_message_that_may_have_arrived_since_they_saw_it(office: Office, act: str) -> None:
    office.post.defer(POLICE, times=1000)
    office.act(office.case())
    office.work()
    carl = signed_in(office, "carl")
    seen = seen_on(carl.get("/desk/outbox?view=waiting").content.decode())
    office.post.accept_again(POLICE)
    office.post.drop_after_message(POLICE, kept=True)
    office.work(HOUR)
    unsure = Message.objects.get(kind="referral", state="unsure")
    path = f"/desk/outbox/{unsure.pk}"
    page = carl.post(path, {"once": new_form_key(), "act": act, "seen": seen}, follow=True).content.decode()
    assert "no longer as you saw it" in page
    office.work(HOUR)
    assert len(office.mails(POLICE)) == 1
    unsure.refresh_from_db()
    assert unsure.state == "unsure"
    again = seen_on(carl.get(f"{path}/preview").content.decode())
    office.post.drop_after_message(POLICE, kept=True)
    services.retry(unsure.pk, actor=office.cast["carl"].actor, seen=again)
    office.work(HOUR)
    page = carl.post(path, {"once": new_form_key(), "act": act, "seen": again}, follow=True).content.decode()
    assert "no longer as you saw it" in page, "a colleague sent it again, and it may have arrived by that"
    assert Message.objects.get(pk=unsure.pk).state == "unsure"


def test_nobody_sends_a_letter_again_that_may_have_arrived_since_they_saw_it(office: Office) -> None:
    office.post.defer(POLICE, times=1000)
    path = f"/desk/referrals/untold/{office.act(office.case(urgent=True)).notice_case_id}"
    office.work(HOUR)
    pia = signed_in(office, "pia")
    seen = seen_on(pia.get(path).content.decode())
    office.post.accept_again(POLICE)
    office.post.drop_after_message(POLICE, kept=True)
    office.work(HOUR)
    page = pia.post(path, {"once": new_form_key(), "act": "again", "seen": seen})
    assert "no longer as you saw it" in page.content.decode()
    office.work(HOUR)
    assert len(office.mails(POLICE)) == 1
    assert "may get it twice" in " ".join(page.content.decode().split()), "and they read how it stands"
    pia.post(path, {"once": new_form_key(), "act": "again", "seen": seen_on(page.content.decode())})
    office.work(HOUR)
    assert len(office.mails(POLICE)) == 2


def test_a_message_that_went_needs_no_decision(office: Office, referral_link: str) -> None:
    sent = Message.objects.get()
    carl = signed_in(office, "carl")
    assert carl.post(f"/desk/outbox/{sent.pk}", {"once": new_form_key(), "act": "retry"}).status_code == 409
    assert carl.post(f"/desk/outbox/{sent.pk}", {"once": new_form_key(), "act": "eat"}).status_code == 400


def test_a_contact_that_can_not_be_is_explained(office: Office) -> None:
    carl = signed_in(office, "carl")
    good = {"kind": "hotline", "country": "ca", "name": "There", "email": "hotline@there.example", "languages": "fr en"}
    for changes, words in [
        ({"email": "not an address"}, "is not an e-mail address"),
        ({"email": "päul@host.example"}, "is not an e-mail address"),
        ({"country": ""}, "two letters"),
        ({"country": "1"}, "valid"),
        ({"name": "a\x00b"}, "ull"),
    ]:
        response = carl.post("/desk/contacts/new", {**good, **changes, "once": new_form_key()})
        assert response.status_code == 422, changes
        assert words in response.content.decode(), changes
    assert carl.post("/desk/contacts/new", {**good, "once": new_form_key()}).status_code == 302
    again = carl.post("/desk/contacts/new", {**good, "once": new_form_key()})
    assert again.status_code == 422
    assert "already in the directory" in again.content.decode()


def test_contacts_are_found_by_country_name_and_address(office: Office) -> None:
    carl = signed_in(office, "carl")
    good = {"kind": "hotline", "country": "ca", "name": "There", "email": "hotline@there.example", "languages": "fr"}
    carl.post("/desk/contacts/new", {**good, "once": new_form_key()})
    for search in ("CA", "ther", "hotline@"):
        assert "hotline@there.example" in carl.get("/desk/contacts", {"q": search}).content.decode()
    assert "hotline@there.example" not in carl.get("/desk/contacts", {"q": "elsewhere"}).content.decode()
    host = good | {"kind": "host", "email": "abuse@here.example", "once": new_form_key()}
    assert "abuse@here.example" in carl.post("/desk/contacts/new", host, follow=True).content.decode()


def test_staff_enter_what_the_police_say(office: Office, referral_link: str) -> None:
    pia = signed_in(office, "pia")
    assert "2026-0001" in pia.get("/desk/referrals").content.decode()
    path, values = with_number("/desk/referrals/REFERRAL"), {"act": "hold", "until": "2026-12-01"}
    pia.post(path, values | {"once": new_form_key(), "seen": seen_on(pia.get(path).content.decode())})
    assert queries.referral_of(1).state == "held"
    values |= {"once": new_form_key(), "until": "2027-12-01", "seen": seen_on(pia.get(path).content.decode())}
    bad = pia.post(path, values)
    assert bad.status_code == 422


def test_a_hold_of_yesterdays_page_ends_none_that_the_police_asked_for_since(
    office: Office, referral_link: str
) -> None:
    pia, path = signed_in(office, "pia"), with_number("/desk/referrals/REFERRAL")
    seen = seen_on(pia.get(path).content.decode())
    Client().post(referral_link, {"once": new_form_key(), "act": "hold", "until": "2026-12-10"})
    ends = Referral.objects.get().hold_until
    values = {"once": new_form_key(), "act": "hold", "until": "2026-12-01", "seen": seen}
    late = pia.post(path, values)
    assert late.status_code == 422
    assert "Something else was entered since you opened this page." in late.content.decode()
    assert Referral.objects.get().hold_until == ends
    values |= {"once": new_form_key(), "seen": seen_on(late.content.decode())}
    assert pia.post(path, values).status_code == 302, "who has read it may"


def test_desk_pages_ask_the_database_little(
    office: Office, referral_link: str, notice_link: str, django_assert_max_num_queries: Any
) -> None:
    for name, path in (("carl", "/desk/outbox"), ("carl", "/desk/outbox?view=sent"), ("carl", "/desk/contacts")):
        client = signed_in(office, name)
        client.get(path)
        with django_assert_max_num_queries(12):
            client.get(path)
    client = signed_in(office, "pia")
    for path in ("/desk/referrals", with_number("/desk/referrals/REFERRAL")):
        client.get(path)
        with django_assert_max_num_queries(12):
            client.get(path)


def test_mail_that_fits_nothing_is_shown_until_seen_to(office: Office) -> None:
    services.take_in(
        b"From: a@somewhere.example\r\nSubject: Hello\r\nMessage-ID: <1@x.example>\r\n\r\nA question <b>.\r\n"
    )
    carl = signed_in(office, "carl")
    page = carl.get("/desk/outbox?view=mail").content.decode()
    assert "A question &lt;b&gt;." in page
    number = InboundMail.objects.get().pk
    adam = signed_in(office, "adam")
    for hidden in ("A question", "Hello", "somewhere.example"):
        assert hidden not in adam.get("/desk/outbox?view=mail").content.decode(), "a reporter may have written it"
    assert adam.post(f"/desk/outbox/mail/{number}", {"once": new_form_key()}).status_code == 403
    assert "A question" in carl.get("/desk/outbox?view=mail").content.decode()
    carl.post(f"/desk/outbox/mail/{number}", {"once": new_form_key()})
    assert "A question" not in carl.get("/desk/outbox?view=mail").content.decode()
