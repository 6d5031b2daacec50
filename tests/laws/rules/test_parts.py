"""A part of a state takes what it has no provision of its own for, and a state without one law takes its part's."""

from datetime import date
from typing import Any

import pytest

from leeward.laws.duties import duty_sheet
from leeward.laws.errors import BadLawFile
from leeward.laws.files.packaged import packaged_jurisdictions
from leeward.laws.files.yaml_text import read_yaml, write_yaml
from leeward.laws.pages.standing import gaps_of
from leeward.laws.register import packaged_register, register_of
from leeward.laws.rules.facts import parse_facts
from leeward.laws.rules.legality import Opinion, opinion
from leeward.laws.rules.parts import in_effect, problem_of_parts

TODAY = date(2026, 11, 24)
CHILD = {"real_person": "yes", "known_age": 8, "medium": "photograph", "sap_level": 4}
SEVENTEEN = {**CHILD, "known_age": 17, "apparent_age": 17}
ADULT = {"real_person": "yes", "known_age": 40, "apparent_age": 40, "medium": "photograph", "sap_level": 4}


def _opinion(values: dict[str, Any], code: str) -> Opinion:
    return opinion(parse_facts(values), packaged_register().jurisdiction(code), TODAY)


def test_england_and_wales_is_a_jurisdiction_of_its_own() -> None:
    here, there = _opinion(CHILD, "GB-EAW"), _opinion(CHILD, "GB")
    assert here.verdict == there.verdict == "likely"
    assert here.because == there.because
    assert here.because[0].citation == "Protection of Children Act 1978 s 1"
    assert _opinion(ADULT, "GB-EAW").verdict == "unlikely", "its own law was read, so it can say no"
    assert "GB-EAW" in packaged_register().jurisdiction("GB").caution


def test_the_duty_to_report_of_the_state_binds_in_its_part() -> None:
    (duty,) = duty_sheet(packaged_register().file("GB-EAW"), TODAY).duties
    assert (duty.country, duty.to) == ("GB", "National Crime Agency")
    assert duty.citations == ("Online Safety Act 2023 s 66", "SI 2026/268", "SI 2026/268 reg 8")


def test_the_review_is_of_states_and_stands_for_their_parts() -> None:
    files = packaged_register().files
    assert gaps_of(files["GB-EAW"]).band == gaps_of(files["GB"]).band == "4-5"
    assert packaged_register().written["GB-EAW"]["bands"] == [], "written down once"


def test_where_only_the_states_law_is_read_a_part_can_say_yes_and_never_no() -> None:
    assert _opinion(SEVENTEEN, "AU-WA").verdict == "likely"
    open_ = _opinion(ADULT, "AU-WA")
    assert (open_.verdict, open_.would_settle) == ("undetermined", ("law:part:photograph",))
    assert open_.because, "what was looked at is named"
    assert _opinion(ADULT, "AU").verdict == "unlikely"


def test_a_parts_own_provision_comes_first() -> None:
    assert _opinion(SEVENTEEN, "AU-NSW").verdict == "unlikely", "under 16 there"
    assert [limb.id for limb in packaged_register().jurisdiction("AU-NSW").limbs] == ["material"]


def test_only_the_media_without_an_own_provision_are_taken() -> None:
    own = {
        **packaged_register().written["AU-NSW"],
        "legality": {**packaged_register().written["AU-NSW"]["legality"]},
    }
    own["legality"]["limbs"] = [{**own["legality"]["limbs"][0], "media": ["photograph"]}]
    joined = in_effect({"AU": packaged_register().written["AU"], "AU-NSW": own})["AU-NSW"]
    lent = [row for side in ("limbs", "outside") for row in joined["legality"][side] if "lent_by" in row]
    assert lent
    assert all(row["lent_by"] == "AU" and "photograph" not in row["media"] for row in lent)
    ids = {row["id"] for row in joined["provisions"]}
    assert all(id in ids for row in lent for id in row["provisions"])


@pytest.mark.parametrize(
    ("code", "change", "words"),
    [
        ("AU-WA", {"part_of": "XX"}, "no state XX"),
        ("AU-WA", {"part_of": "EU"}, "no state EU"),
        ("AU-WA", {"part_of": None}, "a part names its state"),
        ("GB", {"law_of_part": "GB-SCT"}, "no part GB-SCT"),
        ("GB", {"law_of_part": "AU-WA"}, "no part AU-WA of GB"),
    ],
)
def test_a_part_without_its_state_is_refused_with_the_line(code: str, change: dict[str, Any], words: str) -> None:
    texts = packaged_jurisdictions()
    name = f"{code}.yaml"
    texts[name] = write_yaml({**read_yaml(texts[name], name=name), **change})
    with pytest.raises(BadLawFile, match=words) as problem:
        register_of(texts)
    assert (problem.value.line, problem.value.field) == (4, next(iter(change)))


def test_the_shipped_parts_fit() -> None:
    assert problem_of_parts(packaged_register().written) is None
