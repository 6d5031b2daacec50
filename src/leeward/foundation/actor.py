"""Who acts, and whether they may."""

from dataclasses import dataclass, field
from typing import Literal

from leeward.foundation.lazy_text import LazyText

ActorKind = Literal["staff", "reporter", "host", "police", "owner", "provider", "token", "system", "command"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a member of staff, an outsider with a link or a receipt, or the system itself.

    `id` is the account's number for staff, the key's for a program that uses the API, and None for everybody else;
    outsiders are never identified. A program's `roles` are the scopes of its key.
    """

    kind: ActorKind
    id: int | None = None
    name: str = ""
    hotline_id: int | None = None
    roles: frozenset[str] = field(default_factory=frozenset)

    @property
    def label(self) -> str:
        """Return the form stored in the log: `staff:12`, `reporter`, `system`."""
        return f"{self.kind}:{self.id}" if self.id is not None else self.kind


SYSTEM = Actor(kind="system")


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of every `may_*` predicate: allowed or not, and the reason for a refusal as part of a sentence."""

    allowed: bool
    reason: str | LazyText = ""

    def __bool__(self) -> bool:
        return self.allowed


YES = Decision(True)


def no(reason: str | LazyText) -> Decision:
    """Return a refusal with its reason."""
    return Decision(False, reason)
