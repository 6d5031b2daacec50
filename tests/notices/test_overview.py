"""A contact's page with every open address: only while staff give it, only its own, and the same answers as anywhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leeward.notices import queries, services
from leeward.notices.models import Contact, NoticeItem
from leeward.notices.rules.briefs import Plan
from leeward.web_security.keys import new_form_key
from tests.having_read import post_as_shown, seen_on
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_pages import path_of, rows_in_database, signed_in
from tests.notices.test_services import link_in
from tests.reading import compact

OTHER = "abuse@other-host.example"


def told(office: Office, count: int, host: str = "pictures.harbour-host.example") -> None:
    for _ in range(count):
        office.act(office.case(host), Plan(police=False))
    office.work()


def change(office: Office, act: str, key: str = "") -> Contact:
    contact = Contact.objects.get(email=ABUSE)
    carl = signed_in(office, "carl")
    page = f"/desk/contacts/{contact.pk}"
    ways = {"once": key} if key else {}
    sent = post_as_shown(carl, page, f"{page}/page", act=act, **ways, seen=seen_on(_part(carl, page)))
    assert sent.status_code == 302
    contact.refresh_from_db()
    return contact


def _part(client: Client, page: str) -> str:
    return client.get(page).content.decode().partition('id="page"')[2]


def link_of(office: Office) -> str:
    page = signed_in(office, "carl").get(f"/desk/contacts/{Contact.objects.get(email=ABUSE).pk}").content.decode()
    return path_of(page.partition('<p class="mono" dir="ltr">')[2].partition("</p>")[0].strip())


@pytest.mark.slow
def test_a_host_sees_and_answers_every_open_address(office: Office, django_assert_max_num_queries: Any) -> None:
    office.internet.host("other-host.example", abuse=[OTHER])
    told(office, 12)
    told(office, 11)
    told(office, 1, "other-host.example")
    key = new_form_key()
    for _ in range(2):
        assert change(office, "open", key).page_serial == 1
    link = link_of(office)
    before = rows_in_database()
    with django_assert_max_num_queries(12):
        response = Client().get(link)
    page = response.content.decode()
    assert (response.cookies, response.headers["Cache-Control"]) == ({}, "no-store")
    assert "noindex" in response.headers["X-Robots-Tag"]
    assert "<script" not in page
    assert "1–20 of 23" in page
    assert "other-host" not in page
    assert "/a/23<" in Client().get(f"{link}?page=2").content.decode()
    assert "/a/17<" in Client().get(f"{link}?q=A/17").content.decode()
    assert "No open address" in Client().get(f"{link}?q=zzz").content.decode()
    assert rows_in_database() == before

    first, last = queries.items_of(1)[0], queries.items_of(23)[0]
    foreign = queries.items_of(24)[0]
    assert first.notice_id != last.notice_id
    faulty = {f"answer-{first.id}": "removed", f"answer-{last.id}": "moved", "once": new_form_key()}
    refused = Client().post(link, faulty)
    assert refused.status_code == 422
    assert "/a/23<" in refused.content.decode()  # what was filled in is shown again, whatever page it stood on
    assert queries.items_of(1)[0].answer == "none"
    key = new_form_key()
    sent = {**faulty, f"detail-{last.id}": "http://elsewhere.example/", f"answer-{foreign.id}": "removed", "once": key}
    done = Client().post(f"{link}?page=2&q=a", sent)
    assert (done.status_code, done.headers["Location"]) == (303, f"{link}?done=1&page=2&q=a")
    Client().post(link, {f"answer-{first.id}": "disputed", f"detail-{first.id}": "Ours", "once": key})
    assert [queries.items_of(case)[0].answer for case in (1, 23, 24)] == ["removed", "moved", "none"]
    Client().post(link, {f"answer-{first.id}": "wrong_contact", "once": new_form_key()})
    services.stop_for_location(last.location_id)
    assert "1–20 of 21" in Client().get(link).content.decode()

    office.work(timedelta(hours=49))
    assert NoticeItem.objects.filter(case_id=5).count() == 2
    assert Client().get(f"{link}?q=a/5").content.decode().count("<fieldset") == 1  # reminders don't show it twice


def test_the_link_counts_while_staff_give_it_and_notices_carry_it_when_they_say_so(office: Office) -> None:
    told(office, 1)
    assert "/notices/" not in office.mails(ABUSE)[-1].text
    change(office, "open")
    told(office, 1)
    assert "/notices/" not in office.mails(ABUSE)[-1].text
    change(office, "tell")
    told(office, 1)
    old = path_of(link_in(office.mails(ABUSE)[-1], "notices"))
    assert Client().get(old).status_code == 200
    change(office, "renew")
    assert Client().get(old).status_code == 404
    new = link_of(office)
    assert Client().get(new).status_code == 200
    assert Client().get(new.replace("/notices/", "/notice/")).status_code == 404
    contact = change(office, "close")
    assert Client().get(new).status_code == 404
    change(office, "open")
    assert Client().get(new).status_code == 404  # taken back is taken back
    moved = services.ContactDetails("host", "", "", "abuse@new-owner.example")
    newest = link_of(office)
    services.change_contact(contact.pk, moved, actor=office.cast["carl"].actor)
    assert Client().get(newest).status_code == 404
    assert [Client().get("/notices/1-" + "a" * 26).status_code for _ in range(40)][-1] == 429
    history = signed_in(office, "carl").get(f"/desk/contacts/{contact.pk}").content.decode()
    assert "Page with all open addresses: new link" in history
    assert "staff:" not in history
    assert "24 November 2026, 07:" in history  # the time of Jamaica
    texts = compact(signed_in(office, "carl").get("/desk/wordings").content.decode())
    assert 'href="/desk/wordings" data-key="g x" aria-current="page"' in texts
