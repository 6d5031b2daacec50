"""What a witness answers when a log asks it to cosign a checkpoint (c2sp.org/tlog-witness, of July 2026). Pure."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from leeward.audit.rules.merkle import EMPTY_ROOT, is_continued
from leeward.audit.rules.notes import Checkpoint, Key, Note, NoteRefused, hash_in, lines_of, size_in

MOST_HASHES = 63


class Answer(IntEnum):
    """The status of an answer, as the specification numbers them."""

    COSIGNED = 200
    MALFORMED = 400
    NOT_SIGNED = 403
    UNKNOWN_LOG = 404
    OTHER_SIZE = 409
    FORK = 422


@dataclass(frozen=True, slots=True)
class Request:
    """Cosign this note: the witness's newest state has `old` rows, and the proof shows that the note continues it."""

    old: int
    proof: tuple[bytes, ...]
    note: Note
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Watched:
    """A log that a witness watches, and the largest state of it that it has cosigned."""

    origin: str
    keys: tuple[Key, ...]
    size: int = 0
    root: bytes = EMPTY_ROOT


def read_request(body: str) -> Request:
    """Return the request in the body of an HTTP message; raises NoteRefused."""
    head, parted, text = body.partition("\n\n")
    lines = head.split("\n")
    if not parted or not lines[0].startswith("old "):
        raise NoteRefused("the first line is: old SIZE")
    if len(lines) > MOST_HASHES + 1:
        raise NoteRefused("a proof has at most 63 hashes")
    note = Note.read(text)
    return Request(
        size_in(lines[0].removeprefix("old ")),
        tuple(hash_in(line) for line in lines[1:]),
        note,
        Checkpoint.read(note.body),
    )


def answer(request: Request, watched: Watched | None) -> Answer:
    """Return the answer to a request about a log (None: nobody here watches it), whose state doesn't change meanwhile."""
    if watched is None:
        return Answer.UNKNOWN_LOG
    if not _is_signed(request.note, watched.keys):
        return Answer.NOT_SIGNED
    if request.old > request.checkpoint.size:
        return Answer.MALFORMED
    if request.old != watched.size:
        return Answer.OTHER_SIZE
    new = request.checkpoint
    if is_continued(watched.size, new.size, watched.root, new.root, request.proof):
        return Answer.COSIGNED
    return Answer.FORK


def contradicts(request: Request, watched: Watched) -> bool:
    """Return whether a signed request speaks against the log: another root for the size that is known, or a state that isn't
    shown to continue it. Such requests are kept as evidence; the latter could also be a true note that somebody sent on with a
    false proof."""
    if request.checkpoint.size == watched.size:
        return request.checkpoint.root != watched.root
    return bool(watched.size) and answer(request, watched) is Answer.FORK


def _is_signed(note: Note, keys: Collection[Key]) -> bool:
    try:
        return bool(lines_of(note, keys))
    except NoteRefused:
        return False
