"""How the person who states facts about content has seen it. Pure."""

HERE, RECORD, UNSEEN = "preview", "record", "unseen"
# Answers that people may give themselves; this system has no record of such viewings.
ELSEWHERE = ("isolated", "police")


def how_seen(*, files_shown: int, elsewhere: str, is_record: bool) -> str:
    """Return how the content was seen: here, if a preview was really shown to them; else where they say; else from its
    record, if the facts are those of the record, unchanged; else not at all.
    """
    if files_shown > 0:
        return HERE
    return answered_elsewhere(elsewhere) or (RECORD if is_record else UNSEEN)


def answered_elsewhere(elsewhere: str) -> str:
    """Return where somebody says that they saw it; empty unless it is one of the choices."""
    return elsewhere if elsewhere in ELSEWHERE else ""
