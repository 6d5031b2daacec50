"""Contacts and receipts are forgotten when their time has come, and not before."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings as installed

from leeward.audit.models import AuditRow
from leeward.foundation.actor import SYSTEM
from leeward.intake import queries
from leeward.intake.models import Report, ReviewRequest
from leeward.intake.receipts import find_receipt
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import ask_from_outside, erase_contacts, expire_receipts, settle_appeal, tell_reporter
from leeward.web_security.keys import new_form_key

CLOSED = datetime(2026, 1, 1, 12, tzinfo=UTC)
CONTACT = timedelta(days=installed.LEEWARD.contact_days)
YEAR = timedelta(days=365)
A_MOMENT = timedelta(seconds=1)


def test_a_contact_goes_after_the_promised_days_and_only_when_all_is_closed(receive) -> None:
    closed = receive(contact="someone@mail.example").report_id
    still_open = receive("http://b.example/\nhttp://c.example/", contact="other@mail.example").report_id
    tell_reporter(queries.items_of(closed)[0].id, state="closed", now=CLOSED)
    tell_reporter(queries.items_of(still_open)[0].id, state="closed", now=CLOSED)
    assert erase_contacts(CLOSED + CONTACT - A_MOMENT) == 0
    assert queries.report(closed).contact == "someone@mail.example"
    assert erase_contacts(CLOSED + CONTACT + A_MOMENT) == 1
    assert erase_contacts(CLOSED + CONTACT + A_MOMENT) == 0
    assert queries.report(closed).contact == ""
    assert queries.report(closed).text == "I found a bad page."
    assert queries.report(still_open).contact == "other@mail.example"
    assert AuditRow.objects.filter(event="contacts.erased").count() == 1


@pytest.mark.parametrize("days_now", [1, 3650])
def test_a_contact_is_kept_as_long_as_its_form_said_whatever_is_set_later(receive, settings, days_now: int) -> None:
    number = receive(contact="someone@mail.example").report_id
    tell_reporter(queries.items_of(number)[0].id, state="closed", now=CLOSED)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"contact_days": days_now})
    assert erase_contacts(CLOSED + CONTACT - A_MOMENT) == 0
    assert erase_contacts(CLOSED + CONTACT + A_MOMENT) == 1


def test_a_contact_from_before_promises_were_stored_keeps_the_one_of_that_day(receive, settings) -> None:
    number = receive(contact="someone@mail.example").report_id
    Report.objects.filter(pk=number).update(contact_days=None)
    tell_reporter(queries.items_of(number)[0].id, state="closed", now=CLOSED)
    assert erase_contacts(CLOSED) == 0
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"contact_days": 1})
    assert erase_contacts(CLOSED + CONTACT - A_MOMENT) == 0


def test_a_receipt_opens_nothing_a_year_after_closing(receive) -> None:
    received = receive()
    tell_reporter(queries.items_of(received.report_id)[0].id, state="closed", now=CLOSED)
    assert expire_receipts(CLOSED + YEAR - A_MOMENT) == 0
    assert find_receipt(received.receipt) is not None
    assert expire_receipts(CLOSED + YEAR + A_MOMENT) == 1
    assert find_receipt(received.receipt) is None


def test_a_receipt_opens_until_a_year_after_the_answer_to_a_review(receive) -> None:
    received = receive()
    tell_reporter(queries.items_of(received.report_id)[0].id, state="closed", now=CLOSED)
    review = ReviewRequest.objects.create(
        hotline_id=queries.report(received.report_id).hotline_id, report_id=received.report_id, asked_at=CLOSED
    )
    assert expire_receipts(CLOSED + YEAR + A_MOMENT) == 0
    ReviewRequest.objects.filter(pk=review.pk).update(settled_at=CLOSED + YEAR)
    assert expire_receipts(CLOSED + YEAR + YEAR) == 0
    assert expire_receipts(CLOSED + YEAR + YEAR + A_MOMENT) == 1


def test_outside_appeals_are_forgotten_too(within, settings) -> None:
    (thing,) = item_drafts("http://shop.example/", {})
    asked = ask_from_outside(
        thing, relation="owner", text="It is a shop.", contact="owner@shop.example", hotline_id=within.hotline_id,
        portal_id=within.portal_id, language="en", form_key=new_form_key(),
    )  # fmt: skip
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"contact_days": 1})
    settle_appeal(asked.appeal_id, upheld=False, reasons="", actor=SYSTEM, now=CLOSED)
    assert erase_contacts(CLOSED + CONTACT - A_MOMENT) == 0
    assert erase_contacts(CLOSED + CONTACT + A_MOMENT) == 1
    assert queries.outside_appeal(asked.appeal_id).contact == ""
    assert expire_receipts(CLOSED + YEAR + A_MOMENT) == 1
    assert find_receipt(asked.receipt) is None
