"""Owners, hosts and people who are shown ask to look again."""

import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.intake import queries
from leeward.intake.errors import AlreadyWithdrawn, AppealAnswered
from leeward.intake.models import OutsideAppeal, Report
from leeward.intake.receipts import find_receipt
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import ask_from_outside, settle_appeal, withdraw_appeal
from leeward.web_security.keys import new_form_key


@pytest.fixture
def ask(within):
    def asked(key: str = "", **more):
        (thing,) = item_drafts("http://shop.example/", {})
        said = {"item": thing, "relation": "owner", "text": "It is a shop.", "contact": "owner@shop.example"} | more
        return ask_from_outside(
            hotline_id=within.hotline_id,
            portal_id=within.portal_id,
            language="en",
            form_key=key or new_form_key(),
            **said,
        )

    return asked


def test_it_is_kept_once_and_followed_by_its_number(ask) -> None:
    key = new_form_key()
    first, again = ask(key), ask(key)
    assert (first.appeal_id, first.receipt) == (again.appeal_id, again.receipt)
    assert first.receipt.startswith("9")
    assert find_receipt(first.receipt) == OutsideAppeal.objects.get()
    row = queries.outside_appeal(first.appeal_id)
    assert (row.display, row.relation, row.state) == ("http://shop.example/", "owner", "received")
    (act,) = AuditRow.objects.filter(event="appeal.asked")
    assert "shop" not in act.facts


def test_its_answer_is_told(ask) -> None:
    appeal_id = ask().appeal_id
    told = {"reasons": "We read it.", "actor": Actor("staff", 1)}
    assert settle_appeal(appeal_id, upheld=False, **told)
    assert not settle_appeal(appeal_id, upheld=False, **told)
    assert settle_appeal(appeal_id, upheld=True, **told)
    assert not settle_appeal(appeal_id, upheld=False, **told)
    row = queries.outside_appeal(appeal_id)
    assert (row.state, row.outcome) == ("closed", "changed")


def test_taken_back_it_opens_nothing_and_says_nothing(ask) -> None:
    key = new_form_key()
    asked = ask(key)
    withdraw_appeal(asked.appeal_id)
    withdraw_appeal(asked.appeal_id)
    assert find_receipt(asked.receipt) is None
    row = queries.outside_appeal(asked.appeal_id)
    assert (row.text, row.contact) == ("", "")
    with pytest.raises(AlreadyWithdrawn):
        ask(key)


def test_sent_again_what_is_new_is_added(ask) -> None:
    key = new_form_key()
    asked = ask(key)
    again = ask(key, text="It is a bakery.", contact="baker@shop.example")
    assert (again.receipt, again.is_new) == (asked.receipt, False)
    ask(key, text="It is a bakery.")
    row = queries.outside_appeal(asked.appeal_id)
    assert (row.text, row.contact) == ("It is a shop.\n\nIt is a bakery.", "owner@shop.example")
    (moved,) = item_drafts("http://other.example/", {})
    ask(key, item=moved)
    assert queries.outside_appeal(asked.appeal_id).text.endswith("http://other.example/")
    settle_appeal(asked.appeal_id, upheld=False, reasons="We read it.", actor=Actor("staff", 1))
    ask(key, text="It is a bakery.")
    with pytest.raises(AppealAnswered):
        ask(key, text="Nobody read this.")


def test_who_says_only_then_that_they_are_shown_has_an_urgent_report(ask) -> None:
    key = new_form_key()
    asked = ask(key)
    ask(key, relation="shown", text="I am in it.")
    report = Report.objects.get()
    row = queries.outside_appeal(asked.appeal_id)
    assert (row.report_id, row.relation) == (report.pk, "shown")
    assert (report.kind, report.urgency, report.text) == ("me", "shown", "I am in it.")
    settle_appeal(asked.appeal_id, upheld=False, reasons="We read it.", actor=Actor("staff", 1))
    for _twice in range(2):
        ask(key, relation="shown", text="There is more.", contact="me@mail.example")
    assert [one.text for one in queries.messages_of(report.pk)] == ["There is more."]
    assert queries.report(report.pk).contact == "me@mail.example"
    assert Report.objects.count() == 1
