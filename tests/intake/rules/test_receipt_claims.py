"""What a receipt says, for every kind of report that there can be."""

import itertools
from dataclasses import replace

import pytest

from leeward.intake.rules.draft import KINDS
from leeward.intake.rules.receipt_claims import Reported, on_receipt, on_status
from leeward.intake.rules.urgency import URGENCIES
from leeward.people.rules.police_moments import MOMENTS

YES_NO = (True, False)
GRID = [
    Reported(
        kind=kind, urgency=urgency, young=young, post_box=post_box, moment=moment, has_number=number, has_time=time
    )
    for kind, urgency, young, post_box, moment, number, time in itertools.product(
        KINDS, ("", *URGENCIES), YES_NO, YES_NO, MOMENTS, YES_NO, YES_NO
    )
]


def test_nothing_that_is_urgent_is_told_to_wait_or_that_nothing_is_left_to_do() -> None:
    for report in GRID:
        said = on_receipt(report)
        assert ("nothing_more" in said) == (not report.urgency)
        assert ("usually_next_day" in said) == (not report.urgency and not report.post_box)
        assert ("call_now" in said) == (report.urgency == "danger" and report.has_number)
        assert len(said & {"nothing_more", "call_now", "call_police", "call_if_danger"}) == 1


def test_the_police_and_the_time_are_promised_only_where_the_portal_does_so() -> None:
    for report in GRID:
        said = on_receipt(report)
        at_once = bool(report.urgency) and (report.post_box or report.moment == "at_once")
        assert ("police_now" in said) == at_once
        assert ("within_time" in said) == (bool(report.urgency) and not report.post_box and report.has_time)
        assert len(said & {"police_now", "to_police", "police_if_needed", "police_if_illegal"}) == 1


@pytest.mark.parametrize("urgency", ["", *URGENCIES])
def test_the_page_behind_a_receipt_promises_the_same(urgency: str) -> None:
    assert on_status(urgency, has_time=True) == ("within_time" if urgency else "usually_next_day")
    assert on_status(urgency, has_time=False) == ("being_alerted" if urgency else "usually_next_day")


def test_messages_are_kept_where_somebody_wrote_them_and_without_a_time_somebody_is_alerted() -> None:
    for report in GRID:
        said = on_receipt(report)
        assert ("keep_messages" in said) == (report.urgency in ("contact", "threat"))
        assert ("being_alerted" in said) == (bool(report.urgency) and not report.post_box and not report.has_time)
        assert ("call_police" in said) == (report.urgency == "danger" and not report.has_number)
        assert ("to_police" in said) == (report.post_box and not report.urgency)
        assert ("police_if_illegal" in said) == (not report.post_box and not report.urgency)


def test_an_own_pictures_receipt_says_what_is_done_by_wish() -> None:
    def said(*, is_quiet: bool, moment: str) -> frozenset[str]:
        return on_receipt(
            Reported(
                kind="own",
                urgency="",
                young=True,
                post_box=False,
                moment=moment,
                has_number=True,
                has_time=True,
                is_own=True,
                is_quiet=is_quiet,
            )
        )

    assert said(is_quiet=True, moment="at_once") == {"nothing_more", "own_quiet"}
    assert said(is_quiet=False, moment="at_once") == {"nothing_more", "police_now"}
    assert said(is_quiet=False, moment="after_look") == {"nothing_more", "own_police"}


def test_a_picture_removed_without_the_police_has_a_receipt_that_says_so() -> None:
    plain = Reported(
        kind="me", urgency="", young=True, post_box=False, moment="at_once", has_number=True, has_time=True
    )
    assert "police_if_illegal" in on_receipt(plain)
    quiet = on_receipt(replace(plain, is_quiet=True))
    assert "host_if_illegal" in quiet
    assert not {"police_if_illegal", "police_now", "to_police"} & quiet
