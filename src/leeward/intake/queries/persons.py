"""What is here of somebody who reported, for whoever asks for their own data."""

from collections.abc import Iterable, Mapping
from typing import Any

from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage, ReviewRequest
from leeward.intake.receipts import find_receipt
from leeward.sealing.fields import opened

_OF_REPORT = (
    "kind",
    "under_18",
    "threat",
    "language",
    "where",
    "text",
    "when_seen",
    "contact",
    "referrer",
    "source",
    "happened",
    "wish",
)
_TIMES = ("received_at", "closed_at", "withdrawn_at")


def report_of_receipt(typed: str) -> int | None:
    """Return the number of the report that a receipt opens, in the current hotline; it costs what every guess costs."""
    found = find_receipt(typed)
    return None if found is None or isinstance(found, OutsideAppeal) else int(found.pk)


def data_of_report(report_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is here of a report and of what was added to it, by kind."""
    mine = {"report_id": report_id}
    found: dict[str, Iterable[Mapping[str, Any]]] = {
        "report": Report.objects.filter(pk=report_id).values(*_OF_REPORT, *_TIMES),
        "addresses": Item.objects.filter(**mine).order_by("id").values("kind", "typed", "display", "state", "reason"),
        "messages": ReporterMessage.objects.filter(**mine)
        .order_by("id")
        .values("direction", "text", "asked", "texts", "code"),
        "reviews": ReviewRequest.objects.filter(**mine)
        .order_by("id")
        .values("text", "statement", "outcome", "reasons"),
    }
    return {
        kind: [{name: opened(value) for name, value in row.items()} for row in rows] for kind, rows in found.items()
    }
