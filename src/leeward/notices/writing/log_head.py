"""The head of our log, attached to letters that others keep: whoever changes the log later contradicts what they hold."""

from leeward.audit.tree.checkpoints import newest, note_of


def head_of(hotline_id: int) -> str:
    """Return the newest signed checkpoint of a hotline's chain with the lines of its witnesses; empty if none is signed yet."""
    row = newest(hotline_id)
    return note_of(row).text if row is not None else ""
