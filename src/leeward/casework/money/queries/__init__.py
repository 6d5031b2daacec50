"""Every read of this room."""

from leeward.casework.money.queries.alerting import Alertable, alertable
from leeward.casework.money.queries.exporting import exported_payees
from leeward.casework.money.queries.network import MOST_NODES, Network, network_of
from leeward.casework.money.queries.payees import (
    Paid,
    facts_in,
    listed,
    mark_of_alerts,
    paid,
    paid_in,
    where_of,
)

__all__ = [
    "MOST_NODES",
    "Alertable",
    "Network",
    "Paid",
    "alertable",
    "exported_payees",
    "facts_in",
    "listed",
    "mark_of_alerts",
    "network_of",
    "paid",
    "paid_in",
    "where_of",
]
