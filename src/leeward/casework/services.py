"""All services of the desk under one name: one function per act, one transaction, one audit row."""

from leeward.casework.acting.services.acting import (
    act,
    ask_reporter,
    close_case,
    correct_finding,
    mark_as_read,
    note,
    refetch,
    reopen,
    withdraw_question,
)
from leeward.casework.acting.services.at_risk import tell_protection
from leeward.casework.acting.services.hotline_updates import report_abroad
from leeward.casework.acting.services.moving import open_moved
from leeward.casework.acting.services.passing import PASSING_ON, change_urgency, hand_over, pass_to_police
from leeward.casework.acting.services.undoing import undo
from leeward.casework.appeals.services.appealing import decide_appeal, open_appeal
from leeward.casework.appeals.services.hearing import reply_to_appeal
from leeward.casework.assessment.services.assessing import assess, record_offline_facts, save_draft
from leeward.casework.exposure.services.viewing import preview_file, view_page
from leeward.casework.queue.services.claiming import claim_case, claim_next, give_back, reassign, return_abandoned
from leeward.casework.queue.services.opening import take_in
from leeward.casework.queue.services.preparing import prepare
from leeward.casework.queue.services.restoring import forget_withdrawn_again, skip_numbers

__all__ = [
    "PASSING_ON",
    "act",
    "ask_reporter",
    "assess",
    "change_urgency",
    "claim_case",
    "claim_next",
    "close_case",
    "correct_finding",
    "decide_appeal",
    "forget_withdrawn_again",
    "give_back",
    "hand_over",
    "mark_as_read",
    "note",
    "open_appeal",
    "open_moved",
    "pass_to_police",
    "prepare",
    "preview_file",
    "reassign",
    "record_offline_facts",
    "refetch",
    "reopen",
    "reply_to_appeal",
    "report_abroad",
    "return_abandoned",
    "save_draft",
    "skip_numbers",
    "take_in",
    "tell_protection",
    "undo",
    "view_page",
    "withdraw_question",
]
