"""The hash bank's writes for other slices; all within the scope of a hotline."""

from leeward.hashbank.records.services.banks import GENERAL, LOOK_ALIKES, keep_bank, keep_windows, pause_bank
from leeward.hashbank.records.services.guarding import note_matches, say_of_match, settle_quarantine
from leeward.hashbank.records.services.investigating import add_investigation, note_sighting
from leeward.hashbank.records.services.recording import add_hashes, add_record, say, set_statuses
from leeward.hashbank.records.services.settling import answer_ruling, settle_record
from leeward.hashbank.records.services.sources import answer_change, propose_change

__all__ = [
    "GENERAL", "LOOK_ALIKES", "add_hashes", "add_investigation", "add_record", "answer_change", "answer_ruling", "keep_bank", "keep_windows",
    "note_matches", "note_sighting", "pause_bank", "propose_change", "say", "say_of_match", "set_statuses", "settle_quarantine",
    "settle_record",
]  # fmt: skip
