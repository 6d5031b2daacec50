"""Writes of this slice: exports with their verdict, receivers, reports to them."""

from leeward.outputs.services.exporting import Exported, export_case, export_quarter, preview, sentence
from leeward.outputs.services.fiu import remove_schema, save_fiu
from leeward.outputs.services.formats import FORMATS, STATS, Made, Options, is_installed
from leeward.outputs.services.gathering import case_for
from leeward.outputs.services.receivers import record_agreement, take_confirmed_agreement
from leeward.outputs.services.receivers import stop as stop_receiver
from leeward.outputs.services.submitting import submit, withdraw
from leeward.outputs.services.unsure import call_arrived, leave_unsure, send_again

__all__ = [
    "FORMATS",
    "STATS",
    "Exported",
    "Made",
    "Options",
    "call_arrived",
    "case_for",
    "export_case",
    "export_quarter",
    "is_installed",
    "leave_unsure",
    "preview",
    "record_agreement",
    "remove_schema",
    "save_fiu",
    "send_again",
    "sentence",
    "stop_receiver",
    "submit",
    "take_confirmed_agreement",
    "withdraw",
]
