"""What a mail server's answer means. Pure."""

from leeward.notices.rules.bounces import Grade, grade_of_refusal
from leeward.notices.rules.delivery import GIVE_UP_AFTER, MOST_DELAY, URGENT_DELAY, Fate, Outcome, Patience


def fate_of(outcome: Outcome) -> Fate:
    """Return the message's fate.

    A refusal is permanent only if the server judged this sender, recipient or message; if a server can't be reached or
    rejects us, the message is retried. A missing reply after DATA leaves open whether the message arrived.
    """
    judged = outcome.stage in ("sender", "recipient", "message")
    if outcome.stage == "message" and not outcome.problem:
        return "sent"
    if outcome.stage == "message" and not 400 <= outcome.code <= 599:
        return "unsure"
    return "dead" if judged and 500 <= outcome.code <= 599 else "later"


def is_recipients_fault(outcome: Outcome) -> bool:
    """Return whether the server refused the recipient's address, permanently or for now."""
    return outcome.stage == "recipient" and 400 <= outcome.code <= 599


def grade_of(outcome: Outcome) -> Grade | None:
    """Return how serious a failure is for the contact, if it is about the contact."""
    return grade_of_refusal(outcome.code, outcome.status) if is_recipients_fault(outcome) else None


def patience(*, urgent: bool) -> Patience:
    """Return how long to retry: nobody else can be told instead, so mail is retried for days, urgent mail every minute."""
    return Patience(GIVE_UP_AFTER, URGENT_DELAY if urgent else MOST_DELAY)
