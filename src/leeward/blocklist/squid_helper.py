"""Squid's external ACL helper: `python -m leeward.blocklist.squid_helper --list FILE [--key-file KEY]`.

FILE is a keyed list, or a snapshot; KEY holds the subscriber's key in hexadecimal. A new FILE is taken up when it has come into its
place by a rename; one that can't be read is reported on standard error and the old one stays. Nothing is written down.
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
from leeward.ground.errors import BadInput, LeewardError
from leeward.hosting.rules.urls import BadAddress, canonical_url

WRONG_USE = 2
_KEY_BYTES = 32


class ListFile:
    """A list in a file, asked under a key; `refresh` takes up a newer file."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._digest = partial(keyed_digest, key) if key else digest
        self._stamp = (0, 0)
        self._scopes_of: Callable[[bytes], int] = lambda key: 0
        self.refresh()

    def refresh(self) -> None:
        """Read the file if it is another one than before; raises OSError or LeewardError, and keeps the old list then."""
        status = self._path.stat()
        stamp = (status.st_ino, status.st_mtime_ns)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        with self._path.open("rb") as stream:
            is_snapshot = stream.read(len(MAGIC)) == MAGIC
        if is_snapshot:
            self._scopes_of = Snapshot.open(self._path, verify=True).scopes_of
            return
        with self._path.open(encoding="utf-8", errors="replace") as lines:
            scopes = read_keyed(lines).scopes
        self._scopes_of = lambda key: scopes.get(key, 0)

    def _scopes(self, expression: str) -> int:
        return self._scopes_of(self._digest(expression))

    def is_listed(self, url: str) -> bool:
        """Whether an address is listed; what is no web address is not."""
        try:
            return first_hit(comparable_of(url), self._scopes) is not None
        except BadAddress:
            return False

    def is_host_listed(self, host: str) -> bool:
        """Whether a host is listed as a whole."""
        try:
            known, _, _ = split_comparable(canonical_url(f"https://{host}/").comparable)
        except BadAddress:
            return False
        return tunnel_hit(known, self._scopes) is not None


def serve(listed: ListFile, questions: TextIO, answers: TextIO, complaints: TextIO) -> None:
    """Answer until the questions end; complain once about each new list that can't be used."""
    said = ""
    for line in questions:
        try:
            listed.refresh()
        except (OSError, LeewardError) as error:
            if str(error) != said:
                said = str(error)
                complaints.write(f"leeward: the new list is not used: {said}\n")
                complaints.flush()
        answers.write(answer(line, listed) + "\n")
        answers.flush()


def read_key(path: Path) -> bytes:
    """Return the key that a file holds; raises BadInput or OSError."""
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise BadInput(what=str(path), why="it is not hexadecimal") from error
    if len(key) != _KEY_BYTES:
        raise BadInput(what=str(path), why=f"a key has {_KEY_BYTES} bytes")
    return key


def main(arguments: list[str] | None = None) -> int:
    """Run the helper; returns 2 when the list or the key can't be read at the start."""
    parser = argparse.ArgumentParser(prog="leeward.blocklist.squid_helper", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--list", type=Path, required=True, help="the keyed list or snapshot")
    parser.add_argument("--key-file", type=Path, help="a file with the key in hexadecimal")
    given = parser.parse_args(arguments)
    try:
        listed = ListFile(given.list, read_key(given.key_file) if given.key_file else b"")
    except (OSError, LeewardError) as error:
        sys.stderr.write(f"leeward: {error}\n")
        return WRONG_USE
    sys.stdin.reconfigure(errors="surrogateescape")  # type: ignore[union-attr]
    serve(listed, sys.stdin, sys.stdout, sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
