"""Reading reports: by source, by item, and never across hotlines."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope
from django_scopes.exceptions import ScopeError

from leeward.foundation.errors import NotFound
from leeward.intake import queries
from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage
from leeward.intake.queries.listed import reports_by_source
from leeward.intake.receipts import find_receipt


def test_a_page_of_reports_costs_four_queries_however_long(receive) -> None:
    for number in range(7):
        receive(f"http://a.example/{number}\nhttp://b.example/")
    with CaptureQueriesContext(connection) as asked:
        page = reports_by_source("", 1, per_page=5)
    assert len(asked) == (5 if connection.vendor == "postgresql" else 4), "there one more for the keys of words"
    assert [row.first.display for row in page.rows[:2]] == ["http://a.example/6", "http://a.example/5"]
    assert {row.items for row in page.rows} == {2}
    assert page.has_next
    assert reports_by_source("letter", 1).rows == []
    assert len(reports_by_source("form", "2", per_page=5).rows) == 2


def test_reports_are_found_by_their_items(receive) -> None:
    first, second = receive().report_id, receive("http://b.example/").report_id
    items = [item.id for number in (first, second) for item in queries.items_of(number)]
    assert [row.id for row in queries.reports_of_items(items)] == [first, second]
    assert queries.items_by_id(items[:1])[items[0]].display == "http://a.example/x"


def test_another_hotline_sees_nothing_and_no_scope_sees_an_error(receive, within) -> None:
    received = receive()
    with scope(hotline=within.other_hotline_id):
        with pytest.raises(NotFound):
            queries.report(received.report_id)
        assert queries.items_of(received.report_id) == []
        assert find_receipt(received.receipt) is None
        assert reports_by_source("", 1).rows == []


@pytest.mark.django_db
def test_outside_any_scope_reading_fails() -> None:
    with pytest.raises(ScopeError):
        queries.report(1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the words of the plan are SQLite's")
def test_no_list_and_no_look_up_reads_a_whole_table(within) -> None:
    closed = Report.objects.filter(closed_at__lt=datetime.now(UTC))
    asked = {
        "newest": Report.objects.order_by("-id")[:50],
        "by source": Report.objects.filter(source="letter").order_by("-id")[:50],
        "receipt": Report.objects.filter(receipt_hash="x"),
        "form": Report.objects.filter(once_digest="x"),
        "contacts to erase": closed.exclude(contact=""),
        "receipts to expire": closed.filter(receipt_hash__isnull=False),
        "items of a report": Item.objects.filter(report_id=1),
        "messages of a report": ReporterMessage.objects.filter(report_id=1).order_by("id"),
        "appeals by state": OutsideAppeal.objects.filter(state="received").order_by("-id")[:50],
        "appeals to forget": OutsideAppeal.objects.filter(state="closed", state_changed_at__lt=datetime.now(UTC)),
    }
    for name, rows in asked.items():
        plan = rows.explain()
        assert "SEARCH" in plan, f"{name}: {plan}"
        assert "SCAN" not in plan, f"{name}: {plan}"
        assert "TEMP B-TREE" not in plan, f"{name}: {plan}"
