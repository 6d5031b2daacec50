"""Which acts can be undone for a moment: whatever people do by the table of transitions, but what others hear of or wait for at once. Pure."""

from leeward.casework.rules.transitions import OVERTURNS, SYSTEM, TABLE

NOTE, NOT_URGENT = "note", "not_urgent"
# To take a case is undone by giving it back; a review is answered to somebody outside; an opened case can be closed again; what two
# people agreed on in adjudication is theirs both.
_NOT = frozenset(
    {"claim", *OVERTURNS, "reopen", "agree_illegal", "agree_other", "mark_urgent", "call_not_urgent", "overrule_urgent"}
)
UNDOABLE = frozenset(line.act for line in TABLE if line.permission != SYSTEM and line.act not in _NOT) | {NOTE}
LOOKS = (
    frozenset(line.act for line in TABLE if line.permission == "case.assess" or line.act.startswith("settle_"))
    & UNDOABLE
)
