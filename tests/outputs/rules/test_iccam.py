"""ICCAM as observed: the numbers of its lists, what is crossed elsewhere and not here, and the order of the calls."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from leeward.laws.rules.facts import PAYMENTS, SITE_TYPES, Facts
from leeward.outputs.rules import iccam
from tests.outputs.rules.cases import ADDRESS, RECEIVED, VECTORS, record

ICCAM_NAMES = {
    "website": "Website", "file_host": "File host", "image_store": "Image store", "image_board": "Image board",
    "forum": "Forum", "banner_site": "Banner site", "link_site": "Link site", "social_network": "Social Networking",
    "redirector": "Redirector", "web_archive": "Web archive", "search_provider": "Search provider",
    "image_host": "Image host", "blog": "Blog", "not_applicable": "Not Applicable",
    "amex": "AMEX", "diners": "Diners", "mastercard": "Mastercard", "paypal": "Paypal", "visa": "Visa",
    "western_union": "Western Union", "other": "Other", "none": "None", "sms": "SMS", "email": "EMAIL",
    "liberty_reserve": "Liberty Reserve", "bitcoin": "Bitcoin",
}  # fmt: skip


def observed(field: str) -> dict[str, int]:
    """The numbers of a list as observed, by their names there."""
    with (VECTORS / "iccam_vocabulary.csv").open(newline="", encoding="utf-8") as file:
        return {row["iccam_name"]: int(row["iccam_id"]) for row in csv.DictReader(file) if row["iccam_field"] == field}


def codes(content: bytes) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in iccam.check(content)]


def test_a_case_becomes_a_report_that_holds() -> None:
    content = iccam.build(record())
    document = json.loads(content)
    assert codes(content) == []
    assert list(document) == ["note", "report", "assessment", "fields", "actions"]
    assert "observed" in document["note"]
    assert document["report"]["hotlineReceivedDate"] == "2026-11-20T09:00:00Z"
    assert document["report"]["hotlineReference"] == "2026-0007"
    assert document["report"]["reportingAnalystName"] == "Hotline of the island", "no person is named"
    (url,) = document["report"]["urls"]
    assert (url["urlString"], url["hostingCountryCode"], url["hostingIpAddress"]) == (ADDRESS, "CA", "198.51.100.7")
    assert url["hostingOrganization"] == {
        "autonomousSystemNumber": 64500,
        "organizationName": "Harbour Host",
        "isContentDeliveryNetwork": False,
    }
    assert (url["contentType"], url["isSourceUrl"], url["hostingIsp"]) == (2, True, "Harbour Host")
    assert document["assessment"] == {
        "assessingAnalystName": "Hotline of the island",
        "classification": 1,
        "ageCategorization": 4,
        "genderCategorization": 2,
        "virtualContentCategorization": 0,
        "userGeneratedContentCategorization": 0,
        "childModelingCategorization": 0,
    }
    assert document["fields"] == {
        "sourceUrlSiteType": 20,
        "sourceUrlCommerciality": 3,
        "sourceUrlPaymentMethods": [1],
    }
    assert document["actions"] == [
        {"actionType": 1, "actioningAnalystName": "Hotline of the island", "actionDate": "2026-11-20T11:00:00Z"},
        {"actionType": 2, "actioningAnalystName": "Hotline of the island", "actionDate": "2026-11-20T12:00:00Z"},
    ]


def test_user_generated_and_child_modelling_are_never_crossed() -> None:
    own = iccam.assessment(record(), Facts(self_generated="yes", act="sadism"))
    assert (own["userGeneratedContentCategorization"], own["childModelingCategorization"]) == (1, 0)
    posing = iccam.assessment(record(), Facts(self_generated="no", act="posing"))
    assert (posing["userGeneratedContentCategorization"], posing["childModelingCategorization"]) == (0, 1)


def test_every_number_is_that_of_the_observed_list() -> None:
    sites, payments = observed("sourceUrlSiteType"), observed("sourceUrlPaymentMethods")
    for name in SITE_TYPES[:-1]:
        assert iccam.fields(Facts(site_type=name))["sourceUrlSiteType"] == sites[ICCAM_NAMES[name]], name
    for name in PAYMENTS:
        assert iccam.fields(Facts(payments=(name,)))["sourceUrlPaymentMethods"] == [payments[ICCAM_NAMES[name]]], name
    assert iccam.fields(Facts())["sourceUrlSiteType"] == sites["Not Determined"]
    assert iccam.fields(Facts(commercial="yes"))["sourceUrlCommerciality"] == 2
    assert iccam.fields(Facts())["sourceUrlCommerciality"] == 1
    assert iccam.fields(Facts(payments=("bitcoin", "visa")))["sourceUrlPaymentMethods"] == [6, 13]


@pytest.mark.parametrize(
    ("facts", "field", "number"),
    [
        (Facts(pubertal_stage="infant"), "ageCategorization", 2),
        (Facts(age_band="0-2"), "ageCategorization", 2),
        (Facts(pubertal_stage="prepubescent"), "ageCategorization", 3),
        (Facts(pubertal_stage="pubescent", age_band="0-2"), "ageCategorization", 4),
        (Facts(), "ageCategorization", 1),
        (Facts(sex="male"), "genderCategorization", 3),
        (Facts(sex="both"), "genderCategorization", 4),
        (Facts(), "genderCategorization", 1),
        (Facts(real_person="no"), "virtualContentCategorization", 1),
        (Facts(), "virtualContentCategorization", 0),
    ],
)
def test_what_facts_become(facts: Facts, field: str, number: int) -> None:
    assert iccam.assessment(record(), facts)[field] == number


def test_what_is_known_of_the_place_is_said_and_no_more() -> None:
    one = record(grade="national")
    hidden = replace(
        one,
        brief=replace(one.brief, country=None, kind="image"),
        place=replace(one.place, asn="", network="", ip="", behind="A shield"),
    )
    document = json.loads(iccam.build(hidden))
    (url,) = document["report"]["urls"]
    assert (url["hostingCountryCode"], url["hostingIpAddress"], url["contentType"]) == ("", "", 1)
    assert url["hostingOrganization"]["autonomousSystemNumber"] == 0
    assert url["hostingOrganization"]["isContentDeliveryNetwork"]
    assert document["assessment"]["classification"] == 2
    assert codes(iccam.build(hidden)) == []


def test_a_reason_belongs_to_some_actions_only() -> None:
    gone = replace(record(), done=(("unavailable", RECEIVED), ("removed", RECEIVED)), close_reason=9)
    document = json.loads(iccam.build(gone))
    assert [one.get("reasonId") for one in document["actions"]] == [9, None]
    assert codes(iccam.build(gone)) == []
    unknown = json.loads(iccam.build(replace(gone, close_reason=99)))
    assert unknown["actions"][0]["reasonId"] == 1
    del document["actions"][0]["reasonId"]
    assert codes(json.dumps(document).encode()) == [("reason_misplaced", "actions/0")]
    document["actions"][0]["reasonId"], document["actions"][1]["reasonId"] = 9, 9
    assert codes(json.dumps(document).encode()) == [("reason_misplaced", "actions/1")]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("assessment", "classification"), 4),
        (("assessment", "childModelingCategorization"), 2),
        (("fields", "sourceUrlSiteType"), 12),
        (("fields", "sourceUrlPaymentMethods"), []),
        (("report", "hotlineReceivedDate"), "2026-11-20T09:00:00+01:00"),
        (("report", "hotlineReference"), ""),
        (("report", "urls"), []),
        (("report", "sourceUrlPassword"), "secret"),
    ],
)
def test_a_value_that_the_receiver_does_not_have_is_refused(path: tuple[str, str], value: Any) -> None:
    document = json.loads(iccam.build(record()))
    document[path[0]][path[1]] = value
    assert codes(json.dumps(document).encode())[0][0] == "schema"


def test_the_order_of_the_calls_is_part_of_it() -> None:
    document = json.loads(iccam.build(record()))
    turned = {name: document[name] for name in ("note", "report", "fields", "assessment", "actions")}
    assert codes(json.dumps(turned).encode()) == [("schema", "order")]
    assert codes(b"{") == [("malformed", "")]
    assert [one[0] for one in codes(b"[]")] == ["schema"]


def test_what_can_not_be_reported_says_why() -> None:
    assert iccam.obstacles(record()) == ()
    assert iccam.obstacles(record(grade="national")) == ()
    assert [one.code for one in iccam.obstacles(record(grade="undetermined"))] == ["no_grade"]
    bad = replace(record(address="magnet:?xt=urn:btih:" + "a" * 40), facts=None, is_quiet=True, grade="")
    assert [one.code for one in iccam.obstacles(bad)] == ["not_decided", "kept_quiet", "no_web_address"]
    assert RECEIVED + timedelta(days=1) == record().made_at


def test_labels_of_a_vocabulary_follow_from_facts() -> None:
    vocabulary = {
        "labels": [
            {"code": "photo", "when": {"medium": ["photograph", "video"], "sex": ["female"]}},
            {"code": "video", "when": {"medium": ["video"]}},
            {"code": "always", "when": {}},
            {"code": "unheard", "when": {"weather": ["fair"]}},
        ]
    }
    facts = record().facts
    assert facts is not None
    labels = iccam.labels_of(facts, vocabulary)
    assert labels == ("photo",)
    assert json.loads(iccam.build(record(), labels))["labels"] == ["photo"]
    assert codes(iccam.build(record(), labels)) == []
