"""What the desk says downward."""

import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.errors import BadInput, NotAllowed, TextTooLong
from leeward.intake import queries
from leeward.intake.errors import NothingTyped, UnknownReason
from leeward.intake.services import ask_reporter, tell_reporter


def test_a_state_is_shown_with_its_reason_and_told_once(receive) -> None:
    report_id = receive("http://a.example/x\nhttp://b.example/y").report_id
    first, second = queries.items_of(report_id)
    assert tell_reporter(first.id, state="acted", reason="police_told")
    assert not tell_reporter(first.id, state="acted", reason="police_told")
    assert [(item.state, item.reason) for item in queries.items_of(report_id)] == [
        ("acted", "police_told"),
        ("received", ""),
    ]
    assert AuditRow.objects.filter(event="report.told").count() == 1
    assert second.state_changed_at == queries.items_of(report_id)[1].state_changed_at


def test_a_report_is_closed_when_all_its_items_are_and_open_again_when_one_is(receive) -> None:
    report_id = receive("http://a.example/x\nhttp://b.example/y").report_id
    first, second = queries.items_of(report_id)
    tell_reporter(first.id, state="closed", reason="removed")
    assert queries.report(report_id).closed_at is None
    tell_reporter(second.id, state="closed", reason="not_found")
    assert queries.report(report_id).closed_at is not None
    tell_reporter(second.id, state="looking", reason="again")
    assert queries.report(report_id).closed_at is None


@pytest.mark.parametrize(("state", "reason"), [("acted", "removed"), ("gone", ""), ("closed", "because"), ("", "")])
def test_words_that_are_not_in_the_table_never_reach_a_receipt(receive, state, reason) -> None:
    item = queries.items_of(receive().report_id)[0]
    with pytest.raises(UnknownReason):
        tell_reporter(item.id, state=state, reason=reason)
    assert queries.items_of(item.report_id)[0].state == "received"


def test_only_who_may_asks_and_only_something(receive, within) -> None:
    report_id = receive().report_id
    for name in ("pia", "otto", "adam", "dora"):
        with pytest.raises(NotAllowed):
            ask_reporter(report_id, text="Which game?", actor=within[name].actor)
    with pytest.raises(NothingTyped):
        ask_reporter(report_id, text=" \x00", actor=within["ana"].actor)
    with pytest.raises(TextTooLong):
        ask_reporter(report_id, text="x" * 2001, actor=within["ana"].actor)
    with pytest.raises(BadInput):
        ask_reporter(report_id, text="Which game?", form="picture", actor=within["ana"].actor)
    assert queries.messages_of(report_id) == []
