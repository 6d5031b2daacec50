"""What a provider hears of a line: what the desk told of each thing that its report names, and nothing that is kept beside it. Pure."""

from collections.abc import Collection

from leeward.intake.rules.standing import ACTED, CLOSED
from leeward.providers.rules.words import Feedback

_ACTED = frozenset({"removed", "forwarded"})
_NOT_ILLEGAL = frozenset(
    {"not_illegal", "adults", "not_sexualised", "below_threshold", "virtual", "links_only", "age_over_threshold"}
)
_MORE_NEEDED = frozenset(
    {"insufficient", "referrer_not_known", "unable_to_access", "password_protected", "premium_account_necessary", "missing_parts"}
)  # fmt: skip


def feedback_of(shown: Collection[tuple[str, str]], *, is_known: bool, has_question: bool) -> Feedback:
    """Return what a provider hears. `shown`: the coarse state and the reason of each item; `is_known`: the line is about something
    that came before; `has_question`: a question to the provider waits for its answer. That something was done goes before the rest."""
    if has_question:
        return "more_needed"
    closed = [reason for state, reason in shown if state == CLOSED]
    if any(state == ACTED for state, _reason in shown) or _ACTED & set(closed):
        return "acted"
    if _MORE_NEEDED & set(closed):
        return "more_needed"
    if closed and len(closed) == len(shown) and (any(closed) or not is_known):
        return "not_illegal" if set(closed) <= _NOT_ILLEGAL else "done"
    return "known" if is_known else "received"
