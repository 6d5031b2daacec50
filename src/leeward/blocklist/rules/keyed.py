"""Lists for proxies: expressions under HMAC-SHA-256, with a key for each subscriber, list and month.

Without the key, addresses can't be tested against the file, and two subscribers' files have no line in common. Keys are
derived from the installation's secret, so they need not be stored.

The file is text. The first lines are `# leeward keyed list 1` and `# list`, `# epoch`, `# serial` with a value; each
further line is a digest in hexadecimal, a space, and its scopes as letters (u page, p path, h host, d domain). Lines
are sorted.
"""

import hmac
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.lookup import Hit, first_hit, tunnel_hit
from leeward.blocklist.rules.scopes import read_scope_letters, scope_letters

FIRST_LINE = "# leeward keyed list 1"
DIGEST_BYTES = 32


def epoch_of(day: date) -> str:
    """Return the epoch of a day: its month."""
    return f"{day:%Y-%m}"


def subscriber_key(secret: bytes, *, list_name: str, subscriber: str, epoch: str) -> bytes:
    """Return the key of one subscriber for one list in one epoch."""
    parts = [part.encode() for part in ("keyed list", list_name, subscriber, epoch)]
    return hmac.digest(secret, b"".join(len(part).to_bytes(4, "big") + part for part in parts), "sha256")


def keyed_digest(key: bytes, expression: str) -> bytes:
    """Return an expression's digest under a key."""
    return hmac.digest(key, expression.encode(), "sha256")


def keyed_scopes(key: bytes, entries: Iterable[ListEntry]) -> dict[bytes, int]:
    """Return the digests of a list's entries with their scopes; raises NotExpressible."""
    found: dict[bytes, int] = {}
    for entry in entries:
        digest = keyed_digest(key, entry.expression)
        found[digest] = found.get(digest, 0) | entry.scope.bit
    return found


@dataclass(frozen=True, slots=True)
class KeyedList:
    """A keyed list as a subscriber holds it: digests and their scopes."""

    name: str
    epoch: str
    serial: int
    scopes: dict[bytes, int]

    def hit(self, key: bytes, comparable: str) -> Hit | None:
        """Return the entry that blocks an address in its comparable form."""
        return first_hit(comparable, lambda expression: self.scopes.get(keyed_digest(key, expression), 0))

    def tunnel_hit(self, key: bytes, host: str) -> Hit | None:
        """Return the entry that blocks a whole host."""
        return tunnel_hit(host, lambda expression: self.scopes.get(keyed_digest(key, expression), 0))


def keyed_text(held: KeyedList) -> Iterator[str]:
    """Return the lines of a list's file."""
    yield f"{FIRST_LINE}\n# list {held.name}\n# epoch {held.epoch}\n# serial {held.serial}\n"
    for digest in sorted(held.scopes):
        yield f"{digest.hex()} {scope_letters(held.scopes[digest])}\n"


def read_keyed(lines: Iterable[str]) -> KeyedList:
    """Read the lines of a list's file; raises BadCoding naming the line."""
    facts: dict[str, str] = {}
    scopes: dict[bytes, int] = {}
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        if number == 1 and text != FIRST_LINE:
            raise BadCoding(f"line 1 is not “{FIRST_LINE}”")
        if text.startswith("# "):
            name, _, value = text[2:].partition(" ")
            facts[name] = value
            continue
        try:
            digest, letters = bytes.fromhex(text[:64]), read_scope_letters(text[65:])
        except ValueError as error:
            raise BadCoding(f"line {number} is no digest with scopes") from error
        if len(digest) != DIGEST_BYTES or text[64] != " ":
            raise BadCoding(f"line {number} is no digest with scopes")
        scopes[digest] = letters
    if not {"list", "epoch", "serial"} <= facts.keys() or not facts["serial"].isdecimal():
        raise BadCoding("the first lines lack list, epoch or serial")
    return KeyedList(facts["list"], facts["epoch"], int(facts["serial"]), scopes)
