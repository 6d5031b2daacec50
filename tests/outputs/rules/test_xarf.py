"""X-ARF: the recorded verdict of every vector, and what our own rules refuse where the schema is silent."""

import json
from dataclasses import replace
from typing import Any

import pytest

from leeward.outputs.rules import xarf
from tests.outputs.rules.cases import ADDRESS, record, vectors

NUMBER = "b7ca7591-811e-4d40-83d9-dc043c08555d"
VECTORS = vectors("xarf")


def codes(found: tuple[Any, ...]) -> list[str]:
    return [one.code for one in found]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda one: one["name"])
def test_a_vector_has_the_recorded_verdict(vector: dict[str, Any]) -> None:
    document = vector["document"]
    assert (xarf.schema_faults(document) == ()) is vector["valid_with_format_assertion"], vector["first_error"]
    if vector["exporter_must_refuse_even_if_valid"]:
        assert xarf.own_refusals(document) != ()


def test_what_the_schema_lets_pass_is_refused_by_a_code() -> None:
    good = json.loads(xarf.build(record(), NUMBER))
    assert xarf.own_refusals(good) == ()

    def refused(**more: Any) -> list[str]:
        return codes(xarf.check(json.dumps(good | more).encode()))

    assert refused(_internal={"a": 1}) == ["internal"]
    assert refused(evidence=[{"content_type": "text/plain", "payload": "YQ=="}]) == ["evidence"]
    assert refused(evidence=[{"content_type": "text/plain", "payload": "a b"}]) == ["evidence", "not_base64"]
    assert refused(screenshot_url="https://example.com/x") == ["evidence"]
    assert refused(hash_values={"tiger": "00"}) == ["unknown_hash"]
    assert refused(reporter=good["reporter"] | {"org": "A person"}) == ["reporter"]
    assert refused(type=["csam"]) == ["schema"]
    assert codes(xarf.check(b"{")) == ["malformed"]
    assert codes(xarf.check(b"[" * 100_000)) == ["malformed"]
    assert codes(xarf.check(b"[]")) == ["schema"]
    assert xarf.own_refusals([]) == ()


def test_a_case_becomes_a_report_that_holds() -> None:
    content = xarf.build(record(), NUMBER)
    document = json.loads(content)
    assert xarf.check(content) == ()
    assert (document["type"], document["classification"], document["domain"]) == ("csam", "B1", "pictures.example")
    assert document["hash_values"] == {"sha256": "a" * 64}
    assert document["source_identifier"] == "198.51.100.7"
    assert document["report_id"] == NUMBER
    assert content.endswith(b"}\n")
    assert "hash_values" not in json.loads(xarf.build(replace(record(), files=()), NUMBER))


@pytest.mark.parametrize("host", ["xn--80ak6aa92e.com", "example.xn--p1ai", "198.51.100.42"])
def test_a_domain_that_the_format_refuses_is_left_out(host: str) -> None:
    one = record(address=f"https://{host}/x")
    assert xarf.check(xarf.build(one, NUMBER)) == ()
    assert "domain" not in json.loads(xarf.build(one, NUMBER))


def test_capitals_in_a_host_are_no_obstacle() -> None:
    document = json.loads(xarf.build(record(address="https://PICTURES.example/x"), NUMBER))
    assert document["domain"] == "pictures.example"


def test_exploitation_is_reported_without_what_its_type_does_not_know() -> None:
    one = record()
    content = xarf.build(one, NUMBER, "sextortion")
    document = json.loads(content)
    assert xarf.check(content) == ()
    assert (document["type"], document["exploitation_type"]) == ("csem", "sextortion")
    assert (document["victim_age_range"], document["detection_method"]) == ("pubescent", "manual_review")
    assert not {"classification", "media_type", "hash_values"} & document.keys()
    assert xarf.obstacles(one, "sextortion") == ()
    assert codes(xarf.obstacles(one, "theft")) == ["unknown_exploitation"]


def test_what_can_not_be_reported_says_why() -> None:
    assert xarf.obstacles(record()) == ()
    national = record(classification="", grade="national")
    assert codes(xarf.obstacles(national)) == ["only_national"]
    assert xarf.obstacles(national, "grooming") == ()
    assert codes(xarf.obstacles(record(classification=""))) == ["no_class"]
    assert codes(xarf.obstacles(record(address="magnet:?xt=urn:btih:" + "a" * 40))) == ["no_web_address"]
    assert codes(xarf.obstacles(replace(record(), facts=None))) == ["not_decided"]
    assert codes(xarf.obstacles(replace(record(), is_quiet=True))) == ["kept_quiet"]
    nobody = replace(record(), hotline=replace(record().hotline, email=""))
    assert codes(xarf.obstacles(nobody)) == ["no_contact"]


def test_version_3_is_for_receivers_that_know_no_other() -> None:
    content = xarf.build_3(record())
    document = json.loads(content)
    assert xarf.check_3(content) == ()
    assert document["Report"]["SourceUrl"] == ADDRESS
    assert document["Report"]["SourceIp"] == "198.51.100.7"
    assert document["Report"]["Date"] == "2026-11-20T09:00:00Z"
    assert document["ReporterInfo"]["ReporterOrgDomain"] == "hotline.example"
    assert xarf.obstacles_3(record()) == ()
    assert codes(xarf.obstacles_3(replace(record(), place=replace(record().place, ip="")))) == ["no_ip"]
    short = replace(record(), hotline=replace(record().hotline, name="AB"))
    assert codes(xarf.obstacles_3(short)) == ["name_too_short"]
    assert xarf.obstacles_3(replace(short, hotline=replace(short.hotline, name="ABC"))) == ()
    changed = json.dumps(document | {"Attachment": "x"}).encode()
    assert codes(xarf.check_3(changed)) == ["schema"]
    assert codes(xarf.check_3(b"nothing")) == ["malformed"]
