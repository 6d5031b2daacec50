"""One signed delivery to a webhook outside the outbox: pages to whoever is on call."""

from collections.abc import Callable
from datetime import datetime

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
    """Post a body, as guarded and signed as notices are; None where `may_go`, asked before the first byte, said no. The
    receiver leaves out what it had before under the same identifier."""
    outcome = hand_over(webhook_line(), Delivery(url, delivery_id, signing, body), now, may_go)
    return None if outcome is None else Posted(fate_of(outcome), outcome.stage, outcome.code, outcome.problem)
