"""Backups in a place: pieces named by what is in them, and a file for each backup that gets its name last."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from leeward.audit.rules.signatures import is_signed
from leeward.backup.errors import NoBackup
from leeward.backup.places import Place, Where, opened, shown
from leeward.backup.places.face import VERIFIED, path_of
from leeward.backup.places.folder import alone
from leeward.backup.rules.cutting import MOST
from leeward.backup.rules.manifest import SUFFIX, is_named, moment_of, read_cover
from leeward.backup.rules.timing import Kept, is_made_by, outdated
from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _

__all__ = ["Store", "alone", "store_at", "store_to_read"]
_MOST_SEALED = 2 * MOST  # a piece, packed and sealed, is hardly larger than it was
_DIGITS = 64
MOST_LOOKED_AT = 50


class Store:
    """The backups in a place. What pieces are there is asked once, and remembered."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._pieces: dict[bytes, int] | None = None
        self._put: dict[bytes, int] = {}

    def names(self) -> list[str]:
        """Return the names of all backups, oldest first."""
        return sorted(name for name, _size in self.place.files() if name.endswith(SUFFIX) and moment_of(name))

    def chosen(self, name: str) -> str:
        """Return the name of a backup, given whole or without its ending; the newest for "". Raises NoBackup."""
        names = self.names()
        if not names or (name and name not in names and f"{name}{SUFFIX}" not in names):
            raise NoBackup(folder=self.place.name)
        return (name if name in names else f"{name}{SUFFIX}") if name else names[-1]

    def read(self, name: str) -> bytes:
        """Return the file of a backup."""
        return self.place.read(name)

    def has(self, piece: str) -> bool:
        """Return whether a piece is there."""
        return self._known().get(bytes.fromhex(piece), 0) > 0

    def put(self, piece: str, raw: bytes) -> None:
        """Store a piece."""
        self.place.write(path_of(piece), raw)
        self._known()[bytes.fromhex(piece)] = self._put[bytes.fromhex(piece)] = len(raw)

    def get(self, piece: str) -> bytes:
        """Return a piece; raises OSError."""
        return self.place.read(path_of(piece), _MOST_SEALED)

    def publish(self, name: str, raw: bytes, pieces: list[str]) -> None:
        """Store the file of a backup once the place says itself that all its pieces are there: from now on it counts. Raises OSError."""
        self.place.settle()
        self._pieces = None
        known = self._known()
        for piece in map(bytes.fromhex, pieces):
            if not known.get(piece) or known[piece] != self._put.get(piece, known[piece]):
                raise OSError(5, str(_("chunks/{piece} is missing", piece=piece.hex()[:12])), self.place.name)
        self.place.write(name, raw)
        if self.place.read(name) != raw:
            self.place.delete(name)
            raise OSError(5, str(_("{path} is not what it was", path=name)), self.place.name)

    def thin_out(self, kept: Kept, last: str) -> int:
        """Delete all backups but those that are kept, and the pieces that no other needs; return how many backups went. Nothing is
        deleted while a backup can't be read. Those named later than the `last` one that was made were named by a clock that was ahead, or by
        somebody who wants the others deleted: they stay, and count for nothing."""
        gone = outdated([name for name in self.names() if name <= last], kept)
        for name in gone:
            self.place.delete(name)
            self.place.delete(f"{VERIFIED}/{name}")
        needed: set[bytes] = set()
        for name in self.names():
            cover = read_cover(self.read(name))
            if cover is None:
                return len(gone)
            needed.update(map(bytes.fromhex, cover.pieces))
        for piece in [piece for piece in self._known() if piece not in needed]:
            self.place.delete(path_of(piece.hex()))
            del self._known()[piece]
        return len(gone)

    def mark_verified(self, name: str) -> None:
        """Remember that a backup was restored for trial, and was whole."""
        self.place.write(f"{VERIFIED}/{name}", b"")

    def verified(self) -> list[str]:
        """Return the names of backups that were verified, oldest first."""
        marked = {name for name, _size in self.place.files(VERIFIED)}
        return [name for name in self.names() if name in marked]

    def newest(self, names: Iterable[str], signed_by: str, now: datetime) -> str:
        """Return the newest of these backups that this key signed, under the name that it was made with; "" if there is none among the
        newest: a file with the name of one is easily made, and would hide that none is. One of a day to come was named by a clock that was
        ahead. Raises OSError."""
        known = sorted((name for name in names if is_made_by(name, now)), reverse=True)
        return next((name for name in known[:MOST_LOOKED_AT] if self._is_signed(name, signed_by)), "")

    def _is_signed(self, name: str, signed_by: str) -> bool:
        cover = read_cover(self.read(name))
        if cover is None or cover.signed_by != signed_by or not is_named(cover, name):
            return False
        return is_signed(cover.signed_text(), cover.signature, signed_by)

    def _known(self) -> dict[bytes, int]:
        if self._pieces is None:
            found = self.place.pieces()
            self._pieces = {bytes.fromhex(name): size for name, size in found if _is_piece(name)}
        return self._pieces


@contextmanager
def store_at(where: Where) -> Iterator[Store]:
    """Open the backups in a place. Raises BadInput and OSError."""
    with opened(where) as place:
        yield Store(place)


@contextmanager
def store_to_read(where: Where) -> Iterator[Store]:
    """The same for those who only read: a place that can't be reached, or stops answering, is a BadInput."""
    try:
        with store_at(where) as store:
            yield store
    except OSError as error:
        if error.filename is None or not str(error.filename).startswith(shown(where)):
            raise
        raise BadInput(what=str(error.filename), why=(error.strerror or str(error)).lower()) from error


def _is_piece(name: str) -> bool:
    return len(name) == _DIGITS and not set(name) - set("0123456789abcdef")
