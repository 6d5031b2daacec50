"""Examines one file and everything inside it: hashes, matches, what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from typing import IO

from leeward.matching.hashing import Digester, FileHashes, TorrentUnreadable, hash_stream, read_torrent
from leeward.matching.hashing.licensed import LicensedHasher
from leeward.matching.lists.digests import comparable_and_dull, note_on
from leeward.scanning.containers.archives import Member, Readable, packed_members, tar_members, zip_members
from leeward.scanning.containers.bounds import READ_BYTES, Bounds, Budget, BudgetSpent, Counted
from leeward.scanning.containers.kinds import LARGEST_TORRENT_BYTES, UNOPENED, container_kind
from leeward.scanning.containers.mail import mailbox_members, message_members
from leeward.scanning.entries import Entry, Match, Place
from leeward.scanning.lists.known import NO_HASHERS, Known

ALWAYS = frozenset({"size", "md5", "sha1", "sha256"})
_NEAR_BYTES = 64 << 20
_MEDIA = frozenset({"picture", "animation", "video"})
_ARTICLES = {"mailbox": "mailbox", "message": "message"}


class FileMatcher:
    """Compares files with opened lists. Threads may share one instance."""

    def __init__(
        self, lists: Sequence[Known], bounds: Bounds, hashers: Mapping[str, LicensedHasher] = NO_HASHERS
    ) -> None:
        self._lists = lists
        self._bounds = bounds
        self._fields = ALWAYS.union(*(known.fields for known in lists))
        self._hashers = [one for kind, one in hashers.items() if any(kind in known.licensed_kinds for known in lists)]

    def scan(self, place: Place, stream: IO[bytes]) -> Iterator[Entry]:
        """Yield a row for the file, after the rows of what is inside it. `stream` must be seekable; its OSError is raised."""
        size = stream.seek(0, 2)
        stream.seek(0)
        if size <= _NEAR_BYTES:
            stream = BytesIO(stream.read())
        yield from self._scan(place, stream, Budget(self._bounds, size), 0)

    def scan_once(self, place: Place, stream: Readable) -> Iterator[Entry]:
        """Do the same for a stream that can only be read once from start to end."""
        yield from self._taken(place, stream, Budget(self._bounds, self._bounds.in_memory_bytes), 0)

    def _scan(self, place: Place, stream: IO[bytes], budget: Budget, depth: int) -> Iterator[Entry]:
        kind = container_kind(stream, place.name)
        stream.seek(0)
        entry = self._hashed(place, stream, kind)
        if kind is None:
            yield entry
        elif kind == "torrent":
            yield self._with_torrent(entry, stream)
        elif kind in UNOPENED:
            yield replace(entry, error=entry.error or f"it is a {kind} archive, which can't be opened here")
        elif depth >= self._bounds.depth:
            yield replace(entry, error=f"it lies in {depth} others already: it is not opened")
        else:
            yield from self._opened(entry, kind, stream, budget, depth)

    def _opened(self, entry: Entry, kind: str, stream: IO[bytes], budget: Budget, depth: int) -> Iterator[Entry]:
        """Yield the rows of everything inside a container, then its own."""
        members, error = 0, entry.error
        try:
            for member in _members(kind, stream, entry.place.name, budget):
                members += 1
                yield from self._member(entry.place.member(member.name), member, budget, depth + 1)
        except BudgetSpent as spent:
            error = spent.why
        except (
            Exception
        ) as problem:  # archives are made to break readers: anything may be raised, nothing ends the scan
            if kind == "zip" and entry.kind != "zip" and not members:
                yield entry  # something else that only ends like a zip archive
                return
            error = f"the {_ARTICLES.get(kind, f'{kind} archive')} is damaged or cut off ({_error_text(problem)})"
        yield replace(entry, members=members, error=error, note=entry.note or _both(entry.kind, kind))

    def _member(self, place: Place, member: Member, budget: Budget, depth: int) -> Iterator[Entry]:
        if member.stream is None:
            yield Entry(place, "file", error=member.error or "it has no content")
            return
        try:
            yield from self._taken(place, member.stream, budget, depth)
        except BudgetSpent as spent:
            yield Entry(place, "file", error=spent.why)
            raise
        except Exception as problem:  # as above: what is wrong with one member is told, and the next one is asked for
            yield Entry(place, "file", error=f"it can't be unpacked ({_error_text(problem)})")

    def _taken(self, place: Place, stream: Readable, budget: Budget, depth: int) -> Iterator[Entry]:
        """Examine the content of a stream if it fits into memory; else only its digests."""
        most = self._bounds.in_memory_bytes
        parts, size = [], 0
        while size <= most and (part := stream.read(READ_BYTES)):
            parts.append(part)
            size += len(part)
        data = b"".join(parts)
        del parts
        if size <= most:
            yield from self._scan(place, BytesIO(data), budget, depth)
            return
        digester = Digester(self._fields)
        digester.update(data)
        del data
        while part := stream.read(READ_BYTES):
            digester.update(part)
        hashes = FileHashes(place.name, digester.digests())
        why = f"it has more than {most >> 20} MB and can be read only once: only its digests are compared"
        yield Entry(place, "file", hashes, self._matches(hashes), error=why)

    def _hashed(self, place: Place, stream: IO[bytes], container: str | None) -> Entry:
        try:
            hashes = hash_stream(
                stream, name=place.name, only=self._fields, limits=self._bounds.picture, licensed=self._hashers
            )
        except OSError:
            raise
        except Exception as problem:  # a file may be made to break a decoder; it must not break the scan
            return Entry(place, container or "file", error=f"it can't be hashed ({_error_text(problem)})")
        error = hashes.error
        if error and container and error.startswith("it is named"):
            error = f"{error.partition(' but ')[0]} but is a {_ARTICLES.get(container, f'{container} archive')}"
        return Entry(place, _kind(hashes, container), hashes, self._matches(hashes), error, _note_on(hashes))

    def _matches(self, hashes: FileHashes) -> tuple[Match, ...]:
        return tuple(match for known in self._lists for match in known.matches(hashes))

    def _with_torrent(self, entry: Entry, stream: IO[bytes]) -> Entry:
        stream.seek(0)
        try:
            torrent = read_torrent(stream.read(LARGEST_TORRENT_BYTES + 1))
        except TorrentUnreadable as problem:
            return replace(entry, error=problem.text.rstrip("."))
        found = tuple(match for known in self._lists for match in known.matches_of_torrent(torrent))
        return replace(
            entry, matches=entry.matches + found, torrent=(torrent.v1, torrent.v2), members=len(torrent.files)
        )


def _members(kind: str, stream: IO[bytes], name: str, budget: Budget) -> Iterator[Member]:
    stream.seek(0)
    if kind == "zip":
        return zip_members(stream, budget)
    if kind == "tar":
        return tar_members(Counted(stream, budget), budget)
    if kind == "mailbox":
        return mailbox_members(stream, budget)
    if kind == "message":
        return message_members(stream, budget)
    return packed_members(kind, stream, name, budget)


def _kind(hashes: FileHashes, container: str | None) -> str:
    if hashes.frames:
        return "animation" if hashes.pdq else "video"
    return "picture" if hashes.pdq else container or "file"


def _note_on(hashes: FileHashes) -> str | None:
    """Return a note that a picture could hardly be compared, or not at all."""
    return note_on(*comparable_and_dull(one for one in (hashes.pdq, hashes.pdq_nn512) if one is not None))


def _both(kind: str, container: str) -> str | None:
    return f"it is a {kind} and a {container} archive at once: both were looked at" if kind in _MEDIA else None


def _error_text(problem: Exception) -> str:
    text = " ".join(str(problem).split())[:200]
    return text or type(problem).__name__
