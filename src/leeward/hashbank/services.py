"""Every write of the hash bank; all in the scope of a hotline."""

from leeward.hashbank.records.services.guarding import note_matches, say_of_match, settle_quarantine
from leeward.hashbank.records.services.recording import (
    GENERAL,
    LOOK_ALIKES,
    add_hashes,
    add_investigation,
    add_record,
    keep_bank,
    note_sighting,
    pause_bank,
    say,
    set_statuses,
)

__all__ = [
    "GENERAL", "LOOK_ALIKES", "add_hashes", "add_investigation", "add_record", "keep_bank", "note_matches", "note_sighting",
    "pause_bank", "say", "say_of_match", "set_statuses", "settle_quarantine",
]  # fmt: skip
