"""How somebody who states facts about content has seen it. Pure."""

HERE, RECORD, UNSEEN = "preview", "record", "unseen"
# What people may say of themselves: of that there is no trace here.
ELSEWHERE = ("isolated", "police")


def how_seen(*, files_shown: int, elsewhere: str, is_record: bool) -> str:
    """Here, where a preview was really shown to them; else where they say; else from its record, where the facts are those of it
    unchanged; else not at all."""
    if files_shown > 0:
        return HERE
    return as_said(elsewhere) or (RECORD if is_record else UNSEEN)


def as_said(elsewhere: str) -> str:
    """Where somebody says that they saw it; empty where it is none of the places that can be chosen."""
    return elsewhere if elsewhere in ELSEWHERE else ""
