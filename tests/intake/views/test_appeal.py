"""The form for owners, hosts and people who are shown, and the page that answers them."""

import pytest
from django_scopes import scope

from leeward.intake import queries
from leeward.intake.models import OutsideAppeal
from leeward.intake.services import settle_appeal
from tests.intake.walk import Walk

SAID = {"address": "http://shop.example/", "relation": "owner", "text": "It is a shop."}


def _asked(cast, receipt: str) -> Walk:
    return Walk().open("/jm/receipt").send("open", receipt=receipt)


def test_from_the_form_to_the_answer(cast) -> None:
    walk = Walk().open("/jm/appeal").send("appeal", **SAID, mail="owner@shop.example")
    receipt = walk.receipt
    with scope(hotline=cast.hotline_id):
        number = OutsideAppeal.objects.get().pk
        row = queries.outside_appeal(number)
        assert (row.display, row.relation, row.contact, row.kind) == (
            "http://shop.example/",
            "owner",
            "owner@shop.example",
            "url",
        )
        waits = _asked(cast, receipt)
        assert "Somebody who had no part" in waits.text
        assert waits.page.xpath("//li[@aria-current='step']")
        settle_appeal(number, upheld=False, reasons="We read it.", actor=cast["carl"].actor)
    answer = _asked(cast, receipt)
    assert "Nothing was changed." in answer.text
    assert "We read it." in answer.text
    assert "shop.example" not in answer.response.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"address": ""}, "Write the address that this is about."),
        ({"address": "http://a.example/ http://b.example/"}, "One request is about one address."),
        ({"relation": "x"}, "Choose what you have to do with it."),
        ({"text": " "}, "Write in a few words why we should look again."),
        ({"text": "x" * 20_001}, "20001 characters long"),
        ({"mail": "owner@"}, "Something is missing after the @."),
        ({"text": "a\x00"}, "no letter (NUL)"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_stays(cast, change, said) -> None:
    walk = Walk().open("/jm/appeal").send("appeal", **(SAID | change))
    assert said in walk.text
    kept = dict(walk.fields("appeal"))
    for name in {"address", "text"} - set(change):
        assert kept[name].strip() == SAID[name]
    with scope(hotline=cast.hotline_id):
        assert not OutsideAppeal.objects.exists()


def test_another_language_sends_nothing(cast) -> None:
    walk = Walk().open("/jm/appeal").send("appeal", **(SAID | {"text": ""}))
    (address,) = walk.page.xpath("//button[@lang='ur']/@formaction")
    walk.send("appeal", to=address, press="go=stay", text="It is a shop.")
    assert walk.page.get("dir") == "rtl"
    assert dict(walk.fields("appeal"))["text"].strip() == "It is a shop."
    with scope(hotline=cast.hotline_id):
        assert not OutsideAppeal.objects.exists()


def test_sent_twice_is_one_request_and_taking_it_back_closes_it(cast) -> None:
    walk = Walk().open("/jm/appeal")
    fields = dict(walk.fields("appeal")) | SAID
    receipts = {Walk(response=walk.client.post("/jm/appeal", fields)).receipt for _ in range(2)}
    assert len(receipts) == 1
    (receipt,) = receipts
    assert "taken back" in _asked(cast, receipt).send(act="withdraw").text
    assert _asked(cast, receipt).response.status_code == 404
