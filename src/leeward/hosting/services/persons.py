"""Erasing the name of a member of staff from what they corrected."""

from leeward.hosting.models import Finding


def erase_name(label: str, name: str) -> int:
    """Put `name` in place of the name of somebody who left, as the log calls them (`label`), beside what they corrected, in the
    caller's transaction, which logs it; return in how many rows."""
    gone: int = Finding.objects.filter(corrected_by=label).update(source=name)
    return gone
