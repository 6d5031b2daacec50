"""The ways to block an address, in words, for the person who chooses."""

from dataclasses import dataclass

from leeward.blocklist import labels
from leeward.blocklist.queries.names import limits_of
from leeward.blocklist.rules.choices import Choice, choices
from leeward.blocklist.rules.expressions import split_comparable
from leeward.blocklist.rules.gates import Fence
from leeward.blocklist.rules.scopes import Scope


@dataclass(frozen=True, slots=True)
class Way:
    """One way to block an address: its target, its effect, and why it can't be chosen ("" if it can)."""

    scope: str
    target: str
    shown: str
    title: str
    meaning: str
    why_not: str

    @property
    def value(self) -> str:
        """The value that a form submits for it."""
        return f"{self.scope} {self.target}"


def ways_to_block(address: str, hotline_id: int) -> list[Way]:
    """Return every way to block an address, narrowest first; raises BadAddress if it is not a web address."""
    return [_way(made) for made in choices(address, Fence(limits_of(hotline_id)))]


def _way(made: Choice) -> Way:
    why = labels.why_not(made.refused, made.stopped)
    host, path, _query = split_comparable(made.target)
    shown = {Scope.DOMAIN: f"*.{host}", Scope.HOST: host, Scope.PATH: f"{host}{path}…"}.get(made.scope, made.target)
    return Way(
        scope=made.scope.value,
        target=made.target,
        shown=shown,
        title=str(labels.SCOPES[made.scope]),
        meaning=str(labels.SCOPE_HINTS[made.scope]),
        why_not=why,
    )
