"""Grows the tree over rows that were written before there was one. Raw SQL: a migration uses it, and a million rows take seconds."""

import secrets
from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

from leeward.audit.rules.merkle import Peaks, appended, leaf_hash
from leeward.audit.rules.proofs import entry_of, old_nonce
from leeward.audit.rules.tiles import WIDTH, root_in

BATCH = 20_000


def plant(database: BaseDatabaseWrapper) -> None:
    """Give every chain that has none its salt, peaks and full tiles."""
    with database.cursor() as cursor:
        cursor.execute("SELECT chain, number FROM audit_audittip WHERE peaks IS NULL")
        for chain, number in cursor.fetchall():
            salt, planted = secrets.token_hex(32), Tiles()
            tree = Growing()
            for leaf in _old_leaves(database, chain, number, salt):
                tree.append(leaf)
                planted.append(leaf)
                if len(planted.full) > BATCH // WIDTH:
                    _store(database, chain, planted)
            _store(database, chain, planted)
            cursor.execute(
                "UPDATE audit_audittip SET peaks = %s, salt = %s WHERE chain = %s", [b"".join(tree.peaks), salt, chain]
            )


class Growing:
    """A tree that is appended to."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.size, self.peaks = 0, Peaks(())

    def append(self, leaf: bytes) -> None:
        """Append a leaf."""
        self.peaks = appended(self.size, self.peaks, leaf)
        self.size += 1


class Tiles:
    """The tiles of a tree as they become full: level, number, root, hashes."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.full: list[tuple[int, int, bytes, bytes]] = []
        self._growing: list[list[bytes]] = []
        self._done: list[int] = []

    def append(self, leaf: bytes, level: int = 0) -> None:
        """Append a hash at a level."""
        if level == len(self._growing):
            self._growing.append([])
            self._done.append(0)
        self._growing[level].append(leaf)
        if len(self._growing[level]) == WIDTH:
            hashes, self._growing[level] = self._growing[level], []
            root = root_in(hashes)
            self.full.append((level, self._done[level], root, b"".join(hashes)))
            self._done[level] += 1
            self.append(root, level + 1)


def _old_leaves(database: BaseDatabaseWrapper, chain: int, size: int, salt: str) -> Iterator[bytes]:
    """Yield the leaf of each row; where one is missing, whatever the check of the chain makes of it, an empty one."""
    rows = _rows(database, chain)
    number, digest = next(rows, (0, ""))
    for wanted in range(1, size + 1):
        if number == wanted:
            yield leaf_hash(entry_of(digest, old_nonce(salt, number)))
            number, digest = next(rows, (0, ""))
        else:
            yield leaf_hash(b"")


def _rows(database: BaseDatabaseWrapper, chain: int) -> Iterator[tuple[int, str]]:
    last = 0
    with database.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT number, hash FROM audit_auditrow WHERE chain = %s AND number > %s ORDER BY number LIMIT %s",
                [chain, last, BATCH],
            )
            rows = cursor.fetchall()
            if not rows:
                return
            yield from rows
            last = rows[-1][0]


def _store(database: BaseDatabaseWrapper, chain: int, tiles: Tiles) -> None:
    with database.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO audit_audittile (chain, level, number, root, hashes) VALUES (%s, %s, %s, %s, %s)",
            [(chain, *each) for each in tiles.full],
        )
    tiles.full.clear()
