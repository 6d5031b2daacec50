"""Before one of us enters that the police release a notice, they see who is told then, and when: nobody can take it back."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from leeward.backup.models import Restoration
from leeward.foundation.actor import Actor
from leeward.notices import services
from leeward.notices.models import Contact, NoticeCase, Referral
from leeward.web_security.keys import new_form_key
from tests.browser import Visit
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import path_of
from tests.notices.test_services import link_in
from tests.people.signing import signed_in

DAY = timedelta(days=1)


def page_of(number: int) -> str:
    return f"/desk/referrals/{number}/release"


def read(client: Client, number: int) -> str:
    """What the page says, without its line breaks."""
    return " ".join(client.get(page_of(number)).content.decode().split())


def release_on_the_desk(client: Client, number: int, *, seen: str = "") -> HttpResponse:
    """Release a notice as somebody does who has read what follows."""
    seen = seen or re.findall(r'name="seen" value="(\w+)"', read(client, number))[0]
    return client.post(page_of(number), {"once": new_form_key(), "seen": seen})  # type: ignore[return-value]


def release_by_link(client: Client, link: str, *, note: str = "", seen: str = "") -> HttpResponse:
    """Release a notice as an officer does by the link, who has read what follows."""
    seen = seen or re.findall(r'name="seen" value="(\w+)"', client.get(f"{link}?release=1").content.decode())[0]
    sent = {"act": "release", "once": new_form_key(), "seen": seen, "note": note}
    return client.post(f"{link}?release=1", sent)  # type: ignore[return-value]


@pytest.fixture
def letter(office: Office) -> Referral:
    """A letter that the police have, whose notice they hold."""
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "hold", until=office.reached + 3 * DAY, actor=Actor("police"))
    return Referral.objects.get()


@pytest.mark.django_db
def test_one_click_releases_nothing_and_shows_what_follows(office: Office, letter: Referral) -> None:
    carl, path = signed_in(office.cast, "carl"), f"/desk/referrals/{letter.pk}"
    Contact.objects.create(
        hotline_id=office.cast.hotline_id, kind="host", email=ABUSE, name="Harbour Host", checked_at=office.reached
    )
    assert 'name="act" value="release"' not in carl.get(path).content.decode()
    answer = carl.post(path, {"act": "release", "once": new_form_key()})
    assert answer["Location"] == page_of(letter.pk)
    assert Referral.objects.get().state == "held"
    shown = read(carl, letter.pk)
    assert f'Harbour Host, <span class="mono break">{ABUSE}</span>' in shown
    assert "Within a few minutes" in shown
    assert "waits until" in shown
    assert Referral.objects.get().state == "held"
    assert release_on_the_desk(carl, letter.pk)["Location"] == path
    office.work()
    assert (Referral.objects.get().state, len(office.mails(ABUSE))) == ("released", 1)
    assert "There is nothing to release" in read(carl, letter.pk)


@pytest.mark.django_db
def test_a_hold_that_the_police_prolonged_meanwhile_is_not_released(office: Office, letter: Referral) -> None:
    carl = signed_in(office.cast, "carl")
    seen = re.findall(r'name="seen" value="(\w+)"', read(carl, letter.pk))[0]
    services.answer_referral(letter.pk, "hold", until=office.reached + 9 * DAY, actor=Actor("police"))
    answer = release_on_the_desk(carl, letter.pk, seen=seen)
    assert answer.status_code == 422
    assert "Something else was entered since you opened this page." in answer.content.decode()
    office.work(4 * DAY)
    assert (Referral.objects.get().state, office.mails(ABUSE)) == ("held", [])


@pytest.mark.django_db
def test_in_an_urgent_case_it_says_that_a_second_person_comes_first(office: Office) -> None:
    acted = office.act(office.case(urgent=True))
    office.work()
    shown = read(signed_in(office.cast, "carl"), acted.referral_id)
    assert "once a second person here, or the police themselves, have confirmed it" in shown
    assert ABUSE in shown
    assert "Within a few minutes" not in shown


@pytest.mark.django_db
def test_the_police_see_what_follows_before_their_click_counts(office: Office, letter: Referral) -> None:
    police, link = Client(), path_of(link_in(office.mails(POLICE)[0], "referral"))
    page = police.get(link).content.decode()
    assert 'value="release"' not in page
    assert 'href="?release=1"' in page
    answer = police.post(link, {"act": "release", "once": new_form_key()})
    assert (answer.status_code, answer["Location"]) == (303, f"{link}?release=1")
    assert Referral.objects.get().state == "held"
    shown = " ".join(police.get(answer["Location"]).content.decode().split())
    assert "Do you release the notice to the host?" in shown
    assert "Within a few minutes" in shown
    assert "nobody can take this back" in shown
    assert ABUSE not in shown, "another person may open the link"
    seen = re.findall(r'name="seen" value="(\w+)"', shown)[0]
    services.answer_referral(letter.pk, "hold", until=office.reached + 9 * DAY, actor=Actor("police"))
    late = release_by_link(police, link, seen=seen)
    assert (late.status_code, Referral.objects.get().state) == (422, "held")
    assert "Something else was entered since you opened this page." in late.content.decode()
    assert release_by_link(police, link)["Location"] == f"{link}?done=1"
    office.work()
    assert (Referral.objects.get().state, len(office.mails(ABUSE))) == ("released", 1)
    assert 'name="seen"' not in police.get(f"{link}?release=1").content.decode()


@pytest.mark.django_db
def test_in_an_urgent_case_the_police_themselves_need_nobody_else(office: Office) -> None:
    office.act(office.case(urgent=True))
    office.work()
    link = path_of(link_in(office.mails(POLICE)[0], "referral"))
    shown = Client().get(f"{link}?release=1").content.decode()
    assert "Within a few minutes" in shown
    assert "second person" not in shown.partition("<main")[2].partition("</main")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("told", "Reminders go on when they are due."),
        ("nobody", "Nobody: no contact of the host is known"),
        ("restored", "Nothing goes out until somebody confirms that this installation is the one in use."),
        ("beside", "Once the police no longer hold another case about the same address"),
        ("stopped", "No host: none is told about this case"),
    ],
)
def test_it_promises_nothing_that_does_not_follow(office: Office, letter: Referral, what: str, sentence: str) -> None:
    if what == "told":
        services.answer_referral(letter.pk, "release", actor=Actor("police"))
        office.work()
        services.forward_to_police(office.case(), more="urgent")
        Referral.objects.filter(pk=letter.pk).update(state="held")
    elif what == "nobody":
        Contact.objects.create(
            hotline_id=office.cast.hotline_id, kind="host", email=ABUSE, retired=True, checked_at=office.reached
        )
    elif what == "restored":
        Restoration.objects.create(backup_at=office.reached - DAY, restored_at=office.reached)
    elif what == "beside":
        other = office.case()
        office.act(other)
        office.work()
        NoticeCase.objects.update(address_key="one")
        second = Referral.objects.latest("pk")
        services.answer_referral(second.pk, "hold", until=office.reached + 3 * DAY, actor=Actor("police"))
        NoticeCase.objects.filter(pk=letter.notice_case_id).update(state="address")
    else:
        NoticeCase.objects.update(state="stopped")
    shown = read(signed_in(office.cast, "carl"), letter.pk)
    assert sentence in shown
    assert "Within a few minutes" not in shown


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_in_a_browser(visitor: Visit, office: Office, letter: Referral) -> None:
    guest = visitor()
    client = signed_in(office.cast, "carl")
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"{guest.base}/desk/"}
    guest.context.add_cookies([cookie])
    guest.go(f"/desk/referrals/{letter.pk}")
    guest.keep("referral-held")
    guest.page.get_by_role("link", name="See what follows").click()
    assert ABUSE in guest.page.inner_text("main")
    guest.look("release")
    guest.press("Release it")
    assert Referral.objects.get().state == "released"
    assert guest.page.url.endswith(f"/desk/referrals/{letter.pk}")
