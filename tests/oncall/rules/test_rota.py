"""Who is on call at an instant, whatever clocks do, and when nobody is."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from leeward.oncall.rules import kept
from leeward.oncall.rules.calendars import MOST_BYTES, Entry, calendar_text
from leeward.oncall.rules.rota import (
    DAYS,
    HOLIDAY,
    Override,
    Rota,
    Rotation,
    Span,
    gaps,
    moments,
    on_call_at,
    shifts_of,
    stretches,
)

NASSAU = "America/Nassau"  # clocks go back on 1 November 2026 at 02:00 and forward on 14 March 2027
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEKLY = Rotation(
    1, (1, 2, 3), "America/Jamaica", date(2026, 11, 2), None, time(8), time(8), 7, frozenset(DAYS)
)  # a Monday


def at(text: str, zone: str = "America/Jamaica") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def first(rota: Rota, moment: datetime) -> set[int]:
    return set(on_call_at(rota, moment)[1])


@pytest.mark.parametrize(
    ("moment", "who"),
    [
        ("2026-11-02T07:59", set()),
        ("2026-11-02T08:00", {1}),
        ("2026-11-09T07:59", {1}),
        ("2026-11-09T08:00", {2}),
        ("2026-11-16T08:00", {3}),
        ("2026-11-23T08:00", {1}),
    ],
)
def test_people_take_turns(moment, who) -> None:
    assert first(Rota(rotations=(WEEKLY,)), at(moment)) == who


def test_a_rotation_ends_with_the_shift_of_its_last_day() -> None:
    rota = Rota(rotations=(replace(WEEKLY, last_on=date(2026, 11, 3)),))
    assert first(rota, at("2026-11-04T07:59")) == {1}
    assert first(rota, at("2026-11-04T08:00")) == set()
    assert first(Rota(rotations=(replace(WEEKLY, people=()),)), at("2026-11-03T08:00")) == set()


def test_nights_on_some_days_and_holidays_only_where_they_are_meant() -> None:
    friday, saturday = date(2026, 11, 6), date(2026, 11, 7)
    nights = replace(WEEKLY, begins=time(22), ends=time(6), days=1, on=frozenset({5}))
    rota = Rota(rotations=(nights,))
    assert first(rota, at("2026-11-06T22:00")) == {2}
    assert first(rota, at("2026-11-07T05:59")) == {2}
    assert first(rota, at("2026-11-07T06:00")) == set()
    assert first(rota, at("2026-11-07T22:00")) == set()
    assert first(replace(rota, holidays=frozenset({friday})), at("2026-11-06T23:00")) == set()
    on_holidays = replace(nights, on=frozenset({HOLIDAY}))
    assert first(Rota(rotations=(on_holidays,), holidays=frozenset({saturday})), at("2026-11-07T23:00")) == {3}


def test_no_hour_is_without_anybody_where_clocks_change_tonight() -> None:
    for begins in (time(0), time(1, 30), time(2), time(2, 30), time(3)):
        daily = Rotation(1, (1, 2), NASSAU, date(2026, 10, 1), None, begins, begins, 1, frozenset(DAYS))
        for day in (datetime(2026, 10, 31, tzinfo=UTC), datetime(2027, 3, 13, tzinfo=UTC)):
            found = stretches(Rota(rotations=(daily,)), day, day + 3 * DAY, NASSAU)
            assert gaps(found, lambda _person, _at: True) == [], (begins, day)
            both = [span for span, now_on in found if len(now_on[1]) == 2]
            assert sum((span.ends - span.starts for span in both), timedelta(0)) <= HOUR
    repeated = Rotation(1, (1, 2), NASSAU, date(2026, 10, 1), None, time(1, 30), time(1, 30), 1, frozenset(DAYS))
    overlap = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)
    assert first(Rota(rotations=(repeated,)), overlap) == {1, 2}, "one stays until the second half past one"


def test_a_time_that_clocks_show_twice_or_never_is_two_instants() -> None:
    twice = moments(date(2026, 11, 1), time(1, 30), ZoneInfo(NASSAU))
    never = moments(date(2027, 3, 14), time(2, 30), ZoneInfo(NASSAU))
    once = moments(date(2026, 11, 2), time(1, 30), ZoneInfo(NASSAU))
    assert [b.timestamp() - a.timestamp() for a, b in (twice, never, once)] == [3600, 3600, 0]


def test_layers_and_those_who_always_are() -> None:
    rota = Rota(always=frozenset({9}), rotations=(WEEKLY, replace(WEEKLY, layer=2, people=(4,))))
    assert on_call_at(rota, at("2026-11-03T12:00")) == {1: {1, 9}, 2: {4}, 3: set()}


@pytest.mark.parametrize(
    ("person", "instead_of", "who"), [(7, 1, {7}), (None, 1, set()), (7, None, {1, 7}), (7, 2, {1}), (None, None, {1})]
)
def test_overrides_replace_add_or_leave_empty(person, instead_of, who) -> None:
    start = at("2026-11-03T12:00")
    rota = Rota(rotations=(WEEKLY,), overrides=(Override(start, start + HOUR, person, instead_of),))
    assert first(rota, start) == who
    assert first(rota, start + HOUR - timedelta(seconds=1)) == who
    assert first(rota, start - timedelta(seconds=1)) == first(rota, start + HOUR) == {1}


def test_an_override_keeps_the_layer_of_whom_it_replaces() -> None:
    start = at("2026-11-03T12:00")
    rota = Rota(rotations=(replace(WEEKLY, layer=2),), overrides=(Override(start, start + HOUR, 7, 1),))
    assert on_call_at(rota, start) == {1: set(), 2: {7}, 3: set()}


def test_gaps_are_whole_and_know_who_is_away() -> None:
    weekdays = replace(WEEKLY, people=(1,), begins=time(0), ends=time(0), on=frozenset({1, 2, 3, 4, 5}))
    start = at("2026-11-02T00:00").astimezone(UTC)
    found = stretches(Rota(rotations=(weekdays,)), start, start + 7 * DAY, "America/Jamaica")
    assert gaps(found, lambda _person, _at: True) == [Span(start + 5 * DAY, start + 7 * DAY)]
    tuesday = at("2026-11-03T00:00").date()
    away = gaps(found, lambda _person, moment: moment.astimezone(ZoneInfo("America/Jamaica")).date() != tuesday)
    assert away[0] == Span(start + DAY, start + 2 * DAY), "a day of leave is a gap of its own"
    nobody = stretches(Rota(), start, start + DAY, "America/Jamaica")
    assert gaps(nobody, lambda _person, _at: True) == [Span(start, start + DAY)]


def test_a_day_begins_at_the_first_midnight_that_clocks_show() -> None:
    starts, ends = (datetime(2026, 11, 1, hour, tzinfo=UTC) for hour in (3, 6))
    midnight = datetime(2026, 11, 1, 4, tzinfo=UTC)  # Havana shows it again at 05:00 UTC
    found = stretches(Rota(), starts, ends, "America/Havana")
    assert [span for span, _ in found] == [Span(starts, midnight), Span(midnight, ends)]


def test_somebodys_shifts_are_whole() -> None:
    start = at("2026-11-02T08:00").astimezone(UTC)
    found = stretches(
        Rota(rotations=(WEEKLY, replace(WEEKLY, layer=2, people=(2,)))), start, start + 21 * DAY, "America/Jamaica"
    )
    assert shifts_of(1, found) == [(Span(start, start + 7 * DAY), 1)]
    assert shifts_of(2, found) == [
        (Span(start, start + 7 * DAY), 2),
        (Span(start + 7 * DAY, start + 14 * DAY), 1),
        (Span(start + 14 * DAY, start + 21 * DAY), 2),
    ]
    assert shifts_of(9, found) == []


FAULTY = [
    ({"layer": 4}, "layer"),
    ({"people": ()}, "people"),
    ({"people": tuple(range(51))}, "people"),
    ({"zone": "Mars/Olympus"}, "zone"),
    ({"zone": "../etc/passwd"}, "zone"),
    ({"days": 0}, "days"),
    ({"days": 29}, "days"),
    ({"on": frozenset()}, "on"),
    ({"on": frozenset({9})}, "on"),
    ({"last_on": date(2026, 11, 1)}, "last_on"),
    ({}, ""),
    ({"layer": 3, "days": 28, "people": tuple(range(50)), "last_on": date(2026, 11, 2)}, ""),
    ({"days": 1}, ""),
]


@pytest.mark.parametrize(("change", "fault"), FAULTY)
def test_what_is_wrong_with_a_rotation(change, fault) -> None:
    assert kept.rotation_fault(replace(WEEKLY, **change)) == fault


def test_what_is_wrong_with_an_override() -> None:
    start = at("2026-11-03T12:00")
    faults = [
        kept.override_fault(one)
        for one in (
            Override(start, start + HOUR, None, None),
            Override(start, start, 1, None),
            Override(start, start + timedelta(days=92, seconds=1), 1, None),
            Override(start, start + timedelta(days=92), None, 1),
            Override(start, start + timedelta(seconds=1), 1, 2),
        )
    ]
    assert faults == ["person", "order", "length", "", ""]


def test_what_is_kept_is_read_again() -> None:
    for one in (WEEKLY, replace(WEEKLY, last_on=date(2026, 12, 24), on=frozenset({6, HOLIDAY}))):
        stored = kept.rotation_as_kept(5, one)
        assert kept.read_rotation(stored) == kept.Kept(5, one, kept.mark_of_kept(stored))
    override = Override(datetime(2026, 11, 3, tzinfo=UTC), datetime(2026, 11, 4, tzinfo=UTC), None, 2)
    stored = kept.override_as_kept(2, override)
    assert kept.read_override(stored) == kept.Kept(2, override, kept.mark_of_kept(stored))
    assert kept.mark_of_kept(dict(reversed(stored.items()))) == kept.mark_of_kept(stored)
    others = [stored | {"person": 3}, stored | {"ends": "2026-11-05T00:00:00+00:00"}, stored | {"number": 3}]
    assert len({kept.mark_of_kept(one) for one in (stored, *others)}) == 4
    assert [kept.next_number(rows) for rows in ([], [stored], [{"number": 7}, stored])] == [1, 3, 8]
    assert kept.with_person(WEEKLY, 4).people == (1, 2, 3, 4)
    assert kept.with_person(WEEKLY, 2) == WEEKLY
    assert kept.without_person(WEEKLY, 2).people == (1, 3)


def test_a_calendar_is_what_programs_read() -> None:
    span = Span(datetime(2026, 11, 3, 13, 0, tzinfo=UTC), datetime(2026, 11, 4, 13, 0, tzinfo=UTC))
    entry = Entry(span, "Jamaica; nights, and\nmore " + "é" * 60, "jm-1-1")
    text = calendar_text("Hotline, J", [entry], "report.example", datetime(2026, 11, 1, tzinfo=UTC))
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= MOST_BYTES for line in lines)
    assert lines[:4] == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Leeward//On call//EN",
        "X-WR-CALNAME:Hotline\\, J",
    ]
    assert lines[4:9] == [
        "BEGIN:VEVENT",
        "UID:jm-1-1-20261103T130000Z@report.example",
        "DTSTAMP:20261101T000000Z",
        "DTSTART:20261103T130000Z",
        "DTEND:20261104T130000Z",
    ]
    assert "SUMMARY:Jamaica\\; nights\\, and more " + "é" * 60 in text.replace("\r\n ", "")
    assert text.endswith("END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_hours_of_one_day_and_a_rotation_of_one_person() -> None:
    days = replace(WEEKLY, people=(1,), begins=time(9), ends=time(17), days=1)
    assert kept.rotation_fault(days) == ""
    assert first(Rota(rotations=(days,)), at("2026-11-03T16:59")) == {1}
    assert first(Rota(rotations=(days,)), at("2026-11-03T17:00")) == set()
    start = at("2026-11-03T00:00").astimezone(UTC)
    found = stretches(Rota(rotations=(days,)), start, start + 2 * DAY, "America/Jamaica")
    assert shifts_of(1, found) == [
        (Span(start + number * DAY + 9 * HOUR, start + number * DAY + 17 * HOUR), 1) for number in (0, 1)
    ]
    assert gaps(found, lambda person, _at: person == 2) == [Span(start, start + 2 * DAY)], "who is meant is asked about"


def test_an_override_is_read_with_whom_it_names() -> None:
    start = datetime(2026, 11, 3, tzinfo=UTC)
    one = Override(start, start + DAY, 7, 2)
    assert kept.read_override(kept.override_as_kept(1, one)).it == one


def test_lines_of_a_calendar_are_as_long_as_they_may_be() -> None:
    span = Span(datetime(2026, 11, 3, 13, 0, tzinfo=UTC), datetime(2026, 11, 4, 13, 0, tzinfo=UTC))
    text = calendar_text("n", [Entry(span, "XX" + "a" * 198, "k")], "h.example", datetime(2026, 11, 1, tzinfo=UTC))
    lines = text.split("\r\n")
    at_summary = next(number for number, line in enumerate(lines) if line.startswith("SUMMARY:"))
    assert [len(line) for line in lines[at_summary : at_summary + 3]] == [75, 75, 60]
    assert "".join(line.removeprefix(" ") for line in lines[at_summary : at_summary + 3]) == "SUMMARY:XX" + "a" * 198


def test_edges_are_those_of_nights_that_began_before_and_of_midnight() -> None:
    nights = replace(WEEKLY, people=(1,), begins=time(22), ends=time(6), days=1)
    start = at("2026-11-04T00:00").astimezone(UTC)
    found = stretches(Rota(rotations=(nights,)), start, start + DAY, "America/Jamaica")
    assert gaps(found, lambda person, _at: person == 1) == [Span(start + 6 * HOUR, start + 22 * HOUR)]
    weekly = Rota(rotations=(replace(WEEKLY, people=(1,)),))
    days = stretches(weekly, start, start + 3 * DAY, "America/Jamaica")
    assert all(span.starts < span.ends for span, _on_call in days)
    thursday = date(2026, 11, 5)
    away = gaps(days, lambda _person, moment: moment.astimezone(ZoneInfo("America/Jamaica")).date() != thursday)
    assert away == [Span(start + DAY, start + 2 * DAY)], "leave begins and ends at midnight"
    lisbon = stretches(weekly, start, start + 2 * DAY, "Europe/Lisbon")
    assert start + 19 * HOUR in {span.starts for span, _on_call in lisbon}
