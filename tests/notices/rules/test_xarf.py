"""X-ARF reports, held against the schemas of the specification by the library that its authors keep."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
import xarf as theirs
from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules import xarf
from leeward.notices.rules.briefs import CaseBrief

DESK = xarf.Desk("Hotline of Jamaica", "desk@jm.example")
EVIDENCE = ("evidence", "hash_values", "screenshot_url", "_internal")


def brief(address: str = "http://pictures.harbour-host.example/a", **changes: Any) -> CaseBrief:
    values: dict[str, Any] = {
        "case_id": 1,
        "reference": "2026-0001",
        "hotline_id": 1,
        "portal_id": 1,
        "location_id": 1,
        "address": address,
        "received_at": datetime(2026, 11, 24, 12, 0, 0, 5, tzinfo=UTC),
        "country": "JM",
        "summary": ("39 of 41 pictures are known",),
        "file_hashes": (("sha256", "0" * 64),),
        "classification": "A1",
        "media": "image",
    }
    return CaseBrief(**values | changes)


def made(one: CaseBrief, **more: str) -> dict[str, Any]:
    report = xarf.report(one, desk=DESK, report_id=xarf.report_id(b"secret", 7), **more)
    assert theirs.parse(json.loads(json.dumps(report))).errors == []
    assert not set(report) & set(EVIDENCE)
    assert "0" * 64 not in json.dumps(report)
    return report


@pytest.mark.parametrize(
    ("address", "url", "domain"),
    [
        ("http://Pictures.host.example/A?b=ü#c", "http://pictures.host.example/A?b=%C3%BC#c", "pictures.host.example"),
        ("https://höst.example:8443/", "https://xn--hst-sna.example:8443/", None),
        ("http://198.51.100.7/x", "http://198.51.100.7/x", None),
        ("http://[2001:db8::7]/x", "http://[2001:db8::7]/x", None),
        ("http://abcdefghijklmnop.onion/", "http://abcdefghijklmnop.onion/", "abcdefghijklmnop.onion"),
        ("http://a_b.example/", "http://a_b.example/", None),
    ],
)
def test_every_address_makes_a_report_that_is_valid(address: str, url: str, domain: str | None) -> None:
    report = made(brief(address), ip="198.51.100.7", asn="AS64500", link="https://leeward.example/notice/1-abc")
    assert report["url"] == url
    assert report.get("domain") == domain
    assert (report["source_identifier"], report["asn"], report["country_code"]) == ("198.51.100.7", 64500, "JM")
    assert (report["classification"], report["media_type"], report["type"]) == ("A1", "image", "csam")
    assert "https://leeward.example/notice/1-abc" in report["description"]


@given(
    classification=st.sampled_from(xarf.CLASSIFICATIONS),
    media=st.sampled_from([*xarf.MEDIA, ""]),
    was_known=st.booleans(),
    country=st.sampled_from(["JM", None, "", "jm"]),
    asn=st.sampled_from(["", "64500", "AS64500", "AS0", "AS99999999999", "AS6٤", "x"]),
    path=st.text(max_size=40),
)
def test_whatever_is_known_the_report_is_valid(
    classification: str, media: str, was_known: bool, country: str | None, asn: str, path: str
) -> None:
    one = brief(
        f"http://host.example/{path}",
        classification=classification,
        media=media,
        judged="record" if was_known else "person",
        country=country,
    )
    if xarf.is_reportable(one):
        report = made(one, asn=asn)
        assert report["detection_method"] == ("hash_match" if was_known else "manual_review")


@pytest.mark.parametrize(
    "one",
    [
        brief(classification=""),
        brief(classification="none"),
        brief("magnet:?xt=urn:btih:" + "a" * 40),
        brief("[message withheld]"),
        brief("ftp://host.example/a"),
    ],
)
def test_what_is_not_sure_or_not_on_the_web_makes_none(one: CaseBrief) -> None:
    assert not xarf.is_reportable(one)


def test_a_reports_identifier_stays() -> None:
    assert xarf.report_id(b"secret", 7) == "b4127f0e-4673-49cb-9527-e8f6ba76329b"
    assert len({xarf.report_id(b"secret", 7), xarf.report_id(b"secret", 8), xarf.report_id(b"other", 7)}) == 3


def test_their_library_would_have_said_no() -> None:
    """What the checks above rest on: a report without its class, or with an e-mail address that is none, is refused."""
    good = made(brief())
    assert theirs.parse({**good, "classification": "national"}).errors
    assert theirs.parse({**good, "report_id": "7"}).errors
    assert theirs.parse({**good, "reporter": {**good["reporter"], "contact": "nobody"}}).errors


def test_a_report_holds_this_and_nothing_else() -> None:
    url = "http://pictures.harbour-host.example/a"
    assert made(brief(url, country=None, media=""), asn=" as4294967295 ") == {
        "xarf_version": "4.2.0",
        "report_id": xarf.report_id(b"secret", 7),
        "timestamp": "2026-11-24T12:00:00Z",
        "reporter": {"org": "Hotline of Jamaica", "contact": "desk@jm.example", "domain": "jm.example"},
        "sender": {"org": "Hotline of Jamaica", "contact": "desk@jm.example", "domain": "jm.example"},
        "source_identifier": "pictures.harbour-host.example",
        "category": "content",
        "type": "csam",
        "url": url,
        "domain": "pictures.harbour-host.example",
        "classification": "A1",
        "detection_method": "manual_review",
        "description": "Reference 2026-0001.",
        "asn": 4294967295,
    }
    assert "asn" not in made(brief(), asn="4294967296")
    for longest, has_domain in (("abc", True), ("abcd", False)):
        assert ("domain" in made(brief(f"http://{('a' * 49 + '.') * 5}{longest}/"))) == has_domain
    assert made(brief("http://[2001:db8::7]/x"))["source_identifier"] == "2001:db8::7"
    assert made(brief(), asn="1")["asn"] == 1
    assert made(brief(), link="https://a.example/b")["description"].endswith("without an account: https://a.example/b")
    desk = xarf.Desk("x" * 201, '"a@b"@jm.example')
    party = xarf.report(brief(), desk=desk, report_id=xarf.report_id(b"secret", 7))["reporter"]
    assert (party["org"], party["domain"]) == ("x" * 200, "jm.example")
    with pytest.raises(ValueError, match=r"^not an address on the web$"):
        made(brief("[message withheld]"))
    assert xarf.feedback_of("Leeward 1") == "Feedback-Type: xarf\r\nUser-Agent: Leeward 1\r\nVersion: 1\r\n"
