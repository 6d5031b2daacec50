"""X-ARF, for hosts and registries: 4.2 (`content/csam`, `content/csem`), and version 3 for receivers that know no other.

The schema stops neither evidence nor internal fields, so we refuse these ourselves. Pure.
"""

import json
from typing import Any

from leeward.laws.rules.facts import Facts
from leeward.notices.rules.xarf import is_reportable, report, web_address
from leeward.outputs.rules.json_checks import faults, is_base64
from leeward.outputs.rules.records import CaseRecord, moment
from leeward.outputs.rules.refusals import Refusal
from leeward.outputs.rules.xarf_schema import BY_TYPE, EXPLOITATIONS, HASHES, VERSION_3

VALIDATOR, VALIDATOR_3 = "x-arf 4.2.0, ours 1", "x-arf 3, ours 1"
MEDIA_TYPE = "application/json"
_AGES = {"infant": "infant", "prepubescent": "prepubescent", "pubescent": "pubescent"}


def obstacles(record: CaseRecord, exploitation: str = "") -> tuple[Refusal, ...]:
    """Return why no report can be built of a case: `csam`, or `csem` where an exploitation is named."""
    found = _always(record)
    if exploitation and exploitation not in EXPLOITATIONS:
        found.append(Refusal("unknown_exploitation", "exploitation_type"))
    elif not exploitation and not found and not is_reportable(record.brief):
        found.append(Refusal("only_national" if record.grade == "national" else "no_class", "classification"))
    return tuple(found)


def build(record: CaseRecord, report_id: str, exploitation: str = "") -> bytes:
    """Return the report of a case without `obstacles`."""
    made = report(record.brief, desk=record.hotline, report_id=report_id, ip=record.place.ip, asn=record.place.asn)
    if exploitation:
        return _json(_as_csem(made, record, exploitation))
    hashes = {file.sha256 for file in record.files if file.sha256}
    if len(hashes) == 1:
        made["hash_values"] = {"sha256": hashes.pop()}
    return _json(made)


def check(content: bytes) -> tuple[Refusal, ...]:
    """Return what is wrong with a report of version 4: by the schema, then by our own rules."""
    document = _read(content)
    if document is None:
        return (Refusal("malformed"),)
    return (*schema_faults(document), *own_refusals(document))


def schema_faults(document: Any) -> tuple[Refusal, ...]:
    """Return where a document does not fit the schema of its type."""
    kind = document.get("type") if isinstance(document, dict) else None
    if not isinstance(kind, str) or kind not in BY_TYPE:
        return (Refusal("schema", "type"),)
    return faults(document, BY_TYPE[kind])


def own_refusals(document: Any) -> tuple[Refusal, ...]:
    """Return what the schema lets pass and we do not."""
    if not isinstance(document, dict):
        return ()
    found = [Refusal("internal", name) for name in document if name.startswith("_")]
    if "evidence" in document or "screenshot_url" in document:
        found.append(Refusal("evidence", "evidence"))
    items = document.get("evidence")
    for number, item in enumerate(items if isinstance(items, list) else []):
        payload = item.get("payload") if isinstance(item, dict) else None
        if not isinstance(payload, str) or not is_base64(payload):
            found.append(Refusal("not_base64", f"evidence/{number}"))
    hashes = document.get("hash_values")
    if isinstance(hashes, dict):
        found += [Refusal("unknown_hash", f"hash_values/{name}") for name in hashes if name not in HASHES]
    if document.get("reporter") != document.get("sender"):
        found.append(Refusal("reporter", "reporter"))
    return tuple(found)


def obstacles_3(record: CaseRecord) -> tuple[Refusal, ...]:
    """Return why no report of version 3 can be built of a case."""
    found = _always(record)
    if not record.place.ip:
        found.append(Refusal("no_ip", "Report/SourceIp"))
    if len(record.hotline.name) < 3:
        found.append(Refusal("name_too_short", "ReporterInfo/ReporterOrg"))
    return tuple(found)


def build_3(record: CaseRecord) -> bytes:
    """Return the report of a case without `obstacles_3`; this version can't say of what class it is."""
    address = web_address(record.brief.address)
    email = record.hotline.email
    return _json(
        {
            "Version": "3",
            "ReporterInfo": {
                "ReporterOrg": record.hotline.name[:200],
                "ReporterOrgDomain": email.rpartition("@")[2],
                "ReporterOrgEmail": email,
            },
            "Disclosure": True,
            "Report": {
                "ReportClass": "Content",
                "ReportType": "ChildAbuse",
                "Date": moment(record.brief.received_at),
                "SourceIp": record.place.ip,
                "SourceUrl": address.href if address else "",
            },
        }
    )


def check_3(content: bytes) -> tuple[Refusal, ...]:
    """Return what is wrong with a report of version 3."""
    document = _read(content)
    return (Refusal("malformed"),) if document is None else faults(document, VERSION_3)


def _always(record: CaseRecord) -> list[Refusal]:
    found = []
    if not record.is_decided:
        found.append(Refusal("not_decided"))
    if record.is_quiet:
        found.append(Refusal("kept_quiet"))
    if web_address(record.brief.address) is None:
        found.append(Refusal("no_web_address", "url"))
    if not record.hotline.email:
        found.append(Refusal("no_contact", "reporter"))
    return found


def _as_csem(made: dict[str, Any], record: CaseRecord, exploitation: str) -> dict[str, Any]:
    """Return the report as one of exploitation, which has no class, no kind of media and no match of a hash."""
    left = {name: value for name, value in made.items() if name not in ("classification", "media_type")}
    age = _AGES.get(record.facts.pubertal_stage, "unknown") if isinstance(record.facts, Facts) else "unknown"
    return left | {
        "type": "csem",
        "exploitation_type": exploitation,
        "detection_method": "manual_review",
        "victim_age_range": age,
    }


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
