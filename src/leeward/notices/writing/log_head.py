"""The head of our log, attached to letters that others keep: whoever changes the log later contradicts what they hold."""

from leeward.audit.errors import CheckpointDamaged
from leeward.audit.tree.stored import newest_whole, note_of


def head_of(hotline_id: int) -> str:
    """Return the newest whole checkpoint of a hotline's chain with the lines of its witnesses; empty if none is signed yet, or
    if the newest ones are damaged: an alarm names that, and no letter waits for it."""
    try:
        row = newest_whole(hotline_id)
    except CheckpointDamaged:
        return ""
    return note_of(row).text if row is not None else ""
