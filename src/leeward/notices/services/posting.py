"""Single signed deliveries to a webhook outside the outbox: pages to whoever is on call."""

from collections.abc import Callable
from datetime import datetime

from leeward.backup.queries import is_held
from leeward.notices.channels.webhook import Delivery, hand_over
from leeward.notices.channels.webhook.meaning import fate_of
from leeward.notices.services.letters import Posted
from leeward.notices.timing import webhook_line


def post_signed(
    url: str,
    *,
    delivery_id: str,
    signing: tuple[bytes, ...],
    body: bytes,
    now: datetime,
    may_go: Callable[[], bool] = lambda: True,
) -> Posted | None:
    """Post a body with the same protection and signature as notices. Returns None if `may_go`, called before the first
    byte, said no. The receiver discards duplicates by their identifier."""
    if is_held():
        return Posted("later", "connect", 0, "held")
    outcome = hand_over(webhook_line(), Delivery(url, delivery_id, signing, body), now, may_go)
    return None if outcome is None else Posted(fate_of(outcome), outcome.stage, outcome.code, outcome.problem)
