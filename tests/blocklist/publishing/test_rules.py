"""What is signed, kept and tested of a published list, to the letter: whoever checks a copy writes the same lines again."""

from collections.abc import Iterable
from dataclasses import astuple, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from leeward.blocklist.publishing.rules import test_names
from leeward.blocklist.publishing.rules.alarms import Alarm, Standing, alarm_of, quarter_of
from leeward.blocklist.publishing.rules.networks import refusal
from leeward.blocklist.publishing.rules.statements import copy_text, publication_text
from leeward.blocklist.publishing.rules.states import read_state, state_lines
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.scopes import Scope

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def test_the_text_under_a_signature() -> None:
    signed = publication_text(list_name="national", serial=7, at=NOON, entries=3, sha256="ab")
    assert signed == b"leeward-list-publication 1\nnational\n7\n2026-11-24T12:00:00+00:00\n3\nab\n"
    whole = copy_text(list_name="national", form="hosts", serial=7, since=None, sha256="ab")
    assert whole == b"leeward-list-copy 1\nnational\nhosts\n7\n0\nab\n"
    assert copy_text(list_name="é", form="hosts", serial=7, since=5, sha256="ab").endswith(b"7\n5\nab\n")


PAGE = ListEntry(Scope.URL, "http://a.example/x", "http://a.example/X")
HOST = ListEntry(Scope.HOST, "http://b.example/", "")


def read(lines: Iterable[str]) -> list[tuple[object, ...]]:
    """Entries with their exact address, which comparing them leaves out."""
    return [astuple(entry) for entry in read_state(lines)]


def test_a_state_is_the_same_lines_whatever_the_order_and_is_read_again() -> None:
    lines = ["host\thttp://b.example/\thttp://b.example/", "url\thttp://a.example/x\thttp://a.example/X"]
    again = replace(PAGE, address="http://a.example/x")
    assert (
        state_lines([PAGE, HOST]) == state_lines([HOST, again, PAGE, PAGE]) == state_lines([HOST, PAGE, again]) == lines
    )
    assert read(f"{line}\n" for line in lines) == [astuple(replace(HOST, address="http://b.example/")), astuple(PAGE)]
    assert read(["url\thttp://a.example/\t\n"]) == [(Scope.URL, "http://a.example/", "")]
    assert read(["url\thttp://a.example/\thttp://a.example/x y\n"])[0][2] == "http://a.example/x y"
    assert state_lines([]) == []


@pytest.mark.parametrize("line", ["url\thttp://a.example/", "url\ta\tb\tc", "other\ta\tb", ""])
def test_a_line_that_is_no_entry_is_named(line: str) -> None:
    good = "url\thttp://a.example/\thttp://a.example/"
    with pytest.raises(BadCoding) as refused:
        list(read_state([good, line]))
    assert str(refused.value) == "The coded numbers can't be read: line 2 is not an entry."


def test_the_harmless_entries_that_show_whether_a_list_is_loaded() -> None:
    whole, page = "http://blocked-national.test.example/", "http://page-national.test.example/blocked.html"
    both = (ListEntry(Scope.DOMAIN, whole, whole), ListEntry(Scope.URL, page, page))
    made = test_names.test_entries_of("national", "test.example", domains_only=False)
    assert [astuple(entry) for entry in made] == [astuple(entry) for entry in both]
    assert test_names.test_entries_of("national", "test.example", domains_only=True) == both[:1]
    assert test_names.test_entries_of("national", "", domains_only=False) == ()


GOOD = Standing(NOON, NOON, has_unfetched=False, failed=0, unanswered_since=None)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("standing", "after", "alarm"),
    [
        (GOOD, timedelta(hours=36), ""),
        (GOOD, timedelta(hours=36, seconds=1), "stale"),
        (replace(GOOD, last_fetch_at=None), 90 * DAY, ""),
        (replace(GOOD, last_fetch_at=None, has_unfetched=True), 3 * DAY, ""),
        (replace(GOOD, last_fetch_at=None, has_unfetched=True), 3 * DAY + SECOND, "never_fetched"),
        (replace(GOOD, has_unfetched=True), 3 * DAY + SECOND, "stale"),
        (replace(GOOD, last_fetch_at=None, unanswered_since=NOON), 30 * DAY, ""),
        (replace(GOOD, last_fetch_at=None, unanswered_since=NOON), 30 * DAY + SECOND, "test_overdue"),
        (replace(GOOD, has_unfetched=True, unanswered_since=NOON, failed=1), 40 * DAY, "test_failed"),
        (replace(GOOD, last_fetch_at=None, has_unfetched=True, unanswered_since=NOON), 40 * DAY, "never_fetched"),
    ],
)
def test_the_gravest_alarm_of_a_subscriber(standing: Standing, after: timedelta, alarm: Alarm) -> None:
    assert alarm_of(standing, NOON + after) == alarm


@pytest.mark.parametrize(("month", "quarter"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (9, 3), (10, 4), (12, 4)])
def test_the_quarter_of_a_day(month: int, quarter: int) -> None:
    assert quarter_of(date(2026, month, 1)) == f"2026-Q{quarter}"


@pytest.mark.parametrize(
    ("address", "behind", "there", "why"),
    [
        ("8.8.8.8", "", ["a.example"], None),
        ("[2a00:1450::1]", "", [], None),
        ("a.example", "", [], "no_address"),
        ("X8.8.8.8X", "", [], "no_address"),
        ("10.0.0.1", "", [], "reserved"),
        ("224.0.1.1", "", [], "reserved"),
        ("8.8.8.8", "A network", [], "behind_a_network"),
        ("8.8.8.8", "", ["a.example", "b.example"], "shared"),
    ],
)
def test_which_addresses_of_machines_may_stand_on_a_list(
    address: str, behind: str, there: list[str], why: str | None
) -> None:
    assert refusal(address, behind=behind, hosts_there=there, listed=["a.example", "c.example"]) == why
