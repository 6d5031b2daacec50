"""The hash bank's writes for other slices; all within the scope of a hotline."""

from leeward.hashbank.own_pictures.services import forget_own_pictures, keep_own_pictures, reports_over
from leeward.hashbank.records.services.banks import GENERAL, LOOK_ALIKES, keep_bank, keep_windows, pause_bank
from leeward.hashbank.records.services.bringing_back import bring_back, leave_aside
from leeward.hashbank.records.services.guarding import keep_hash, leave_in_use, note_matches, say_of_match, set_aside
from leeward.hashbank.records.services.investigating import add_investigation, note_sighting
from leeward.hashbank.records.services.own_votes import answer_vote, say
from leeward.hashbank.records.services.recording import add_hashes, add_record, say_of_source, set_statuses
from leeward.hashbank.records.services.settling import account_of, answer_ruling, settle_record
from leeward.hashbank.records.services.sources import answer_change, propose_change
from leeward.hashbank.sources.services.feeding_back import hold_feedback

__all__ = [
    "GENERAL", "LOOK_ALIKES", "account_of", "add_hashes", "add_investigation", "add_record", "answer_change", "answer_ruling", "answer_vote",
    "bring_back", "forget_own_pictures", "hold_feedback", "keep_bank", "keep_hash", "keep_own_pictures", "keep_windows", "leave_aside",
    "leave_in_use", "note_matches", "note_sighting", "pause_bank", "propose_change", "reports_over", "say", "say_of_match", "say_of_source",
    "set_aside", "set_statuses", "settle_record",
]  # fmt: skip
