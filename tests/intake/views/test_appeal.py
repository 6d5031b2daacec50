"""The form for owners, hosts and people who are shown, and the page that answers them."""

from django_scopes import scope

from leeward.intake import queries
from leeward.intake.models import OutsideAppeal, Report, ReporterMessage
from leeward.intake.services import ask_reporter, settle_appeal
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
        assert "A person who was not involved" in waits.text
        assert waits.page.xpath("//li[@aria-current='step']")
        settle_appeal(number, upheld=False, reasons="We read it.", actor=cast["carl"].actor)
    answer = _asked(cast, receipt)
    assert "Nothing was changed." in answer.text
    assert "We read it." in answer.text
    assert "shop.example" not in answer.response.content.decode()


def test_the_form_says_when_the_contact_is_deleted(cast, settings) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"contact_days": 7})
    assert "It is deleted 7 days after the answer." in Walk().open("/jm/appeal").text


WRONG = [
    ({"address": ""}, "Write the address that this is about."),
    ({"address": "http://a.example/ http://b.example/"}, "One request is about one address."),
    ({"relation": "x"}, "Choose how you are connected to it."),
    ({"text": " "}, "Write in a few words why we should look again."),
    ({"text": "x" * 20_001}, "20001 characters long"),
    ({"mail": "owner@"}, "Something is missing after the @."),
    ({"text": "a\x00"}, "invisible character (NUL)"),
]


def test_what_is_missing_is_said_and_the_rest_stays(cast) -> None:
    for change, said in WRONG:
        walk = Walk().open("/jm/appeal").send("appeal", **(SAID | change))
        assert said in walk.text, change
        kept = dict(walk.fields("appeal"))
        for name in {"address", "text"} - set(change):
            assert kept[name].strip() == SAID[name], change
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
    receipts = {Walk(response=walk.client.post("/jm/appeal", fields, follow=True)).receipt for _ in range(2)}
    assert len(receipts) == 1
    (receipt,) = receipts
    assert "Withdrawn" in _asked(cast, receipt).send(act="withdraw").text
    assert _asked(cast, receipt).response.status_code == 404


def test_the_person_in_it_follows_their_report_by_the_same_digits(cast) -> None:
    """Questions, additions, help and where the report stands; an answered request closes nothing of it."""
    arrived = Walk().open("/jm/appeal").send("appeal", **(SAID | {"relation": "shown", "text": "I am in it."}))
    receipt = arrived.receipt
    assert receipt.startswith("9")
    assert "You can talk to someone." in arrived.text
    assert "reads it and answers" in arrived.text
    with scope(hotline=cast.hotline_id):
        appeal, report = OutsideAppeal.objects.get(), Report.objects.get()
        ask_reporter(report.pk, text="Since when is it there?", actor=cast["ana"].actor)
    page = _asked(cast, receipt)
    for said in (
        "Since when is it there?",
        "It is not your fault",
        "Waiting for an answer",
        "You don’t have to give your name",
    ):
        assert said in page.text
    assert "Thank you for the answer" in page.send(act="answer", text="Since May.").text
    assert "It is with your report now." in page.send(act="add", text="It is worse.").text
    assert "The person who decides reads it too." in page.send(act="state", text="Please hurry.").text
    with scope(hotline=cast.hotline_id):
        said = set(ReporterMessage.objects.filter(direction="from_reporter").values_list("text", flat=True))
        assert said == {"Since May.", "It is worse."}
        assert OutsideAppeal.objects.get().statement == "Please hurry."
        settle_appeal(appeal.pk, upheld=False, reasons="Nothing was decided.", actor=cast["carl"].actor)
    page = _asked(cast, receipt)
    assert "Your report is not closed: we go on working on it." in page.text
    assert page.page.xpath("//li[@aria-current='step']"), "the report is still open"
    assert "Withdrawn" in page.send(act="withdraw").text
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get().withdrawn_at is not None


def test_a_request_that_takes_nothing_more_is_sent_as_a_new_one(cast) -> None:
    walk = Walk().open("/jm/appeal")
    fields = dict(walk.fields("appeal")) | SAID
    walk.client.post("/jm/appeal", fields, follow=True)
    with scope(hotline=cast.hotline_id):
        settle_appeal(OutsideAppeal.objects.get().pk, upheld=False, reasons="We read it.", actor=cast["carl"].actor)
    again = Walk(walk.client, walk.client.post("/jm/appeal", fields | {"text": "There is more."}, follow=True))
    assert "This request was answered before." in again.text
    second = again.send("appeal").receipt
    assert "Withdrawn" in _asked(cast, second).send(act="withdraw").text
    with scope(hotline=cast.hotline_id):
        OutsideAppeal.objects.filter(state="closed").update(withdrawn_at="2026-01-01T00:00Z")
    walk = Walk(walk.client, walk.client.post("/jm/appeal", fields, follow=True))
    assert "You withdrew this request before." in walk.text
