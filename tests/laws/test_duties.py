"""Reporting duties on a day; the United Kingdom's regulations were made, revoked and remade."""

from datetime import UTC, date, datetime

import pytest

from leeward.laws.duties import DutySheet, duty_sheet
from leeward.laws.register import packaged_register
from leeward.laws.rules.history import state_on


def _sheet(code: str, on: date = date(2026, 11, 24)) -> DutySheet:
    return duty_sheet(packaged_register().file(code), on)


@pytest.mark.parametrize(
    ("on", "first", "second", "phase"),
    [
        (date(2024, 6, 1), "not made", "not made", "not yet"),
        (date(2025, 6, 1), "made", "not made", "not yet"),
        (date(2025, 11, 2), "revoked", "not made", "not yet"),
        (date(2026, 3, 9), "revoked", "made", "not yet"),
        (date(2026, 4, 7), "revoked", "in force", "in force"),
    ],
)
def test_made_revoked_and_remade(on: date, first: str, second: str, phase: str) -> None:
    sheet = _sheet("GB", on)
    states = {work.id: work.state for work in sheet.works}
    assert (states["si-2025-368"], states["si-2026-268"]) == (first, second)
    assert sheet.duties[0].phase == phase


def test_canada_has_two_duties_with_their_own_trigger_and_recipient() -> None:
    advised, own = _sheet("CA").duties
    assert (advised.trigger, own.trigger) == ("advised", "reasonable_grounds")
    assert "Centre for Child Protection" in (advised.to or "")
    assert own.to == "a police officer"
    assert (advised.preservation_days, own.preservation_days) == (None, 21)
    assert advised.due_at(datetime(2026, 1, 1, tzinfo=UTC)) is None, "words, no hours: no clock is invented"
    assert own.citations[0] == "S.C. 2011, c. 4 s 3"


def test_preservation_in_the_united_states_is_a_year_since_2024() -> None:
    duty = _sheet("US").duties[0]
    assert (duty.preservation_days, duty.since) == (365, "2024-05-07")


def test_no_duty_and_not_recorded_are_two_things() -> None:
    assert _sheet("JM").no_duty == "no such section in the Act (14 sections)"
    assert _sheet("NR").no_duty is None
    assert _sheet("EU").blocking


def test_a_work_without_history_is_not_made() -> None:
    assert state_on([], date(2026, 1, 1)) == "not made"
