"""What stands outside of a backup and its installation says of the log in a copy: checkpoints that trusted witnesses saw shortly before
the backup, and signed heads that somebody kept. Read without Django."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from leeward.audit.rules.merkle import Peaks, appended, leaf_hash, root_of
from leeward.audit.rules.notes import Checkpoint, Note, NoteRefused, line_in
from leeward.audit.rules.policy import Policy, best
from leeward.audit.rules.proofs import entry_of, old_nonce

_MOST_TRIED = 50
_NEWEST = "SELECT id, body, line FROM audit_auditcheckpoint WHERE chain = ? {} ORDER BY id DESC LIMIT ?"
_COSIGNED = "AND id IN (SELECT checkpoint_id FROM audit_auditcosignature)"
_LINES = "SELECT line FROM audit_auditcosignature WHERE checkpoint_id = ? ORDER BY seen_at"
_NAMED = "SELECT chain FROM audit_audittip WHERE origin = ? UNION SELECT chain FROM audit_auditcheckpoint WHERE substr(body, 1, ?) = ?"


@dataclass(frozen=True, slots=True)
class Outside:
    """Whom one trusts, and heads of the log that somebody kept; nothing of either asks nothing."""

    policy: Policy | None = None
    heads: tuple[Note, ...] = ()


def kept_heads(place: Path) -> tuple[Note, ...]:
    """Return the signed heads that somebody kept: each file of a folder, or the one file. Raises OSError where there is none or one
    can't be read, and ValueError where one is no signed head."""
    files = sorted(one for one in place.iterdir() if one.is_file()) if place.is_dir() else [place]
    if not files:
        raise FileNotFoundError(place)
    return tuple(Note.read(one.read_text(encoding="utf-8")) for one in files)


@dataclass(frozen=True, slots=True)
class Vouched:
    """What the outside vouches for, a sentence each, and what is wrong as part of one; "" if nothing is."""

    sentences: tuple[str, ...] = ()
    fault: str = ""


class _Differs(Exception):
    """The copy and the outside don't agree."""


def vouched(database: Path, outside: Outside, made_at: datetime) -> Vouched:
    """Return what the outside says of a copy that was made at this moment: of every chain whoever is trusted must have seen a
    checkpoint in the 26 hours before, and rows must be those that it and every kept head are of."""
    try:
        with closing(sqlite3.connect(database)) as connection:
            rows = connection.execute("SELECT chain, number FROM audit_audittip WHERE number > 0 ORDER BY chain")
            ends = {int(chain): int(number) for chain, number in rows}
            wanted = [
                *_of_policy(connection, outside.policy, ends, made_at),
                *(_of_head(connection, head, ends) for head in outside.heads),
            ]
            _compare(connection, wanted)
    except _Differs as differs:
        return Vouched(fault=str(differs))
    except (sqlite3.Error, ValueError) as error:
        return Vouched(fault=f"its log can’t be read ({error})")
    return Vouched(tuple(f"Chain {one.chain}: {_rows(one.checkpoint.size)} are those {one.says}." for one in wanted))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the rows of a chain must be, and who says so."""

    chain: int
    checkpoint: Checkpoint
    says: str


def _of_policy(
    connection: sqlite3.Connection, policy: Policy | None, ends: dict[int, int], made_at: datetime
) -> Iterator[_Wanted]:
    if policy is None:
        return
    found = set()
    for chain in ends:
        judged = best(policy, _notes(connection, chain), int(made_at.timestamp()))
        if judged is None or judged.checkpoint is None or judged.problem:
            raise _Differs(
                f"in chain {chain} of its log, {judged.problem if judged else 'no checkpoint was ever signed'}"
            )
        found.add(_without_anew(judged.checkpoint.origin))
        seen = ", ".join(f"{name} at {datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC" for name, at in judged.seen)
        yield _Wanted(
            chain, judged.checkpoint, f"seen by {seen}" if seen else "signed by the log and seen by no witness"
        )
    if missing := {_without_anew(key.name) for key in policy.logs} - found:
        raise _Differs(f"the log {min(missing)} is not in it")


def _of_head(connection: sqlite3.Connection, head: Note, ends: dict[int, int]) -> _Wanted:
    try:
        kept = Checkpoint.read(head.body)
    except NoteRefused as refused:
        raise _Differs(f"the head that was kept can’t be read: {refused}") from refused
    start = f"{kept.origin}\n"
    row = connection.execute(_NAMED, (kept.origin, len(start), start)).fetchone()
    if row is None or row[0] not in ends:
        raise _Differs(f"the log {kept.origin} is not in it")
    if ends[row[0]] < kept.size:
        raise _Differs(
            f"chain {row[0]} of its log ends at row {ends[row[0]]}, before the head of row {kept.size} that was kept"
        )
    return _Wanted(row[0], kept, "of the head that was kept")


def _compare(connection: sqlite3.Connection, wanted: Iterable[_Wanted]) -> None:
    by_chain: dict[int, list[_Wanted]] = {}
    for one in wanted:
        by_chain.setdefault(one.chain, []).append(one)
    for chain, claims in by_chain.items():
        roots = _roots(connection, chain, {one.checkpoint.size for one in claims})
        for one in claims:
            if roots.get(one.checkpoint.size) != one.checkpoint.root:
                raise _Differs(f"in chain {chain} of its log, {_rows(one.checkpoint.size)} are not those {one.says}")


def _roots(connection: sqlite3.Connection, chain: int, sizes: set[int]) -> dict[int, bytes]:
    """Return the roots over the first rows of a chain, for each of these numbers of rows; a row that is missing ends it."""
    salt = connection.execute("SELECT salt FROM audit_audittip WHERE chain = ?", (chain,)).fetchone()[0]
    rows = connection.execute(
        "SELECT number, hash, nonce FROM audit_auditrow WHERE chain = ? ORDER BY number LIMIT ?", (chain, max(sizes))
    )
    peaks: Peaks = ()
    roots = {0: root_of(())}
    for place, (number, digest, nonce) in enumerate(rows):
        if number != place + 1:
            break
        own = nonce if nonce is not None else old_nonce(salt or "", number)
        peaks = appended(place, peaks, leaf_hash(entry_of(digest, own)))
        if number in sizes:
            roots[number] = root_of(peaks)
    return roots


def _notes(connection: sqlite3.Connection, chain: int) -> Iterator[Note]:
    """Yield the newest checkpoints of a chain, those that witnesses saw first."""
    for condition in (_COSIGNED, ""):
        for number, body, line in connection.execute(_NEWEST.format(condition), (chain, _MOST_TRIED)).fetchall():
            try:
                lines = [line_in(line), *(line_in(row[0]) for row in connection.execute(_LINES, (number,)))]
            except NoteRefused:
                continue
            yield Note(body, tuple(lines))


def _without_anew(name: str) -> str:
    """Return the name of a log without the number that it got when it began anew."""
    before, mark, rest = name.partition("/audit/")
    return f"{before}{mark}{rest.partition('/')[0]}"


def _rows(count: int) -> str:
    return f"rows 1 to {count}"
