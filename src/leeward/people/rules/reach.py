"""Which changes of a portal lead what children report, or its visitors, somewhere else: those take two people. Pure."""

from collections.abc import Mapping

# Whom the portal tells and when, and where it sends its visitors.
GUARDED = ("police_email", "police_on_danger", "police_on_urgent", "emergency_number", "helpline_number")
# What somebody else than `change_portal` changes: where the portal's pages go.
ON_CALL_MAIL, PAGE_WEBHOOK = "on_call_mail", "page_webhook"


def waiting_fields(before: Mapping[str, object], wanted: Mapping[str, object]) -> frozenset[str]:
    """The guarded fields of a portal in use that one person alone can't change: those that say something already and would say
    something else. What is empty can be filled in at once, since nobody loses anything by it."""
    return frozenset(name for name in GUARDED if name in wanted and before[name] and before[name] != wanted[name])
