"""Every state of a case, walked everywhere that a state is shown: whatever record is in the table, nothing else names it."""

import csv
import json
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

import leeward.web
from leeward.casework import services
from leeward.casework.acting.services.reporter_updates import tell_reporters
from leeward.casework.errors import WrongTransition
from leeward.casework.queue.rules.views import VIEWS, view_of_lane
from leeward.casework.rules.coarse import Seen, coarse
from leeward.casework.rules.printed import records
from leeward.casework.rules.states import BEING_ASSESSED, STATES, CaseState, Lane, Stage, lanes_before
from leeward.casework.rules.transitions import (
    BEFORE_FIRST_ASSESSMENT,
    acts_from,
    can_stop_clock,
    may_be_taken,
    transition,
)
from leeward.cli.main import run
from leeward.clocks.rules.recommended import KINDS
from leeward.intake.rules import standing
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk

QUEUE = "/desk/"


@dataclass
class Walk:
    """A reported page whose case is put into one state after the other."""

    desk: Desk
    case: Any
    receipt: str
    browsers: dict[str, Client] = field(default_factory=dict)

    def browser(self, who: str) -> Client:
        """The browser of a member of staff, who signs in once."""
        if who not in self.browsers:
            self.browsers[who] = self.desk.signed_in(who)
        return self.browsers[who]

    def put(self, state: CaseState) -> None:
        """The case is in this state now, as if its last step had led here."""
        from leeward.audit.services import hotline_transaction

        self.case.state, self.case.lane = state.name, state.lane.name
        self.case.claimed_by_id = self.case.claimed_until = self.case.first_assessed_at = None
        with hotline_transaction():
            self.case.save()
            tell_reporters(self.case)

    def lists(self, who: str, **asked: str) -> bool:
        """Whether the queue, so asked, shows the case."""
        answer = self.browser(who).get(QUEUE, asked)
        assert answer.status_code == 200
        return f"/desk/case/{self.case.reference}" in answer.content.decode()


@pytest.fixture
def walk(desk: Desk) -> Walk:
    """A case of one report, prepared."""
    from leeward.casework.models import CaseItem
    from leeward.intake.rules.draft import ReportDraft
    from leeward.intake.rules.where import item_drafts
    from leeward.intake.services import receive_report

    things = item_drafts(desk.world.gallery_url, {})
    received = receive_report(
        ReportDraft(items=things, kind="page", text="I found a bad page."),
        hotline_id=desk.cast.hotline_id,
        portal_id=desk.cast.portal_id,
        language="en",
        form_key=new_form_key(),
    )
    desk.work()
    case = CaseItem.objects.select_related("case").get(item__report_id=received.report_id).case
    return Walk(desk, case, received.receipt)


def test_every_record_is_whole() -> None:
    for name, state in STATES.items():
        assert name == state.name
        assert len(name) <= 20, "the column of the database"
        assert len(state.lane.name) <= 12
        assert str(state.label)
        assert state.reporter in standing.STATES
        assert state.clocks <= set(KINDS)
        assert state.stops in ("", *KINDS)
        assert state.is_last is (state.reporter == standing.CLOSED), "a reporter hears that it is closed when it is"
        assert not (state.is_last and state.clocks - {"appeal"}), "no clock runs on after the end"
        assert state.note is not None or state.lane is BEING_ASSESSED, "its page says why nothing is to be done"
        assert not (state.lane.is_worked and not may_be_taken(name)), "whoever takes the next case can take it"
        assert acts_from(name)


def test_a_lane_that_a_state_brings_has_its_view() -> None:
    assert {state.lane.name for state in STATES.values() if state.lane.has_view} <= {one.lane for one in VIEWS.values()}
    own = replace(STATES["triaged"], name="parked", lane=Lane("parked", has_view=True))
    view = view_of_lane(own)
    assert (view.name, view.title, view.lane, view.takes, view.is_in_bar) == ("parked", own.label, "parked", "", True)
    assert (str(view.nothing), str(view.hint)) == ("Nothing here", "Check the cases that are waiting.")
    assert view_of_lane(replace(own, lane=Lane("parked", has_view=True, is_worked=True))).takes == "parked"
    keys = [one.key for one in VIEWS.values() if one.key]
    assert len(keys) == len(set(keys))


def test_what_the_records_say_of_taking_and_of_clocks() -> None:
    """Of the states that every installation has, written out."""
    ours = [
        "received", "triaged", "assessing", "second_assessment", "decided", "acting", "monitoring", "removed", "closed", "forwarded",
    ]  # fmt: skip
    assert [name for name in STATES if name in ours] == ours
    taken = {"triaged", "second_assessment", "decided", "acting", "monitoring", "removed"}
    assert {name for name in ours if may_be_taken(name)} == taken
    assert {name for name in ours if can_stop_clock(name, "first_assessment")} == {"triaged", "assessing"}
    assert {name for name in ours if can_stop_clock(name, "police_told")} == {"decided"}
    assert {name for name in ours if STATES[name].is_up} == {"decided", "acting", "monitoring"}
    assert {name for name in ours if STATES[name].stage is Stage.ACTED} == {"acting", "monitoring", "removed"}
    assert {name for name in ours if STATES[name].lane.is_new_to_the_eye} == {
        "triaged",
        "assessing",
        "second_assessment",
    }
    assert {"preparing", "waiting", "assessing"} <= set(lanes_before("first_assessment"))
    assert {"triaged", "assessing"} <= set(BEFORE_FIRST_ASSESSMENT)
    assert {name for name in ours if transition(name, "merge_over")} == {"decided", "acting", "monitoring", "removed", "closed"}  # fmt: skip


@pytest.mark.django_db
def test_the_queue_shows_each_state_in_its_lane_and_under_its_filter(walk: Walk) -> None:
    others = list(STATES)
    for name, state in STATES.items():
        walk.put(state)
        views = {view.name for view in VIEWS.values() if view.lane}
        here = {view for view in views if walk.lists("ana", view=view)}
        assert here == ({view.name for view in VIEWS.values() if view.lane == state.lane.name}), name
        assert walk.lists("ana", view="all", state=name), name
        assert not walk.lists("ana", view="all", state=others[others.index(name) - 1]), name
        page = walk.browser("ana").get(QUEUE, {"view": "all", "state": name}).content.decode()
        assert re.search(rf'<option value="{name}" selected>\s*{state.label}\s*</option>', page), name
        assert f'<span class="tag {state.tag}">{state.label}</span>' in page, name


@pytest.mark.django_db
def test_saved_views_lists_and_the_command_know_each_state(walk: Walk, capsys: pytest.CaptureFixture[str]) -> None:
    supervisor = walk.desk.signed_in("carl")
    for name, state in STATES.items():
        walk.put(state)
        asked = supervisor.get(f"{QUEUE}list", {"view": "all", "state": name}).content.decode()
        assert str(state.label) in asked, name
        values = {"asked": f"view=all&state={name}", "reason": "for the yearly report", "once": new_form_key()}
        lines = b"".join(supervisor.post(f"{QUEUE}list", values)).decode()
        rows = list(csv.DictReader(lines.splitlines()))
        assert [(row["reference"], row["state"]) for row in rows] == [(walk.case.reference, name)]
        assert run(["case", "list", "--hotline", "jm", "--state", name, "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["state"] == name
        assert run(["case", "show", walk.case.reference, "--hotline", "jm", "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["state"] == name


@pytest.mark.django_db
def test_the_page_of_a_case_says_what_is_so_in_each_state(walk: Walk) -> None:
    address = f"{QUEUE}case/{walk.case.reference}"
    client = walk.desk.signed_in("ana")
    for name, state in STATES.items():
        walk.put(state)
        page = " ".join(client.get(address).content.decode().split())
        assert f'<span class="tag {state.tag}">{state.label}</span>' in page, name
        offers = f'action="{address}/take"' in page
        assert offers is may_be_taken(name), name
        notes = {str(one.note) for one in STATES.values() if one.note is not None}
        follows = page[page.index('id="follows"') :]
        said = {note for note in notes if f"<p> {note} </p>" in follows or f'<p class="muted">{note}</p>' in follows}
        assert said == ({str(state.note)} if state.note is not None else set()), name
        assert client.get(f"{address}/trail").status_code == 200


@pytest.mark.django_db
def test_taking_works_as_the_record_says(walk: Walk) -> None:
    ana = walk.desk.cast["ana"].actor
    for name, state in STATES.items():
        walk.put(state)
        if may_be_taken(name) or transition(name, "give_back"):
            services.claim_case(walk.case.pk, actor=ana)
            walk.case.refresh_from_db()
            step = transition("triaged" if transition(name, "give_back") else name, "claim")
            assert walk.case.state == (step.target if step else name)
            services.give_back(walk.case.pk, actor=ana)
        else:
            with pytest.raises(WrongTransition):
                services.claim_case(walk.case.pk, actor=ana)
        walk.case.refresh_from_db()


@pytest.mark.django_db
def test_a_reporter_reads_what_the_record_says(walk: Walk, client: Client) -> None:
    titles = {"received": "Received", "looking": "Being looked at", "acted": "Acted on", "closed": "Closed"}
    for name, state in STATES.items():
        assert coarse(Seen(name))[0] == state.reporter
        walk.put(state)
        answer = client.post("/jm/receipt", {"receipt": walk.receipt})
        assert answer.status_code == 200
        assert titles[state.reporter] in answer.content.decode(), name


def test_the_reference_lists_each_state() -> None:
    made = records()
    for name, state in STATES.items():
        assert f"| {name} | {state.label} | {state.lane.name} | {state.reporter} |" in made


def test_each_sign_is_in_the_stylesheet() -> None:
    css = (Path(leeward.web.__file__).parent / "static/leeward/leeward.css").read_text(encoding="utf-8")
    assert {state.tag for state in STATES.values() if state.tag} <= set(re.findall(r"\.([a-z]+)", css))
