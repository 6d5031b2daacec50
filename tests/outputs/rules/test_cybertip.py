"""NCMEC's CyberTipline: the recorded verdict of every vector, our own checks, and what a case becomes."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from leeward.outputs.rules import cybertip, cybertip_check
from leeward.outputs.rules.cybertip_check import check, own_refusals, parse, schema_faults
from tests.outputs.rules.cases import ADDRESS, RECEIVED, record, vectors

NOW = RECEIVED + timedelta(days=2)
REPORT = (
    "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType>{summary}<incidentDateTime>{at}"
    "</incidentDateTime></incidentSummary>{details}<reporter><reportingPerson>{person}</reportingPerson></reporter>"
    "</report>"
)
FILE = "<fileDetails><reportId>1</reportId><fileId>b</fileId>{more}</fileDetails>"


def report(**parts: str) -> bytes:
    usual = {"summary": "", "at": "2026-01-02T03:04:05Z", "details": "", "person": "<email>a@example.org</email>"}
    return REPORT.format(**usual | parts).encode()


def codes(content: bytes) -> list[str]:
    return [one.code for one in check(content, NOW)]


@pytest.mark.parametrize("vector", vectors("cybertipline"), ids=lambda one: one["name"])
def test_a_vector_has_the_recorded_verdict(vector: dict[str, Any]) -> None:
    assert (schema_faults(parse(vector["xml"].encode())) == ()) is vector["xsd_valid"], vector["first_error"]


def test_what_the_schema_lets_pass_is_refused_by_a_code() -> None:
    assert codes(report()) == []
    assert codes(report(person="")) == ["no_email"]
    assert codes(report(person="<email>nobody</email>")) == ["no_email"]
    assert codes(report(at="2026-01-02T03:04:05")) == ["no_zone"]
    assert codes(report(at="2026-11-22T09:00:01Z")) == ["not_past"]
    assert codes(report(at="2026-11-22T09:00:00Z")) == []
    assert codes(report(at="2026-11-22T10:00:00+02:00")) == []
    assert codes(report(summary=f"<platform>{'x' * 256}</platform>")) == []
    assert codes(report(summary=f"<platform>{'x' * 257}</platform>")) == ["too_long"]
    assert codes(FILE.format(more="<exifViewedByEsp>1</exifViewedByEsp>").encode()) == ["exif_unviewed"]
    viewed = "<fileViewedByEsp>true</fileViewedByEsp><exifViewedByEsp>true</exifViewedByEsp>"
    assert codes(FILE.format(more=viewed).encode()) == []
    also = "<fileRelevance>Supplemental Reported</fileRelevance>"
    assert codes(FILE.format(more=f"{also}<potentialMeme>true</potentialMeme>").encode()) == ["not_reported_file"]
    assert codes(FILE.format(more=f"{also}<potentialMeme>false</potentialMeme>").encode()) == []
    classed = "<industryClassification>A1</industryClassification>"
    assert codes(FILE.format(more=also + classed).encode()) == ["not_reported_file"]
    assert codes(FILE.format(more=f"<fileRelevance>Reported</fileRelevance>{classed}").encode()) == []
    assert codes(FILE.format(more=f'<originalFileHash hashType="{"x" * 65}">0</originalFileHash>').encode()) == [
        "too_long"
    ]
    assert codes(FILE.format(more=f'<originalFileHash hashType="{"x" * 64}">0</originalFileHash>').encode()) == []
    event = "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress><dateTime>2026-01-02T03:04:05</dateTime></ipCaptureEvent>"
    assert codes(FILE.format(more=event).encode()) == ["no_zone"]


@pytest.mark.parametrize(
    ("details", "where"),
    [
        ("<internetDetails/>", "report/internetDetails/webPageIncident"),
        ("<internetDetails>x<chatImIncident/></internetDetails>", "report/internetDetails"),
        ("<internetDetails><chatImIncident/>x</internetDetails>", "report/internetDetails"),
        ("<unheard/>", "report/unheard"),
        ('<internetDetails other="1"><chatImIncident/></internetDetails>', "report/internetDetails/@other"),
        (
            '<internetDetails><webPageIncident thirdPartyHostedContent="maybe"/></internetDetails>',
            "report/internetDetails/webPageIncident/@thirdPartyHostedContent",
        ),
        (
            "<internetDetails><cellPhoneIncident><latitude>north</latitude></cellPhoneIncident></internetDetails>",
            "report/internetDetails/cellPhoneIncident/latitude",
        ),
        (
            "<internetDetails><chatImIncident><chatClient><b/></chatClient></chatImIncident></internetDetails>",
            "report/internetDetails/chatImIncident/chatClient",
        ),
        (
            "<internetDetails><cellPhoneIncident><phoneNumber type='Own'>1</phoneNumber></cellPhoneIncident></internetDetails>",
            "report/internetDetails/cellPhoneIncident/phoneNumber/@type",
        ),
    ],
)
def test_a_fault_is_named_by_its_place(details: str, where: str) -> None:
    assert [one.where for one in schema_faults(parse(report(details=details)))] == [where]


def test_comments_stand_anywhere_and_a_date_is_one() -> None:
    assert codes(report(details="<!-- x --><internetDetails><!-- y --><chatImIncident/></internetDetails>")) == []
    person = "<email>a@example.org</email><age>{}</age><dateOfBirth>{}</dateOfBirth>"
    assert codes(report(person=person.format("30", "1996-02-29"))) == []
    assert codes(report(person=person.format("30", "1997-02-29"))) == ["schema"]
    assert codes(report(person=person.format("old", "1996-02-29"))) == ["schema"]
    assert codes(report(at="2026-02-30T03:04:05Z")) == ["schema"]
    assert codes(report(at="yesterday")) == ["schema"]
    assert codes(b"<other/>") == ["schema"]
    address = "<email>a@example.org</email><address><country>{}</country></address>"
    assert codes(report(person=address.format("JM"))) == []
    assert codes(report(person=address.format("A1"))) == []
    assert codes(report(person=address.format("Jamaica"))) == ["schema"]


def test_a_document_type_and_what_is_too_long_are_refused_before_they_are_read() -> None:
    bomb = b'<!DOCTYPE report [<!ENTITY a "aaaa">]><report>&a;</report>'
    assert codes(bomb) == ["doctype"]
    assert codes(bomb.decode().encode("utf-16")) == ["doctype"]
    assert codes(b"<report>" + b"x" * (1 << 20)) == ["too_long"]
    assert codes(b"<html><body><p>Sign in</body>") == ["malformed"]
    assert codes(b"") == ["malformed"]
    assert len(b"<report/>") < cybertip_check.MOST_BYTES


def test_a_case_becomes_a_report_that_holds() -> None:
    content = cybertip.build(record())
    assert check(content, NOW) == ()
    root = etree.fromstring(content)
    assert [one.tag for one in root] == ["incidentSummary", "internetDetails", "reporter", "additionalInfo"]
    assert root.findtext("incidentSummary/incidentDateTime") == "2026-11-20T09:00:00Z"
    assert root.findtext("internetDetails/webPageIncident/url") == ADDRESS
    assert root.findtext("internetDetails/webPageIncident/additionalInfo") == (
        "Host: pictures.example; IP address: 198.51.100.7; Network: Harbour Host AS64500; Country: CA"
    )
    assert root.findtext("reporter/reportingPerson/email") == "desk@hotline.example"
    assert root.findtext("reporter/reportingPerson/lastName") == "Hotline of the island"
    assert root.findtext("additionalInfo") == (
        "Reference 2026-0007 of the hotline of JM. Class B1 by the facts of an assessment. Assessed by a person."
    )
    assert root.find("incidentSummary/escalateToHighPriority") is None
    assert "I found" not in content.decode()
    assert root.get("{http://www.w3.org/2001/XMLSchema-instance}noNamespaceSchemaLocation") == cybertip.SCHEMA


def test_what_is_said_depends_on_the_case() -> None:
    one = record(classification="baseline")
    urgent = replace(one, brief=replace(one.brief, urgent=True, judged="record"))
    root = etree.fromstring(cybertip.build(urgent, "grooming"))
    assert "2026-0007 as urgent" in (root.findtext("incidentSummary/escalateToHighPriority") or "")
    assert root.findtext("incidentSummary/incidentType") == "Online Enticement of Children for Sexual Acts"
    assert (root.findtext("additionalInfo") or "").endswith("of JM. Found by the hash of a known file.")
    trafficking = etree.fromstring(cybertip.build(one, "trafficking"))
    assert trafficking.findtext("incidentSummary/incidentType") == "Child Sex Trafficking"
    long = replace(one, hotline=replace(one.hotline, name="x" * 300))
    assert check(cybertip.build(long), NOW) == ()
    nobody = replace(one, hotline=replace(one.hotline, email=""))
    assert [found.code for found in check(cybertip.build(nobody), NOW)] == ["no_email"]


def test_what_can_not_be_reported_says_why() -> None:
    assert cybertip.obstacles(record()) == ()
    assert cybertip.obstacles(record(), "grooming") == ()
    bad = replace(record(address="magnet:?xt=urn:btih:" + "a" * 40), facts=None, is_quiet=True)
    found = [one.code for one in cybertip.obstacles(bad, "theft")]
    assert found == ["not_decided", "kept_quiet", "no_web_address", "unknown_exploitation"]


def test_what_goes_along_is_a_list_and_never_content() -> None:
    assert cybertip.hash_list(replace(record(), files=())) == b""
    bare = replace(record().files[0], md5="", sha1="", sha256="")
    assert cybertip.hash_list(replace(record(), files=(bare,))) == b""
    assert cybertip.hash_list(record()).decode().splitlines() == [
        "address,bytes,md5,sha1,sha256,pdq",
        f"{ADDRESS}/1.jpg,1234,{'b' * 32},{'c' * 40},{'a' * 64},{'d' * 64}",
    ]
    details = cybertip.file_details("12", "b7")
    assert check(details, NOW) == ()
    root = etree.fromstring(details)
    assert (root.findtext("reportId"), root.findtext("fileId")) == ("12", "b7")
    assert root.findtext("fileRelevance") == "Supplemental Reported"
    assert root.findtext("originalFileName") == "hashes.csv"
    assert own_refusals(root, datetime.now(UTC)) == ()


def test_ncmecs_own_schema_takes_what_we_build() -> None:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: NCMEC's schema is not part of Leeward")
    schema = etree.XMLSchema(etree.parse(Path(folder) / "exchange/cybertipline/cyber_tipline.xsd"))
    schema.assertValid(etree.fromstring(cybertip.build(record())))
    schema.assertValid(etree.fromstring(cybertip.build(record(), "grooming")))
    schema.assertValid(etree.fromstring(cybertip.file_details("12", "b7")))
