"""The desk's pages about known images: they open, find, and write down what a person says."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client

from leeward.hashbank.models import Quarantine
from leeward.hashbank.queries import record
from leeward.hashbank.services import add_record, say_of_match
from leeward.people.models import User
from leeward.web_security.keys import new_form_key
from tests.hashbank.conftest import FACTS, Desk, file_hashes
from tests.having_read import seen_in_form, seen_on
from tests.personas import Cast, Persona, add_people


def signed_in(cast: Mapping[str, Persona] | Cast, who: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=cast[who].account_id))
    return client


@pytest.mark.parametrize(
    "path", ["", "/doubts", "/imports", "?find=xyz", "?state=withdrawn", "?page=3", "?find=md5:zz"]
)
def test_empty_pages_open(bank: Desk, cast: Cast, path: str) -> None:
    page = signed_in(cast, "ana").get(f"/desk/bank{path}")
    assert page.status_code == 200


def test_finding_and_opening_a_record(bank: Desk, cast: Cast, django_assert_max_num_queries: Any) -> None:
    number = bank.add(1, series="harbour")
    client = signed_in(cast, "ana")
    with django_assert_max_num_queries(12):
        assert f"/desk/bank/{number}" in client.get("/desk/bank").content.decode()
    digest = file_hashes("picture 1")[2].value.hex().upper()
    assert f"/desk/bank/{number}" in client.get(f"/desk/bank?find={digest}").content.decode()
    with django_assert_max_num_queries(12):
        page = client.get(f"/desk/bank/{number}").content.decode()
    assert "harbour" in page
    assert digest.lower() in page
    assert client.get(f"/desk/bank/{number + 1}").status_code == 404
    assert signed_in(cast, "dora").get(f"/desk/bank/{number}").status_code == 404


def test_a_supervisor_says_and_an_analyst_notes(bank: Desk, cast: Cast) -> None:
    number = bank.add(1)
    say = {"verdict": "confirm", "reason": "Seen again.", "once": new_form_key()}
    assert signed_in(cast, "ana").post(f"/desk/bank/{number}/say", say).status_code == 403
    carl = signed_in(cast, "carl")
    before = seen_in_form(carl.get(f"/desk/bank/{number}").content.decode(), "/say")
    assert carl.post(f"/desk/bank/{number}/say", say | {"seen": before}).status_code == 302
    assert record(number).state == "confirmed"
    note = {"victim": "safeguarded", "offender": "unknown", "series": "x", "once": new_form_key()}
    ana = signed_in(cast, "ana")
    older = seen_in_form(ana.get(f"/desk/bank/{number}").content.decode(), "/status")
    ana.post(f"/desk/bank/{number}/status", note | {"seen": older})
    assert record(number).victim_status == "safeguarded"
    for seen in ("", older):
        ana.post(f"/desk/bank/{number}/status", note | {"victim": "unknown", "once": new_form_key(), "seen": seen})
    assert record(number).victim_status == "safeguarded", "a page from before puts nothing back"


def test_a_doubt_is_settled_once(bank: Desk, cast: Cast) -> None:
    number = bank.add(1)
    say_of_match(number, is_true=False, source="A platform", actor=bank.analyst)
    row = Quarantine.objects.get()
    client = signed_in(cast, "carl")

    def send(who: Client, answer: str, reason: str = "", seen: str = "") -> int:
        values = {"answer": answer, "reason": reason, "seen": seen, "once": new_form_key()}
        return who.post(f"/desk/bank/doubts/{row.pk}", values).status_code

    assert f"/desk/bank/doubts/{row.pk}" in client.get("/desk/bank/doubts").content.decode()
    send(client, "aside", "A grey area of sky.")
    assert [one.aside for one in record(number).hashes if one.kind == "pdq"] == [False]
    assert "Withdraw the proposal" in client.get("/desk/bank/doubts").content.decode()
    second = signed_in(add_people({"cleo": ["supervisor"]}, bank.hotline_id), "cleo")
    shown = second.get("/desk/bank/doubts").content.decode()
    assert ("A grey area of sky." in shown, "proposed by Carl" in shown, "It is wrong: set it aside" in shown) == (
        True,
    ) * 3
    send(second, "aside")
    assert [one.aside for one in record(number).hashes if one.kind == "pdq"] == [False], "they have read nothing"
    send(second, "aside", seen=seen_on(shown))
    assert [one.aside for one in record(number).hashes if one.kind == "pdq"] == [True]
    assert send(client, "keep") == 409


def test_by_a_page_from_before_nobody_votes_on_a_record(bank: Desk, cast: Cast) -> None:
    number, carl = bank.add(1), signed_in(cast, "carl")
    cleo = signed_in(add_people({"cleo": ["supervisor"]}, bank.hotline_id), "cleo")
    page = f"/desk/bank/{number}"
    older = seen_in_form(carl.get(page).content.decode(), "/say")
    theirs = {"verdict": "confirm", "reason": "Theirs.", "once": new_form_key()}
    assert post_as_shown_in(cleo, page, "/say", theirs) == 302
    known_before = record(number).votes
    for seen in ("", older):
        mine = {"verdict": "confirm", "reason": "Mine of before.", "once": new_form_key(), "seen": seen}
        answer = carl.post(f"{page}/say", mine)
        shown = answer.content.decode()
        assert (answer.status_code, "Something else was entered since" in shown, "Mine of before." in shown) == (
            409, True, True,
        )  # fmt: skip
        assert record(number).votes == known_before
    assert post_as_shown_in(carl, page, "/say", mine) == 302


def test_by_a_page_from_before_nobody_settles_a_record(bank: Desk, cast: Cast) -> None:
    for source in ("NCMEC", "IWF"):
        number = add_record(file_hashes("x"), source=source, facts=FACTS, actor=bank.analyst)
    add_record(file_hashes("x"), source="Stock photos", verdict="harmless", bank="safe", actor=bank.analyst)
    page, carl = f"/desk/bank/{number}", signed_in(cast, "carl")
    older = seen_in_form(carl.get(page).content.decode(), "/settle")
    add_record(file_hashes("x"), source="Another list", facts=FACTS, actor=bank.analyst)
    for seen in ("", older):
        mine = {"verdict": "harmless", "reason": "A harbour.", "once": new_form_key(), "seen": seen}
        answer = carl.post(f"{page}/settle", mine)
        shown = answer.content.decode()
        assert (answer.status_code, "Something else was entered since" in shown, "A harbour." in shown) == (
            409, True, True,
        )  # fmt: skip
        assert record(number).ruling is None
    assert post_as_shown_in(carl, page, "/settle", mine) == 302
    assert record(number).ruling is not None


def post_as_shown_in(client: Client, page: str, action: str, values: dict[str, str]) -> int:
    """Press a form of a record as somebody does who has just opened its page."""
    seen = {"seen": seen_in_form(client.get(page).content.decode(), action), "once": new_form_key()}
    return client.post(page + action, values | seen).status_code
