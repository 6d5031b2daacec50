"""Every write of tips."""

from leeward.tips.services.deciding import assign, feedback, forget_old_facts, label, settle, take_anyway
from leeward.tips.services.folding import OPEN
from leeward.tips.services.mailed import take_mail
from leeward.tips.services.opening import add_newest, open_some
from leeward.tips.services.opening_files import read_file
from leeward.tips.services.taking_in import ADD, OPEN_URGENT, Coming, Taken, preview, take_in

__all__ = [
    "ADD",
    "OPEN",
    "OPEN_URGENT",
    "Coming",
    "Taken",
    "add_newest",
    "assign",
    "feedback",
    "forget_old_facts",
    "label",
    "open_some",
    "preview",
    "read_file",
    "settle",
    "take_anyway",
    "take_in",
    "take_mail",
]
