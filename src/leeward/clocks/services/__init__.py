"""Services of this slice, one function per act."""

from leeward.clocks.services.escalating import settle_step, take_due_steps, take_steps_anew
from leeward.clocks.services.keeping import About, Wanted, keep_clocks, keep_clocks_of_all, start_clocks
from leeward.clocks.services.ruling import follow_calendar, follow_rule, set_on_call, set_rule

__all__ = [
    "About",
    "Wanted",
    "follow_calendar",
    "follow_rule",
    "keep_clocks",
    "keep_clocks_of_all",
    "set_on_call",
    "set_rule",
    "settle_step",
    "start_clocks",
    "take_due_steps",
    "take_steps_anew",
]
