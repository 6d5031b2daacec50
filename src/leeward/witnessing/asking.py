"""Asks witnesses themselves for what they last signed of a log, without a key and without writing anything down here.

Each is shown once more the newest checkpoint that it cosigned in the last 26 hours, or else our newest, as if nothing had happened since:
it signs that again if it knows of nothing newer. What was signed since and is not shown yet is no fault; nobody vouches for it. One that
has seen more, or something else, says so, and shows its own newest checkpoint with the time of its line.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from leeward.audit.errors import CheckpointDamaged
from leeward.audit.rules.notes import Checkpoint, Key, Note, NoteRefused, holds, line_in, seen_at, size_in
from leeward.audit.rules.policy import AHEAD_SECONDS, FRESH_SECONDS, Policy
from leeward.audit.rules.proofs import vouched
from leeward.audit.rules.witnessing import Answer
from leeward.audit.tree.agreeing import agreed, is_part, rows_now
from leeward.audit.tree.stored import newest_seen, newest_whole
from leeward.witnessing import line
from leeward.witnessing.models import Witness


@dataclass(frozen=True, slots=True)
class Statement:
    """What a witness answered, as part of a sentence; `is_good`: it vouches for what is here, `is_against`: it contradicts it."""

    name: str
    answer: str
    is_good: bool = False
    is_against: bool = False


@dataclass(frozen=True, slots=True)
class Answers:
    """What all answered about one chain, and what is missing ("": nothing)."""

    asked: tuple[Statement, ...]
    problem: str


def ask_witnesses(chain: int, policy: Policy | None) -> Answers:
    """Ask the witnesses of a policy about a chain, at the addresses that it names or that are known here; without a policy those that
    this installation itself names, which proves less."""
    known = {Key.read(row.vkey): row.url for row in Witness.objects.order_by("vkey")}
    addresses = {key: policy.addresses.get(key) or known.get(key, "") for key in policy.witnesses} if policy else known
    need = policy.need if policy else len(addresses) // 2 + 1
    if not addresses:
        return Answers((), "nobody witnesses this log")
    try:
        row = newest_whole(chain)
    except CheckpointDamaged as damage:
        return Answers((), damage.text.rstrip("."))
    if row is None:
        return Answers((), "no checkpoint of it was ever signed")
    if policy and (problem := _distrust(_bare(row.body, row.line), policy)):
        return Answers((), problem)
    since = int(time.time()) - FRESH_SECONDS
    shown = {key: newest_seen(row, key, since) for key in addresses}
    asked = tuple(_asked(chain, _bare(shown[key].body, shown[key].line), key, addresses[key]) for key in addresses)
    asked = tuple(  # its answer to a newer one may never have come back to us
        _asked(chain, _bare(row.body, row.line), key, addresses[key]) if one.is_against and shown[key] != row else one
        for key, one in zip(addresses, asked, strict=True)
    )
    against = [each.name for each in asked if each.is_against]
    good = sum(each.is_good for each in asked)
    if against:
        return Answers(asked, f"{', '.join(against)} contradicts it")
    missing = f"{good} of the {need} witnesses needed answered that they have seen nothing else"
    return Answers(asked, missing if good < need else "")


def _bare(body: str, line_of_log: str) -> Note:
    return Note(body, (line_in(line_of_log),))


def _distrust(note: Note, policy: Policy) -> str:
    """Return why somebody with this policy doesn't take a checkpoint for the log's; "" if they do."""
    log = next((key for key in policy.logs if note.body.startswith(f"{key.name}\n")), None)
    if log is None:
        return f"no key is trusted for {note.body.partition(chr(10))[0]}"
    try:
        vouched(note, log, ())
    except NoteRefused as refused:
        return str(refused)
    return ""


def _asked(chain: int, note: Note, key: Key, address: str) -> Statement:
    if not address:
        return Statement(key.name, "was not asked, for its address is not known")
    ours = Checkpoint.read(note.body)
    status, text = line.post(f"{address}/add-checkpoint", f"old {ours.size}\n\n{note.text}")
    if status == Answer.COSIGNED:
        return _signed_again(key, note, text)
    if status in (Answer.OTHER_SIZE, Answer.FORK):
        return _other(chain, ours, key, address, text if status == Answer.OTHER_SIZE else "")
    return Statement(key.name, f"answered {status}" if status else text.removeprefix("it "))


def _signed_again(key: Key, note: Note, text: str) -> Statement:
    at = _newest_line(key, note.body, text.splitlines())
    if at is None:
        return Statement(key.name, "gave a line that is not signed with its key")
    now = int(time.time())
    if abs(at - now) > AHEAD_SECONDS:
        return Statement(key.name, f"gave a line of {_hour(at)}, which is not now")
    size = Checkpoint.read(note.body).size
    return Statement(
        key.name, f"signed at {_hour(at)} that it has seen these {size} rows and nothing else", is_good=True
    )


def _other(chain: int, ours: Checkpoint, key: Key, address: str, text: str) -> Statement:
    """Return what a witness makes of our checkpoint that says it knows another size, or (no text) that this is a fork."""
    theirs = _published(ours.origin, key, address)
    when = f" at {_hour(theirs[1])}" if theirs else ""
    rows = rows_now(chain)
    try:
        size = theirs[0].size if theirs else size_in(text.strip())
    except NoteRefused:
        return Statement(key.name, "has seen another history of this log" + _until(chain, key), is_against=True)
    if theirs and is_part(chain, theirs[0].size, theirs[0].root):
        if size <= ours.size:
            return Statement(key.name, f"saw only {size} rows{when}, and the tree here continues them")
        now = int(time.time())
        if not now - FRESH_SECONDS <= theirs[1] <= now + AHEAD_SECONDS:
            return Statement(key.name, f"shows a line of {_hour(theirs[1])}, which is not now")
        return Statement(key.name, f"saw {size} rows{when}, and the tree here continues them", is_good=True)
    if not theirs and size <= ours.size and text:
        return Statement(key.name, f"has seen only {size} rows")
    what = (
        f"saw {size} rows{when}, and there are {rows}" if size > rows else f"saw another history of {size} rows{when}"
    )
    return Statement(key.name, what + _until(chain, key), is_against=True)


def _until(chain: int, key: Key) -> str:
    last = agreed(chain, key.text)
    return f"; both agree up to row {last[0]}, as it saw at {last[1]:%Y-%m-%d %H:%M} UTC" if last else ""


def _published(origin: str, key: Key, address: str) -> tuple[Checkpoint, int] | None:
    """Return the newest checkpoint of a log that a witness shows, and when it signed that; None where it shows none."""
    status, text = line.get(f"{address}/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")
    try:
        note = Note.read(text) if status == Answer.COSIGNED else None
        if note is None or Checkpoint.read(note.body).origin != origin:
            return None
        at = _newest_line(key, note.body, [each.text.rstrip("\n") for each in note.lines])
        return (Checkpoint.read(note.body), at) if at is not None else None
    except NoteRefused:
        return None


def _newest_line(key: Key, body: str, lines: list[str]) -> int | None:
    """Return when this witness signed, by the newest of these lines that is its own and holds."""
    times = []
    for text in lines:
        try:
            one = line_in(text)
        except NoteRefused:
            continue
        if (one.name, one.key_id) == (key.name, key.id) and holds(body, one, key):
            times.append(seen_at(one))
    return max(times, default=None)


def _hour(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"
