"""Each state in two words and a symbol, so that colour alone never carries the meaning."""

from dataclasses import dataclass

from leeward.casework.rules.states import STATES as CASE_STATES
from leeward.foundation.lazy_text import gettext_noop


@dataclass(frozen=True, slots=True)
class Shown:
    """How a state is shown: the class of its tag (which sets the symbol) and its word in English."""

    css: str
    word: str


STATES = {
    # shown to reporters
    "looking": Shown("look", gettext_noop("Being looked at")),
    "acted": Shown("acted", gettext_noop("Acted on")),
    "withdrawn": Shown("closed", gettext_noop("Withdrawn")),
    **{name: Shown(state.tag, state.label.message) for name, state in CASE_STATES.items()},
    # flags beside the state
    "held": Shown("held", gettext_noop("Held")),
    "appealed": Shown("open", gettext_noop("Appealed")),
    "urgent": Shown("urgent", gettext_noop("Urgent")),
    # a legal opinion
    "likely": Shown("likely", gettext_noop("Likely illegal")),
    "unlikely": Shown("word", gettext_noop("Likely not illegal")),
    "undetermined": Shown("open", gettext_noop("Undetermined")),
    "no_law_recorded": Shown("open", gettext_noop("No law recorded")),
    # messages, referrals, notices
    "waiting": Shown("", gettext_noop("Waiting")),
    "sending": Shown("look", gettext_noop("Being sent")),
    "sent": Shown("acted", gettext_noop("Sent")),
    "acknowledged": Shown("acted", gettext_noop("Acknowledged")),
    "released": Shown("acted", gettext_noop("Released")),
    "expired": Shown("soon", gettext_noop("Expired")),
    "moved": Shown("open", gettext_noop("Moved")),
    "disputed": Shown("open", gettext_noop("Disputed")),
    "wrong_contact": Shown("open", gettext_noop("Wrong contact")),
    "stopped": Shown("closed", gettext_noop("Stopped")),
    "failed": Shown("late", gettext_noop("Could not be sent")),
    "dead": Shown("late", gettext_noop("Could not be sent")),
    # checks of an address
    "same": Shown("look", gettext_noop("Still there")),
    "changed": Shown("open", gettext_noop("Changed")),
    "gone": Shown("closed", gettext_noop("Gone")),
    "unreachable": Shown("open", gettext_noop("Unreachable")),
}


def shown(state: str) -> Shown:
    """Return how a state is shown; a state missing from the table is shown as a plain label."""
    return STATES.get(state) or Shown("word", state.replace("_", " ").capitalize())
