"""Adds and removes witnesses and watched logs; cosigns for others, and has our own log cosigned."""

import base64
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from leeward.audit.errors import CheckpointDamaged, LogKeyUnusable, SignerRefused, SignerSilent
from leeward.audit.rules.merkle import EMPTY_ROOT
from leeward.audit.rules.notes import (
    LOG,
    WITNESS,
    Key,
    Note,
    NoteRefused,
    holds,
    line_in,
    seen_at,
    size_in,
)
from leeward.audit.rules.policy import AHEAD_SECONDS, FRESH_SECONDS
from leeward.audit.rules.witnessing import Answer
from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.audit.tree.agreeing import agreed
from leeward.audit.tree.checkpoints import (
    Published,
    begin_anew,
    chains_to_show,
    chains_to_sign,
    keep_cosignature,
    not_cosigned_since,
    publish,
    signed_since,
)
from leeward.audit.tree.own_key import need_log_key
from leeward.backup.queries import is_held, last_restoration
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.witnessing.cosigning import Reply, cosign
from leeward.witnessing.errors import NotAKey, WatchedAlready
from leeward.witnessing.line import post
from leeward.witnessing.models import WatchedLog, Witness
from leeward.witnessing.restored import TELL, take_restored, tell_restored, tell_witnesses_of_restoring

__all__ = [
    "TELL",
    "Reply",
    "add_witness",
    "ask",
    "cosign",
    "publish_all",
    "remove",
    "take_restored",
    "tell_restored",
    "tell_witnesses_of_restoring",
    "watch_log",
]
log = logging.getLogger(__name__)
MOST_NAMES = 20  # of one log, each begun by a restoring
BEGINS_ANEW = timedelta(days=7)
MOST_SECONDS_A_WITNESS = 60.0
OVERDUE = timedelta(hours=24)  # before it is an alarm
TOO_SLOW = "it is too slow to be asked about every log"
EVIDENCE = (
    "there is evidence that it has two histories; keep what leeward witness evidence prints, then say --with-evidence"
)


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


def remove(name: str, *, actor: Actor, with_evidence: bool = False) -> None:
    """Stop asking a witness, or watching a log, by its name. Raises NotFound, and BadInput while there is evidence against the
    log, unless it may go `with_evidence`."""
    with hotline_transaction(INSTALLATION):
        removed = 0
        for row in Witness.objects.filter(vkey__startswith=f"{name}+"):
            _record("witness.removed", actor, Key.read(row.vkey))
            removed += row.delete()[0]
        for log in WatchedLog.objects.filter(origin=name):
            if log.contradictions.exists() and not with_evidence:
                raise BadInput(what=name, why=EVIDENCE)
            _record("log.unwatched", actor, Key.read(log.vkey))
            removed += log.delete()[0]
        if not removed:
            raise NotFound(what=name)


def publish_all(now: datetime) -> list[str]:
    """Sign the chains with new rows, and show those whose hour it is to every witness; return what went wrong, for the log of the server."""
    problems: list[str] = []
    if is_held():
        return problems
    witnesses = list(Witness.objects.order_by("id"))
    to_show = set(chains_to_show(now)) if witnesses else set()
    signed: list[tuple[int, Published]] = []
    for chain in sorted({*chains_to_sign(), *to_show}):
        try:
            published = _published(chain, now)
            signed += [(chain, published)] if chain in to_show else []
        except (SignerRefused, SignerSilent, CheckpointDamaged) as error:
            problems.append(error.text)
        except (ValueError, TypeError, OverflowError):  # damage elsewhere in it: the other logs go on
            log.warning("log.not_signed", extra={"chain": chain}, exc_info=True)
            problems.append(f"the log {chain} can't be read")
    for witness in witnesses:
        problems += _show_all(witness, signed, now)
    return problems


def show_now(chain: int, published: Published, now: datetime) -> list[str]:
    """Show a checkpoint to every witness without waiting for its hour; return what went wrong. While a restoring waits for a person none
    is asked."""
    if is_held():
        return []
    return [why for each in Witness.objects.order_by("id") for why in _show_all(each, [(chain, published)], now)]


def signing_trouble(now: datetime) -> object:
    """Have signed what is new; return why the signer doesn't, as a text that is translated when shown, or "". While a restoring waits
    for a person nothing is asked of it."""
    if is_held():
        return ""
    try:
        if why := need_log_key(now):
            return why
        for chain in chains_to_sign():
            with suppress(CheckpointDamaged):  # which has an alarm of its own
                _published(chain, now)
    except (LogKeyUnusable, SignerRefused, SignerSilent) as error:
        return error.lazy_text
    return ""


def _published(chain: int, now: datetime) -> Published:
    """Publish a chain. Where the signer refuses because the database was restored from a backup, which a person has confirmed, and
    nothing was signed since, the tree begins anew under the next name that was never used."""
    for _name in range(MOST_NAMES):
        try:
            return publish(chain, now)
        except SignerRefused as refused:
            if not _may_begin_anew(chain, now):
                raise
            begin_anew(chain, actor=SYSTEM, refused=refused)
    return publish(chain, now)


def _may_begin_anew(chain: int, now: datetime) -> bool:
    """Only in the week after a restoring was confirmed: what the signer refuses later is changed rows until somebody knows better."""
    restored = last_restoration()
    if restored is None or restored.moved or restored.confirmed_at is None:
        return False
    return abs(now - restored.confirmed_at) < BEGINS_ANEW and not signed_since(chain, restored.checkpoint)


def _show_all(witness: Witness, signed: list[tuple[int, Published]], now: datetime) -> list[str]:
    """Ask a witness about several chains, as long as it isn't too slow: first about those that it hasn't cosigned for long, so that each has
    its turn. Return what went wrong."""
    problems: list[str] = []
    waits = set(not_cosigned_since(now - OVERDUE, witness.vkey, [chain for chain, _published in signed]))
    ordered = sorted(signed, key=lambda one: one[0] not in waits)
    began = time.monotonic()
    for done, (chain, published) in enumerate(ordered):
        if time.monotonic() - began > MOST_SECONDS_A_WITNESS:
            _note_not_asked(witness, [one for one, _published in ordered[done:]])
            return [*problems, f"{witness}: it is too slow to be asked about {len(signed) - done} more logs"]
        problems += filter(None, [ask(witness, chain, published, now)])
    return problems


def _note_not_asked(witness: Witness, chains: list[int]) -> None:
    """Put down that nothing is known of these chains since: where that lasts, it is an alarm."""
    with hotline_transaction(INSTALLATION):
        row = Witness.objects.select_for_update().filter(id=witness.id).first()
        if row is not None:
            row.problems = {str(chain): TOO_SLOW for chain in chains} | row.problems
            row.save(update_fields=["problems"])


def ask(witness: Witness, chain: int, published: Published, now: datetime) -> str:
    """Ask a witness for its line, store it, and how it answered; return what went wrong, or ""."""
    problem, is_contradiction, size = _asked(witness, published, witness.sizes.get(str(chain), 0), post)
    if is_contradiction and (last := agreed(chain, witness.vkey)) is not None:
        problem += f"; both agree up to row {last[0]}, as it saw at {last[1]:%Y-%m-%d %H:%M} UTC"
    with hotline_transaction(INSTALLATION):
        row = Witness.objects.select_for_update().filter(id=witness.id).first()
        if row is not None:  # otherwise it was removed meanwhile
            _note(row, str(chain), problem, is_contradiction=is_contradiction, size=size)
            row.cosigned_at = row.cosigned_at if problem else now
            row.save(update_fields=["sizes", "problems", "contradicted", "cosigned_at"])
            witness.sizes = row.sizes
    return f"{witness}: {problem}" if problem else ""


def _note(row: Witness, chain: str, problem: str, *, is_contradiction: bool, size: int) -> None:
    """Put down how a witness answered about one chain; what it answered about the others stays."""
    row.sizes[chain] = size
    row.problems.pop(chain, None)
    if problem:
        row.problems[chain] = problem[:200]
    others = [each for each in row.contradicted if each != chain]
    row.contradicted = [*others, chain] if is_contradiction else others


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
    clock = int(time.time())
    timely = [line for line in good if clock - FRESH_SECONDS <= seen_at(line) <= clock + AHEAD_SECONDS]
    if not timely:
        return "the time in its line is wrong", False
    keep_cosignature(published, key, max(timely, key=seen_at))
    return "", False


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
