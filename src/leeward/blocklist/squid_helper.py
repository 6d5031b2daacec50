"""Squid's external ACL helper: `python -m leeward.blocklist.squid_helper --list FILE [--key-file KEY]`.

FILE is a keyed list, or a snapshot; KEY holds the subscriber's keys: a line each with an epoch (a month) and the key in hexadecimal.
New files are taken up when they have come into their places by a rename; what can't be read, or has no key of its epoch, is reported
on standard error and the old list and key stay. Nothing is written down.
"""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TextIO

from leeward.blocklist.rules.expressions import digest, split_comparable
from leeward.blocklist.rules.keyed import keyed_digest, read_keyed
from leeward.blocklist.rules.lookup import comparable_of, first_hit, tunnel_hit
from leeward.blocklist.rules.squid import answer
from leeward.blocklist.snapshot import MAGIC, Snapshot
from leeward.foundation.errors import BadInput, LeewardError
from leeward.hosting.rules.urls import BadAddress, canonical_url

WRONG_USE = 2
_KEY_BYTES = 32


class ListFile:
    """A list in a file, queried with the key of its epoch; `refresh` loads newer files."""

    def __init__(self, path: Path, key_path: Path | None) -> None:
        self._path, self._key_path = path, key_path
        self._digest: Callable[[str], bytes] = digest
        self._stamps: tuple[tuple[int, int], ...] = ()
        self._held: tuple[bytes, str] = b"", ""
        self._scopes_of: Callable[[bytes], int] = lambda key: 0
        self.refresh()

    def refresh(self) -> None:
        """Read the files if they have changed; raises OSError or LeewardError, and then keeps the old list and key."""
        paths = [self._path, *([self._key_path] if self._key_path else [])]
        stamps = tuple((status.st_ino, status.st_mtime_ns) for status in map(Path.stat, paths))
        if stamps == self._stamps:
            return
        self._stamps = stamps
        scopes_of, epoch = _read_list(self._path)
        key = self._key_of(epoch)
        self._digest = partial(keyed_digest, key) if key else digest
        self._scopes_of, self._held = scopes_of, (key, epoch)

    def _key_of(self, epoch: str) -> bytes:
        """Return the key of an epoch; with another key nothing would be found, and everything would be open."""
        if not epoch:
            return b""
        keys = read_keys(self._key_path) if self._key_path else {}
        key = keys.get(epoch) or keys.get("")
        held, of = self._held
        if key is None or (epoch not in keys and key == held and epoch != of):
            raise BadInput(what=str(self._key_path or "--key-file"), why=f"it holds no key of {epoch}, as the list has")
        return key

    def _scopes(self, expression: str) -> int:
        return self._scopes_of(self._digest(expression))

    def is_listed(self, url: str) -> bool:
        """Return whether an address is listed; anything that is not a web address is not."""
        try:
            return first_hit(comparable_of(url), self._scopes) is not None
        except BadAddress:
            return False

    def is_host_listed(self, host: str) -> bool:
        """Return whether a host is listed as a whole."""
        try:
            known, _, _ = split_comparable(canonical_url(f"https://{host}/").comparable)
        except BadAddress:
            return False
        return tunnel_hit(known, self._scopes) is not None


def serve(listed: ListFile, questions: TextIO, answers: TextIO, complaints: TextIO) -> None:
    """Answer until the input ends; complain once about each new list that can't be used."""
    last_error = ""
    for line in questions:
        try:
            listed.refresh()
        except (OSError, LeewardError) as error:
            if str(error) != last_error:
                last_error = str(error)
                complaints.write(f"leeward: the new list is not used: {last_error}\n")
                complaints.flush()
        answers.write(answer(line, listed) + "\n")
        answers.flush()


def _read_list(path: Path) -> tuple[Callable[[bytes], int], str]:
    """Return a look-up function and the epoch of the key for its digests; raises OSError or LeewardError."""
    with path.open("rb") as stream:
        is_snapshot = stream.read(len(MAGIC)) == MAGIC
    if is_snapshot:
        opened = Snapshot.open(path, verify=True)
        return opened.scopes_of, opened.heading.epoch
    with path.open(encoding="utf-8", errors="replace") as lines:
        held = read_keyed(lines)
    return lambda key: held.scopes.get(key, 0), held.epoch


def read_keys(path: Path) -> dict[str, bytes]:
    """Return the keys in a file by epoch: lines of an epoch and its key; "" for a key alone. Raises BadInput or
    OSError.
    """
    keys: dict[str, bytes] = {}
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        epoch, _, text = line.strip().rpartition(" ")
        try:
            key = bytes.fromhex(text)
        except ValueError as error:
            raise BadInput(what=str(path), why="it is not hexadecimal") from error
        if text and len(key) != _KEY_BYTES:
            raise BadInput(what=str(path), why=f"a key has {_KEY_BYTES} bytes")
        keys |= {epoch.strip(): key} if text else {}
    return keys


def main(arguments: list[str] | None = None) -> int:
    """Run the helper; returns 2 when the list or the key can't be read at the start."""
    parser = argparse.ArgumentParser(prog="leeward.blocklist.squid_helper", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--list", type=Path, required=True, help="the keyed list or snapshot")
    parser.add_argument("--key-file", type=Path, help="a file with lines of an epoch and its key in hexadecimal")
    given = parser.parse_args(arguments)
    try:
        listed = ListFile(given.list, given.key_file)
    except (OSError, LeewardError) as error:
        sys.stderr.write(f"leeward: {error}\n")
        return WRONG_USE
    sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]  # a process of its own has a real one
    serve(listed, sys.stdin, sys.stdout, sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
