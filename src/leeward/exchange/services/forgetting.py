"""What people wrote to each other about an item is deleted two years after the last word; what was said to be done stays."""

from datetime import datetime, timedelta

from django.db.models import Q

from leeward.audit.services import hotline_transaction, record
from leeward.exchange.models import BASELESS, HELD, WAITING, Exchange, ExchangeMessage
from leeward.foundation.actor import SYSTEM
from leeward.jobs.services import erased

KEPT = timedelta(days=730)
AT_ONCE = 500
_WORDS = ("text", "language")


def forget_old_words(now: datetime) -> int:
    """Delete the words of exchanges in which nothing was written for long and nothing waits to be sent; return of how
    many messages. In the hotline's scope; some at once, so that nobody waits for it."""
    waits = Q(state__in=(WAITING, HELD)) & ~Q(problem=BASELESS)
    live = ExchangeMessage.objects.filter(Q(stored_at__gt=now - KEPT) | waits)
    over = Exchange.objects.filter(begun_at__lt=now - KEPT).exclude(pk__in=live.values("exchange_id"))
    with hotline_transaction():
        messages = ExchangeMessage.objects.select_for_update().filter(exchange__in=over, details__has_key="text")
        rows = list(messages.order_by("pk")[:AT_ONCE])
        if not rows:
            return 0
        for row in rows:
            row.details = {name: value for name, value in row.details.items() if name not in _WORDS}
        ExchangeMessage.objects.bulk_update(rows, ["details"])
        record(
            "exchange.words_deleted",
            actor=SYSTEM,
            hotline_id=rows[0].hotline_id,
            subject=f"hotline:{rows[0].hotline_id}",
            facts={"messages": len(rows)},
        )
        erased(ExchangeMessage)
    return len(rows)
