"""A case as the formats get it: decided, hosted, with one hashed file."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.audit.rules.chain import covered, facts_digest
from leeward.audit.rules.merkle import inclusion_proof, leaf_hash
from leeward.audit.rules.notes import LOG, Checkpoint, Key, Note, signed_checkpoint
from leeward.audit.rules.proofs import Proof, entry_in, row_file, row_in
from leeward.laws.rules.facts import Facts
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.xarf import Desk
from leeward.outputs.rules.records import CaseRecord, HashedFile, LogRow, Place, Row
from tests.audit.test_merkle import defined

ADDRESS = "https://pictures.example/gallery"
RECEIVED = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
VECTORS = Path(__file__).resolve().parents[2] / "vectors" / "exchange"


@cache
def vectors(name: str) -> list[dict[str, Any]]:
    """Documents in a format of another organisation, each with the verdict that was measured; all are made up by us."""
    found: list[dict[str, Any]] = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))["vectors"]
    return found


LOG_KEY = Ed25519PrivateKey.from_private_bytes(b"l" * 32)


def proven(row: LogRow, *, size: int = 14) -> LogRow:
    """A row of the log with the proof that it stands there, in a checkpoint of so many rows."""
    fields = {"version": 1, "chain": 1, "subject": "case:7", "previous": "0" * 64, "nonce": "6e" * 16}
    fields |= {name: getattr(row, name) for name in ("number", "at", "event", "actor", "facts")}
    text = row_file(fields)
    entry = entry_in(row_in(text))
    hashed = {name: fields[name] for name in ("chain", "number", "at", "event", "actor", "subject", "previous")}
    row = replace(row, covered=covered(**hashed, facts_sha256=facts_digest(row.facts), nonce=None))
    leaves = [leaf_hash(b"%d" % number if number != row.number else entry) for number in range(1, size + 1)]

    def node_at(level: int, number: int) -> bytes:
        return defined(leaves[number << level : (number + 1) << level])

    key = Key("log.example/1", LOG, LOG_KEY.public_key().public_bytes_raw())
    checkpoint = Checkpoint(key.name, size, defined(leaves))
    note = Note(checkpoint.text, (signed_checkpoint(checkpoint, key, LOG_KEY.sign),))
    proof = Proof(row.number - 1, tuple(inclusion_proof(row.number - 1, size, node_at)), note)
    return replace(row, proof=proof.text, entry=entry, keys=(key.text,), text=text)


def record(*, address: str = ADDRESS, classification: str = "B1", grade: str = "baseline", **more: Any) -> CaseRecord:
    """A decided case, with what a test changes of it."""
    brief = CaseBrief(
        case_id=7,
        reference="2026-0007",
        hotline_id=1,
        portal_id=1,
        location_id=3,
        address=address,
        received_at=RECEIVED,
        country="CA",
        summary=("Medium: photograph",),
        opinions=(("JM", "likely", "Child Pornography Act 2009, s. 3"),),
        file_hashes=(("sha256", "a" * 64),),
        classification=classification,
        media="image",
        reporter_texts=("I found a bad page.",),
        judged="person",
        meets_baseline=grade == "baseline",
        kind="url",
    )
    values: dict[str, Any] = {
        "brief": brief,
        "hotline": Desk("Hotline of the island", "desk@hotline.example"),
        "hotline_country": "JM",
        "made_at": RECEIVED + timedelta(days=1),
        "decided_at": RECEIVED + timedelta(hours=1),
        "facts": Facts(
            real_person="yes", age_band="11-13", pubertal_stage="pubescent", sex="female", medium="photograph",
            act="act_no_adult", self_generated="no", commercial="no", site_type="image_host",
        ),
        "grade": grade,
        "place": Place("pictures.example", "198.51.100.7", "Harbour Host", "AS64500"),
        "files": (HashedFile(f"{ADDRESS}/1.jpg", "image", 1234, "b" * 32, "c" * 40, "a" * 64, "d" * 64),),
        "done": (("police_told", RECEIVED + timedelta(hours=2)), ("host_told", RECEIVED + timedelta(hours=3))),
        "times": (Row(RECEIVED, "Reported"),),
        "messages": (Row(RECEIVED + timedelta(hours=2), "Police told", "sent"),),
        "checks": (Row(RECEIVED + timedelta(hours=5), "same", "200"),),
        "findings": (("ip", "198.51.100.7", "DNS", RECEIVED),),
        "log": (LogRow(12, "2026-11-20T09:00:00.000000+00:00", "case.opened", "system", "{}", "e" * 64, b"covered"),),
    }  # fmt: skip
    return CaseRecord(**values | more)
