"""Who may be the counsellor, how long a note may be, and how long it is kept. Pure."""

from collections.abc import Collection
from datetime import date, timedelta

from leeward.foundation.actor import YES, Decision, no
from leeward.foundation.lazy_text import LazyText as _
from leeward.people.rules.permissions import ADMINISTRATOR, SUPERVISOR

MOST_NOTE = 5_000
KEPT_DAYS = 90
STEP = 1024  # bytes: notes of nearly the same length look alike


def may_counsel(roles: Collection[str], *, is_active: bool) -> Decision:
    """Return whether an account can be the counsellor's: nobody confides in whoever decides about their work."""
    if not is_active:
        return no(_("the account is closed"))
    if {ADMINISTRATOR, SUPERVISOR} & set(roles):
        return no(_("a supervisor or administrator can’t be the counsellor"))
    return YES


def padded(text: str) -> bytes:
    """Return a note in UTF-8, with spaces after it up to the next step."""
    raw = text.encode()
    return raw + b" " * (-len(raw) % STEP)


def last_kept(today: date) -> date:
    """Return the first day whose notes are still kept."""
    return today - timedelta(days=KEPT_DAYS)
