"""A case for the police: everything recorded about it as plain values, with the rows of the log and what proves them.

No picture, no words of reporters, no name of a colleague. Pure.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from leeward.audit.rules.notes import Key
from leeward.audit.rules.proofs import Proof as Inclusion
from leeward.audit.rules.proofs import proven
from leeward.audit.rules.signatures import is_signed
from leeward.outputs.rules.json_checks import is_moment
from leeward.outputs.rules.records import CaseRecord, LogRow, Row, moment
from leeward.outputs.rules.refusals import Refusal

VALIDATOR = "police paper 1, ours 2"
FORMAT = "leeward-police-paper 1"
MEDIA_TYPE, PDF_TYPE, SEALED_TYPE = "application/json", "application/pdf", "application/pgp-encrypted"
_LISTS = ("findings", "summary", "opinions", "files", "times", "messages", "checks", "visits", "other_places", "log")
_PLACE = ("host", "ip", "network", "asn", "behind", "registrar")
_FILE = ("media", "bytes", "md5", "sha1", "sha256", "pdq")
_LOG = ("number", "at", "event", "actor", "facts")


@dataclass(frozen=True, slots=True)
class Proof:
    """What the key of documents says of the newest row of the log: the public key (base64), the bytes that are signed, the
    signature (base64)."""

    key: str
    text: bytes
    signature: str


def obstacles(record: CaseRecord) -> tuple[Refusal, ...]:
    """Return why the police, or a court, get no paper about a case."""
    return (Refusal("kept_quiet"),) if record.is_quiet else ()


def paper(record: CaseRecord, proof: Proof | None) -> dict[str, Any]:
    """Return what the police get about a case, as plain values."""
    brief = record.brief
    return {
        "format": FORMAT,
        "case": brief.reference,
        "hotline": {"name": record.hotline.name, "email": record.hotline.email, "country": record.hotline_country},
        "made_at": moment(record.made_at),
        "is_urgent": brief.urgent,
        "location": {"kind": brief.kind, "address": brief.address, "country": brief.country or ""},
        "hosting": {name: getattr(record.place, name) for name in _PLACE},
        "findings": [
            {"at": moment(at), "kind": kind, "value": value, "source": source}
            for kind, value, source, at in record.findings
        ],
        **_assessed(record),
        "files": [{"address": file.url, **{name: getattr(file, name) for name in _FILE}} for file in record.files],
        "times": _rows(record.times),
        "messages": _rows(record.messages),
        "checks": _rows(record.checks),
        "visits": _rows(record.visits),
        "other_places": _rows(record.trail),
        "log": [_log_row(row) for row in record.log],
        "log_head": _head(proof),
    }


def _assessed(record: CaseRecord) -> dict[str, Any]:
    """Return what was decided; nothing where nothing was, for a second assessment may still be blind."""
    brief, facts = record.brief, record.facts if record.is_decided else None
    return {
        "is_decided": record.is_decided,
        "summary": list(brief.summary) if facts else [],
        "facts": facts.to_dict() if facts else None,
        "classification": brief.classification if facts else "",
        "opinions": [
            {"country": country, "verdict": verdict, "because": because}
            for country, verdict, because in (brief.opinions if facts else ())
        ],
    }


def _log_row(row: LogRow) -> dict[str, Any]:
    covered = base64.b64encode(row.covered).decode()
    shown = {**{name: getattr(row, name) for name in _LOG}, "sha256": row.hash, "covered": covered}
    return shown | {"inclusion": _inclusion(row) if row.proof else None}


def _inclusion(row: LogRow) -> dict[str, Any]:
    return {"proof": row.proof, "entry": row.entry.hex(), "keys": list(row.keys)}


def _head(proof: Proof | None) -> dict[str, str] | None:
    if proof is None:
        return None
    return {"public_key": proof.key, "signed": proof.text.decode(), "signature": proof.signature}


def build(record: CaseRecord, proof: Proof | None) -> bytes:
    """Return the paper as JSON."""
    return (json.dumps(paper(record, proof), ensure_ascii=False, indent=2) + "\n").encode()


def check(content: bytes, record: CaseRecord) -> tuple[Refusal, ...]:
    """Return what is wrong with a paper: its parts, its times, whose words it holds, a head that nobody signed."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return (Refusal("malformed"),)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return (Refusal("schema", "format"),)
    found = [Refusal("schema", name) for name in _LISTS if not isinstance(document.get(name), list)]
    if not is_moment(str(document.get("made_at"))):
        found.append(Refusal("no_zone", "made_at"))
    if not document.get("log") or not isinstance(head := document.get("log_head"), dict):
        found.append(Refusal("no_log", "log"))
    elif not is_signed(str(head["signed"]).encode(), str(head["signature"]), str(head["public_key"])):
        found.append(Refusal("schema", "log_head"))
    found += [Refusal("proof_bad", str(row.number)) for row in record.log if not stands(row)]
    text = content.decode("utf-8", "replace")
    if any(words and json.dumps(words, ensure_ascii=False)[1:-1] in text for words in record.brief.reporter_texts):
        found.append(Refusal("reporter"))
    return tuple(found)


def stands(row: LogRow) -> bool:
    """Return whether a row's proof holds: that these very bytes stand at its number in the log of its key. One without a
    proof claims nothing.
    """
    if not row.proof:
        return True
    try:
        log, *witnesses = map(Key.read, row.keys)
        found = proven(Inclusion.read(row.proof), row.entry, log, witnesses)
    except ValueError:
        return False
    return found.number == row.number and row.entry.startswith(sha256(row.covered).digest())


def _rows(rows: Iterable[Row]) -> list[dict[str, str]]:
    return [{"at": moment(row.at), "what": row.what, "note": row.note} for row in rows]
