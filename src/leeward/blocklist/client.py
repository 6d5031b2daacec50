"""Decide locally whether an address is blocked: the source of the list learns neither the address nor who asked.

Needs numpy, publicsuffixlist, ada-url and what `leeward.foundation` needs; no database and no framework. `LocalList`
keeps a list of 4-byte prefixes in a folder that processes may share. If none of an address's expressions has a listed
prefix, the address is clear and no request is made. For the few others the source is asked for the full digests behind
the prefixes, mixed with other prefixes of the list.

    held = LocalList(Path("/var/lib/filter"), "national", HttpTransport("https://lists.hotline.example", "national", token))
    held.refresh()                                 # every few minutes; it waits as long as the source asks for
    held.check("http://name.example/page").state   # "clear", "blocked" or "unsure"

`docs/how-to/hash-list.md` describes every step for other languages.
"""

import base64
import json
import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, Protocol

import numpy as np

from leeward.blocklist.rules.errors import BadCoding, BadUpdate
from leeward.blocklist.rules.expressions import candidates, digest
from leeward.blocklist.rules.hash_list import (
    EMPTY,
    PREFIX_BYTES,
    HashList,
    checksum_of,
    may_ask_again_at,
    updated,
)
from leeward.blocklist.rules.hash_list_wire import read_update
from leeward.blocklist.rules.lookup import comparable_of
from leeward.blocklist.rules.rice import Numbers
from leeward.blocklist.rules.search import Answer, Found
from leeward.foundation.errors import LeewardError

_MOST_REMEMBERED = 20_000
_chance = random.SystemRandom()


class AskFailed(LeewardError):
    """The source of the list could not be reached, or refused the request."""

    code = "ask_failed"
    sentence = "The source of the list did not answer: {why}."
    hint = "The list stays as it is. Try again later, or check address and token."
    status = 502

    def __init__(self, why: str) -> None:
        super().__init__(why=why)


class ListDamaged(LeewardError):
    """The local file of a list can't be read."""

    code = "list_damaged"
    sentence = "{path} is no list of this program, or damaged."
    hint = "Delete it; the next refresh fetches the list anew."

    def __init__(self, path: object) -> None:
        super().__init__(path=path)


class Transport(Protocol):
    """A connection to the source of a list; both methods raise AskFailed."""

    def fetch(self, version: bytes) -> bytes | None:
        """Return the update from a version (empty: from nothing) to the current one, or None if they are the same."""

    def search(self, prefixes: Sequence[bytes]) -> Answer:
        """Return the digests behind these prefixes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is known of an address.

    `unsure`: the list was never loaded, or a prefix is listed and the source did not answer; the caller decides what to
    do.
    """

    state: Literal["clear", "blocked", "unsure"]
    expression: str = ""
    asked: bool = False

    @property
    def is_blocked(self) -> bool:
        """Whether the address is certainly on the list."""
        return self.state == "blocked"


@dataclass(frozen=True, slots=True)
class Refreshed:
    """The result of a refresh: whether the list changed, its size, and when the source may be asked again."""

    changed: bool
    size: int
    next_at: datetime


class LocalList:
    """A list stored in a folder. Not thread-safe, but any number of processes may use one folder."""

    def __init__(self, folder: Path, name: str, transport: Transport, *, decoys: int = 3) -> None:
        self.path = folder / f"{name}.prefixes"
        self._transport = transport
        self._decoys = decoys
        self._known: dict[bytes, tuple[datetime, tuple[Found, ...]]] = {}
        self._inode = -1
        self._held, self.fetched_at = HashList(name, b"", EMPTY), datetime.min.replace(tzinfo=UTC)
        self._read()

    def __len__(self) -> int:
        return len(self._held)

    @property
    def version(self) -> bytes:
        """The version of the stored list, empty for none."""
        return self._held.version

    def age(self, now: datetime | None = None) -> timedelta:
        """Return how long ago the source last confirmed the list."""
        return (now or datetime.now(UTC)) - self.fetched_at

    def refresh(self, now: datetime | None = None) -> Refreshed:
        """Bring the list up to date, unless the source asked us to wait; raises AskFailed, BadCoding or BadUpdate.

        An update that doesn't fit is discarded and the whole list is fetched instead. On any error the stored list is
        kept.
        """
        moment = now or datetime.now(UTC)
        self._read()
        if self.version and moment < may_ask_again_at(self._held, self.fetched_at):
            return Refreshed(False, len(self), may_ask_again_at(self._held, self.fetched_at))
        before = self.version
        self._held = self._next()
        self.fetched_at = moment
        self._write()
        if self.version != before:
            self._known.clear()
        return Refreshed(self.version != before, len(self), may_ask_again_at(self._held, moment))

    def _next(self) -> HashList:
        try:
            return self._step(self._held)
        except (BadUpdate, BadCoding):
            if not self.version:
                raise
        return self._step(HashList(self._held.name, b"", EMPTY))

    def _step(self, old: HashList) -> HashList:
        message = self._transport.fetch(old.version)
        return old if message is None else updated(old, read_update(message))

    def check(self, url: str, now: datetime | None = None) -> Verdict:
        """Return what is known of an address; raises BadAddress if it is not a web address.

        While the source can't be reached, its earlier answers about a prefix that is still listed remain valid.
        """
        comparable = comparable_of(url)
        if not self.version:  # never loaded, so nothing is known
            return Verdict("unsure")
        suspects = self._suspects(comparable)
        if not suspects:
            return Verdict("clear")
        moment = now or datetime.now(UTC)
        unknown = {key[:PREFIX_BYTES] for _, _, key in suspects if not self._is_known(key[:PREFIX_BYTES], moment)}
        failed = False
        if unknown:
            try:
                self._ask(unknown, moment)
            except (AskFailed, BadCoding):
                failed = True
        for expression, scopes, key in suspects:
            _, found = self._known.get(key[:PREFIX_BYTES], (moment, ()))
            if any(one.digest == key and one.scopes & scopes for one in found):
                return Verdict("blocked", expression, asked=bool(unknown))
        return Verdict("unsure" if failed else "clear", asked=bool(unknown))

    def _suspects(self, comparable: str) -> list[tuple[str, int, bytes]]:
        """Return the expressions whose prefix is listed, with their scopes and digests."""
        rows = [(expression, scopes, digest(expression)) for expression, scopes in candidates(comparable)]
        prefixes = self._held.prefixes
        if not len(prefixes):
            return []
        wanted = np.array([int.from_bytes(key[:PREFIX_BYTES]) for _, _, key in rows], np.uint32)
        places = np.minimum(np.searchsorted(prefixes, wanted), len(prefixes) - 1)
        return [rows[row] for row in np.flatnonzero(prefixes[places] == wanted)]

    def _is_known(self, prefix: bytes, now: datetime) -> bool:
        return prefix in self._known and now < self._known[prefix][0]

    def _ask(self, unknown: set[bytes], now: datetime) -> None:
        """Ask for prefixes, hidden among others of the list, and remember all answers."""
        prefixes = sorted(unknown | self._others(unknown))
        answer = self._transport.search(prefixes)
        if len(self._known) > _MOST_REMEMBERED:
            self._known.clear()
        found: dict[bytes, list[Found]] = {prefix: [] for prefix in prefixes}
        for one in answer.found:
            found.get(one.digest[:PREFIX_BYTES], []).append(one)
        for prefix, group in found.items():
            self._known[prefix] = (now + answer.cache, tuple(group))

    def _others(self, unknown: set[bytes]) -> set[bytes]:
        prefixes, wanted = self._held.prefixes, len(unknown) * self._decoys
        places = _chance.sample(range(len(prefixes)), min(wanted + len(unknown), len(prefixes)))
        drawn = (int(prefixes[place]).to_bytes(PREFIX_BYTES) for place in places)
        return set([prefix for prefix in drawn if prefix not in unknown][:wanted])

    def _read(self) -> None:
        """Read the folder again if another process has stored a newer list there."""
        try:
            with self.path.open("rb") as stream:
                inode = os.fstat(stream.fileno()).st_ino
                if inode == self._inode:
                    return
                heading, body = stream.readline(65536), stream.read()
        except FileNotFoundError:
            return
        try:
            facts = json.loads(heading)
            prefixes: Numbers = np.frombuffer(body, ">u4").astype(np.uint32)
            if facts["name"] != self._held.name or checksum_of(prefixes).hex() != facts["checksum"]:
                raise ListDamaged(self.path)
            wait = timedelta(seconds=facts["minimum_wait_seconds"])
            self._held = HashList(facts["name"], base64.b64decode(facts["version"]), prefixes, wait)
            self.fetched_at = datetime.fromisoformat(facts["fetched_at"]).astimezone(UTC)
        except (KeyError, TypeError, ValueError) as error:
            raise ListDamaged(self.path) from error
        self._inode = inode
        self._known.clear()

    def _write(self) -> None:
        held = self._held
        facts = {
            "name": held.name,
            "version": base64.b64encode(held.version).decode(),
            "minimum_wait_seconds": int(held.minimum_wait.total_seconds()),
            "fetched_at": self.fetched_at.isoformat(),
            "checksum": held.checksum.hex(),
        }
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}.new")
        with temporary.open("wb") as stream:
            stream.write(json.dumps(facts).encode() + b"\n" + held.prefixes.astype(">u4").tobytes())
            stream.flush()
            os.fsync(stream.fileno())
            self._inode = os.fstat(stream.fileno()).st_ino
        temporary.replace(self.path)
