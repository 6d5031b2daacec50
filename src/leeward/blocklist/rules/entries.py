"""One line of a list in the form that the formats need."""

from dataclasses import dataclass, field

from leeward.blocklist.rules.expressions import entry_expression, split_comparable
from leeward.blocklist.rules.scopes import Scope


@dataclass(frozen=True, slots=True)
class ListEntry:
    """What is blocked: a scope and the comparable form of an address.

    `address` is the exact one, if known; entries that differ only in it are equal.
    """

    scope: Scope
    comparable: str
    address: str = field(default="", compare=False)

    @property
    def host(self) -> str:
        """The host in its comparable form."""
        return split_comparable(self.comparable)[0]

    @property
    def expression(self) -> str:
        """The text under which the entry is on hashed lists; raises NotExpressible."""
        return entry_expression(self.scope, self.comparable)
