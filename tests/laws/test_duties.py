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
    known_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert advised.deadlines(known_at).report_by is None, "words, no hours: no clock is invented"
    assert own.deadlines(known_at).keep_until is None, "kept from the report on, and there is none yet"
    reported = own.deadlines(known_at, datetime(2026, 1, 3, tzinfo=UTC))
    assert reported.keep_until == reported.destroy_after == datetime(2026, 1, 24, tzinfo=UTC)
    assert (advised.foreign_report, own.foreign_report) == ("yes", "yes")
    assert own.citations[0] == "S.C. 2011, c. 4 s 3"


def test_who_is_bound_and_how_fast() -> None:
    india = _sheet("IN")
    assert [duty.id for duty in india.binding("any_person")] == ["any-person"]
    assert [duty.id for duty in india.binding("host")] == ["any-person", "intermediary"]
    told = india.time_to_tell_police()
    assert told is not None
    assert (told.hours, told.citations[0]) == (0, "POCSO Act 2012 s 19")
    assert _sheet("CA").time_to_tell_police() is None, "Canada's duties bind providers, not the hotline"
    assert _sheet("ZA", date(2020, 1, 1)).binding("access") == (), "not in force yet"
    assert _sheet("ZA").binding("host") == ()


def test_how_long_evidence_is_kept_and_by_which_law() -> None:
    days, since, citations = _sheet("CA").time_to_keep() or (0, "", ())
    assert (days, since, citations[:2]) == (21, "the notification", ("S.C. 2011, c. 4 s 3", "S.C. 2011, c. 4 s 4"))
    assert (_sheet("US").time_to_keep() or (0,))[0] == 365
    assert _sheet("US", date(2020, 1, 1)).time_to_keep() is None
    assert _sheet("GB").time_to_keep() is None, "that binds services between users, and no host"


def test_what_the_united_kingdom_wants_kept_is_dated_and_said_to_be_second_hand() -> None:
    duty = _sheet("GB").duties[0]
    assert (duty.preservation_days, duty.citations[-1]) == (365, "SI 2026/268 reg 8")
    assert "5 years" in (duty.preservation_words or "")
    assert "28 November 2026; the regulations themselves were not read" in " ".join((duty.note or "").split())
    sent = datetime(2026, 4, 10, tzinfo=UTC)
    assert duty.deadlines(sent, sent).keep_until == datetime(2027, 4, 10, tzinfo=UTC)
    assert not _sheet("GB", date(2026, 4, 6)).binding("platform"), "not in force yet"


def test_what_a_law_says_of_legal_privilege_is_on_record_where_it_was_read() -> None:
    (duty,) = _sheet("AU-ACT").binding("platform")
    assert "s 66AA(2)(e)" in (duty.privilege or "")
    assert _sheet("CA").duties[0].privilege is None


def test_preservation_in_the_united_states_is_a_year_since_2024() -> None:
    duty = _sheet("US").duties[0]
    assert (duty.preservation_days, duty.since) == (365, "2024-05-07")


def test_no_duty_and_not_recorded_are_two_things() -> None:
    assert _sheet("JM").no_duty == "no such section in the Act (14 sections)"
    assert _sheet("NR").no_duty is None
    assert _sheet("EU").blocking


@pytest.mark.parametrize(
    ("on", "phase"),
    [
        (date(2011, 1, 1), "since when is not recorded"),
        (date(1950, 1, 1), "not yet"),
        (date(2019, 6, 22), "in force"),
        (date(2019, 6, 21), "since when is not recorded"),
    ],
)
def test_a_duty_is_not_there_before_its_act_and_sure_only_once_it_was_read(on: date, phase: str) -> None:
    assert {duty.phase for duty in _sheet("CA", on).duties} == {phase}
    assert bool(_sheet("CA", on).binding("host")) is (phase != "not yet")


def test_a_work_without_history_is_not_made() -> None:
    assert state_on([], date(2026, 1, 1)) == "not made"
