"""Backups in a place: pieces named by what is in them, and a file for each backup that gets its name last."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from leeward.audit.rules.signatures import is_signed
from leeward.backup.errors import NoBackup
from leeward.backup.places import Place, Where, opened, shown
from leeward.backup.places.face import VERIFIED, inside_chunks, path_of
from leeward.backup.places.folder import alone
from leeward.backup.rules.cutting import MOST
from leeward.backup.rules.manifest import SUFFIX, Cover, is_named, moment_of, read_cover
from leeward.backup.rules.newest import Choice, Seen, in_order, newest, to_delete
from leeward.backup.rules.timing import Kept, is_made_by
from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _

__all__ = ["Store", "alone", "store_at", "store_to_read"]
_MOST_SEALED = 2 * MOST  # a piece, packed and sealed, is hardly larger than it was
_DIGITS = 64
MOST_LOOKED_AT = 50
_MOST_IN_A_MARK = 1000


@dataclass(frozen=True, slots=True)
class Thinned:
    """How many backups were deleted, and which stay whatever their age: those that can't be read, and those of another key. `problem`:
    why they could not be looked through, or deleted; "" if they could."""

    gone: int = 0
    unread: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    problem: str = ""


class Store:
    """The backups in a place. What pieces are there is asked once, and remembered."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._pieces: dict[bytes, int] | None = None
        self._put: dict[bytes, int] = {}
        self._sizes: dict[bytes, set[int]] = {}

    def names(self) -> list[str]:
        """Return the names of all backups, oldest first."""
        return sorted(name for name, _size in self.place.files() if name.endswith(SUFFIX) and moment_of(name))

    def chosen(self, name: str, now: datetime, signed_by: Collection[str] = ()) -> Choice:
        """Return a backup, given whole or without its ending; for "", the last that was made, as `newest` says, of those that name one of these
        keys, if there are any: another installation's may lie there as well. Raises NoBackup, and BadInput where a person has to name one."""
        names = self.names()
        if not names or (name and name not in names and f"{name}{SUFFIX}" not in names):
            raise NoBackup(folder=self.place.name)
        if name:
            return Choice(name if name in names else f"{name}{SUFFIX}")
        seen = [_seen(name, self._cover(name)) for name in names]
        ours = [one for one in seen if one.signed_by in signed_by]
        choice = newest([one for one in seen if one in ours or not one.is_whole] if ours else seen, now)
        if not choice.name:
            why = f"by this machine’s clock ({now:%Y-%m-%d %H:%M} UTC) {', '.join(choice.passed_over)} is of a time to come: set it, or name one"
            raise BadInput(what="--name", why=why)
        return choice

    def look_through(self) -> list[Seen]:
        """Look at the file of every backup; return those that are signed, by whomever, oldest first. From then on a piece that lies here is none
        unless it is as long as one of them says, if any does."""
        seen = []
        for name in self.names():
            cover = self._cover(name)
            if cover and _is_signed(cover, name, cover.signed_by):
                seen.append(_seen(name, cover))
                self._expect(cover)
        return seen

    def signed(self, signed_by: str) -> list[Seen]:
        """Return the backups that this key signed, with their numbers as far as these tell which was made when."""
        covers = ((name, self._cover(name)) for name in self.names())
        return in_order([_seen(name, cover) for name, cover in covers if cover and _is_signed(cover, name, signed_by)])

    def has_of_others(self) -> bool:
        """Return whether a backup is here that no held copy made, or of which that can't be seen."""
        covers = map(self._cover, self.names())
        return any(cover is None or not cover.held for cover in covers)

    def read(self, name: str) -> bytes:
        """Return the file of a backup."""
        return self.place.read(name)

    def has(self, piece: str) -> bool:
        """Return whether a piece is there, and as long as it has to be."""
        size = self.size(piece)
        return size > 0 and size in self._sizes.get(bytes.fromhex(piece), {size})

    def size(self, piece: str) -> int:
        """Return how long a piece is as it lies there; 0 where it doesn't."""
        return self._known().get(bytes.fromhex(piece), 0)

    def put(self, piece: str, raw: bytes) -> None:
        """Store a piece."""
        self.place.write(path_of(piece), raw)
        self._known()[bytes.fromhex(piece)] = self._put[bytes.fromhex(piece)] = len(raw)

    def get(self, piece: str) -> bytes:
        """Return a piece; raises OSError."""
        return self.place.read(path_of(piece), _MOST_SEALED)

    def give_room(self) -> None:
        """Delete the pieces that were stored for a backup that was not published, since it found the disk full: everything else here may
        be on the same one."""
        for piece in self._put:
            self.place.delete(path_of(piece.hex()))

    def publish(self, name: str, raw: bytes, pieces: list[str]) -> None:
        """Store the file of a backup once the place says itself that all its pieces are there: from now on it counts. Raises OSError."""
        self.place.settle()
        self._pieces = None
        known = self._known()
        for piece in map(bytes.fromhex, pieces):
            if not known.get(piece) or known[piece] != self._put.get(piece, known[piece]):
                raise OSError(5, str(_("chunks/{piece} is missing", piece=inside_chunks(piece.hex()))), self.place.name)
        self.place.write(name, raw)
        if self.place.read(name) != raw:
            self.place.delete(name)
            raise OSError(5, str(_("{path} is not what it was", path=name)), self.place.name)

    def thin_out(self, kept: Kept, last: str, signed_by: str) -> Thinned:
        """Delete all backups that this key signed but those that are kept (`to_delete`), and the pieces that no other needs. The newest that was
        proved stays, whatever its age. What can't be read, and what another key signed, stays and takes nobody's room; while one can't be
        read, all pieces stay, for nobody knows which it needs. Raises OSError where the place can't be asked what is in it."""
        needed: dict[str, set[bytes]] = {}
        ours, unread, others = [], [], []
        known = {piece: piece for piece in self._known()}
        for name in self.names():
            cover = self._cover(name)
            if cover is None:
                unread.append(name)
                continue
            needed[name] = {known.get(piece, piece) for piece in map(bytes.fromhex, cover.pieces)}
            if not _is_signed(cover, name, signed_by):
                others.append(name)
            else:
                ours.append(_seen(name, cover))
        ours = in_order(ours)
        gone = to_delete(ours, kept, last, self._newest_proved(ours))
        for name in gone:
            self.place.delete(name)
            self.place.delete(f"{VERIFIED}/{name}")
            del needed[name]
        if not unread:
            for piece in known.keys() - set[bytes]().union(*needed.values()):
                self.place.delete(path_of(piece.hex()))
                del self._known()[piece]
        return Thinned(len(gone), tuple(unread), tuple(others))

    def mark_proved(self, name: str, signature: str) -> None:
        """Remember that a backup was restored for trial, and was whole: by the signature of its key."""
        self.place.write(f"{VERIFIED}/{name}", signature.encode())

    def marked(self) -> list[str]:
        """Return the names of backups that have a mark, true or not, oldest first."""
        marked = {name for name, _size in self.place.files(VERIFIED)}
        return [name for name in self.names() if name in marked]

    def is_proved(self, name: str, cover: Cover) -> bool:
        """Return whether the mark of a backup is true: whoever may write to the place can make one, but can't sign it."""
        try:
            mark = self.place.read(f"{VERIFIED}/{name}", _MOST_IN_A_MARK)
        except OSError:
            return False
        return is_signed(cover.proved_text(), mark.decode("ascii", "replace"), cover.signed_by)

    def _newest_proved(self, seen: list[Seen]) -> str:
        marked = set(self.marked())
        for one in sorted(seen, key=lambda one: (one.number, one.name), reverse=True):
            cover = self._cover(one.name) if one.name in marked and not one.is_held else None
            if cover and self.is_proved(one.name, cover):
                return one.name
        return ""

    def newest(self, names: Iterable[str], signed_by: str, now: datetime, *, is_proved: bool = False) -> str:
        """Return the newest of these backups that this key signed, under the name that it was made with, and marked as proved if it is to be;
        "" if there is none among the newest: a file with the name of one is easily made, and would hide that none is. One of a day to come
        was named by a clock that was ahead. Raises OSError."""
        for name in sorted((name for name in names if is_made_by(name, now)), reverse=True)[:MOST_LOOKED_AT]:
            cover = self._cover(name)
            if cover and _is_signed(cover, name, signed_by) and (not is_proved or self.is_proved(name, cover)):
                return name
        return ""

    def _expect(self, cover: Cover) -> None:
        for piece, size in zip(cover.pieces, cover.sizes, strict=False):
            self._sizes.setdefault(bytes.fromhex(piece), set()).add(size)

    def _cover(self, name: str) -> Cover | None:
        try:
            return read_cover(self.read(name))
        except OSError:
            return None

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


def _seen(name: str, cover: Cover | None) -> Seen:
    if cover is None or not is_named(cover, name):
        return Seen(name, is_whole=False)
    return Seen(name, cover.number, cover.held, signed_by=cover.signed_by, sealed_to=tuple(cover.sealed_to))


def _is_signed(cover: Cover, name: str, signed_by: str) -> bool:
    """Return whether this key signed a backup, under the name that it was made with."""
    if cover.signed_by != signed_by or not is_named(cover, name):
        return False
    return is_signed(cover.signed_text(), cover.signature, signed_by)


def _is_piece(name: str) -> bool:
    return len(name) == _DIGITS and not set(name) - set("0123456789abcdef")
