"""A report that names a thousand things is read once, and not once for each of them."""

import tracemalloc

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.intake import queries
from leeward.intake.models import HandedItem, Item
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import receive_report
from leeward.web_security.keys import new_form_key
from tests.personas import Cast

pytestmark = pytest.mark.django_db
COUNT, AT_A_TIME = 1000, 100
MOST_BYTES = 10_000_000  # far less than its words as often as it has items


def named(cast: Cast, count: int) -> int:
    lines = [f"http://a{number}.example/some/page/number/{number}" for number in range(count)]
    parts = ["\n".join(lines[first : first + AT_A_TIME]) for first in range(0, count, AT_A_TIME)]
    items = tuple(item for part in parts for item in item_drafts(part, {}))
    draft = ReportDraft(items=items, kind="page", where="\n".join(lines), text="I found a bad page. " * 900)
    return receive_report(
        draft, hotline_id=cast.hotline_id, portal_id=cast.portal_id, language="en", form_key=new_form_key()
    ).report_id


def test_a_thousand_items_take_no_more_than_their_own_room(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        number = named(cast, COUNT)
        numbers = [item.id for item in queries.items_of(number)]
        for read in (lambda: queries.report_with_items(number), lambda: queries.reports_with_items(numbers[:1])[0]):
            tracemalloc.start()
            with CaptureQueriesContext(connection) as asked:
                report, items = read()
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
            assert peak < MOST_BYTES
            assert len(asked) <= 4, "the report with its items; the rest are the keys of its words"
            assert [item.id for item in items] == numbers
            assert report.text.startswith("I found a bad page.")


def test_each_item_is_what_it_is_when_read_alone(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        first, second = named(cast, 3), named(cast, 2)
        Item.objects.filter(report_id=first).update(display="“<b>” \\ \n ü", state="looking", reason="x")
        item = Item.objects.filter(report_id=first).latest("pk")
        HandedItem.objects.create(
            hotline_id=cast.hotline_id, item=item, by="Barbados", log_row=1, done={"police": "2026-01-01"}, at=item.state_changed_at
        )  # fmt: skip
        both = queries.reports_with_items([*queries.items_in([second]), *queries.items_in([first])])
        assert [report.id for report, _items in both] == [first, second]
        assert both == [(queries.report(number), queries.items_of(number)) for number in (first, second)]
        report, items = queries.report_with_items(first)
        assert report == queries.report(first)
        assert [dict(one.done_before) for one in items] == [{}, {}, {"police": "2026-01-01"}]
        assert queries.report_with_items(second)[1] == queries.items_of(second)
        Item.objects.filter(report_id=second).delete()
        assert queries.report_with_items(second) == (queries.report(second), [])
