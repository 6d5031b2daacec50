"""The log in a copy of the database, read without Django: the copy may be of another version, and is nowhere in use."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from leeward.audit.rules.chain import Entry, first_fault, signed_text
from leeward.audit.rules.signatures import is_signed
from leeward.backup.rules.manifest import LogHead

COLUMNS = {
    "audit_auditrow": tuple(Entry.__dataclass_fields__),
    "audit_audittip": ("chain", "number", "hash", "at", "signature", "salt", "origin"),
    "audit_audithead": ("chain", "number", "hash", "at", "signature"),
    "audit_auditcheckpoint": ("id", "chain", "size", "body", "line", "vkey"),
    "audit_auditcosignature": ("checkpoint_id", "vkey", "seen_at", "line"),
    "audit_keyprint": ("name", "print"),  # of the keys in the backup: `own_keys.py`
}
NUMBERS = frozenset({"chain", "number", "id", "size", "checkpoint_id", "seen_at"})


def heads_in(database: Path) -> list[LogHead]:
    """Return how far each chain of the log has come."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT chain, number, hash FROM audit_audittip WHERE number > 0 ORDER BY chain")
        return [LogHead(chain=chain, number=number, hash=digest) for chain, number, digest in rows]


def fault_in(database: Path, heads: list[LogHead], public_key: str) -> str:
    """Return what is wrong with the log, as part of a sentence: with its rows, with what the key signed before the signer did, or
    with how far it must have come, as the signed manifest says; "" if nothing is."""
    with closing(sqlite3.connect(database)) as connection:
        if heads_in(database) != sorted(heads, key=lambda head: head.chain):
            return "its log does not end where the manifest says"
        begun = connection.execute("SELECT DISTINCT chain FROM audit_auditrow")
        for chain in sorted({row[0] for row in begun} | {head.chain for head in heads}):
            known = _signed_heads(connection, chain, public_key)
            last = next((head for head in heads if head.chain == chain), None)
            if last is None or known.get(last.number) != last.hash:
                return f"the end of chain {chain} of its log is not signed by its key"
            fault, number, _ = first_fault(chain, _entries(connection, chain), known)
            if fault is not None or number != last.number:
                what = f"row {fault.number} {fault.what}" if fault else "it goes beyond its end"
                return f"in chain {chain} of its log, {what}"
    return ""


def _entries(connection: sqlite3.Connection, chain: int) -> Iterator[Entry]:
    there = {row[1] for row in connection.execute("PRAGMA table_info(audit_auditrow)")}
    columns = ", ".join(
        name if name in there else f"NULL AS {name}" for name in COLUMNS["audit_auditrow"]
    )  # older rows have no nonce
    query = f"SELECT {columns} FROM audit_auditrow WHERE chain = ? ORDER BY number"  # noqa: S608 - our own names
    for row in connection.execute(query, (chain,)):
        yield Entry(*row)


def _signed_heads(connection: sqlite3.Connection, chain: int, public_key: str) -> dict[int, str]:
    found = {}
    for table in ("audit_audithead", "audit_audittip"):
        query = f"SELECT number, hash, at, signature FROM {table} WHERE chain = ? AND number > 0"  # noqa: S608
        for number, digest, at, signature in connection.execute(query, (chain,)):
            is_unsigned_tip = table == "audit_audittip" and not signature  # as it is nowadays
            if is_unsigned_tip or is_signed(
                signed_text(chain=chain, number=number, row=digest, at=at), signature, public_key
            ):
                found[number] = digest
    return found
