"""A case as a report to NCMEC's CyberTipline: XML in the order of its elements, and the details of the list that goes along.

Content is never uploaded: what goes along is a list of addresses and hashes. Pure.
"""

import csv
import io

from leeward.foundation.markup import Element, written
from leeward.notices.rules.xarf import web_address
from leeward.outputs.rules.cybertip_grammar import INCIDENT_TYPES, LENGTHS
from leeward.outputs.rules.records import CaseRecord, moment
from leeward.outputs.rules.refusals import Refusal

MEDIA_TYPE = "text/xml; charset=utf-8"
SCHEMA = "https://report.cybertip.org/ispws/xsd"
LIST_NAME, LIST_TYPE = "hashes.csv", "text/csv"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_TYPES = {"": INCIDENT_TYPES[0], "grooming": INCIDENT_TYPES[6], "trafficking": INCIDENT_TYPES[1]}
EXPLOITATIONS = tuple(name for name in _TYPES if name)


def obstacles(record: CaseRecord, exploitation: str = "") -> tuple[Refusal, ...]:
    """Return why no report can be built of a case."""
    found = []
    if not record.is_decided:
        found.append(Refusal("not_decided"))
    if record.is_quiet:
        found.append(Refusal("kept_quiet"))
    if web_address(record.brief.address) is None:
        found.append(Refusal("no_web_address", "internetDetails/webPageIncident/url"))
    if exploitation not in _TYPES:
        found.append(Refusal("unknown_exploitation", "incidentSummary/incidentType"))
    return tuple(found)


def build(record: CaseRecord, exploitation: str = "") -> bytes:
    """Return the report of a case without `obstacles`. The hotline reports, no person of it; `check` refuses it where
    the hotline has no e-mail address."""
    root = Element("report", {"xmlns:xsi": _INSTANCE, "xsi:noNamespaceSchemaLocation": SCHEMA})
    summary = root.child("incidentSummary")
    _text(summary, "incidentType", _TYPES[exploitation])
    if record.brief.urgent:
        _text(summary, "escalateToHighPriority", f"The hotline treats its case {record.brief.reference} as urgent.")
    _text(summary, "incidentDateTime", moment(record.brief.received_at))
    _text(summary, "incidentDateTimeDescription", "When the hotline was told of the address.")
    page = root.child("internetDetails").child("webPageIncident", thirdPartyHostedContent="true")
    address = web_address(record.brief.address)
    _text(page, "url", address.href if address else "")
    _text(page, "additionalInfo", "; ".join(_where(record)))
    reporter = root.child("reporter")
    person = reporter.child("reportingPerson")
    _text(person, "firstName", "Hotline")
    _text(person, "lastName", record.hotline.name)
    _text(person, "email", record.hotline.email)
    _text(root, "additionalInfo", _more(record))
    return written(root)


def hash_list(record: CaseRecord) -> bytes:
    """Return the list that goes along, or nothing where no file has a hash: addresses and hashes, never content."""
    rows = [file for file in record.files if file.sha256 or file.sha1 or file.md5]
    if not rows:
        return b""
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\r\n")
    lines.writerow(("address", "bytes", "md5", "sha1", "sha256", "pdq"))
    for file in rows:
        lines.writerow((file.url, file.bytes, file.md5, file.sha1, file.sha256, file.pdq))
    return out.getvalue().encode()


def file_details(report_id: str, file_id: str) -> bytes:
    """Return what is said of the list that was uploaded."""
    root = Element("fileDetails")
    _text(root, "reportId", report_id)
    _text(root, "fileId", file_id)
    _text(root, "originalFileName", LIST_NAME)
    _text(root, "fileViewedByEsp", "true")
    _text(root, "publiclyAvailable", "false")
    _text(root, "fileRelevance", "Supplemental Reported")
    _text(root, "additionalInfo", "A list of addresses and hashes of files found there. It holds no content.")
    return written(root)


def _where(record: CaseRecord) -> list[str]:
    place = record.place
    known = (
        ("Host", place.host), ("IP address", place.ip), ("Network", f"{place.network} {place.asn}".strip()),
        ("Behind", place.behind), ("Country", record.brief.country or ""),
    )  # fmt: skip
    return [f"{name}: {value}" for name, value in known if value]


def _more(record: CaseRecord) -> str:
    lines = [f"Reference {record.brief.reference} of the hotline of {record.hotline_country}."]
    if record.brief.classification in ("A1", "A2", "B1", "B2"):
        lines.append(f"Class {record.brief.classification} by the facts of an assessment.")
    lines.append("Found by the hash of a known file." if record.brief.was_known else "Assessed by a person.")
    return " ".join(lines)


def _text(parent: Element, name: str, text: str) -> None:
    if text:
        parent.child(name, text[: LENGTHS.get(name, len(text))])
