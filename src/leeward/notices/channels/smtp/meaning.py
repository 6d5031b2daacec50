"""What a mail server's answer means. Pure."""

from leeward.notices.rules.bounces import Grade, grade_of_refusal
from leeward.notices.rules.delivery import GIVE_UP_AFTER, MOST_DELAY, URGENT_DELAY, Fate, Outcome, Patience


def fate_of(outcome: Outcome) -> Fate:
    """What becomes of the message.

    A refusal is for good only where the server judged this sender, recipient or message; a server that can't be reached or
    doesn't want us is tried again. After DATA a missing reply leaves open whether the message arrived.
    """
    judged = outcome.stage in ("sender", "recipient", "message")
    if outcome.stage == "message" and not outcome.problem:
        return "sent"
    if outcome.stage == "message" and not 400 <= outcome.code <= 599:
        return "unsure"
    return "dead" if judged and 500 <= outcome.code <= 599 else "later"


def is_recipients_fault(outcome: Outcome) -> bool:
    """Whether the recipient's address is what the server refused, for good or for now."""
    return outcome.stage == "recipient" and 400 <= outcome.code <= 599


def grade_of(outcome: Outcome) -> Grade | None:
    """How grave it is for the contact, where it is about the contact."""
    return grade_of_refusal(outcome.code, outcome.status) if is_recipients_fault(outcome) else None


def patience(*, urgent: bool) -> Patience:
    """Nobody else can be told instead: mail is tried for days, urgent mail every minute."""
    return Patience(GIVE_UP_AFTER, URGENT_DELAY if urgent else MOST_DELAY)
