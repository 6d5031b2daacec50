"""Who took part, certificates and a closed self-assessment outlive `kill -9` at every moment and a full disk: each act is there whole
or not at all, the log says the same, and the next try does what is missing."""

from typing import Any

import pytest

from tests.mortal import Standby

pytestmark = pytest.mark.xdist_group("kills")
PEOPLE, MANY = 8, 60


def stands(desk: Standby, course: int, number: int) -> dict[str, Any]:
    """What is on record: nothing twice, nothing that the log doesn't know."""
    found: dict[str, Any] = desk.do("tell_of_the_school", course=course, number=number).result
    assert (found["faults"], found["twice"]) == ([], [])
    closed = found["closed"]
    assert len(set(closed)) == 1, "closed by half"
    assert [found["people"], found["certificates"], found["keys"], int(closed[0])] == found["logged"]
    return found


def acts(course: int, number: int, people: int) -> list[tuple[str, dict[str, int], dict[str, Any]]]:
    """Each act, of what, and what is there after it."""
    return [
        ("take_a_table", {"course": course, "people": people}, {"people": people}),
        ("give_certificates", {"course": course}, {"certificates": people, "keys": 1}),
        ("close_the_assessment", {"number": number}, {"closed": [True, True, True]}),
    ]


def test_training_and_the_national_response_outlive_deaths_and_a_full_disk(tmp_path: Any) -> None:
    with Standby(tmp_path, {"LEEWARD_DATABASE_URL": ""}) as desk:
        first, second = desk.do("open_two_schools").result
        seen = set()
        for act, given, whole in acts(*first, PEOPLE):
            for moment in range(1, 30):
                done = desk.do(act, **given, die_at=moment)
                there = stands(desk, *first)
                seen.add(there["people"])
                if not done.died:
                    break
            assert moment > 2, "it never died"
            assert whole.items() <= there.items()
        assert seen > {0, PEOPLE}, "it died between pieces of the table, too"
        for act, given, whole in acts(*second, MANY):
            said = list[str]()
            for room in (0, 2, 500):
                said.append(desk.do(act, **given, room=room).result)
                there = stands(desk, *second)
            assert said[0] == "full" or act == "close_the_assessment", "what it writes may have room in pages there are"
            assert said[-1] in ("done", "settled"), act
            assert whole.items() <= there.items()
