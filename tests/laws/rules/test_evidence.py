"""What the engine's own record of a law says of the criteria, beside what was read passage by passage."""

from datetime import date

import pytest

from leeward.laws.register import packaged_register
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.provisions import Evidence, criteria_on, readings_of

TODAY = date(2026, 11, 27)


def _standings(code: str, on: date = TODAY) -> str:
    file = packaged_register().file(code)
    return " ".join(row.standing for row in criteria_on(readings_of(file, on), evidence_of(file, on)))


@pytest.mark.parametrize(
    ("code", "standings"),
    [
        ("JM", "met met unknown met not_found"),
        ("CA", "met met unknown met met"),
        ("GH", "met met met met unknown"),
        ("TV", "partly unknown unknown unknown unknown"),
    ],
)
def test_what_is_known_today(code: str, standings: str) -> None:
    assert _standings(code) == standings


def test_before_the_act_nothing_is_known() -> None:
    assert evidence_of(packaged_register().file("JM"), date(2009, 10, 20)) == []
    assert {row.criterion for row in evidence_of(packaged_register().file("JM"), date(2009, 10, 21))} >= {"c1", "c5"}


def test_a_duty_of_everybody_and_one_that_was_not_in_force_are_no_evidence() -> None:
    assert [row for row in evidence_of(packaged_register().file("GB"), date(2026, 4, 6)) if row.criterion == "c5"] == []
    (duty,) = (row for row in evidence_of(packaged_register().file("GB"), date(2026, 4, 7)) if row.criterion == "c5")
    assert (duty.value, "Online Safety Act 2023 s 66" in duty.citation) == ("yes", True)
    india = {
        row.citation.split(";")[0]
        for row in evidence_of(packaged_register().file("IN"), TODAY)
        if row.criterion == "c5"
    }
    assert "POCSO Act 2012 s 19" not in india


def test_two_records_that_disagree_settle_nothing() -> None:
    row = criteria_on([], [Evidence("c4", "yes", "a"), Evidence("c4", "no", "b")])[3]
    assert (row.standing, row.differ, row.citations) == ("unknown", True, ("a", "b"))
