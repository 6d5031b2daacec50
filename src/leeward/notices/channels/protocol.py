"""The interface of a channel: everything that delivery, the outbox and the contact's page need to know about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from leeward.foundation.lazy_text import LazyText
from leeward.notices.rules.bounces import Grade
from leeward.notices.rules.delivery import Fate, Outcome, Patience

if TYPE_CHECKING:
    from leeward.notices.models import Contact

# The whole mail, encrypted if the contact has a key; or the notice as JSON (`machine.py`), which is never encrypted.
Form = Literal["mime", "json"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A question on the contact's page; `fault` returns a sentence about what is wrong with an answer, "" for a valid one."""

    name: str
    label: LazyText
    help: LazyText
    fault: Callable[[str], LazyText | str]


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message that is ready to send. `message_id` is the same in every attempt; `contact` is the directory entry of a
    notice, whose `channel_answers` hold the answers from its page, and None for every other message."""

    number: int
    message_id: str
    to: str
    contact: "Contact | None"
    content: bytes = field(repr=False)


class Channel(Protocol):
    """A way to deliver messages. `channels/NAME/channel.py` defines one as `CHANNEL`; nothing else is needed to
    register it."""

    name: str
    """Stored with each message and each contact: at most 20 letters, never changed."""
    label: LazyText
    form: Form
    kinds: frozenset[str] | None
    """The kinds of contacts that can choose it; None for the default channel, which is available to everybody for every
    message."""
    most_addresses: int | None
    """How many addresses one notice may hold; None for any number."""
    can_go_again: bool
    """Whether the receiver recognises a duplicate. If so, a message that may have arrived is sent again, unchanged;
    otherwise it waits for a person."""
    code_kind: str
    """Shown before a code in the outbox, to say whose codes they are."""
    problems: Mapping[str, LazyText]
    """The sentence for each problem that an outcome can name."""
    panel: str
    """The template of its part of the contact's page; "" if it has none."""
    asks: tuple[Ask, ...]

    def is_ready(self) -> bool:
        """Return whether its settings are complete; messages wait until they are."""

    def address_of(self, contact: "Contact") -> str:
        """Return the address of a contact's notices, for display."""

    def by_hand(self, name: str) -> LazyText:
        """Return what must be set again by hand for a contact of this name after settings were imported from a file."""

    def hand_over(self, parcel: Parcel, may_go: Callable[[], bool]) -> Outcome | None:
        """Deliver a message. `may_go` is called once, just before the point of no return; returns None if it said no."""

    def fate_of(self, outcome: Outcome) -> Fate:
        """Return what an outcome means for the message. "unsure" means that it may have arrived, whether or not it can
        be sent again."""

    def patience(self, outcome: Outcome, *, urgent: bool) -> Patience:
        """Return how long, and at least how often, to retry after an outcome."""

    def grade_of(self, outcome: Outcome) -> Grade | None:
        """Return how serious a permanent failure is for the contact; None if the failure isn't about the contact."""
