"""Alarms and quarterly tests by themselves."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.publishing import queries, services
from leeward.blocklist.publishing.models import Fetch, ListTest, Subscriber
from leeward.blocklist.publishing.rules.alarms import Standing, alarm_of, quarter_of
from tests.blocklist.publishing.conftest import House

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def watch(house: House, now: datetime) -> str:
    services.watch_subscribers(house.cast.hotline_id, now=now)
    row = queries.subscriber_by_slug("alpha")
    assert row
    return row.alarm


def test_a_subscriber_that_stops_fetching_raises_an_alarm_and_ends_it(house: House) -> None:
    row, _ = house.subscribe()
    house.publish()
    now = datetime.now(UTC)
    assert watch(house, now) == ""
    assert watch(house, now + timedelta(days=4)) == "never_fetched"
    services.note_fetch(hotline_id=row.hotline_id, subscriber_id=row.id, list_id=house.list_id, form="rpz", serial=1)
    assert watch(house, now + timedelta(hours=20)) == ""
    assert watch(house, now + timedelta(hours=40)) == "stale"
    Fetch.objects.update(at=now + timedelta(hours=41))
    assert watch(house, now + timedelta(hours=42)) == ""


def test_one_fresh_format_does_not_hide_another_that_is_old(house: House) -> None:
    """A resolver's transfers fail while a programme of the same operator goes on fetching."""
    row, _ = house.subscribe(formats=("rpz", "hashes"))
    house.publish()
    now = datetime.now(UTC)
    for form in ("rpz", "hashes"):
        services.note_fetch(hotline_id=row.hotline_id, subscriber_id=row.id, list_id=house.list_id, form=form, serial=1)
    Fetch.objects.filter(form="hashes").update(at=now + timedelta(hours=40))
    assert watch(house, now + timedelta(hours=40)) == "stale"
    Subscriber.objects.update(formats=["hashes"])  # the contract holds it no more
    assert watch(house, now + timedelta(hours=40)) == ""


def test_every_quarter_every_list_is_to_be_tested(house: House) -> None:
    house.subscribe()
    house.publish()
    assert services.ask_tests(house.cast.hotline_id, now=NOW) == 1
    assert services.ask_tests(house.cast.hotline_id, now=NOW + timedelta(days=10)) == 0
    assert services.ask_tests(house.cast.hotline_id, now=NOW + timedelta(days=40)) == 1
    assert set(ListTest.objects.values_list("quarter", flat=True)) == {"2026-Q4", "2027-Q1"}


def test_an_unanswered_test_raises_an_alarm(house: House) -> None:
    row, _ = house.subscribe()
    house.publish()
    now = datetime.now(UTC)
    services.note_fetch(hotline_id=row.hotline_id, subscriber_id=row.id, list_id=house.list_id, form="rpz", serial=1)
    services.ask_tests(house.cast.hotline_id, now=now)
    ListTest.objects.update(asked_at=now - timedelta(days=31))
    assert watch(house, now) == "test_overdue"
    services.answer_test(row.id, house.list_id, answer="blocked", actor=house.cast["carl"].actor)
    assert Subscriber.objects.get().alarm == ""


@given(day=st.dates(date(2000, 1, 1), date(2100, 12, 31)))
def test_quarters(day: date) -> None:
    assert quarter_of(day) == f"{day.year}-Q{1 + (day.month > 3) + (day.month > 6) + (day.month > 9)}"


def test_the_gravest_alarm_comes_first() -> None:
    everything = Standing(NOW - timedelta(days=90), NOW - timedelta(days=9), True, 1, NOW - timedelta(days=60))
    assert alarm_of(everything, NOW) == "test_failed"
    assert alarm_of(Standing(NOW, None, False, 0, None), NOW) == ""
