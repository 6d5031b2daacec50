"""Police ask: what they are told, what they are not told, two agencies of each other, the log, other hotlines."""

import json

import pytest
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.foundation.errors import BadInput, NotAllowed, NotFound
from leeward.hashbank.models import Inquiry, InquiryMatch, Investigation
from leeward.hashbank.police.queries import inquiries_by, inquiries_of, overlaps
from leeward.hashbank.police.services import ask, investigate
from leeward.hashbank.rules.police import Asker
from leeward.hashbank.services import add_investigation, note_sighting, set_statuses
from tests.hashbank.asking import key, with_key
from tests.hashbank.conftest import Desk, bits_off, file_hashes, picture_code
from tests.personas import Cast

ASK = "/api/v1/police/ask"
HARBOUR = Asker("Harbour Police", "HP 2026/7", "desk 12, +1 876 555 0101")
COAST = Asker("Coast Guard", "CG-31", "watch@coast.example")


def md5(name: str) -> dict[str, str]:
    return {"md5": file_hashes(name)[0].text}


@pytest.fixture
def police(cast: Cast, bank: Desk):
    return cast["pia"].actor


def told(rows, asker, actor):
    return ask(rows, asker=asker, actor=actor).answers


def test_what_is_told(cast: Cast, bank: Desk, police):
    record = bank.add(1, series="a series")
    set_statuses(record, victim="identified", actor=bank.analyst)
    note_sighting(record, case_id=77, actor=bank.analyst)
    bank.add(2, bank="look-alikes")
    known, near, harmless, nothing, bad = told(
        [md5("picture 1"), {"pdq": bits_off(picture_code(1), 6).hex()}, md5("picture 2"), md5("other"), {"md5": "x"}],
        HARBOUR,
        police,
    )
    assert (known.match, known.record, known.victim, known.classification) == ("known", record, "identified", "UK C")
    assert known.since is not None
    assert known.call[0].agency == "Hotline of Jamaica"
    assert known.call[0].contact == "desk@jm.example"
    assert (near.match, near.distance) == ("near", 6)
    assert (harmless.is_harmless, harmless.call) == (True, ())
    assert (nothing.match, nothing.record) == ("none", None)
    assert bad.note
    said = json.dumps([one.as_dict() for one in (known, near, harmless)])
    assert "77" not in said.replace(known.since.isoformat(), ""), "no case of the hotline"
    assert "a series" not in said
    assert not any(one.text in said for one in file_hashes("picture 1")), "no hash that was not asked"


def test_every_look_up_is_written_down(cast: Cast, bank: Desk, police):
    bank.add(1)
    told([md5("picture 1"), md5("other")], HARBOUR, police)
    told([md5("other")], HARBOUR, police)
    rows = list(AuditRow.objects.filter(event="inquiry.asked").order_by("number"))
    assert [row.actor for row in rows] == [police.label] * 2
    assert json.loads(rows[0].facts) == {"asked": 2, "known": 1, "near": 0, "restricted": False}
    assert json.loads(rows[1].facts)["known"] == 0
    inquiry = Inquiry.objects.get()
    assert (inquiry.asked, inquiry.found) == (3, 1)
    assert [row.pk for row in inquiries_by(police)] == [inquiry.pk]
    assert not inquiries_by(cast["carl"].actor)


@pytest.mark.parametrize(
    "asker", [Asker("Harbour Police", " "), Asker("", "7"), Asker("x" * 121, "7"), Asker("x", "y" * 81)]
)
def test_a_look_up_needs_an_agency_and_a_case(bank: Desk, police, asker):
    with pytest.raises(BadInput):
        told([md5("a")], asker, police)
    assert not Inquiry.objects.exists()


@pytest.mark.parametrize("name", ["ana", "carl", "adam", "otto", "dora"])
def test_only_the_police_ask(cast: Cast, bank: Desk, name):
    with pytest.raises(NotAllowed):
        told([md5("a")], HARBOUR, cast[name].actor)


def test_two_agencies_are_told_of_each_other(cast: Cast, bank: Desk, police):
    bank.add(1)
    assert told([md5("picture 1")], HARBOUR, police)[0].also_asked == ()
    [other] = told([md5("picture 1")], COAST, police)[0].also_asked
    assert (other.agency, other.reference, other.contact) == (HARBOUR.agency, HARBOUR.reference, HARBOUR.contact)
    mine = [row.pk for row in inquiries_of(HARBOUR.agency)]
    [overlap] = overlaps(mine)
    assert (overlap.reference, overlap.agency, overlap.their_reference) == ("HP 2026/7", "Coast Guard", "CG-31")
    assert (overlap.contact, overlap.records) == ("watch@coast.example", 1)
    again = Asker("harbour  police", "HP 2026/8")
    assert [one.agency for one in told([md5("picture 1")], again, police)[0].also_asked] == ["Coast Guard"]


@pytest.mark.parametrize("first", [True, False])
def test_a_written_restriction_keeps_both_silent(cast: Cast, bank: Desk, police, first):
    bank.add(1)
    silent = Asker("Coast Guard", "CG-31", "x@coast.example", "Order 9/2026")
    order = [silent, HARBOUR] if first else [HARBOUR, silent]
    for asker in order:
        assert told([md5("picture 1")], asker, police)[0].also_asked == ()
    assert not overlaps(list(Inquiry.objects.values_list("pk", flat=True)))
    assert json.loads(AuditRow.objects.filter(event="inquiry.asked").order_by("number")[0 if first else 1].facts)[
        "restricted"
    ]


def test_a_restriction_stays_on_its_case(cast: Cast, bank: Desk, police):
    bank.add(1)
    told([md5("picture 1")], Asker("Coast Guard", "CG-31", "", "Order 9/2026"), police)
    told([md5("picture 1")], HARBOUR, police)
    assert told([md5("picture 1")], Asker("coast guard", "CG-31"), police)[0].also_asked == (), "forgotten this time"
    assert told([md5("picture 1")], HARBOUR, police)[0].also_asked == ()
    assert not overlaps(list(Inquiry.objects.values_list("pk", flat=True)))
    assert told([md5("picture 1")], Asker("Coast Guard", "CG-32"), police)[0].also_asked, "another case, no order"


def test_investigations_tell_whom_to_call(cast: Cast, bank: Desk, police):
    record = bank.add(1)
    add_investigation(record, agency="Coast Guard", reference="CG-31", contact="watch@coast.example", actor=police)
    add_investigation(record, agency="Secret Desk", reference="S", contact="s", restricted=True, actor=police)
    [call] = told([md5("picture 1")], HARBOUR, police)[0].call
    assert (call.agency, call.contact, call.outcome) == ("Coast Guard", "watch@coast.example", "open")
    theirs = told([md5("picture 1")], Asker("Secret Desk", "S"), police)[0].call
    assert {one.agency for one in theirs} == {"Coast Guard", "Secret Desk"}


def test_an_agency_writes_its_outcome_only_where_it_asked(cast: Cast, bank: Desk, police):
    record = bank.add(1)
    with pytest.raises(NotFound):
        investigate(record, asker=HARBOUR, outcome="arrest", actor=police)
    told([md5("picture 1")], HARBOUR, police)
    investigate(record, asker=HARBOUR, outcome="victim_identified", actor=police)
    assert Investigation.objects.get().outcome == "victim_identified"


def test_the_api(cast: Cast, bank: Desk, client: Client):
    record = bank.add(1)
    mine = with_key(key(cast, "police", agency="Harbour Police"))

    def send(body: object, **how: str):
        return client.post(ASK, json.dumps(body), content_type="application/json", **(how or mine))

    question = {"reference": "HP 7", "contact": "desk", "files": [md5("picture 1"), md5("other")]}
    answer = send(question)
    assert answer.status_code == 200
    assert [one["match"] for one in answer.json()["answers"]] == ["known", "none"]
    assert Inquiry.objects.get().agency == "Harbour Police", "the key says whose it is"
    coast = with_key(key(cast, "police", agency="Coast Guard"))
    send(question | {"reference": "CG 1"}, **coast)
    [overlap] = client.get("/api/v1/police/overlaps", **mine).json()
    assert (overlap["agency"], overlap["their_reference"], overlap["reference"]) == ("Coast Guard", "CG 1", "HP 7")
    done = {"record": record, "reference": "HP 7", "outcome": "arrest"}
    assert client.post("/api/v1/police/outcomes", done, content_type="application/json", **mine).status_code == 201
    for number in (0, 10**30):  # no database has such a number
        odd = done | {"record": number}
        assert client.post("/api/v1/police/outcomes", odd, content_type="application/json", **mine).status_code == 422
    send(question | {"reference": "HP\0 7"})
    kept = Inquiry.objects.values_list("reference", flat=True)
    assert not any("\0" in reference for reference in kept), "PostgreSQL would refuse it"
    for wrong in ({}, question | {"reference": ""}, question | {"files": []}, question | {"files": [1]}):
        assert send(wrong).status_code == 422
    assert send(question | {"files": [md5("other")] * 1001}).status_code == 422
    assert send(question, **with_key(key(cast, "check"))).status_code == 403
    assert client.post(ASK).status_code == 401


def test_another_hotline_sees_nothing(cast: Cast, bank: Desk, client: Client):
    record = bank.add(1)
    told([md5("picture 1")], HARBOUR, cast["pia"].actor)
    theirs = with_key(key(cast, "police", agency="Coast Guard", who="dora"))
    body = {"reference": "1", "files": [md5("picture 1")]}
    answer = client.post(ASK, body, content_type="application/json", **theirs).json()
    assert answer["answers"][0]["match"] == "none"
    assert client.get("/api/v1/police/overlaps", **theirs).json() == []
    done = {"record": record, "reference": "1", "outcome": "arrest"}
    assert client.post("/api/v1/police/outcomes", done, content_type="application/json", **theirs).status_code == 404
    with scope(hotline=cast.other_hotline_id):
        assert not InquiryMatch.objects.exists()
