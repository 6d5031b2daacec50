"""Web and worker killed by `kill -9` at chosen moments of bulk, undo and escalation: after a start nothing is lost, nothing is done
twice, and the log holds. The moments are those around every commit (see `tests.mortal`)."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from leeward.demo.world import World, cast
from leeward.gate.keys import new_form_key
from tests.casework.conftest import PLAIN
from tests.casework.test_pages import MARKED
from tests.journeys.life import REFERENCE
from tests.mortal import Standby

pytestmark = pytest.mark.xdist_group("kills")
SEED = 20261125


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Standby, World]]:
    """An installation with the demonstration's people, in a small world; a minute in which an act can be undone."""
    environment = {"LEEWARD_DATABASE_URL": ""}
    with World(mailbox=tmp_path_factory.mktemp("mail")) as world:
        environment |= world.environment() | {"LEEWARD_UNDO_SECONDS": "60", "LEEWARD_PACE": "1"}
        with Standby(tmp_path_factory.mktemp("desk"), environment) as desk:
            desk.do("open_the_desk")
            yield desk, world


def cases_of(desk: Standby, world: World, name: str, count: int) -> dict[int, str]:
    """Waiting cases of one report, with their references."""
    found = desk.do("report", addresses=[f"{world.gallery_url}?{name}={number}" for number in range(count)]).result
    assert len(found) == count
    return dict(found)


def told(desk: Standby) -> dict[str, Any]:
    """How everything stands; the log must hold, and nothing may have been given up."""
    stands: dict[str, Any] = desk.do("tell").result
    assert stands["faults"] == []
    assert stands["dead"] == []
    return stands


def test_a_bulk_run_outlives_every_death(place: tuple[Standby, World]) -> None:
    desk, world = place
    chance, before = random.Random(SEED), desk.deaths
    cases = list(cases_of(desk, world, "bulk", 6))
    session = desk.do("sign_in", who="ana").result
    values = {**MARKED, "outcome": "illegal", "case": cases, "go": "yes", "once": new_form_key()}
    while True:  # the browser's "try again": the same form, until there is an answer
        done = desk.do("press", session=session, path="/desk/together", values=values, die_at=chance.randint(1, 8))
        desk.until_done("start_and_work", chance, most=9)
        if not done.died:
            break
    desk.do("start_and_work")
    stands = told(desk)
    assert desk.deaths - before > 5
    assert done.result[0] == 302
    assert [stands["cases"][str(case)][1:] for case in cases] == [["decided", ""]] * 6, "each decided, none held"
    assert [stands["looks"][str(case)] for case in cases] == [1] * 6
    assert [stands["events"][f"{case} case.assessed"] for case in cases] == [1] * 6
    assert (stands["items"], stands["unfinished"]) == ({"done": 6}, 0)
    assert (stands["events"]["bulk bulk.started"], stands["events"]["bulk bulk.finished"]) == (1, 1)


def test_undoing_is_done_or_not_whenever_the_web_process_dies(place: tuple[Standby, World]) -> None:
    """At each moment of the undoing: whoever presses again finds the case as it was before the act, and nothing ever goes out."""
    desk, world = place
    session = desk.do("sign_in", who="bela").result
    cases, died = cases_of(desk, world, "undo", 4), 0
    for moment, (case, reference) in enumerate(cases.items(), 1):
        desk.do("assess", who="bela", case=case, facts=PLAIN)
        form = {"session": session, "path": f"/desk/case/{reference}/undo", "values": {"once": new_form_key()}}
        if desk.do("press", **form, die_at=moment).died:
            died += 1
            desk.do("press", **form)
    desk.do("let_time_pass")
    desk.until_done("start_and_work", random.Random(SEED), most=9)
    stands = told(desk)
    assert died >= 2, "before and after its commit at least"
    for one in cases:
        assert stands["cases"][str(one)][1:] == ["assessing", "Bela"]
        assert (stands["looks"].get(str(one), 0), stands["events"][f"{one} case.undone"]) == (0, 1)
    assert stands["graces"] == 0
    assert stands["drafts"] == len(cases), "what was stated is in its fields again"


def test_what_can_be_undone_no_longer_goes_out_once(place: tuple[Standby, World]) -> None:
    """A sent decision whose time to think again is over: the worker dies again and again, and everybody is told once."""
    desk, world = place
    chance = random.Random(SEED)
    cases = cases_of(desk, world, "out", 2)
    session = desk.do("sign_in", who="ana").result
    for case, reference in cases.items():
        desk.do("assess", who="ana", case=case, facts=PLAIN)
        act = {"session": session, "path": f"/desk/case/{reference}/act", "values": {"once": new_form_key()}}
        desk.until_done("press", chance, most=8, **act)
    assert [mail for mail in world.mail.messages(cast.POLICE) if REFERENCE.findall(mail.text)] == []
    before = desk.deaths
    desk.do("let_time_pass")
    desk.until_done("start_and_work", chance, most=9)
    desk.do("start_and_work")
    stands = told(desk)
    assert desk.deaths - before > 3
    heard = Counter(str(mail.message["Subject"]) for mail in world.mail.messages(cast.POLICE))
    for case in cases:
        reference, state, _holder = stands["cases"][str(case)]
        times = [count for subject, count in heard.items() if reference in subject]
        assert state in ("acting", "monitoring")
        assert times == [1] or (times == [] and "unsure" in stands["messages"].values()), (reference, heard)
        assert stands["events"][f"{case} case.acted"] == 1


def test_each_step_of_an_escalation_is_taken_once(place: tuple[Standby, World]) -> None:
    desk, world = place
    cases = cases_of(desk, world, "late", 3)
    for case in cases:
        desk.do("give", to="bela", case=case)
        desk.do("run_out", case=case, kind="first_look")
    before, already = desk.deaths, len(world.mail.messages())
    desk.until_done("start_and_work", random.Random(SEED), most=9)
    desk.do("start_and_work")
    stands = told(desk)
    assert desk.deaths - before > 5
    for case in cases:
        steps = {act: stands["steps"].get(f"{case} {act}", 0) for act in ("remind", "reassign", "page")}
        assert steps == {"remind": 1, "reassign": 1, "page": 1}
        assert stands["events"][f"{case} clock.escalated"] == 3
        assert stands["events"][f"{case} case.reassigned"] == 2, "once by Carl, once because time ran out"
        assert stands["cases"][str(case)][2] not in ("", "Bela"), "somebody else has it now"
    numbers = Counter(str(mail.message["Message-ID"]) for mail in world.mail.messages()[already:])
    assert set(numbers.values()) <= {1}
