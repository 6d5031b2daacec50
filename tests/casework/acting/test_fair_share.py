"""Whoever reports much pushes nobody else's words out of the letter to the police."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.casework.acting.services.reported import MOST_BYTES, fair_share
from leeward.intake.models import ReporterMessage
from leeward.sealing import keys
from tests.casework.conftest import Desk

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHILD = "He has pictures of me."


def lines_of(number: int, count: int, *, text: str = "more") -> list[tuple[datetime, int, str]]:
    """What one report says, and what was added to it each minute."""
    begins = NOON + timedelta(hours=number)
    return [(begins + timedelta(minutes=minute), number, f"{text} {minute}") for minute in range(count)]


def test_of_many_additions_each_report_has_its_share() -> None:
    found = fair_share([*lines_of(1, 2), *lines_of(2, 50)], most=20, most_bytes=None)
    assert [text for _at, number, text in found if number == 1] == ["more 0", "more 1"]
    assert [text for _at, number, text in found if number == 2] == ["more 0", *(f"more {n}" for n in range(33, 50))]
    assert found == sorted(found)


def test_of_many_reports_the_newest_have_their_own_words() -> None:
    found = fair_share([line for number in range(30) for line in lines_of(number, 3)], most=20, most_bytes=None)
    assert [(number, text) for _at, number, text in found] == [(number, "more 0") for number in range(10, 30)]


def test_what_fits_is_whole() -> None:
    every = [line for number in range(5) for line in lines_of(number, 4, text="x" * 1000)]
    assert fair_share(every, most=20, most_bytes=25_000) == every


def test_long_lines_wait_until_all_others_had_their_turn() -> None:
    flood = [line for number in range(2, 12) for line in lines_of(number, 90, text="x" * 20_000)]
    found = fair_share([(NOON, 1, CHILD), *flood], most=2000, most_bytes=1_000_000)
    assert found[0] == (NOON, 1, CHILD)
    assert 900_000 < sum(len(text) for _at, _number, text in found) <= 1_000_000


def test_two_lines_that_say_the_same_are_two() -> None:
    twice = [(NOON, 1, CHILD), (NOON, 1, CHILD), (NOON, 2, "another")]
    assert sorted(fair_share(twice, most=20, most_bytes=None)) == sorted(twice)


def test_bytes_count_and_not_letters() -> None:
    found = fair_share(lines_of(1, 10, text="ह" * 100), most=20, most_bytes=1000)
    assert len(found) == 3


@pytest.mark.django_db(transaction=True)
def test_a_flood_lets_no_childs_letter_grow_too_large(desk: Desk) -> None:
    keys.public()
    flood = [desk.report(desk.world.gallery_url, text="x", kind="danger") for _report in range(3)]
    for report_id in flood:
        ReporterMessage.objects.bulk_create(
            ReporterMessage(
                hotline_id=desk.cast.hotline_id,
                report_id=report_id,
                direction="from_reporter",
                text=f"{number} " + "lorem ipsum " * 1600,
                at=datetime.now(UTC),
            )
            for number in range(30)
        )
    desk.report(desk.world.gallery_url, text=CHILD, kind="danger", password="open sesame")
    desk.work()
    letters = [letter for letter in desk.mails() if CHILD in letter.text]
    assert letters
    assert all("open sesame" in one.text and len(one.message.as_bytes()) < 5 * MOST_BYTES for one in letters)
    assert any("more lines of these reports are with the hotline" in " ".join(one.text.split()) for one in letters)
