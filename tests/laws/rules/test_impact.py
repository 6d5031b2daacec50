"""What a change of a file changes for others is found before anybody accepts it."""

from datetime import date
from typing import Any

from leeward.laws.register import packaged_register
from leeward.laws.rules.impact import Impact, Side, Turn, _times, impact_of
from leeward.laws.rules.sheet import rows_of, with_reading

TODAY = date(2026, 11, 28)
LAWS = packaged_register()


def _impact(content: dict[str, Any], code: str, of: str = "") -> Impact:
    after = LAWS.with_file(content)
    sides = [Side(laws.file(of or code), laws.jurisdiction(of or code)) for laws in (LAWS, after)]
    return impact_of(*sides, TODAY)


def test_the_same_file_changes_nothing() -> None:
    found = _impact(dict(LAWS.written["JM"]), "JM")
    assert found.is_empty
    assert found.combinations == 96


def test_a_reading_turns_a_criterion_and_what_notices_cite() -> None:
    row = rows_of(LAWS.written["TV"])[0] | {
        "instrument": "Cybercrime Act 2026", "section": "s 5", "topic": "possession", "value": "yes", "status": "in_force",
        "source": "Gazette", "source_url": "", "seen": "yes", "commenced": "2026-02-01",
    }  # fmt: skip
    found = _impact(with_reading(LAWS.written["TV"], None, row, reports=False, on=TODAY), "TV")
    assert found.criteria == (Turn("c4", "unknown", "met"),)
    assert found.cited == Turn("", "", "Cybercrime Act 2026 s 5")
    assert (found.opinions, found.times) == ((), ())


def test_a_limit_of_age_turns_opinions_of_the_ages_between() -> None:
    content = dict(LAWS.written["JM"])
    law = content["legality"]
    limbs = [{**limb, "age": {**limb["age"], "below": 16}} for limb in law["limbs"]]
    found = _impact({**content, "legality": {**law, "limbs": limbs}}, "JM")
    assert found.opinions
    assert {row.what.split(" ")[1] for row in found.opinions} == {"16", "17"}
    assert Turn("photograph 17 act_with_adult", "likely", "unlikely") in found.opinions


def test_a_duty_that_ends_or_gets_hours_turns_a_time() -> None:
    content = dict(LAWS.written["IN"])
    faster = {**content, "duties": [{**row, "speed_hours": 24} for row in content["duties"]]}
    assert [(row.what, "24" in row.after) for row in _impact(faster, "IN").times] == [
        ("any-person", True),
        ("intermediary", True),
    ]
    gone = _impact({**content, "duties": content["duties"][:1]}, "IN").times
    assert [(row.what, row.after) for row in gone] == [("intermediary", "")]


def test_a_part_changes_with_its_state() -> None:
    content = dict(LAWS.written["GB"])
    later = {**content, "duties": [{**row, "from": "2030-01-01"} for row in content["duties"]]}
    found = _impact(later, "GB", of="GB-EAW")
    assert [row.what for row in found.times] == ["user-to-user"]
    assert found.criteria == (Turn("c5", "met", "unknown"),)


def test_a_time_is_shown_before_and_after_with_all_that_it_counts_by() -> None:
    content = dict(LAWS.written["IN"])
    whole = {"speed_hours": 24, "speed_words": "at once", "preservation_days": 90, "from": "2020-01-01", "until": None}
    slow = {**content, "duties": [{**row, **whole} for row in content["duties"][:1]]}
    (before, after) = ("24; at once; 90; 2020-01-01", "48; at once; 90; 2020-01-01")
    faster = {**content, "duties": [{**row, "speed_hours": 48} for row in slow["duties"]]}
    assert list(_times(slow, faster)) == [Turn(content["duties"][0]["id"], before, after)]
