"""`Matcher`: looks up pictures and hashes in a list, in memory only, for platforms that keep their images to
themselves.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import IO, Any

from leeward.matching.hashing import FileHashes, Limits, hash_bytes
from leeward.matching.hashing.licensed import LicensedHasher
from leeward.matching.hashing.video import looks_like_video
from leeward.matching.lists.altered import altered_hits
from leeward.matching.lists.answers import Answer, judge, unreadable, weighed
from leeward.matching.lists.digests import DIGEST_BYTES, Lookup, comparable_and_dull, lookup_of, note_on, parse_digest
from leeward.matching.lists.errors import HashListRefused, HashRefused
from leeward.matching.lists.manifest import MANIFEST
from leeward.matching.lists.opened import ListHit, OpenedList, open_list

UPLOAD_LIMITS = Limits(pixels=100_000_000, seconds=10.0)
"""What one upload may cost; see `Limits`."""
VIDEO_SHARE = 20
"""An uploaded video may take three times as long as a picture, not 60 times; the frames seen until then count."""
_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8")
"""First bytes of files that claim to be pictures, readable or not."""


class Matcher:
    """A hash list opened for look-ups. Any thread may call any method; processes share the mapped files.

    A newer state of the list in the same folder is loaded automatically; the folder is checked every `refresh_seconds`.
    """

    def __init__(
        self,
        snapshot: str | Path,
        *,
        key: str | None = None,
        verify: bool = True,
        turned: bool = True,
        altered: bool = True,
        licensed: Iterable[LicensedHasher] = (),
        isolated: bool = True,
        refresh_seconds: float = 5.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Open the list in a folder. Raises HashListRefused (one sentence, with the field), OSError.

        - key: the publisher's public key (base 64); without it the list only vouches for itself.
        - verify: read every file once and compare its checksum.
        - turned: also find turned and mirrored pictures.
        - altered: also find pictures that were framed, cropped, turned by a few degrees or written over.
        - licensed: adapters for licensed hashes such as PhotoDNA; pictures are also hashed by them and compared by
          their own distance.
        - isolated: decode files in child processes without access to this one's keys or files, bounded and killed in
          time; use False only where every file is trusted, or the whole process is such a child.
        """
        self.path = Path(snapshot)
        self._key = key
        self._verify = verify
        self._turned = turned
        self._altered = altered
        self._isolated = isolated
        self._hashers = {hasher.kind: hasher for hasher in licensed}
        self._refresh_seconds = refresh_seconds
        self._clock = clock
        self._lock = Lock()
        self._list = open_list(self.path, key=key, verify=verify)
        self._checked_at = time.monotonic()
        self._trouble: str | None = None

    def __len__(self) -> int:
        return len(self._list)

    @property
    def name(self) -> str:
        """The list's name."""
        return self._list.manifest.name

    @property
    def serial(self) -> int:
        """The number of its current state; every new state has a higher one."""
        return self._list.manifest.serial

    @property
    def signed_by(self) -> str:
        """The public key that signed it, in base 64."""
        return self._list.signed_by

    @property
    def trouble(self) -> str | None:
        """Why the newest state can't be taken in; the last good one is asked meanwhile. Looks for it as a check does."""
        self._current()
        return self._trouble

    def check(self, data: bytes | IO[bytes], *, limits: Limits = UPLOAD_LIMITS) -> Answer:
        """Check the bytes of a file or a seekable stream; nothing is written anywhere, and bad files raise nothing."""
        current = self._current()
        hashers = [hasher for kind, hasher in self._hashers.items() if kind in current.licensed]
        lookup = hash_for_lookup(
            data,
            kinds=tuple(current.tables),
            turned=self._turned,
            altered=self._altered,
            limits=limits,
            licensed=hashers,
            isolated=self._isolated,
        )
        return judge(lookup, self._hits(current, [lookup]))

    def check_hashes(self, rows: Sequence[Mapping[str, Any]]) -> list[Answer]:
        """Check hashes, one row per file: the rows of `leeward hash --json`, or any of {"pdq": …, "sha256": …, …}.

        A row that can't be parsed gets an answer that says why; the others are answered.
        """
        current = self._current()
        answers: list[Answer | None] = []
        lookups: list[Lookup] = []
        for row in rows:
            try:
                lookups.append(lookup_of(row))
                answers.append(None)
            except HashRefused as error:
                answers.append(unreadable(error.why))
        hits: list[list[ListHit]] = [[] for _ in lookups]
        for hit in self._hits(current, lookups):
            hits[hit.query].append(hit)
        judged = iter([judge(one, found) for one, found in zip(lookups, hits, strict=True)])
        return [next(judged) if answer is None else answer for answer in answers]

    def hits(self, row: Mapping[str, Any]) -> list[ListHit]:
        """Return every valid match of one row of hashes, strongest first; raises HashRefused."""
        return weighed(self._hits(self._current(), [lookup_of(row)]))

    def _hits(self, current: OpenedList, lookups: Sequence[Lookup]) -> list[ListHit]:
        """Return the matches; for queries without any, those found by undoing an alteration."""
        now = self._clock()
        found = current.hits(lookups, now, self._hashers)
        answered = {hit.query for hit in found}
        for query, one in enumerate(lookups if self._altered else ()):
            if query not in answered:
                found += altered_hits(current, one, query, now, turned=self._turned)
        return found

    def refresh(self) -> bool:
        """Load a newer state of the list; return whether there was one.

        Raises HashListRefused for an invalid or older state, OSError where there is none; the current state is then
        kept.
        """
        with self._lock:
            self._checked_at = time.monotonic()
            if (self.path / MANIFEST).stat().st_ino == self._list.inode:
                return False
            found = open_list(self.path, key=self._key, verify=self._verify)
            if found.manifest.serial < self.serial:
                raise HashListRefused(self.path, "serial", f"{found.manifest.serial} is older than {self.serial}")
            self._list, self._trouble = found, None
            return True

    def _current(self) -> OpenedList:
        if time.monotonic() - self._checked_at > self._refresh_seconds:
            try:
                self.refresh()
            except (HashListRefused, OSError) as error:
                self._trouble = str(error)
        return self._list


def hash_for_lookup(
    data: bytes | IO[bytes],
    *,
    kinds: Sequence[str] = tuple(DIGEST_BYTES),
    turned: bool = True,
    altered: bool = False,
    limits: Limits = UPLOAD_LIMITS,
    licensed: Collection[LicensedHasher] = (),
    isolated: bool = True,
) -> Lookup:
    """Hash a file in memory for look-ups: digests of these kinds, visual hashes, and codes of licensed adapters.

    `altered`: also derive variants of a picture. `isolated`: decode it in a child process.
    """
    content = data if isinstance(data, bytes) else data.read()
    begins = content[:512]
    is_video = looks_like_video(begins)
    if is_video:  # a video may take 60 times the seconds of a picture; an upload has no such time
        limits = replace(limits, seconds=limits.seconds / VIDEO_SHARE)
    wanted = (*kinds, "pdq", "pdq_nn512", "frames", *(("variants",) if altered and not is_video else ()))
    found = hash_bytes(content, only=wanted, limits=limits, licensed=licensed, isolated=isolated)
    seen = [one for one in (found.pdq, found.pdq_nn512) if one is not None]
    seen += [frame.pdq for frame in found.frames]
    comparable, few, blank = comparable_and_dull(seen)
    codes, dull = (
        tuple(dict.fromkeys(code for one in some for code in (one.dihedral if turned else (one.code,))))
        for some in (comparable, few)
    )
    is_broken = not seen and (bool(found.error) or begins.startswith(_PICTURES) or begins[8:12] == b"WEBP")
    is_broken |= bool(found.frames and found.error) and not is_video  # an animation of which not every frame was seen
    note = _note(found) or (None if found.licensed else note_on(codes, dull, blank))
    digests = _digests_of(found, kinds)
    return Lookup(digests, codes, note, is_broken, found.licensed, found.variants, dull)


def _digests_of(found: FileHashes, kinds: Sequence[str]) -> tuple[tuple[str, bytes], ...]:
    texts = [(kind, getattr(found.digests, kind, None)) for kind in kinds]
    return tuple((kind, parse_digest(kind, text)) for kind, text in texts if text)


def _note(found: FileHashes) -> str | None:
    if found.error:
        return found.error
    if found.pdq is None and not found.frames:
        return "it is no picture or video that can be read"
    return None
