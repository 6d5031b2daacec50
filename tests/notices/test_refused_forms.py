"""A form of a referral that is refused is shown again as it was typed, and no browser shortens what is pasted into it."""

from typing import Any

import pytest
from django.test import Client

from leeward.notices.models import Referral
from leeward.notices.rules.answers import MOST_NOTE
from leeward.web_security.keys import new_form_key
from tests.browser import PHONE, Visit
from tests.having_read import seen_on
from tests.notices.conftest import POLICE, Office
from tests.notices.test_pages import path_of
from tests.notices.test_services import link_in
from tests.people.signing import signed_in

LONG = "They wrote: " + "w" * MOST_NOTE
FIELDS = {"note": 'id="note"', "hold": 'id="hold-note"', "outcome": 'id="outcome-note"'}


@pytest.fixture
def pages(office: Office) -> dict[str, tuple[Client, str]]:
    """The desk's page of a referral that was sent, and the police's own."""
    office.act(office.case())
    office.work()
    letter = Referral.objects.get()
    link = path_of(link_in(office.mails(POLICE)[0], "referral"))
    return {"desk": (signed_in(office.cast, "carl"), f"/desk/referrals/{letter.pk}"), "police": (Client(), link)}


def sent_to(page: tuple[Client, str], act: str, **typed: str) -> str:
    answer = page[0].post(page[1], {"act": act, "once": new_form_key(), **typed})
    assert answer.status_code == 422
    return answer.content.decode()


def field(page: str, mark: str, end: str = "</textarea>") -> str:
    assert page.count(mark) == 1
    return page.partition(mark)[2].partition(end)[0]


@pytest.mark.django_db
@pytest.mark.parametrize("whose", ["desk", "police"])
@pytest.mark.parametrize("act", ["note", "hold", "outcome"])
def test_all_that_was_typed_is_in_its_own_form_and_in_no_other(
    pages: dict[str, tuple[Client, str]], whose: str, act: str
) -> None:
    page = sent_to(pages[whose], act, note=LONG, until="2026-11-30", outcome="no_case")
    assert f"This is {len(LONG)} characters long, and {MOST_NOTE} is the most" in page
    assert {one for one, mark in FIELDS.items() if LONG in field(page, mark)} == {act}
    assert page.count(LONG) == 1
    assert ('value="2026-11-30"' in field(page, 'id="until"', ">")) == (act == "hold")
    chosen = [one for one in page.split("<option")[1:] if " selected" in one.partition(">")[0]]
    assert [one.partition('"')[2].partition('"')[0] for one in chosen] == (["no_case"] if act == "outcome" else [])
    assert Referral.objects.get().note == ""


@pytest.mark.django_db
def test_of_two_outcomes_the_one_that_was_refused_is_chosen_again(pages: dict[str, tuple[Client, str]]) -> None:
    client, path = pages["desk"]
    given = {"act": "outcome", "outcome": "investigating", "note": "So they said.", "once": new_form_key()}
    old = seen_on(client.get(path).content.decode().partition("What came of it")[2])
    assert client.post(path, given | {"seen": old}).status_code == 302
    again = {**given, "outcome": "no_case", "once": new_form_key(), "seen": old}
    assert "since you opened this page" in client.post(path, again).content.decode(), "nobody has read the newer one"
    assert Referral.objects.get().outcome == "investigating"
    page = sent_to(pages["desk"], "outcome", outcome="no_case", note=LONG)
    assert page.count(" selected>") == 1
    assert 'value="no_case" selected' in page


@pytest.mark.django_db
def test_words_whose_form_is_gone_are_shown_with_the_refusal(pages: dict[str, tuple[Client, str]]) -> None:
    Referral.objects.update(kind="forward")
    letter = Referral.objects.select_related("notice_case").get()
    type(letter.notice_case).objects.update(tells_host=False, state="stopped")
    page = sent_to(pages["desk"], "hold", until="2026-12-01", note="They called at noon.")
    assert 'value="hold"' not in page
    assert page.count("They called at noon.") == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_long_text_that_is_pasted_reaches_us_whole(visitor: Visit, pages: dict[str, tuple[Client, str]]) -> None:
    client, path = pages["desk"]
    guest = visitor(size=PHONE)
    cookie: Any = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": f"{guest.base}/desk/"}
    guest.context.add_cookies([cookie])
    guest.go(path)
    guest.page.locator("#hold-note").focus()
    guest.page.keyboard.insert_text(LONG)
    guest.page.locator("#until").fill("2026-11-30")
    guest.press("Hold the notice")
    assert guest.page.locator("#hold-note").input_value() == LONG
    assert guest.page.locator("#until").input_value() == "2026-11-30"
    assert f"{len(LONG)} characters long" in guest.page.inner_text("main")
    guest.look("refused-hold")
