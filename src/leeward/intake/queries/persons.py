"""What is here of somebody who reported or asked for a review, for whoever asks for their own data."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

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
_OF_APPEAL = (
    "kind",
    "typed",
    "display",
    "service",
    "relation",
    "text",
    "contact",
    "language",
    "statement",
    "state",
    "outcome",
    "reasons",
    "received_at",
    "withdrawn_at",
)


def opened_by(typed: str) -> tuple[Literal["reporter", "appeal"], int] | None:
    """Return whose receipt it is, and the number of the report or outside appeal that it opens, in the current hotline; it costs
    what every guess costs."""
    found = find_receipt(typed)
    if found is None:
        return None
    return ("appeal" if isinstance(found, OutsideAppeal) else "reporter"), int(found.pk)


def data_of_appeal(appeal_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return everything that is here of an outside appeal, and of the report that came with it, by kind."""
    rows = OutsideAppeal.objects.filter(pk=appeal_id)
    found = {"appeal": _opened(rows.values(*_OF_APPEAL))}
    report_id = rows.values_list("report_id", flat=True).first()
    return found if report_id is None else found | data_of_report(report_id)


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
    return {kind: _opened(rows) for kind, rows in found.items()}


def _opened(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: opened(value) for name, value in row.items()} for row in rows]
