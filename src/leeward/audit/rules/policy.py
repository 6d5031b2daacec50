"""Whom somebody who verifies a log trusts, and what that makes of its newest checkpoint. Pure.

A policy is a file that stands outside what is verified: a line `log VKEY` for each log, `witness VKEY` for each witness, with the
address behind the key where it is to be asked there, and `need K`: how many of the witnesses must have seen it. More than half
of them by default, so that no two histories can both have enough.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

from leeward.audit.rules.notes import LOG, WITNESS, Checkpoint, Key, Note, NoteRefused
from leeward.audit.rules.proofs import vouched

FRESH_SECONDS = 26 * 3600
AHEAD_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Policy:
    """The keys that are trusted, how many witnesses it takes, and the addresses of witnesses by their keys where it names them."""

    logs: tuple[Key, ...]
    witnesses: tuple[Key, ...]
    need: int
    addresses: Mapping[Key, str] = field(default_factory=dict)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the policy in a file; raises NoteRefused. The key of a witness under two names is refused: it would count once anyway. All logs
        of an installation have the key of its signer."""
        keys: dict[str, list[Key]] = {"log": [], "witness": []}
        addresses: dict[Key, str] = {}
        need = None
        for number, line in enumerate(text.splitlines(), start=1):
            word, _, rest = line.partition("#")[0].strip().partition(" ")
            if not word:
                continue
            if word in keys:
                vkey, _, address = rest.strip().partition(" ")
                keys[word].append(Key.read(vkey))
                if address and word == "log":
                    raise NoteRefused(f"line {number} is longer than: log VKEY")
                if address:
                    addresses[keys[word][-1]] = address.strip().rstrip("/")
            elif word == "need" and rest.strip().isdigit() and need is None:
                need = int(rest)
            else:
                raise NoteRefused(f"line {number} is none of: log VKEY, witness VKEY ADDRESS, need NUMBER")
        logs, witnesses = tuple(keys["log"]), tuple(keys["witness"])
        if any(key.kind != LOG for key in logs) or any(key.kind != WITNESS for key in witnesses):
            raise NoteRefused("a key of a log stands where one of a witness should, or the other way round")
        theirs = {key.raw for key in witnesses}
        is_twice = len(set(logs)) != len(logs) or len(theirs) != len(witnesses)
        if is_twice or any(key.raw in theirs for key in logs):
            raise NoteRefused("one key stands here twice")
        return replace(cls.of(logs, witnesses, need), addresses=addresses)

    @classmethod
    def of(cls, logs: tuple[Key, ...], witnesses: tuple[Key, ...], need: int | None) -> Self:
        """Return a policy; raises NoteRefused if it wants more witnesses than it names, or too few to exclude two histories."""
        least = len(witnesses) // 2 + 1 if witnesses else 0
        wanted = least if need is None else need
        if not least <= wanted <= len(witnesses):
            raise NoteRefused(f"of {len(witnesses)} witnesses, {least} to {len(witnesses)} can be needed, not {wanted}")
        return cls(logs, witnesses, wanted)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a note shows under a policy: the checkpoint, who saw it when (fresh or not), and what is missing ("": nothing)."""

    checkpoint: Checkpoint | None
    seen: tuple[tuple[str, int], ...]
    problem: str


def judged(policy: Policy, note: Note, now: int) -> Judged:
    """Return what a note shows at a time (seconds since 1970)."""
    log = next((key for key in policy.logs if note.body.startswith(f"{key.name}\n")), None)
    if log is None:
        return Judged(None, (), f"no key is trusted for {note.body.partition(chr(10))[0]}")
    try:
        checkpoint, seen = vouched(note, log, policy.witnesses)
    except NoteRefused as refused:
        return Judged(None, (), str(refused))
    fresh = [name for name, at in seen if now - FRESH_SECONDS <= at <= now + AHEAD_SECONDS]
    if len(fresh) >= policy.need:
        return Judged(checkpoint, seen, "")
    return Judged(checkpoint, seen, f"{len(fresh)} of the {policy.need} witnesses needed saw it in the last 26 hours")


def best(policy: Policy, notes: Iterable[Note], now: int) -> Judged | None:
    """Return the first note with nothing missing, otherwise what is missing of the first; None without a note."""
    first = None
    for note in notes:
        found = judged(policy, note, now)
        if not found.problem:
            return found
        first = first or found
    return first
