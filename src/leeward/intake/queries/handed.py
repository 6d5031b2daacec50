"""Reports of a portal that go, or went, to another hotline with it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from leeward.intake.models import HandedItem, OutsideAppeal, Report


@dataclass(frozen=True, slots=True)
class HandedRow:
    """What another hotline (`by`) had made of an item before it handed its portal over."""

    item_id: int
    report_id: int
    by: str
    reference: str
    state: str
    facts: Mapping[str, Any]
    done: Mapping[str, datetime]
    log_row: int | None
    at: datetime


def sources_of_portal(portal_id: int, *, most: int) -> dict[int, str]:
    """Return how a portal's reports came that are neither closed nor withdrawn, by their numbers, the oldest first; one query."""
    open_ones = {"closed_at__isnull": True, "withdrawn_at__isnull": True}
    found = Report.objects.filter(portal_id=portal_id, **open_ones)
    return dict(found.order_by("pk").values_list("pk", "source")[:most])


def appeals_open_of(portal_id: int) -> int:
    """Return how many requests for review from outside wait for an answer at a portal."""
    open_ones = Q(withdrawn_at=None) & ~Q(state="closed")
    return OutsideAppeal.objects.filter(open_ones, portal_id=portal_id).count()


def handed_to_us(report_ids: Collection[int], *, among: QuerySet[Any, Any]) -> list[HandedRow]:
    """Return what another hotline had made of those items of reports that are among others; one query."""
    found = HandedItem.objects.select_related("item").filter(item__report_id__in=report_ids, item_id__in=among)
    rows = found.order_by("item_id")
    return [
        HandedRow(
            row.item_id,
            row.item.report_id,
            row.by,
            row.reference,
            row.state,
            row.facts,
            {name: datetime.fromisoformat(at) for name, at in row.done.items()},
            row.log_row,
            row.at,
        )
        for row in rows
    ]


def items_from(case_id: int) -> dict[int, list[int]]:
    """Return the items that another hotline took over from a case, by that hotline; needs no scope of it."""
    found: dict[int, list[int]] = {}
    rows = HandedItem.of_every_hotline.filter(case_id=case_id)
    for hotline_id, item_id in rows.values_list("hotline_id", "item_id"):
        found.setdefault(hotline_id, []).append(item_id)
    return found
