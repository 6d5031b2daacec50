"""Every write of the desk: one verb an act, one transaction, one audit row."""

from leeward.casework.services.acting import (
    act,
    ask_reporter,
    close_case,
    correct_finding,
    look_again,
    note,
    reopen,
    settle_news,
    withdraw_question,
)
from leeward.casework.services.appealing import decide_appeal, open_appeal
from leeward.casework.services.assessing import assess, record_offline_facts, save_draft
from leeward.casework.services.claiming import claim_case, claim_next, give_back, reassign, return_abandoned
from leeward.casework.services.hearing import reply_to_appeal
from leeward.casework.services.moving import open_moved
from leeward.casework.services.opening import prepare, take_in
from leeward.casework.services.passing import change_urgency, hand_over, pass_to_police, tell_protection
from leeward.casework.services.undoing import undo
from leeward.casework.services.viewing import preview_file, view_page

__all__ = [
    "act",
    "ask_reporter",
    "assess",
    "change_urgency",
    "claim_case",
    "claim_next",
    "close_case",
    "correct_finding",
    "decide_appeal",
    "give_back",
    "hand_over",
    "look_again",
    "note",
    "open_appeal",
    "open_moved",
    "pass_to_police",
    "prepare",
    "preview_file",
    "reassign",
    "record_offline_facts",
    "reopen",
    "reply_to_appeal",
    "return_abandoned",
    "save_draft",
    "settle_news",
    "take_in",
    "tell_protection",
    "undo",
    "view_page",
    "withdraw_question",
]
