"""Many reports from a list."""

import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.errors import NotAllowed
from leeward.intake import queries
from leeward.intake.errors import ListUnreadable
from leeward.intake.models import Report
from leeward.intake.services import import_reports_csv
from leeward.web_security.keys import new_form_key

LIST = "where,kind\nhttp://a.example/1,page\nhttp://b.example/2 http://b.example/3,danger\nhttp://c.example/,boat\n"


@pytest.fixture
def import_list(within):
    def take(text: str = LIST, *, dry_run: bool = False, key: str = "", name: str = "ana"):
        return import_reports_csv(
            text, hotline_id=within.hotline_id, portal_id=within.portal_id, source="police", actor=within[name].actor,
            form_key=key or new_form_key(), dry_run=dry_run,
        )  # fmt: skip

    return take


def test_a_dry_run_says_what_would_come_of_it_and_keeps_nothing(import_list) -> None:
    seen = import_list(dry_run=True)
    assert (seen.good, seen.report_ids) == (2, [])
    assert [line.number for line in seen.lines if not line.is_good] == [4]
    assert not Report.objects.exists()
    assert not AuditRow.objects.exists()


def test_good_lines_become_reports_in_one_act_and_only_once(import_list) -> None:
    key = new_form_key()
    done = import_list(key=key)
    assert import_list(key=key).report_ids == []
    assert len(done.report_ids) == 2
    rows = [queries.report(number) for number in done.report_ids]
    assert [row.urgent for row in rows] == [False, True]
    assert {row.source for row in rows} == {"police"}
    assert len(queries.items_of(rows[1].id)) == 2
    (act,) = AuditRow.objects.all()
    assert act.event == "reports.imported"
    assert "example" not in act.facts


def test_reports_of_a_list_have_no_receipt(import_list) -> None:
    import_list()
    assert set(Report.objects.values_list("receipt_hash", flat=True)) == {None}


def test_what_is_no_list_says_why(import_list) -> None:
    with pytest.raises(ListUnreadable, match="no column"):
        import_list("colour\nred\n")


@pytest.mark.parametrize("name", ["adam", "pia", "otto", "dora"])
def test_who_may_not_import_imports_nothing(import_list, name) -> None:
    with pytest.raises(NotAllowed):
        import_list(name=name)
    assert not Report.objects.exists()
