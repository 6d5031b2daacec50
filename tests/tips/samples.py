"""Tips as they come, with neutral words."""

import json
import zipfile
from io import BytesIO
from typing import Any

MD5, SHA1 = "ab" * 16, "cd" * 20
URL = "https://pictures.example/a/1?session=7"


def police(number: str = "123456", **changes: Any) -> dict[str, Any]:
    """A CyberTip as police download it: lists wrapped twice, most of it null."""
    summary = {
        "incidentType": changes.pop("incident", "Apparent Child Pornography"),
        "incidentDateTime": "2026-01-02T03:04:05Z",
    }
    if "escalate" in changes:
        summary["escalateToHighPriority"] = changes.pop("escalate")
    person = {
        "firstName": None,
        "emails": {"emails": [{"value": "a@b.example", "verified": None}]},
        "screenName": {"value": "sam"},
    }
    file = {
        "originalFilename": "one.jpg",
        "verificationHash": MD5,
        "viewedByEsp": None,
        "ncmecTags": None,
        "espMetadata": None,
    }
    return {
        "reportId": number,
        "dateReceived": "2026-01-03T00:00:00Z",
        "reportedInformation": {
            "reportingEsp": {"espName": changes.pop("provider", "Provider One"), "lastName": None},
            "incidentSummary": summary,
            "incidentDetails": {"webpageIncident": [{"url": changes.pop("urls", [URL])}], "emailIncident": None},
            "reportedPeople": {"reportedPersons": [person | changes.pop("person", {}), None]},
            "intendedRecipients": {"intendedRecipients": changes.pop("recipients", None)},
            "uploadedFiles": {"uploadedFiles": changes.pop("files", [file | changes.pop("file", {})])},
            "additionalInformations": [{"value": "A note of the provider"}, None],
        },
    } | changes


def as_bytes(document: Any) -> bytes:
    """Return it as a file's content."""
    return json.dumps(document).encode()


def packed(**members: bytes) -> bytes:
    """Return a ZIP; double underscores in a name are dots."""
    body = BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "."), content)
    return body.getvalue()


XARF = {
    "xarf_version": "4.2.0",
    "report_id": "b7ca7591-811e-4d40-83d9-dc043c08555d",
    "timestamp": "2026-01-20T10:30:00Z",
    "reporter": {"org": "Hotline of the far shore", "contact": "desk@far.example", "domain": "far.example"},
    "sender": {"org": "Hotline of the far shore", "contact": "desk@far.example", "domain": "far.example"},
    "source_identifier": "198.51.100.42",
    "category": "content",
    "type": "csam",
    "url": "https://pictures.example/b",
    "classification": "B1",
    "hash_values": {"sha1": SHA1},
    "evidence": [{"content_type": "image/png", "description": "A picture", "payload": "iVBORw0KGgo="}],
}
XARF_3 = {
    "Version": "3",
    "ReporterInfo": {"ReporterOrg": "Old hotline"},
    "Report": {
        "ReportClass": "Content",
        "ReportType": "ChildAbuse",
        "Date": "2026-02-05T14:17:10Z",
        "SourceIp": "192.0.2.55",
        "SourceUrl": "http://old.example/index.html",
    },
}
ICCAM = {
    "hotlineReference": "FS-17",
    "hotlineName": "Hotline of the far shore",
    "hotlineReceivedDate": "2026-01-20T10:30:00Z",
    "memo": "A page and its picture",
    "urls": [
        {
            "urlString": "https://pictures.example/c",
            "hostingCountryCode": "JM",
            "isSourceUrl": True,
            "assessment": None,
        },
        {"urlString": "https://pictures.example/c.jpg", "hostingCountryCode": "JM", "isSourceUrl": False},
    ],
}
XML = """<?xml version="1.0"?><report><reportId>777001</reportId><incidentSummary>
<incidentType>Online Enticement of Children for Sexual Acts</incidentType><platform>Chat Nine</platform>
<escalateToHighPriority/><reportAnnotations><sextortion>true</sextortion></reportAnnotations>
<incidentDateTime>2026-01-02T03:04:05Z</incidentDateTime></incidentSummary>
<internetDetails><webPageIncident><url>https://pages.example/x</url></webPageIncident></internetDetails>
<reporter><reportingPerson><lastName>Chat Nine Inc</lastName></reportingPerson></reporter></report>"""
FILE_XML = f"""<fileDetails><reportId>777001</reportId><fileId>1</fileId><originalFileName>one.jpg</originalFileName>
<fileViewedByEsp>true</fileViewedByEsp><originalFileHash hashType="SHA1">{SHA1}</originalFileHash></fileDetails>"""
