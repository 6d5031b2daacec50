"""The desk's list of reports."""

from dataclasses import dataclass

from django.db.models import Count, Min

from leeward.intake.models import Item, Report
from leeward.intake.queries import ItemRow, ReportRow, items_by_id, report_row
from leeward.sealing.fields import open_rows
from leeward.web_security.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class ListedReport:
    """A line of the desk's list of reports: how many items it names, and the first of them."""

    report: ReportRow
    items: int
    first: ItemRow | None


def reports_by_source(source: str, number: str | int | None, *, per_page: int = 50) -> Page[ListedReport]:
    """Return a page of the hotline's reports, newest first, of one source, or of all if `source` is empty. Four
    queries, and on PostgreSQL one for the keys of words.
    """
    rows = Report.objects.order_by("-id")
    page = page_of(rows.filter(source=source) if source else rows, number, per_page=per_page)
    numbers = [row.pk for row in page.rows]
    open_rows(page.rows)
    counted = Item.objects.filter(report_id__in=numbers).order_by().values("report_id")
    sums = {row["report_id"]: row for row in counted.annotate(items=Count("id"), first=Min("id"))}
    firsts = items_by_id([row["first"] for row in sums.values()])
    listed = [
        ListedReport(report_row(row), sums[row.pk]["items"], firsts[sums[row.pk]["first"]])
        if row.pk in sums
        else ListedReport(report_row(row), 0, None)
        for row in page.rows
    ]
    return Page(listed, page.number, page.per_page, page.total, page.total_is_exact)


def withdrawn_reports() -> list[int]:
    """Return the numbers of the hotline's withdrawn reports."""
    return list(Report.objects.exclude(withdrawn_at=None).order_by("pk").values_list("pk", flat=True))
