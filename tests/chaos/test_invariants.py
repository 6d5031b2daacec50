"""Each invariant is content with what is right, and finds a violation that was planted."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.intake.rules.receipt import receipt_hash
from tests.chaos.invariants import (
    LATE,
    LONGEST_CLAIM,
    LONGEST_LEASE,
    JobRow,
    MailRow,
    PublicationRow,
    ReportRow,
    each_once_at_the_peer,
    log_whole,
    nothing_claimed_for_ever,
    nothing_left_between,
    nothing_twice,
    one_case_each,
    police_first_in_log,
    police_first_in_mail,
    publications_whole,
    sent_means_arrived,
)
from tests.chaos.record import Promise, Record
from tests.chaos.rows import taken
from tests.chaos.schedule import ALL, KINDS, schedule

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
POLICE, HOST, STAFF = "police@constabulary.example", "abuse@host.example", "@hotline.example"


def mail(to: str, number: str, *cases: str, link: str = "", subject: str = "A notice") -> MailRow:
    return MailRow(to, number, frozenset(cases), link, subject)


def job(**changed: Any) -> JobRow:
    told = {
        "kind": "intake.take_in",
        "subject": 7,
        "due_at": NOW,
        "leased_until": None,
        "is_dead": False,
        "problem": "",
    }
    return JobRow(**told | changed)


def row(number: int, event: str, **facts: object) -> dict[str, Any]:
    return {"chain": 1, "number": number, "event": event, "actor": "system", "facts": json.dumps(facts)}


def test_a_receipt_without_report_two_reports_and_two_cases_are_found() -> None:
    taken = {"a": (2, 0), "b": (0, 1), "c": (1, 1)}
    right = [ReportRow(1, "a", "1"), ReportRow(2, "a", "1"), ReportRow(3, "c", "2"), ReportRow(4, "elsewhere", "")]
    assert one_case_each(taken, right) == []
    assert one_case_each(taken, [*right, ReportRow(5, "b", "3"), ReportRow(6, "c", "2")]) == []
    assert one_case_each(taken, right[1:]) == ["a: 2 receipts and 0 without an answer, but 1 reports"]
    assert one_case_each(taken, [*right, ReportRow(5, "a", "1")]) == [
        "a: 2 receipts and 0 without an answer, but 3 reports"
    ]
    assert one_case_each({"a": (2, 0)}, [ReportRow(1, "a", "1"), ReportRow(2, "a", "9")]) == ["a: cases ['1', '9']"]
    assert one_case_each({"a": (1, 0)}, [ReportRow(1, "a", "")]) == ["a: cases ['']"]


def test_a_host_that_knew_before_the_police_is_found_in_the_log_and_in_the_mail() -> None:
    told = row(1, "referral.sent", case=4)
    free = row(2, "referral.released", case=4)
    host = row(3, "notice.sent", cases=[4], kind="host")
    assert police_first_in_log([told, free, host]) == []
    assert len(police_first_in_log([host])) == 1
    assert len(police_first_in_log([told, host])) == 1

    first, second = mail(POLICE, "1", "2026-0001"), mail(HOST, "2", "2026-0001")
    ours = mail(f"ana{STAFF}", "3", "2026-0002")
    assert police_first_in_mail([first, ours, second], police=POLICE, staff=STAFF) == []
    assert police_first_in_mail([second, first], police=POLICE, staff=STAFF) == [
        f"{HOST} was told of 2026-0001 before the police"
    ]
    assert (
        len(police_first_in_mail([first, mail(HOST, "4", "2026-0001", "2026-0002")], police=POLICE, staff=STAFF)) == 1
    )


def test_what_arrives_twice_is_found_under_one_identifier_and_composed_anew() -> None:
    right = [mail(HOST, "1", link="/notice/a"), mail(POLICE, "1"), mail(HOST, "2", link="/notice/b"), mail(HOST, "3")]
    assert nothing_twice(right) == []
    assert nothing_twice([*right, mail(HOST, "3")]) == [f"{HOST} got 3 2 times"]
    assert nothing_twice([*right, mail(HOST, "5", link="/notice/a")]) == [f"{HOST} got “A notice” in 2 messages"]
    assert nothing_twice([*right, mail(HOST, "5", link="/notice/a", subject="A reminder")]) == []


def test_a_message_that_is_called_sent_has_arrived_and_none_is_left_over() -> None:
    assert sent_means_arrived({"1": "sent", "2": "stopped"}, [mail(HOST, "1")]) == []
    assert sent_means_arrived({"1": "sent", "2": "sending"}, []) == [
        "1 is called sent and never arrived",
        "2 is still sending",
    ]


@pytest.mark.parametrize(
    ("planted", "said"),
    [
        (job(is_dead=True, problem="OperationalError"), "was given up: OperationalError"),
        (job(leased_until=NOW + LONGEST_LEASE + timedelta(seconds=1)), "is leased until"),
        (job(due_at=NOW - LATE - timedelta(seconds=1)), "is due since"),
        (job(due_at=NOW - timedelta(days=1), leased_until=NOW - LATE - timedelta(seconds=1)), "is due since"),
    ],
)
def test_a_job_that_nobody_will_do_is_found(planted: JobRow, said: str) -> None:
    right = [
        job(),
        job(due_at=NOW + timedelta(days=400)),
        job(due_at=NOW - LATE),
        job(due_at=NOW - timedelta(days=1), leased_until=NOW + LONGEST_LEASE),
    ]
    begun = NOW - timedelta(days=2)
    assert nothing_claimed_for_ever(right, {"1": NOW + LONGEST_CLAIM}, NOW, begun_at=begun) == []
    (found,) = nothing_claimed_for_ever([*right, planted], {}, NOW, begun_at=begun)
    assert said in found


def test_a_case_that_is_held_for_ever_is_found_and_what_has_only_begun_is_not_late() -> None:
    held = {"2026-0001": NOW + LONGEST_CLAIM + timedelta(seconds=1)}
    assert len(nothing_claimed_for_ever([], held, NOW, begun_at=NOW)) == 1
    assert nothing_claimed_for_ever([job(due_at=NOW - timedelta(days=1))], {}, NOW, begun_at=NOW - LATE) == []


def test_a_receipt_stands_for_nothing_only_where_its_report_was_lost_with_the_file() -> None:
    salt = b"s" * 32
    lost = receipt_hash(salt, "1" * 16)
    promises = [Promise("a", "1" * 16, NOW), Promise("a", "2" * 16, NOW), Promise("b", "", NOW)]
    assert taken(Record(promises=promises, salt=salt)) == {"a": (2, 0), "b": (0, 1)}
    assert taken(Record(promises=promises, salt=salt, lost={lost})) == {"a": (1, 1), "b": (0, 1)}


def test_what_waits_what_was_kept_back_and_cards_of_something_else_are_found() -> None:
    assert nothing_left_between([], 0, 0) == []
    assert nothing_left_between(["failed", "failed"], 3, 2) == [
        "2 arrivals were kept back: failed",
        "3 arrivals and marks wait when all is quiet",
        "2 cards show something else",
    ]
    assert nothing_left_between([], 0, -1) == ["the cards could not be compared"]


def test_what_the_peer_lacks_has_twice_or_was_told_twice_and_what_nobody_signed_is_found() -> None:
    right = {"a": (1, "sent"), "b": (2, "sent")}
    assert each_once_at_the_peer(right, ["a", "b"], [], 0, is_cut=False) == []
    assert each_once_at_the_peer(right, ["a", "b", "c"], [], 0, is_cut=True) == []
    assert each_once_at_the_peer(right, ["a", "c"], ["a"], 1, is_cut=False) == [
        "b is called sent, and the peer has none",
        "the peer has a twice",
        "the peer has c, of which nothing is known here",
        "1 messages were taken in, and none was signed",
    ]
    assert each_once_at_the_peer({"a": (1, "sent"), "b": (1, "waiting")}, ["a", "b"], [], 0, is_cut=False) == [
        "b is still waiting",
        "case 1 was reported 2 times",
    ]


def test_a_publication_without_its_file_with_another_and_with_an_older_serial_is_found() -> None:
    right = [
        PublicationRow("a", 1, "x", 2, "x", 2),
        PublicationRow("b", 1, "y", 0, "y", 0),
        PublicationRow("a", 3, "x", 2, "x", 2),
    ]
    assert publications_whole(right, []) == []
    assert publications_whole(right, ["half.snapshot"]) == ["half.snapshot was left"]
    for wrong, said in (
        (PublicationRow("a", 4, "x", 2, None, 0), "a 4: the file of its entries is missing"),
        (PublicationRow("a", 4, "x", 2, "z", 2), "a 4: the file of its entries is another"),
        (PublicationRow("a", 4, "x", 2, "x", 1), "a 4: 2 entries, 1 in the file"),
        (PublicationRow("a", 3, "x", 2, "x", 2), "a 3 follows 3"),
    ):
        assert publications_whole([*right, wrong], []) == [said]


def test_a_gap_in_the_log_a_row_that_was_not_checked_and_a_bad_verdict_are_found() -> None:
    def rows(*numbers: int) -> list[dict[str, Any]]:
        return [{"chain": 1, "number": number} for number in numbers]

    good = {"chain": 1, "rows": 3, "ok": True, "problem": None}
    assert log_whole([good], rows(1, 2, 3)) == []
    assert log_whole([good | {"rows": 5}], rows(1, 2, 3)) == []  # it grew between
    assert log_whole([good], rows(1, 3)) == ["log 1: row 3 where 2 was expected"]
    assert log_whole([good | {"rows": 2}], rows(1, 2, 3)) == ["log 1: 2 rows checked of 3"]
    assert log_whole([], rows(1)) == ["log 1 was not checked"]
    assert log_whole([good | {"ok": False, "problem": "Row 2 was changed."}], rows(1, 2, 3)) == [
        "log 1: Row 2 was changed."
    ]


def test_a_seed_gives_the_same_schedule_and_every_kind_comes_once_before_chance_decides() -> None:
    count = len(KINDS) + 40
    assert {one.kind for one in schedule(7, len(ALL), list(ALL))} == set(ALL)
    assert schedule(7, count) == schedule(7, count)
    assert schedule(7, count) != schedule(8, count)
    assert {one.kind for one in schedule(7, len(KINDS))} == set(KINDS)
    assert {one.kind for one in schedule(7, 30, ["restore", "old code"])} == {"restore", "old code"}
    for one in schedule(7, count):
        least, most, _often = KINDS[one.kind]
        assert least <= one.lasts_seconds <= most
