"""The receipt of a batch or of one line: what it states, what is signed, and how it is checked by somebody who has nothing else. Pure.

The lines of a batch are the leaves of a tree as the log's (`audit/rules/merkle.py`); its root is signed and stands in the row of
the log, so the receipt of one line shows the others to nobody. The proof of the row is there once a checkpoint covers it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leeward.audit.rules.chain import canonical, facts_digest, row_hash
from leeward.audit.rules.merkle import Peaks, appended, inclusion_proof, is_included, leaf_hash, node_hash, root_of
from leeward.audit.rules.notes import Key, NoteRefused
from leeward.audit.rules.policy import Policy
from leeward.audit.rules.proofs import Proof, Proven, entry_of, proven
from leeward.audit.rules.signatures import is_signed
from leeward.providers.rules.line import incident_of

FORM = "leeward-provider-receipt 1"
EVENT = "provider_batch.received"
NO_PROOF = "the log’s proof is not in it yet: fetch the receipt again"
_ROW = ("chain", "number", "at", "event", "actor", "subject", "previous")


@dataclass(frozen=True, slots=True)
class Accepted:
    """A line as its receipt names it: its number in the batch as sent, its incident number, its digest."""

    line: int
    incident: str
    digest: str

    @property
    def leaf(self) -> bytes:
        """Return its leaf in the tree of its batch."""
        return leaf_hash(f"{self.line}\n{self.incident}\n{self.digest}".encode())


@dataclass(frozen=True, slots=True)
class Statement:
    """What is signed of a batch."""

    batch: str
    provider: int
    received_at: str
    lines: int
    root: str
    is_sandbox: bool

    @property
    def text(self) -> bytes:
        """Return the bytes that the signature covers: one part a line."""
        trial = "sandbox" if self.is_sandbox else "filed"
        parts = (FORM, self.batch, self.provider, self.received_at, self.lines, self.root, trial)
        return "".join(f"{part}\n" for part in parts).encode()

    @property
    def subject(self) -> str:
        """Return the subject of its row in the log."""
        return f"provider_batch:{int(self.batch.removeprefix('P'))}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a receipt shows: whether it holds, what it says as a sentence, whether the row is proven to be in the log."""

    ok: bool
    sentence: str
    batch: str = ""
    lines: int = 0
    is_proven: bool = False
    is_sandbox: bool = False


def batch_number(batch: int) -> str:
    """Return the number of a batch, as the incident numbers of its lines begin."""
    return f"P{batch:06}"


def root_over(accepted: Sequence[Accepted]) -> str:
    """Return the root of a batch's tree, in hexadecimal digits."""
    peaks: Peaks = ()
    for size, one in enumerate(accepted):
        peaks = appended(size, peaks, one.leaf)
    return root_of(peaks).hex()


def path_to(index: int, accepted: Sequence[Accepted]) -> list[str]:
    """Return the hashes that lead from a line to the root of its batch."""
    return [each.hex() for each in inclusion_proof(index, len(accepted), _nodes([one.leaf for one in accepted]))]


def _nodes(leaves: Sequence[bytes]) -> Callable[[int, int], bytes]:
    def node_at(level: int, number: int) -> bytes:
        row = list(leaves[number << level : (number + 1) << level])
        while len(row) > 1:
            row = [node_hash(row[at], row[at + 1]) for at in range(0, len(row), 2)]
        return row[0]

    return node_at


def receipt_of(
    statement: Statement, *, signature: str, key: str, row: Mapping[str, Any], proof: str | None, log: str | None
) -> dict[str, Any]:
    """Return what every receipt of a batch has in common."""
    return {
        "form": FORM,
        "batch": statement.batch,
        "provider": statement.provider,
        "received_at": statement.received_at,
        "lines": statement.lines,
        "root": statement.root,
        "sandbox": statement.is_sandbox,
        "signature": {"algorithm": "Ed25519", "key": key, "value": signature},
        "row": dict(row),
        "proof": proof,
        "log": log,
    }


def of_batch(common: Mapping[str, Any], accepted: Sequence[Accepted]) -> dict[str, Any]:
    """Return the receipt of a whole batch."""
    return {**common, "reports": [_named(one) for one in accepted]}


def of_line(common: Mapping[str, Any], accepted: Sequence[Accepted], index: int) -> dict[str, Any]:
    """Return the receipt of one line, which names no other."""
    return {**common, "report": _named(accepted[index]) | {"index": index, "path": path_to(index, accepted)}}


def _named(one: Accepted) -> dict[str, Any]:
    return {"line": one.line, "incident": one.incident, "digest": one.digest}


def verified(
    found: Any, *, key: str = "", policy: Policy | None = None, digests: Sequence[str] | None = None
) -> Verdict:
    """Return what a receipt shows. `key` is the installation's published key, `policy` whose log is trusted: then its proof
    must be there. Without them those in the receipt count, which shows that its parts belong together, not whose they are.
    `digests`: those of lines as they were sent, in order, which must be the receipt's."""
    try:
        return _verified(found, key, policy, digests)
    except NoteRefused as refused:
        return Verdict(False, f"Not proven: {refused}.")
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError, OverflowError):
        return Verdict(False, "Not proven: this is not a receipt as Leeward gives it to providers.")


def _verified(found: Any, key: str, policy: Policy | None, digests: Sequence[str] | None) -> Verdict:
    if found["form"] != FORM:
        raise NoteRefused(f"this is not a receipt of the form {FORM}")
    statement = Statement(
        str(found["batch"]), int(found["provider"]), str(found["received_at"]), int(found["lines"]), str(found["root"]),
        found["sandbox"] is True,
    )  # fmt: skip
    _check_lines(found, statement, digests)
    signer = key or str(found["signature"]["key"])
    if not is_signed(statement.text, str(found["signature"]["value"]), signer):
        raise NoteRefused("the signature doesn’t hold for this key")
    row = found["row"]
    _check_row(row, statement)
    shown = _in_log(found, row, policy)
    by = "" if key else ", by the key that the receipt itself names"
    filed = "a trial in the sandbox" if statement.is_sandbox else "filed"
    proven_too = (
        f"row {shown.number} of the log {shown.checkpoint.origin} with {shown.checkpoint.size} rows has it"
        if shown
        else NO_PROOF
    )
    what = "1 line" if statement.lines == 1 else f"{statement.lines} lines"
    sentence = f"{statement.batch}, {what} of provider {statement.provider}, {filed} at {statement.received_at}: signed{by}; {proven_too}."
    return Verdict(True, sentence, statement.batch, statement.lines, shown is not None, statement.is_sandbox)


def _check_lines(found: Any, statement: Statement, digests: Sequence[str] | None) -> None:
    batch = int(statement.batch.removeprefix("P"))
    named = found["reports"] if "reports" in found else [found["report"]]
    accepted = [Accepted(int(one["line"]), str(one["incident"]), str(one["digest"])) for one in named]
    for one in accepted:
        if one.incident != incident_of(batch, one.line):
            raise NoteRefused(f"{one.incident} is not line {one.line} of {statement.batch}")
    if "reports" in found:
        if len(accepted) != statement.lines or root_over(accepted) != statement.root:
            raise NoteRefused("its lines are not those that were signed")
    else:
        path = [bytes.fromhex(each) for each in found["report"]["path"]]
        index = int(found["report"]["index"])
        if not is_included(index, statement.lines, accepted[0].leaf, path, bytes.fromhex(statement.root)):
            raise NoteRefused("its line is not one of those that were signed")
    if digests is not None and not {one.digest for one in accepted} <= set(digests):
        raise NoteRefused("the lines that were sent are not those of the receipt")


def _check_row(row: Any, statement: Statement) -> None:
    made = row_hash(
        **{name: row[name] for name in _ROW}, facts_sha256=facts_digest(canonical(row["facts"])), nonce=row["nonce"]
    )
    if made != row["hash"]:
        raise NoteRefused("the fields of its row of the log were changed")
    facts = row["facts"]
    is_same = (row["event"], row["subject"], facts["root"], facts["lines"]) == (
        EVENT, statement.subject, statement.root, statement.lines,
    )  # fmt: skip
    if not is_same or row["at"] != statement.received_at:
        raise NoteRefused("its row of the log is about something else")


def _in_log(found: Any, row: Any, policy: Policy | None) -> Proven | None:
    """Return what the log's proof shows, or None where there is none yet. Raises NoteRefused."""
    if not found["proof"]:
        if policy is not None:  # else leaving out the proof, and signing with a key of one's own, would be enough
            raise NoteRefused(NO_PROOF)
        return None
    proof = Proof.read(found["proof"])
    witnesses: tuple[Key, ...] = ()
    if policy is None:
        log = Key.read(str(found["log"]))
    else:
        trusted = [each for each in policy.logs if proof.note.body.startswith(f"{each.name}\n")]
        if not trusted:
            raise NoteRefused(f"no key is trusted for {proof.note.body.partition(chr(10))[0]}")
        log, witnesses = trusted[0], policy.witnesses
    shown = proven(proof, entry_of(row["hash"], row["nonce"]), log, witnesses)
    if shown.number != row["number"]:
        raise NoteRefused("the proof is of another row")
    if policy and len(shown.seen) < policy.need:
        raise NoteRefused(f"{len(shown.seen)} of the {policy.need} witnesses needed saw this checkpoint")
    return shown
