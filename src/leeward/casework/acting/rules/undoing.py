"""Which acts can be undone for a short time: every act in the table of transitions that a person takes, except those
that others hear of or wait for at once. Pure.
"""

from leeward.casework.rules.transitions import OVERTURNS, SYSTEM, TABLE

NOTE, NOT_URGENT, AT_RISK = "note", "not_urgent", "tell_protection"
# Taking a case is undone by giving it back; a review is answered to somebody outside; a reopened case can be closed
# again; an adjudication belongs to both people who agreed on it.
_NOT = frozenset(
    {"claim", *OVERTURNS, "reopen", "agree_illegal", "agree_other", "mark_urgent", "call_not_urgent", "overrule_urgent"}
)
UNDOABLE = frozenset(line.act for line in TABLE if line.permission != SYSTEM and line.act not in _NOT) | {NOTE}
ASSESSING_ACTS = (
    frozenset(line.act for line in TABLE if line.permission == "case.assess" or line.act.startswith("settle_"))
    & UNDOABLE
)
