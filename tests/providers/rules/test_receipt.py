"""A receipt holds only where every part of it belongs together; whatever is changed is found, by whoever has nothing but the file."""

import base64
import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from leeward.audit.rules.chain import Entry, link
from leeward.audit.rules.merkle import appended, inclusion_proof, leaf_hash, node_hash, root_of
from leeward.audit.rules.notes import LOG, WITNESS, Checkpoint, Key, Line, Note, cosigned, signed_checkpoint
from leeward.audit.rules.policy import Policy
from leeward.audit.rules.proofs import Proof, entry_of
from leeward.providers.rules import receipt
from leeward.providers.rules.line import incident_of
from leeward.providers.rules.receipt import Accepted, Statement, Verdict, verified

AT = "2026-11-28T12:00:00.000000+00:00"
SIGNER, OF_LOG, OF_WITNESS = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in (1, 2, 3))


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


KEY = base64.b64encode(public(SIGNER)).decode()
LOG_KEY, WITNESS_KEY = Key("log.example/audit/1", LOG, public(OF_LOG)), Key("w.example/w", WITNESS, public(OF_WITNESS))
ACCEPTED = [Accepted(number, incident_of(12, number), f"{number:064x}") for number in (1, 2, 4, 5, 7)]


def made(
    accepted: list[Accepted] = ACCEPTED, *, is_sandbox: bool = False, batch: str = "P000012", **facts: Any
) -> tuple[Statement, Entry]:
    """What is signed, and its row as the third of a log."""
    statement = Statement(batch, 3, AT, len(accepted), receipt.root_over(accepted), is_sandbox)
    stated = {"provider": 3, "lines": statement.lines, "root": statement.root} | facts
    last = None
    for subject, event in (("x:1", "a.b"), ("x:2", "a.b"), (statement.subject, receipt.EVENT)):
        last = link(
            last, chain=1, at=AT, event=event, actor="token:7", subject=subject, nonce="0" * 32,
            facts=json.dumps(stated, sort_keys=True, separators=(",", ":"), ensure_ascii=False),
        )  # fmt: skip
    assert last is not None
    return statement, last


def whole(
    statement: Statement, entry: Entry, *, index: int | None = None, is_seen: bool = False, is_proven: bool = True
) -> Any:
    """The receipt of a batch, or of one line."""
    names = ("chain", "number", "at", "event", "actor", "subject", "previous", "hash", "nonce")
    row = {name: getattr(entry, name) for name in names} | {"facts": json.loads(entry.facts)}
    leaves = [leaf_hash(b"one"), leaf_hash(b"two"), leaf_hash(entry_of(entry.hash, "0" * 32)), leaf_hash(b"four")]
    peaks: tuple[bytes, ...] = ()
    for size, leaf in enumerate(leaves):
        peaks = appended(size, peaks, leaf)
    checkpoint = Checkpoint(LOG_KEY.name, 4, root_of(peaks))
    lines: list[Line] = [signed_checkpoint(checkpoint, LOG_KEY, OF_LOG.sign)]
    if is_seen:
        lines.append(cosigned(checkpoint, WITNESS_KEY, 1_700_000_000, OF_WITNESS.sign))

    def node_at(level: int, number: int) -> bytes:
        return leaves[number] if level == 0 else node_hash(leaves[2 * number], leaves[2 * number + 1])

    proof = Proof(2, tuple(inclusion_proof(2, 4, node_at)), Note(checkpoint.text, tuple(lines)))
    common = receipt.receipt_of(
        statement, signature=base64.b64encode(SIGNER.sign(statement.text)).decode(), key=KEY, row=row,
        proof=proof.text if is_proven else None, log=LOG_KEY.text if is_proven else None,
    )  # fmt: skip
    return receipt.of_batch(common, ACCEPTED) if index is None else receipt.of_line(common, ACCEPTED, index)


def test_what_a_statement_signs_is_written_out() -> None:
    statement, _entry = made()
    assert statement.text == f"leeward-provider-receipt 1\nP000012\n3\n{AT}\n5\n{statement.root}\nfiled\n".encode()
    assert Statement("P000012", 3, AT, 5, "r", is_sandbox=True).text.endswith(b"\nr\nsandbox\n")
    assert statement.subject == "provider_batch:12"
    assert receipt.batch_number(12) == "P000012"
    assert ACCEPTED[2].leaf == leaf_hash(f"4\nP000012-00004\n{4:064x}".encode())


def test_a_receipt_of_a_batch_and_of_each_line_holds() -> None:
    statement, entry = made()
    batch = whole(statement, entry)
    assert list(batch) == [
        "form", "batch", "provider", "received_at", "lines", "root", "sandbox", "signature", "row", "proof", "log", "reports",
    ]  # fmt: skip
    assert batch["signature"] == {
        "algorithm": "Ed25519", "key": KEY, "value": base64.b64encode(SIGNER.sign(statement.text)).decode(),
    }  # fmt: skip
    assert batch["reports"][1] == {"line": 2, "incident": "P000012-00002", "digest": f"{2:064x}"}
    text = (f"P000012, 5 lines of provider 3, filed at {AT}: signed; row 3 of the log log.example/audit/1 with 4 rows has it.")  # fmt: skip
    assert verified(batch, key=KEY) == Verdict(True, text, "P000012", 5, is_proven=True, is_sandbox=False)
    for index, one in enumerate(ACCEPTED):
        alone = whole(statement, entry, index=index)
        assert alone["report"]["index"] == index
        assert alone["report"]["incident"] == one.incident
        assert "reports" not in alone
        assert verified(alone, key=KEY).ok
    assert "by the key that the receipt itself names" in verified(batch).sentence
    later = verified(whole(statement, entry, is_proven=False), key=KEY)
    assert (later.ok, later.is_proven, "fetch the receipt again" in later.sentence) == (True, False, True)


def test_one_line_none_and_the_sandbox_are_said() -> None:
    alone = [ACCEPTED[0]]
    statement, entry = made(alone, is_sandbox=True)
    found = whole(statement, entry)
    found["reports"] = found["reports"][:1]
    verdict = verified(found, key=KEY)
    assert (verdict.ok, verdict.is_sandbox, verdict.lines) == (True, True, 1)
    assert "P000012, 1 line of provider 3, a trial in the sandbox at" in verdict.sentence
    statement, entry = made([])
    found = whole(statement, entry)
    found["reports"] = []
    assert verified(found).ok


def test_the_lines_that_were_sent_are_held_against_it() -> None:
    statement, entry = made()
    digests = [one.digest for one in ACCEPTED]
    assert verified(whole(statement, entry), digests=[*digests, "f" * 64]).ok, "what was refused is not in it"
    assert "not those of the receipt" in verified(whole(statement, entry), digests=digests[1:]).sentence
    assert verified(whole(statement, entry, index=1), digests=digests[1:2]).ok


def changed(change: Callable[[Any], object], *, index: int | None = None) -> Verdict:
    found = copy.deepcopy(whole(*made(), index=index))
    change(found)
    return verified(found, key=KEY)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda found: found.update(form="leeward-provider-receipt 2"), "not a receipt of the form leeward-provider-receipt 1"),
        (lambda found: found.update(provider=4), "the signature doesn’t hold"),
        (lambda found: found.update(sandbox=True), "the signature doesn’t hold"),
        (lambda found: found.update(received_at=AT.replace("12:", "13:")), "the signature doesn’t hold"),
        (lambda found: found.update(batch="P000013"), "P000012-00001 is not line 1 of P000013"),
        (lambda found: found.update(lines=4), "not those that were signed"),
        (lambda found: found["reports"].pop(), "not those that were signed"),
        (lambda found: found["reports"][0].update(digest="f" * 64), "not those that were signed"),
        (lambda found: found["reports"][0].update(line=9), "P000012-00001 is not line 9"),
        (lambda found: found["signature"].update(value="AAAA"), "the signature doesn’t hold"),
        (lambda found: found["row"].update(actor="token:8"), "the fields of its row of the log were changed"),
        (lambda found: found["row"]["facts"].update(lines=6), "the fields of its row of the log were changed"),
        (lambda found: found["row"].update(hash="0" * 64), "the fields of its row of the log were changed"),
        (lambda found: found.update(proof=found["proof"].replace("index 2", "index 1")), "the row is not in this log"),
        (lambda found: found.update(log=WITNESS_KEY.text), "another log"),
        (lambda found: found.pop("row"), "not a receipt as Leeward gives it"),
        (lambda found: found.update(lines="many"), "not a receipt as Leeward gives it"),
        (lambda found: found["row"].update(nonce="zz"), "not a receipt as Leeward gives it"),
    ],
)  # fmt: skip
def test_whatever_is_changed_is_found(change: Callable[[Any], object], why: str) -> None:
    verdict = changed(change)
    assert (verdict.ok, verdict.is_proven, verdict.batch) == (False, False, "")
    assert verdict.sentence.startswith("Not proven: ")
    assert verdict.sentence.endswith(".")
    assert why in verdict.sentence


def test_a_line_that_is_not_of_the_batch_is_found() -> None:
    assert (
        "its line is not one of those"
        in changed(lambda found: found["report"].update(digest="f" * 64), index=1).sentence
    )
    assert "its line is not one of those" in changed(lambda found: found["report"].update(index=2), index=1).sentence
    assert "its line is not one of those" in changed(lambda found: found["report"]["path"].pop(), index=1).sentence


@pytest.mark.parametrize("facts", [{"lines": 6}, {"root": "0" * 64}])
def test_a_row_of_something_else_proves_nothing(facts: dict[str, Any]) -> None:
    statement, entry = made(**facts)
    assert "its row of the log is about something else" in verified(whole(statement, entry)).sentence


def test_a_row_of_another_batch_event_or_time_proves_nothing() -> None:
    statement, _entry = made()
    text = json.dumps({"lines": 5, "root": statement.root}, sort_keys=True, separators=(",", ":"))
    for more in ({"subject": "provider_batch:13"}, {"event": "a.b"}, {"at": AT.replace("12:", "13:")}):
        values = {"chain": 1, "at": AT, "event": receipt.EVENT, "actor": "x", "subject": statement.subject} | more
        entry = link(None, facts=text, nonce="0" * 32, **values)  # type: ignore[arg-type]
        found = whole(statement, entry, is_proven=False)
        assert "its row of the log is about something else" in verified(found).sentence


def test_a_proof_of_another_row_is_none() -> None:
    statement, entry = made()
    found = whole(statement, entry)
    found["row"]["number"] = 4
    assert not verified(found).ok


def test_whose_log_is_trusted_and_how_many_saw_it() -> None:
    statement, entry = made()
    found, seen = whole(statement, entry), whole(statement, entry, is_seen=True)
    alone, watched = Policy.of((LOG_KEY,), (), None), Policy.of((LOG_KEY,), (WITNESS_KEY,), 1)
    assert verified(found, key=KEY, policy=alone).ok
    assert verified(seen, key=KEY, policy=watched).ok
    assert "0 of the 1 witnesses needed saw this checkpoint" in verified(found, key=KEY, policy=watched).sentence
    unproven = verified(found | {"proof": None}, policy=alone)
    assert (unproven.ok, "proof is not in it yet" in unproven.sentence) == (False, True), (
        "whose log is trusted must show it"
    )
    assert verified(found | {"proof": None}, key=KEY).ok
    stranger = Policy.of((Key("other.example", LOG, public(OF_LOG)),), (), None)
    assert "no key is trusted for log.example/audit/1" in verified(found, policy=stranger).sentence
    forged = Policy.of((Key(LOG_KEY.name, LOG, public(SIGNER)),), (), None)
    assert "the log didn't sign this checkpoint" in verified(found, policy=forged).sentence
    assert "the signature doesn’t hold" in verified(found, key=base64.b64encode(public(OF_LOG)).decode()).sentence
    for wrong in (None, [], "x", {"form": receipt.FORM}):
        assert verified(wrong).sentence == "Not proven: this is not a receipt as Leeward gives it to providers."
