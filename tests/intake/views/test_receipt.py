"""The page behind a receipt: coarse state only, one answer for all that open nothing, slowed guessing."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.foundation.actor import SYSTEM
from leeward.foundation.check_digit import check_digit
from leeward.intake import queries
from leeward.intake.models import Report
from leeward.intake.receipts import find_receipt, kept_before
from leeward.intake.rules import receipt as receipt_rules
from leeward.intake.services import ask_reporter, erase_contacts, expire_receipts, settle_review, tell_reporter
from leeward.intake.views import receipt as views_receipt
from leeward.intake.views.receipt import TRIES_AT_ONCE
from leeward.jobs.models import Job
from leeward.web_security.models import Bucket
from tests.intake.walk import Walk, report

WRONG = "123456789012345" + check_digit("123456789012345")


@pytest.fixture
def mine(cast):
    """A report of two addresses, and its receipt."""
    receipt = report(
        Walk(), where="http://a.example/secret\nhttp://b.example/", text="Words of mine.", mail="someone@mail.example"
    )
    with scope(hotline=cast.hotline_id):
        return receipt, Report.objects.get().pk


def _open(receipt: str, client: Client | None = None) -> Walk:
    return Walk(client or Client()).open("/jm/receipt").send("open", receipt=receipt)


def _tell(cast, report_id: int, number: int, state: str, reason: str = "") -> None:
    with scope(hotline=cast.hotline_id):
        tell_reporter(queries.items_of(report_id)[number].id, state=state, reason=reason)


def test_it_shows_states_and_never_an_address_a_word_or_a_contact(cast, mine) -> None:
    receipt, report_id = mine
    _tell(cast, report_id, 0, "closed", "removed")
    _tell(cast, report_id, 1, "acted", "police_and_host")
    walk = _open(receipt)
    assert "Gone A web address" in walk.text
    assert "The police know." in walk.text
    source = walk.response.content.decode()
    assert not any(piece in source for piece in ("a.example", "b.example", "Words of mine", "someone@", "secret"))
    assert not walk.response.cookies


def test_a_report_without_a_word_is_not_called_words(cast) -> None:
    walk = Walk()
    receipt = report(walk, kind="else")
    assert "What you wrote in your words" not in walk.open("/jm/receipt").send("open", receipt=receipt).text
    receipt = report(walk, kind="else", text="It was in a group.")
    assert "What you wrote in your words" in walk.open("/jm/receipt").send("open", receipt=receipt).text


@pytest.mark.parametrize("between", ["", " ", "-", " – "])
@pytest.mark.parametrize("zero", [ord("0"), 0x6F0, 0x966])
def test_it_opens_in_digits_of_any_script(cast, mine, between, zero) -> None:
    receipt, _ = mine
    written = between.join("".join(chr(zero + int(digit)) for digit in receipt[at : at + 4]) for at in (0, 4, 8, 12))
    assert "Where it stands" in _open(written).text


def test_adding_answering_and_asking_for_review(cast, mine) -> None:
    receipt, report_id = mine
    with scope(hotline=cast.hotline_id):
        ask_reporter(report_id, text="Did you need to sign in?", form="yes_no", actor=cast["ana"].actor)
        ask_reporter(report_id, text="Which game was it?", actor=cast["ana"].actor)
    walk = _open(receipt)
    assert "Did you need to sign in?" in walk.text
    assert "Which game was it?" not in walk.text
    walk.send(act="answer", choice="no")
    assert "Thank you for the answer" in walk.text
    assert "Did you need to sign in?" in walk.text, "what was asked and pressed stays, with its time"
    assert [one.text_content().strip() for one in walk.page.xpath("//section[@aria-labelledby='talked']//b")] == ["No"]
    walk.send(act="answer", text="Chess.")
    assert "Chess." not in walk.text
    assert "You answered in words." in walk.text
    walk.send(act="add", text="Also http://c.example/")
    assert "It is with your report now." in walk.text
    _tell(cast, report_id, 0, "closed", "not_illegal")
    walk = _open(receipt).send(act="review", text="I disagree.")
    assert "A person who was not involved" in walk.text
    assert "I disagree with the decision" not in walk.text
    with scope(hotline=cast.hotline_id):
        said = [queries.wording(row)[0] for row in queries.messages_of(report_id) if row.direction == "from_reporter"]
        assert said == ["No", "Chess.", "Also http://c.example/"]
        assert len(queries.items_of(report_id)) == 3
        (review,) = queries.open_reviews_of(report_id)
        settle_review(review.id, upheld=True, reasons="", actor=SYSTEM)
    assert "the decision was changed" in _open(receipt).text


@pytest.mark.parametrize(("worse", "kind", "urgency"), [("threat", "me", "threat"), ("danger", "danger", "danger")])
@pytest.mark.parametrize("text", ["", "Now somebody threatens to share it."])
def test_a_reporter_can_say_that_it_got_worse_and_somebody_is_paged(cast, worse, kind, urgency, text) -> None:
    walk = Walk()
    receipt = report(walk, kind="me", threat="no")
    _open(receipt).send(act="add", text=text, worse=worse)
    with scope(hotline=cast.hotline_id):
        row = Report.objects.get()
        assert (row.kind, row.urgency) == (kind, urgency)
        assert Job.objects.filter(kind="oncall.call_for_report", subject_id=row.pk, urgent=True).count() == 1
        assert Job.objects.filter(kind="casework.raise_urgency", subject_id=row.pk, urgent=True).count() == 1
    walk = _open(receipt)
    assert not walk.page.xpath(f"//input[@name='worse'][@value='{worse}']")
    walk.send(act="add", text="more", worse="page")
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get().urgency == urgency


def test_what_can_not_be_added_stays_in_the_form(cast, mine) -> None:
    walk = _open(mine[0]).send(act="add", text="x" * 20_001)
    assert walk.page.xpath("//div[@role='alert']")
    assert len(walk.page.xpath("string(//textarea[@id='more'])").strip()) == 20_001


def test_a_reload_after_adding_adds_nothing(cast, mine) -> None:
    walk = _open(mine[0])
    fields = dict(walk.fields(act="add")) | {"text": "More."}
    for _ in range(3):
        assert walk.client.post("/jm/receipt", fields).status_code == 200
    with scope(hotline=cast.hotline_id):
        assert len(queries.messages_of(mine[1])) == 1


def test_taking_back_closes_the_receipt_for_good(cast, mine) -> None:
    receipt, report_id = mine
    walk, kept = _open(receipt), "If we have passed it on to the police, they keep what they have."
    assert kept in walk.text
    walk = walk.send(act="withdraw")
    assert "You have withdrawn your report." in walk.text
    assert kept in walk.text
    assert _open(receipt).response.status_code == 404
    with scope(hotline=cast.hotline_id):
        row = queries.report(report_id)
    assert (row.text, row.contact, row.where) == ("", "", "")


def _wrong_in_every_way(cast) -> dict[str, str]:
    """One receipt for each way in which a receipt can open nothing."""
    withdrawn, expired, other = (
        report(Walk(), portal=portal, where="http://a.example/") for portal in ("/jm", "/jm", "/bb")
    )
    _open(withdrawn).send(act="withdraw")
    with scope(hotline=cast.hotline_id):
        found = find_receipt(expired)
        long_ago = datetime.now(UTC) - timedelta(days=400)
        tell_reporter(queries.items_of(found.pk)[0].id, state="closed", now=long_ago)
        assert expire_receipts(datetime.now(UTC)) == 1
        erase_contacts(datetime.now(UTC))
    return {
        "withdrawn": withdrawn,
        "expired": expired,
        "of another hotline": other,
        "never given": WRONG,
        "mistyped": WRONG[:-1] + "0" if WRONG[-1] != "0" else WRONG[:-1] + "1",
        "words": "hello",
    }


@pytest.mark.parametrize(
    ("state", "reason", "waits"),
    [
        ("", "", True),
        ("acted", "forwarded", True),
        ("acted", "read", False),
        ("looking", "", False),
        ("closed", "removed", False),
    ],
)
def test_whoever_withdraws_is_told_that_somebody_still_looks_only_where_nobody_has(cast, state, reason, waits) -> None:
    receipt = report(Walk(), kind="danger", text="Words of mine.")
    with scope(hotline=cast.hotline_id):
        report_id = Report.objects.get().pk
    if state:
        _tell(cast, report_id, 0, state, reason)
    before, after = _open(receipt), _open(receipt).send(act="withdraw")
    assert "You have withdrawn your report." in after.text
    for walk in (before, after):
        assert ("A person at the hotline still learns that you asked for help" in walk.text) is waits
        assert ("If we have passed it on to the police, they keep what they have." in walk.text) is not waits


def test_wrong_expired_and_withdrawn_ones_get_the_same_answer_by_the_same_work(cast, monkeypatch) -> None:
    tries = _wrong_in_every_way(cast)
    Bucket.objects.all().delete()
    hashes = []
    for way in (Argon2id, Scrypt):
        monkeypatch.setattr(receipt_rules, way.__name__, lambda way=way, **cost: hashes.append(way) or way(**cost))
    answers, statements = {}, {}
    client = Client()
    client.post("/jm/receipt", {"receipt": WRONG})  # opens the bucket
    for name, receipt in tries.items():
        hashes.clear()
        with CaptureQueriesContext(connection) as asked:
            response = client.post("/jm/receipt", {"receipt": receipt})
        answers[name] = (response.status_code, len(hashes), response.content.decode().replace(receipt, "…"))
        statements[name] = [query["sql"].partition(" ")[0] for query in asked]
    assert len(set(answers.values())) == 1
    assert answers["words"][:2] == (404, 2)
    assert len({tuple(kinds) for kinds in statements.values()}) == 1


def test_a_receipt_that_an_older_version_kept_still_opens_and_takes_back(cast, mine) -> None:
    receipt, report_id = mine
    with scope(hotline=cast.hotline_id):
        Report.objects.update(receipt_hash=kept_before(receipt))
    assert "Where it stands" in _open(receipt).text
    assert "You have withdrawn your report." in _open(receipt).send(act="withdraw").text
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get(pk=report_id).withdrawn_at


def test_guessing_is_slowed_and_a_right_one_costs_nothing(cast, mine) -> None:
    client = Client()
    for _ in range(3 * TRIES_AT_ONCE):
        assert _open(mine[0], client).response.status_code == 200
    answers = [client.post("/jm/receipt", {"receipt": WRONG}) for _ in range(TRIES_AT_ONCE + 3)]
    assert [answer.status_code for answer in answers[:TRIES_AT_ONCE]] == [404] * TRIES_AT_ONCE
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"]
    assert client.post("/jm/receipt", {"receipt": mine[0]}).status_code == 200, "others behind the same address get in"
    assert "The right receipt always works" in _open(WRONG, client).text


def test_a_household_with_many_addresses_is_one_guesser_and_no_address_is_kept(cast) -> None:
    codes = [
        Client(REMOTE_ADDR=f"2001:db8:1:2::{number:x}").post("/jm/receipt", {"receipt": WRONG}).status_code
        for number in range(TRIES_AT_ONCE + 2)
    ]
    assert codes[-1] == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").post("/jm/receipt", {"receipt": WRONG}).status_code == 404
    kept = " ".join(str(value) for row in Bucket.objects.values() for value in row.values())
    assert "2001" not in kept


def test_many_wrong_ones_from_everywhere_are_said_in_the_log_once(cast, mine, monkeypatch, caplog) -> None:
    monkeypatch.setattr(views_receipt, "WRONG_AT_ONCE", 5)
    monkeypatch.setattr(views_receipt, "WRONG_PER_MINUTE", 0.001)
    for number in range(9):
        Client(REMOTE_ADDR=f"192.0.2.{number}").post("/jm/receipt", {"receipt": WRONG})
    assert [row.getMessage() for row in caplog.records].count("receipts.are_guessed") == 1
    assert _open(mine[0]).response.status_code == 200


def test_each_circuit_of_tor_is_a_guesser_of_its_own(cast, settings) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"behind_proxy": True})
    tor = [f"fc00:dead:beef:4dad::ab:{number:x}" for number in (1, 2)]
    codes = [
        Client().post("/jm/receipt", {"receipt": WRONG}, headers={"X-Forwarded-For": tor[0]}).status_code
        for _ in range(TRIES_AT_ONCE + 1)
    ]
    assert codes[-1] == 429
    assert Client().post("/jm/receipt", {"receipt": WRONG}, headers={"X-Forwarded-For": tor[1]}).status_code == 404


def test_a_forged_hop_does_not_help_behind_no_proxy(cast) -> None:
    client = Client()
    codes = [
        client.post("/jm/receipt", {"receipt": WRONG}, headers={"X-Forwarded-For": f"198.51.100.{number}"}).status_code
        for number in range(TRIES_AT_ONCE + 2)
    ]
    assert codes[-1] == 429


def test_another_language_opens_the_same_report(cast, mine) -> None:
    walk = _open(mine[0])
    (address,) = walk.page.xpath("//button[@lang='fr']/@formaction")
    walk.send("other-language", to=address)
    assert walk.response.status_code == 200
    assert walk.page.get("lang") == "fr"
