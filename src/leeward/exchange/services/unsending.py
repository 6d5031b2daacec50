"""What was withdrawn before it ever left: the other hotline knows nothing of it, and is told neither of the report nor of its end."""

from datetime import datetime

from django.db.models import Exists, OuterRef

from leeward.audit.services import hotline_transaction, record
from leeward.exchange.models import HELD, WAITING, Exchange, ExchangeMessage
from leeward.foundation.actor import SYSTEM


def drop_withdrawn(peer_id: int, now: datetime) -> None:
    """Remove each exchange with this peer whose report was never tried and is withdrawn, once the withdrawal can't be undone any more. Run
    by the only process that sends to this peer, in no transaction. Safe to repeat."""
    ends = ExchangeMessage.objects.filter(
        exchange=OuterRef("exchange"), kind="withdrawal", state=WAITING, waits_since__lte=now
    )
    reports = ExchangeMessage.objects.filter(peer_id=peer_id, kind="report", state__in=(WAITING, HELD), tries=0)
    for exchange_id in list(reports.filter(Exists(ends)).order_by("pk").values_list("exchange", flat=True)):
        with hotline_transaction():
            exchange = Exchange.objects.select_for_update().get(pk=exchange_id)
            ExchangeMessage.objects.filter(exchange=exchange).delete()
            exchange.delete()
            record(
                "exchange.never_left",
                actor=SYSTEM,
                hotline_id=exchange.hotline_id,
                subject=f"case:{exchange.case_id}",
                facts={"exchange": exchange_id, "peer": peer_id},
            )
