"""Web and worker killed by `kill -9` at chosen moments of bulk, undo and escalation: after a start nothing is lost, nothing is done
twice, and the log holds. The moments are those around every commit (see `tests.mortal`)."""

import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from leeward.demo.world import World, cast
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import PLAIN
from tests.casework.test_pages import MARKED
from tests.having_read import marks_on, seen_in_form, seen_on
from tests.journeys.life import REFERENCE
from tests.mortal import Standby

pytestmark = pytest.mark.xdist_group("kills")
SEED = 20261125
BULK_RUNS = 9  # a run of two cases writes four times: that it is begun, each case, that it is done
MERGES = 5
OPENINGS = 8  # claimed, gathered, opened, finished: before and after each
UNDOINGS = 5  # these and merges write twice: the act, and in the session that it was done


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
    stands = told(desk)
    assert [stands["cases"][str(case)] for case, _reference in found] == [[row[1], "triaged", ""] for row in found]
    assert len(found) == count
    return dict(found)


def told(desk: Standby) -> dict[str, Any]:
    """How everything stands; the log must hold, and nothing may have failed or been given up."""
    stands: dict[str, Any] = desk.do("tell").result
    assert stands["faults"] == []
    assert (stands["failed"], stands["dead"]) == ([], [])
    return stands


def test_reports_opened_together_outlive_every_death(place: tuple[Standby, World]) -> None:
    """The worker dies at each moment at which it writes while reports wait together, also between what it did and its commit: each
    address is one case in the end, opened once, and a second report of one joins it."""
    desk, before = place[0], set(told(place[0])["cases"])
    for moment in range(1, OPENINGS + 1):
        addresses = [f"http://m{moment}.nowhere.example/{number}" for number in (1, 2, 3, 4, 1)]
        desk.do("receive", addresses=addresses)
        assert desk.do("start_and_work", die_at=moment).died
        desk.do("start_and_work")
        stands = told(desk)
        cases = sorted(set(stands["cases"]) - before, key=int)
        assert len(cases) == 4, moment
        assert [stands["cases"][case][1] for case in cases] == ["triaged"] * 4
        assert [stands["events"][f"{case} case.opened"] for case in cases] == [1] * 4
        assert [stands["events"].get(f"{case} case.joined", 0) for case in cases] == [1, 0, 0, 0], moment
        before |= set(cases)


def test_a_bulk_run_outlives_every_death(place: tuple[Standby, World]) -> None:
    """The web process dies at each moment of one run after the other, then the worker at many: each case is assessed once, or
    stays as it was, and whoever began the run reads on its page which and why."""
    desk, world = place
    cases, before = list(cases_of(desk, world, "bulk", 2 * BULK_RUNS)), desk.deaths
    bulk_session = desk.do("sign_in", who="ana").result
    held, runs, died = cases[1], list[str](), 0
    desk.do("give", to="bela", case=held)
    for moment in range(1, BULK_RUNS + 1):
        pair = cases[2 * moment - 2 : 2 * moment]
        values = {**MARKED, "outcome": "illegal", "case": pair, "go": "yes", "once": new_form_key()}
        ahead = desk.do("preview", session=bulk_session, path="/desk/bulk", values=values | {"go": ""}).result
        values["seen"] = marks_on(ahead[1])
        form = {"session": bulk_session, "path": "/desk/bulk", "values": values}
        done = desk.do("press", **form, die_at=moment)
        if done.died:  # the browser's "try again": the same form
            died += 1
            done = desk.do("press", **form)
        assert done.result[0] == 302
        runs.append(done.result[1])
    assert died == BULK_RUNS - 1, "at every moment until one run outlives it"
    assert len(set(runs)) == BULK_RUNS
    desk.do("let_time_pass")
    desk.until_done("start_and_work", random.Random(SEED), most=24)
    desk.do("start_and_work")
    stands = told(desk)
    assert desk.deaths - before > died + 5
    taken = [case for case in cases if case != held]
    assert [tuple(row) for row in stands["items"]] == [
        (case, "refused", "case_is_taken") if case == held else (case, "done", "") for case in cases
    ]
    assert [stands["cases"][str(case)][1:] for case in taken] == [["decided", ""]] * len(taken), "decided, none held"
    assert [stands["looks"][str(case)] for case in taken] == [1] * len(taken)
    assert [stands["events"][f"{case} case.assessed"] for case in taken] == [1] * len(taken)
    assert stands["cases"][str(held)][1:] == ["assessing", "Bela"]
    assert (stands["looks"].get(str(held), 0), stands["unfinished"]) == (0, 0)
    assert (stands["events"]["bulk bulk.started"], stands["events"]["bulk bulk.finished"]) == (BULK_RUNS, BULK_RUNS)
    for number, run in enumerate(runs):
        status, page = desk.do("see", session=bulk_session, path=run).result
        assert status == 200
        assert ("1 assessed, 1 not, 0 to go." if number == 0 else "2 assessed, 0 not, 0 to go.") in page
        assert ("Somebody else holds it." in page) is (number == 0)


def test_undoing_is_done_or_not_whenever_the_web_process_dies(place: tuple[Standby, World]) -> None:
    """At each moment of the undoing: whoever presses again finds the case as it was before the act, and nothing ever goes out."""
    desk, world = place
    session = desk.do("sign_in", who="bela").result
    cases, died = cases_of(desk, world, "undo", UNDOINGS), 0
    for moment, (case, reference) in enumerate(cases.items(), 1):
        desk.do("assess", who="bela", case=case, facts=PLAIN)
        path = f"/desk/case/{reference}"
        form = {"session": session, "path": f"{path}/undo", "values": {"once": new_form_key()}}
        done = desk.do("press", **form, die_at=moment)
        if done.died:
            died += 1
            done = desk.do("press", **form)
        assert done.result == [302, path], "and never that it is too late"
    assert died == UNDOINGS - 1, "at every moment until one undoing outlives it"
    desk.do("let_time_pass")
    desk.until_done("start_and_work", random.Random(SEED), most=9)
    stands = told(desk)
    for one in cases:
        assert stands["cases"][str(one)][1:] == ["assessing", "Bela"]
        assert (stands["looks"].get(str(one), 0), stands["events"][f"{one} case.undone"]) == (0, 1)
    assert stands["graces"] == 0
    assert stands["drafts"] == len(cases), "what was stated is in its fields again"


def test_a_merge_and_its_undoing_are_done_once_whenever_the_web_process_dies(place: tuple[Standby, World]) -> None:
    desk, world = place
    session = desk.do("sign_in", who="carl").result
    cases = list(cases_of(desk, world, "merge", 2 * MERGES).items())
    pairs = list(zip(cases[::2], cases[1::2], strict=True))

    def die_at_each_moment(forms: list[tuple[str, dict[str, str], str]]) -> None:
        died = 0
        for moment, (path, values, leads_to) in enumerate(forms, 1):
            form = {"session": session, "path": path, "values": {**values, "once": new_form_key()}}
            done = desk.do("press", **form, die_at=moment)
            if done.died:
                died += 1
                done = desk.do("press", **form)
            assert done.result == [302, leads_to]
        assert died == MERGES - 1, "at every moment until one outlives it"

    def shown(path: str) -> str:
        return str(desk.do("see", session=session, path=path).result[1])

    why = {"do": "merge", "reason": "The same page."}
    die_at_each_moment(
        [
            (
                f"/desk/case/{one}/merge",
                {**why, "into": other, "seen": seen_on(shown(f"/desk/case/{one}/merge?into={other}"))},
                f"/desk/case/{other}",
            )
            for (_, one), (_, other) in pairs
        ]
    )
    stands = told(desk)
    joined = [tuple(row[:2]) for row in stands["mergings"]]
    assert joined == [(one, other) for (one, _), (other, _) in pairs]
    die_at_each_moment(
        [
            (f"/desk/case/{reference}/merge/{row[2]}/undo", {}, f"/desk/case/{reference}")
            for ((_, reference), _), row in zip(pairs, stands["mergings"], strict=True)
        ]
    )
    desk.do("start_and_work")
    stands = told(desk)
    for (one, _), (other, _) in pairs:
        assert [stands["cases"][str(case)][1:] for case in (one, other)] == [["triaged", ""]] * 2
        told_once = [f"{one} case.merged", f"{other} case.took_in"]
        told_once += [f"{one} case.merge_undone", f"{other} case.merge_undone"]
        assert [stands["events"][event] for event in told_once] == [1] * 4


def test_what_can_be_undone_no_longer_goes_out_once(place: tuple[Standby, World]) -> None:
    """A sent decision whose time to think again is over: the worker dies again and again, and everybody is told once."""
    desk, world = place
    chance = random.Random(SEED)
    cases = cases_of(desk, world, "out", 2)
    session = desk.do("sign_in", who="ana").result
    for case, reference in cases.items():
        desk.do("assess", who="ana", case=case, facts=PLAIN)
        page = desk.do("see", session=session, path=f"/desk/case/{reference}").result[1]
        values = {"once": new_form_key(), "seen": seen_in_form(page, "/act")}
        act = {"session": session, "path": f"/desk/case/{reference}/act", "values": values}
        desk.until_done("press", chance, most=8, **act)
    assert [mail for mail in world.mail.messages(cast.POLICE) if REFERENCE.findall(mail.text)] == []
    before = desk.deaths
    desk.do("let_time_pass")
    desk.until_done("start_and_work", chance, most=24)
    desk.do("give_up_hope")
    desk.do("start_and_work")
    stands = told(desk)
    assert desk.deaths - before > 3
    arrived = Counter(str(mail.message["Message-ID"]) for mail in world.mail.messages(cast.POLICE))
    referrals = {number: state for number, state in stands["messages"].items() if number.startswith("<r")}
    assert len(referrals) == len(cases), (
        "one each; staff are written to about one of which nobody knows whether it came"
    )
    assert set(arrived) <= set(referrals)
    for number, state in referrals.items():
        fates = (("sent", 1), ("unsure", 0), ("unsure", 1))
        assert (state, arrived[number]) in fates, "once, or a person is asked whether it came"
    for case in cases:
        assert stands["cases"][str(case)][1] in ("acting", "monitoring")
        assert stands["events"][f"{case} case.acted"] == 1


def test_a_letter_about_a_child_goes_out_once(place: tuple[Standby, World]) -> None:
    """Whoever tells an office and the worker die again and again: one letter, or a person is asked whether it came."""
    desk, world = place
    chance, office = random.Random(SEED), "care@island.example"
    (case,) = cases_of(desk, world, "child", 1)
    before, earlier = desk.deaths, told(desk)["messages"]
    for moment in range(1, 12):
        if not desk.do("tell_an_office", case=case, email=office, die_at=moment).died:
            break
    desk.do("let_time_pass")
    desk.until_done("start_and_work", chance, most=24)
    desk.do("give_up_hope")
    desk.do("start_and_work")
    stands = told(desk)
    assert desk.deaths - before > 3
    assert stands["events"][f"{case} case.protection_told"] == 1
    [(number, state)] = [one for one in stands["messages"].items() if one[0].startswith("<p") and one[0] not in earlier]
    arrived = Counter(str(mail.message["Message-ID"]) for mail in world.mail.messages(office))
    assert set(arrived) <= {number}
    assert (state, arrived[number]) in (("sent", 1), ("unsure", 0), ("unsure", 1)), "once, or a person is asked"
    assert stands["graces"] == 0


def test_each_step_of_an_escalation_is_taken_once(place: tuple[Standby, World]) -> None:
    desk, world = place
    cases = cases_of(desk, world, "late", 3)
    for case in cases:
        desk.do("give", to="bela", case=case)
        desk.do("run_out", case=case, kind="first_assessment")
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
