"""The answers of a second person who has read what waits now: for tests that are not about what they read."""

import re

from leeward.foundation.actor import Actor
from leeward.notices import services as notices
from leeward.notices.models import Referral
from leeward.notices.queries.entered import mark_of_waiting
from leeward.people import services as people


def confirm_entered(referral_id: int, *, actor: Actor) -> None:
    seen = mark_of_waiting(Referral.objects.get(pk=referral_id))
    notices.confirm_entered(referral_id, seen=seen, actor=actor)


def confirm_account(account_id: int, *, actor: Actor) -> None:
    people.confirm_account(account_id, seen=people.unconfirmed_of(account_id).mark, actor=actor)


def seen_on(page: str) -> str:
    """The mark in a page's form."""
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found, "the page has no mark of what waits"
    return found[1]
