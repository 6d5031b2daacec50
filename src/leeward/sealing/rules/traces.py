"""Whether somebody sends the same again, where their words can't be opened: a trace of each text, by a key of the sender's. Pure.

A trace is an HMAC, cut to 96 bits. The key is made of something that the sender has and nobody keeps, so that traces tell nothing
to whoever reads them: not even whether a guess is right.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field

_BYTES = 12
_LETTERS = "letters"  # no column has this name


@dataclass(slots=True)
class Traces:
    """The traces of the texts that came under one key, by column, the newest last; and how many letters they have in all."""

    key: bytes
    kept: dict[str, list[str]] = field(default_factory=dict)
    letters: int = 0

    def has(self, column: str, text: str) -> bool:
        """Return whether this text came for this column before."""
        return self._of(column, text) in self.kept.get(column, [])

    def ends_with(self, column: str, text: str) -> bool:
        """Return whether this text was the last that came for this column."""
        return self.kept.get(column, [])[-1:] == [self._of(column, text)]

    def add(self, column: str, text: str) -> None:
        """Take a text down; nothing, if it is empty."""
        if text:
            self.kept.setdefault(column, []).append(self._of(column, text))
            self.letters += len(text)

    def as_stored(self) -> dict[str, object]:
        """Return what is stored of them: anything but the key."""
        return {**self.kept, _LETTERS: self.letters}

    def _of(self, column: str, text: str) -> str:
        message = f"{column}\n{text}".encode("utf-8", "surrogatepass")
        return base64.urlsafe_b64encode(hmac.digest(self.key, message, hashlib.sha256)[:_BYTES]).decode("ascii")


def traces_of(key: bytes, stored: Mapping[str, object]) -> Traces:
    """Return traces as they were stored, for this key."""
    letters = stored.get(_LETTERS)
    kept = {name: [str(one) for one in found] for name, found in stored.items() if isinstance(found, list)}
    return Traces(key, kept, letters if isinstance(letters, int) else 0)
