"""Adds and removes witnesses and watched logs; cosigns for others, and has our own log cosigned."""

import base64
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from leeward.audit.errors import SignerRefused, SignerSilent
from leeward.audit.rules.merkle import EMPTY_ROOT
from leeward.audit.rules.notes import LOG, WITNESS, Key, Line, Note, NoteRefused, cosigned, holds, line_in, size_in
from leeward.audit.rules.witnessing import Answer, Request, Watched, answer, contradicts, read_request
from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.audit.tree.checkpoints import Published, chains_to_sign, keep_cosignature, own_witness_key, publish
from leeward.audit.tree.signing import cosign as sign_as_witness
from leeward.backup.queries import is_held
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.witnessing.errors import NotAKey, WatchedAlready
from leeward.witnessing.line import post
from leeward.witnessing.models import WatchedLog, Witness

MOST_CONTRADICTIONS = 100
UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to a request for a cosignature."""

    status: int
    text: str = ""
    is_size: bool = False


def add_witness(url: str, vkey: str, *, actor: Actor, now: datetime) -> None:
    """Ask a witness for its line below each of our checkpoints from now on. Raises NotAKey and WatchedAlready."""
    key = _key(vkey, WITNESS)
    with hotline_transaction(INSTALLATION):
        _, is_new = Witness.objects.get_or_create(vkey=key.text, defaults={"url": url.rstrip("/"), "added_at": now})
        if not is_new:
            raise WatchedAlready(name=key.name)
        _record("witness.added", actor, key)


def watch_log(vkey: str, *, actor: Actor, now: datetime) -> None:
    """Cosign a log from now on; its first checkpoint is taken on trust. Raises NotAKey and WatchedAlready."""
    key = _key(vkey, LOG)
    with hotline_transaction(INSTALLATION):
        given = {"vkey": key.text, "added_at": now, "root": EMPTY_ROOT}
        _, is_new = WatchedLog.objects.get_or_create(origin=key.name, defaults=given)
        if not is_new:
            raise WatchedAlready(name=key.name)
        _record("log.watched", actor, key)


def remove(name: str, *, actor: Actor) -> None:
    """Stop asking a witness, or watching a log, by its name; evidence against the log goes with it. Raises NotFound."""
    with hotline_transaction(INSTALLATION):
        removed = 0
        for row in Witness.objects.filter(vkey__startswith=f"{name}+"):
            _record("witness.removed", actor, Key.read(row.vkey))
            removed += row.delete()[0]
        for log in WatchedLog.objects.filter(origin=name):
            _record("log.unwatched", actor, Key.read(log.vkey))
            removed += log.delete()[0]
        if not removed:
            raise NotFound(what=name)


def cosign(body: str, now: datetime) -> Reply:
    """Answer a log that asks for our line below its checkpoint (c2sp.org/tlog-witness). The new state is stored before the
    answer leaves."""
    try:
        request = read_request(body)
    except NoteRefused as refused:
        return Reply(Answer.MALFORMED, f"{refused}\n")
    with hotline_transaction(INSTALLATION):
        row = WatchedLog.objects.select_for_update().filter(origin=request.checkpoint.origin).first()
        known = _watched(row) if row is not None else None
        given = answer(request, known)
        if row is None or known is None:
            return Reply(given, "this log is not watched here\n")
        if given in (Answer.OTHER_SIZE, Answer.FORK):
            if contradicts(request, known):
                _keep_evidence(row, request, body, now)
            return Reply(given, f"{known.size}\n", is_size=given is Answer.OTHER_SIZE)
        if given is not Answer.COSIGNED:
            return Reply(given, "this checkpoint is not signed by the log\n" if given is Answer.NOT_SIGNED else "")
        return _cosigned(row, request, now)


def publish_all(now: datetime) -> list[str]:
    """Sign the chains whose hour it is, and ask every witness about each; return what went wrong, for the log of the server."""
    problems: list[str] = []
    if is_held():
        return problems
    for chain in chains_to_sign(now):
        try:
            published = publish(chain, now)
        except (SignerRefused, SignerSilent) as error:
            problems.append(error.text)
            continue
        for witness in Witness.objects.all():
            problems += filter(None, [ask(witness, chain, published, now)])
    return problems


def ask(witness: Witness, chain: int, published: Published, now: datetime) -> str:
    """Ask a witness for its line, store it, and how it answered; return what went wrong, or ""."""
    problem, is_contradiction, size = _asked(witness, published, witness.sizes.get(str(chain), 0), post)
    Witness.objects.filter(id=witness.id).update(
        problem=problem[:200],
        contradicts=is_contradiction,
        sizes=witness.sizes | {str(chain): size},
        **({} if problem else {"cosigned_at": now}),
    )
    witness.refresh_from_db()
    return f"{witness}: {problem}" if problem else ""


Post = Callable[[str, str], tuple[int, str]]


def _asked(witness: Witness, published: Published, old: int, post: Post) -> tuple[str, bool, int]:
    """Return what went wrong, whether it contradicts our log, and the size that the witness knows now."""
    for _try in range(2):
        old = min(old, published.checkpoint.size)
        status, text = post(f"{witness.url}/add-checkpoint", _request_for(published, old))
        if status == Answer.COSIGNED:
            return (*_kept(witness, published, text), published.checkpoint.size)
        if status == Answer.FORK:
            return "it has seen another history of this log", True, old
        if status != Answer.OTHER_SIZE:
            return f"it answered {status}" if status else text, False, old
        try:
            known = size_in(text.strip())
        except NoteRefused:
            return "its answer can't be read", False, old
        if known > published.checkpoint.size:
            return f"it has seen {known} rows of this log, and there are {published.checkpoint.size}", True, old
        old = known
    return "it names another size each time", False, old


def _request_for(published: Published, old: int) -> str:
    proof = "".join(base64.b64encode(each).decode() + "\n" for each in published.proof_from(old))
    note = Note(published.row.body, (published.own_line,))
    return f"old {old}\n{proof}\n{note.text}"


def _kept(witness: Witness, published: Published, text: str) -> tuple[str, bool]:
    key = Key.read(witness.vkey)
    try:
        lines = [line_in(line) for line in text.splitlines()]
    except NoteRefused:
        return "its answer can't be read", False
    good = [
        line
        for line in lines
        if (line.name, line.key_id) == (key.name, key.id) and holds(published.row.body, line, key)
    ]
    if not good:
        return "its line is not signed with its key", False
    for line in good:
        keep_cosignature(published, key, line)
    return "", False


def _cosigned(row: WatchedLog, request: Request, now: datetime) -> Reply:
    key, at = own_witness_key(), int(time.time())
    try:
        line = cosigned(
            request.checkpoint, key, at, lambda _text: sign_as_witness(request.checkpoint, list(request.proof), at)
        )
    except (SignerRefused, SignerSilent):  # it knows more of this log than the database, or doesn't answer
        return Reply(UNAVAILABLE, "try later\n")
    row.size, row.root, row.cosigned_at = request.checkpoint.size, request.checkpoint.root, now
    row.note = Note(request.note.body, (*_own_lines(request, row), line)).text
    row.save(update_fields=["size", "root", "cosigned_at", "note"])
    return Reply(Answer.COSIGNED, line.text)


def _own_lines(request: Request, row: WatchedLog) -> tuple[Line, ...]:
    key = Key.read(row.vkey)
    return tuple(line for line in request.note.lines if (line.name, line.key_id) == (key.name, key.id))


def _keep_evidence(row: WatchedLog, request: Request, body: str, now: datetime) -> None:
    if row.contradictions.count() >= MOST_CONTRADICTIONS:
        return
    try:
        with transaction.atomic():
            row.contradictions.create(
                at=now, size=request.checkpoint.size, digest=hashlib.sha256(body.encode()).hexdigest(), request=body
            )
    except IntegrityError:
        return  # the same once more


def _watched(row: WatchedLog) -> Watched:
    return Watched(row.origin, (Key.read(row.vkey),), row.size, bytes(row.root))


def _key(text: str, kind: int) -> Key:
    try:
        key = Key.read(text)
    except NoteRefused as refused:
        raise NotAKey(why=str(refused)) from refused
    if key.kind != kind:
        raise NotAKey(why="it is a witness's, not a log's" if kind == LOG else "it is a log's, not a witness's")
    return key


def _record(event: str, actor: Actor, key: Key) -> None:
    record(
        event, actor=actor, hotline_id=None, subject="installation:1", facts={"key": key.text}, now=datetime.now(UTC)
    )
