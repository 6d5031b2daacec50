"""Cosigns the logs of others (c2sp.org/tlog-witness)."""

import hashlib
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from leeward.audit.errors import SignerRefused, SignerSilent
from leeward.audit.rules.notes import Key, Line, Note, NoteRefused, cosigned, hash_in
from leeward.audit.rules.witnessing import Answer, Request, Watched, answer, contradicts, read_request
from leeward.audit.services import INSTALLATION, hotline_transaction
from leeward.audit.tree.checkpoints import own_witness_key
from leeward.audit.tree.signing import cosign as sign_as_witness
from leeward.witnessing.models import WatchedLog

MOST_CONTRADICTIONS = 100
UNAVAILABLE, LATER = 503, "try later\n"
SIGNED_AGAIN_AFTER = timedelta(minutes=1)
WHY = {
    Answer.UNKNOWN_LOG: "this log is not watched here\n",
    Answer.NOT_SIGNED: "this checkpoint is not signed by the log\n",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request for a cosignature."""

    status: int
    text: str = ""
    is_size: bool = False


def cosign(body: str, now: datetime) -> Reply:
    """Answer a log that asks for our line below its checkpoint (c2sp.org/tlog-witness). The new state is stored before the
    answer leaves. Nobody who writes here waits for the signer: it keeps by itself how far it has signed."""
    try:
        request = read_request(body)
    except NoteRefused as refused:
        return Reply(Answer.MALFORMED, f"{refused}\n")
    rows = WatchedLog.objects.filter(origin=request.checkpoint.origin)
    row = rows.first()
    early = answer(request, _watched(row))
    if row is None or early in WHY:  # whoever can't sign makes nobody wait for the lock
        return Reply(early, WHY[early])
    made: Line | SignerRefused | None = None
    if early is Answer.COSIGNED:
        try:
            if (line := _line_of_now(row, request, now)) is not None:
                return Reply(Answer.COSIGNED, line.text)
            made = _line(request)
        except SignerSilent:
            return Reply(UNAVAILABLE, LATER)
    return _settled(rows, request, body, now, made=made)


def _settled(
    rows: QuerySet[WatchedLog], request: Request, body: str, now: datetime, *, made: Line | SignerRefused | None
) -> Reply:
    """Store what came of a request, and return its answer."""
    with hotline_transaction(INSTALLATION):
        row = rows.select_for_update().first()
        if row is None:
            return Reply(Answer.UNKNOWN_LOG, WHY[Answer.UNKNOWN_LOG])
        if isinstance(made, Line):
            return _cosigned(row, request, made, now)
        return _contradicted(row, request, body, now, refused=made)


def _contradicted(
    row: WatchedLog, request: Request, body: str, now: datetime, *, refused: SignerRefused | None
) -> Reply:
    """Return the answer to a request that gets no line, and keep it where it contradicts what is known of its log."""
    if refused is not None and not _is_caught_up(row, refused):
        return Reply(UNAVAILABLE, LATER)
    known = _state(row)
    given = Answer.OTHER_SIZE if refused is not None else answer(request, known)
    if given is Answer.COSIGNED:  # it came as another one did that is stored since
        return Reply(UNAVAILABLE, LATER)
    if given is Answer.MALFORMED:
        return Reply(given)
    if contradicts(request, known):
        _keep_evidence(row, request, body, now)
    return Reply(given, f"{known.size}\n", is_size=given is Answer.OTHER_SIZE)


def _line_of_now(row: WatchedLog, request: Request, now: datetime) -> Line | None:
    """Return the line that this very checkpoint got a moment ago. It is public, and so whoever sends it again has nothing signed again."""
    is_new = row.cosigned_at is None or not timedelta(0) <= now - row.cosigned_at < SIGNED_AGAIN_AFTER
    if is_new or not row.note.startswith(f"{request.note.body}\n"):
        return None
    key = own_witness_key()
    lines = Note.read(row.note).lines
    return next((line for line in lines if (line.name, line.key_id) == (key.name, key.id)), None)


def _line(request: Request) -> Line | SignerRefused:
    """Return our line below a checkpoint, or why the signer doesn't sign it. Raises SignerSilent."""
    key, at, checkpoint = own_witness_key(), int(time.time()), request.checkpoint
    try:
        return cosigned(checkpoint, key, at, lambda _text: sign_as_witness(checkpoint, list(request.proof), at))
    except SignerRefused as refused:
        return refused


def _cosigned(row: WatchedLog, request: Request, line: Line, now: datetime) -> Reply:
    """Store what was signed, unless more of the log was meanwhile."""
    if request.checkpoint.size < row.size:
        return Reply(Answer.COSIGNED, line.text)
    row.size, row.root, row.cosigned_at = request.checkpoint.size, request.checkpoint.root, now
    row.note = Note(request.note.body, (*_own_lines(request, row), line)).text
    row.save(update_fields=["size", "root", "cosigned_at", "note"])
    for kept in row.contradictions.filter(size=row.size):
        if read_request(kept.request).checkpoint == request.checkpoint:
            kept.delete()  # it is shown now to continue what was known: only its proof was false
    return Reply(Answer.COSIGNED, line.text)


def _is_caught_up(row: WatchedLog, refused: SignerRefused) -> bool:
    """Take over how far the signer has signed, where that is further than the database knows (it was put back, or an answer of
    the signer was lost); return whether it was."""
    size, root = refused.values.get("size"), refused.values.get("root")
    if not isinstance(size, int) or not isinstance(root, str) or size <= row.size:
        return False
    row.size, row.root = size, hash_in(root)
    row.save(update_fields=["size", "root"])
    return True


def _own_lines(request: Request, row: WatchedLog) -> tuple[Line, ...]:
    key = Key.read(row.vkey)
    return tuple(line for line in request.note.lines if (line.name, line.key_id) == (key.name, key.id))


def _keep_evidence(row: WatchedLog, request: Request, body: str, now: datetime) -> None:
    # Another root of the same size is the work of the log's own key; a true note with a false proof anybody can send on.
    is_proof = request.checkpoint.size == row.size
    most = 2 * MOST_CONTRADICTIONS if is_proof else MOST_CONTRADICTIONS
    if row.contradictions.count() >= most:
        return
    try:
        with transaction.atomic():
            row.contradictions.create(
                at=now,
                size=request.checkpoint.size,
                digest=hashlib.sha256(body.encode()).hexdigest(),
                request=body,
                note=row.note,
            )
    except IntegrityError:
        return  # the same once more


def _watched(row: WatchedLog | None) -> Watched | None:
    return None if row is None else _state(row)


def _state(row: WatchedLog) -> Watched:
    return Watched(row.origin, (Key.read(row.vkey),), row.size, bytes(row.root))
