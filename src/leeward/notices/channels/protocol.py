"""What a channel says of itself: everything that delivery, the outbox and the contact's page need to know of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

from leeward.foundation.said import LazyText
from leeward.notices.rules.bounces import Grade
from leeward.notices.rules.delivery import Fate, Outcome, Patience

if TYPE_CHECKING:
    from leeward.notices.models import Contact

# The whole mail, encrypted where the contact has a key; or the notice as JSON (`machine.py`), which is never encrypted.
Form = Literal["mime", "json"]


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that the contact's page asks; `fault` says in a sentence what is wrong with an answer, "" for a good one."""

    name: str
    label: LazyText
    help: LazyText
    fault: Callable[[str], LazyText | str]


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message, ready to go. `message_id` is the same at every try; `contact` is the entry that a notice goes to, whose
    `channel_answers` are what its page asked, and None for every other message."""

    number: int
    message_id: str
    to: str
    contact: "Contact | None"
    content: bytes = field(repr=False)


class Channel(Protocol):
    """A way to hand messages over. `channels/NAME/channel.py` has one as `CHANNEL`; that it is there is all that registers it."""

    name: str
    """Kept with each message and each contact: at most 20 letters, never changed."""
    label: LazyText
    form: Form
    kinds: frozenset[str] | None
    """The kinds of contacts that can choose it; None for the one way that is there for everybody and every message."""
    most_addresses: int | None
    """How many addresses one notice may hold; None for any number."""
    can_go_again: bool
    """Whether the receiver tells a second copy from the first. What may have arrived is then sent again, unchanged; else it waits
    for a person."""
    code_kind: str
    """What stands before a code in the outbox: whose codes they are."""
    problems: Mapping[str, LazyText]
    """The sentence for each word that an outcome names a problem by."""
    panel: str
    """The template of its part of the contact's page; "" for none."""
    asks: tuple[Ask, ...]

    def is_ready(self) -> bool:
        """Whether the settings that it needs are there; messages wait until then."""

    def address_of(self, contact: "Contact") -> str:
        """Where notices to a contact go, as people read it."""

    def by_hand(self, name: str) -> LazyText:
        """What has to be set again by hand for a contact of this name where settings were taken over from a file."""

    def hand_over(self, parcel: Parcel, may_go: Callable[[], bool]) -> Outcome | None:
        """Hand a message over. `may_go` is asked once, just before the moment that can't be taken back; None where it said no."""

    def fate_of(self, outcome: Outcome) -> Fate:
        """What an outcome means. "unsure" is what may have arrived, whether or not it can go again."""

    def patience(self, outcome: Outcome, *, urgent: bool) -> Patience:
        """For how long, and at least how often, it is tried again after an outcome."""

    def grade_of(self, outcome: Outcome) -> Grade | None:
        """How grave a failure for good is for the contact; None where the contact has no part in it."""
