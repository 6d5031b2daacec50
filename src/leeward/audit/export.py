"""The log as a file that can be checked without the database: JSON lines, one row a line, each chain's checkpoints after its rows.

Files of the first format, whose heads the key of documents signed, are still checked.
"""

import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import IO, Any

from leeward.audit.errors import CheckpointDamaged, NotALogFile, NotProven, SignerRefused, SignerSilent
from leeward.audit.keys import is_signed, public_key
from leeward.audit.models import AuditCheckpoint, AuditTip
from leeward.audit.queries import Verdict, chains, entries
from leeward.audit.rules.chain import BEYOND, Entry, Fault, first_fault, signed_text
from leeward.audit.rules.merkle import Peaks, appended, leaf_hash, root_of
from leeward.audit.rules.notes import Checkpoint, Key, Note, NoteRefused
from leeward.audit.rules.policy import Policy
from leeward.audit.rules.proofs import entry_of, vouched
from leeward.audit.tree.checkpoints import OF_LOGS, publish
from leeward.audit.tree.nodes import nonce_of
from leeward.audit.tree.stored import note_of
from leeward.foundation.errors import NotFound

log = logging.getLogger(__name__)
FORMAT, FIRST_FORMAT = "leeward-audit-log 2", "leeward-audit-log 1"


def write_log(out: IO[str], only: int | None = None) -> int:
    """Write chains (or one) to `out`, signed up to their newest row where the signer answers; return the number of rows. Raises
    NotFound if there is no such chain."""
    count, found = 0, chains()
    if only is not None and only not in found:
        raise NotFound(what="log")
    out.write(json.dumps({"format": FORMAT, "public_key": public_key()}) + "\n")
    for chain in found:
        if only is None or chain == only:
            count += _write_chain(out, chain)
    return count


def _write_chain(out: IO[str], chain: int) -> int:
    try:
        publish(chain, datetime.now(UTC))
    except (SignerSilent, SignerRefused, CheckpointDamaged, NotProven) as error:
        log.warning("log.exported_unsigned", extra={"chain": chain, "why": error.text})
    except (ValueError, TypeError, OverflowError):  # a damaged row: whoever checks the file finds it
        log.warning("log.exported_unsigned", extra={"chain": chain}, exc_info=True)
    kept = AuditCheckpoint.objects.filter(chain=chain)
    # Before the tip: a checkpoint that is made from now on may be of rows that this export doesn't hold.
    newest = kept.order_by("-id").values_list("id", flat=True).first() or 0
    tip, count = AuditTip.objects.filter(chain=chain).first(), 0
    for entry in entries(chain):
        if tip is not None and entry.number > tip.number:
            break  # written since: the export ends with the row that the tip knows
        line: dict[str, Any] = {"row": asdict(entry)}
        if entry.nonce is None and tip is not None and tip.salt:
            line["tree_nonce"] = nonce_of(entry.number, None, tip.salt)
        out.write(json.dumps(line, ensure_ascii=False, default=repr) + "\n")  # a damaged column may hold bytes
        count += 1
    rows = kept.filter(id__lte=newest).defer("at").order_by("id").prefetch_related("cosignatures")
    for row in rows.iterator(1000):
        try:
            note = note_of(row).text
        except CheckpointDamaged as damage:
            log.warning("log.exported_without", extra={"chain": chain, "why": damage.text})
            continue
        out.write(
            json.dumps({"checkpoint": {"chain": chain, "key": row.vkey, "note": note}}, ensure_ascii=False) + "\n"
        )
    return count


def left_out(policy: Policy, found: Iterable[tuple[int, str]]) -> list[Verdict]:
    """Return a fault for each log that a policy names and of which nothing is among those `found`, given as their chains and names. Logs
    of hosts of which none was found are somebody else's."""
    chains_found, hosts = set(), set()
    for chain, name in found:
        chains_found.add(chain)
        hosts.add(name.rpartition(OF_LOGS)[0])
    missing = {}
    for key in policy.logs:
        host, part, rest = key.name.rpartition(OF_LOGS)
        chain_named = rest.partition("/")[0]  # behind it stands how often the log began anew
        if part and host in hosts and chain_named.isascii() and chain_named.isdigit():
            missing[int(chain_named)] = f"is missing: nothing of the log {key.name} is there, which the policy names"
    return [Verdict(chain, 0, Fault(chain, 1, missing[chain])) for chain in sorted(missing.keys() - chains_found)]


@dataclass(slots=True)
class _Chain:
    """What a file holds of a chain: rows, nonces of old rows, heads (number: hash), notes with the key that each names, and the first
    head whose signature is false."""

    rows: list[Entry] = field(default_factory=list)
    nonces: dict[int, str] = field(default_factory=dict)
    heads: dict[int, str] = field(default_factory=dict)
    notes: list[tuple[str, str]] = field(default_factory=list)
    fault: Fault | None = None


def verdicts_of_file(
    file: IO[str], name: str, trusted_key: str | None = None, policy: Policy | None = None
) -> list[Verdict]:
    """Check an exported log. `trusted_key` is the key obtained elsewhere, or the keys and witnesses are those of a `policy`; without
    either the file's own keys are used, which proves less."""
    first = _line(file.readline(), name, 1)
    if not isinstance(first, dict) or first.get("format") not in (FORMAT, FIRST_FORMAT):
        raise NotALogFile(file=name, why="its first line doesn't say so")
    if policy and first["format"] == FIRST_FORMAT:
        raise NotALogFile(file=name, why="it is of a version without checkpoints; check it with --key")
    key = trusted_key or str(first.get("public_key"))
    found: dict[int, _Chain] = {}
    for number, text in enumerate(file, start=2):
        line = _line(text, name, number)
        try:
            _take(line, key, found)
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise NotALogFile(file=name, why=f"line {number} is not a row") from error
    if not found:
        raise NotALogFile(file=name, why="it holds no row")
    if first["format"] == FIRST_FORMAT:
        return list(_by_heads(found))
    verdicts = [_by_notes(chain, found[chain], trusted_key, policy) for chain in sorted(found)]
    if policy is None:
        return verdicts
    names = [(chain, key.partition("+")[0]) for chain, held in found.items() for key, _note in held.notes]
    return [*verdicts, *left_out(policy, [*names, *((chain, "") for chain in found)])]


def _take(line: dict[str, Any], key: str, found: dict[int, _Chain]) -> None:
    if "row" in line:
        entry = Entry(**line["row"])
        chain = found.setdefault(entry.chain, _Chain())
        chain.rows.append(entry)
        if "tree_nonce" in line:
            chain.nonces[entry.number] = str(line["tree_nonce"])
    elif "head" in line:
        _take_head(line["head"], key, found)
    elif "checkpoint" in line:
        values = line["checkpoint"]
        found.setdefault(int(values["chain"]), _Chain()).notes.append((str(values["key"]), str(values["note"])))


def _take_head(head: dict[str, Any], key: str, found: dict[int, _Chain]) -> None:
    number, row = int(head["chain"]), str(head["hash"])
    chain, at = found.setdefault(number, _Chain()), int(head["number"])
    if is_signed(signed_text(chain=number, number=at, row=row, at=str(head["at"])), str(head["signature"]), key):
        chain.heads[at] = row
    else:
        chain.fault = chain.fault or Fault(number, at, "has a head with a false signature")


def _by_heads(found: dict[int, _Chain]) -> Iterator[Verdict]:
    for chain in sorted(found):
        held = found[chain]
        fault, count, _ = first_fault(chain, held.rows, held.heads)
        signed = max(held.heads, default=0)
        if fault is None and not signed:
            fault = Fault(chain, count, "is the last row, but no head is signed by this key")
        elif fault is None and count > signed:
            fault = Fault(chain, signed + 1, BEYOND)
        yield Verdict(chain, count, fault or held.fault)


def _by_notes(chain: int, held: _Chain, trusted_key: str | None, policy: Policy | None) -> Verdict:
    """Check the rows against each other and against every checkpoint that a trusted key signed; the rest is signed by nobody."""
    fault, count, _ = first_fault(chain, held.rows)
    stated: dict[int, set[bytes]] = {}
    false = None
    for key, text in held.notes:
        try:
            checkpoint = _stated(key, text, trusted_key, policy)
        except NoteRefused as refused:
            false = false or Fault(chain, _size_in(text), f"has a checkpoint that proves nothing: {refused}")
            continue
        if checkpoint is not None:
            stated.setdefault(checkpoint.size, set()).add(checkpoint.root)
    fault = fault or _differs(chain, held, stated) or false
    signed = max(stated, default=0)
    if fault is None and not signed:
        seen = f" and seen by {policy.need} of its witnesses" if policy and policy.need else ""
        trusted = f"a key of the policy{seen}" if policy else "this key"
        fault = Fault(chain, count, f"is the last row, but no checkpoint is signed by {trusted}")
    elif fault is None and count > signed:
        fault = Fault(chain, signed + 1, "comes after the last row of which a checkpoint speaks")
    return Verdict(chain, count, fault, signed)


def _stated(key: str, text: str, trusted_key: str | None, policy: Policy | None) -> Checkpoint | None:
    """Return what a note states; None if its key isn't trusted (such as that of a signer that was lost since) or not enough
    witnesses of the policy saw it. Raises NoteRefused."""
    note, log_key = Note.read(text), Key.read(key)
    if policy is None:
        is_trusted = trusted_key is None or trusted_key.strip() in (log_key.text, log_key.base64)
        return vouched(note, log_key, ())[0] if is_trusted else None
    named = next((each for each in policy.logs if note.body.startswith(f"{each.name}\n")), None)
    if named is None:
        return None
    checkpoint, seen = vouched(note, named, policy.witnesses)
    return checkpoint if len(seen) >= policy.need else None


def _size_in(text: str) -> int:
    try:
        return Checkpoint.read(Note.read(text).body).size
    except NoteRefused:
        return 0


def _differs(chain: int, held: _Chain, stated: dict[int, set[bytes]]) -> Fault | None:
    """Return where the tree over the rows isn't what a checkpoint states."""
    peaks = Peaks(())
    for size, entry in enumerate(held.rows, start=1):
        nonce = entry.nonce if entry.nonce is not None else held.nonces.get(entry.number)
        if nonce is None:
            return Fault(chain, entry.number, "has no nonce")
        try:
            peaks = appended(size - 1, peaks, leaf_hash(entry_of(entry.hash, nonce)))
        except (ValueError, NoteRefused):
            return Fault(chain, entry.number, "has no nonce")
        if size in stated and stated[size] != {root_of(peaks)}:
            return Fault(chain, size, "or one before it differs from a checkpoint")
    beyond = [size for size in stated if size > len(held.rows)]
    if beyond:
        return Fault(chain, len(held.rows) + 1, f"is missing: a signed checkpoint speaks of {max(beyond)} rows")
    return None


def _line(text: str, name: str, number: int) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise NotALogFile(file=name, why=f"line {number} is not JSON") from error
