"""Ten seconds to think again: nothing goes out before they are over, and undoing puts the case back as it was."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.acting.rules.undoing import UNDOABLE
from leeward.casework.acting.services import acting, following
from leeward.casework.acting.services.undoing import as_it_is
from leeward.casework.assessment.queries.drafts import FACTS
from leeward.casework.errors import TooLateToUndo
from leeward.casework.models import Assessment, Case, Draft, Note, PendingAction
from leeward.casework.rules.transitions import TABLE
from leeward.intake.models import Item
from leeward.jobs.worker import run_until_idle
from leeward.monitoring.models import Watch
from leeward.notices.queries import history_of
from leeward.site.config import Config
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import FAST, GRAVE, PLAIN, Desk
from tests.having_read import seen_in_form, seen_on

pytestmark = pytest.mark.django_db


@pytest.fixture
def slow(desk: Desk, settings: Any) -> Desk:
    """The desk where an act can be undone for ten seconds."""
    settings.LEEWARD = Config(pace=FAST, undo_seconds=10)
    return desk


def later(seconds: int = 11) -> None:
    """Let the worker do what is due then: a new process would find the same rows."""
    run_until_idle(datetime.now(UTC) + timedelta(seconds=seconds))


def seen_by_reporter(case: Case) -> set[str]:
    return set(Item.objects.values_list("state", flat=True))


def test_everything_that_people_do_by_the_table_is_undoable_or_named() -> None:
    acts = {line.act for line in TABLE if line.permission != "system"}
    assert acts - UNDOABLE == {
        "claim", "overturn", "overturn_urgent", "reopen", "agree_illegal", "agree_other", "mark_urgent", "call_not_urgent", "overrule_urgent",
    }  # fmt: skip


def test_what_was_sent_goes_out_after_ten_seconds_and_once(slow: Desk) -> None:
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case)
    slow.act(case)
    assert case.state == "acting"
    assert history_of(case.pk) == [], "nothing goes out yet"
    later()
    sent = history_of(case.pk)
    assert sent
    assert not PendingAction.objects.exists()
    later(30)
    assert history_of(case.pk)[: len(sent)] == sent, "and goes out once"
    with pytest.raises(TooLateToUndo):
        services.undo(case.pk, actor=ana)


def test_what_was_sent_is_undone(slow: Desk, acts_of: Any) -> None:
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case)
    before = as_it_is(case)
    services.act(case.pk, actor=ana)
    with pytest.raises(TooLateToUndo):
        services.undo(case.pk, actor=slow.cast["bela"].actor)
    assert services.undo(case.pk, actor=ana) == "act"
    case.refresh_from_db()
    assert as_it_is(case) == before
    assert (case.state, case.claimed_by_id) == ("decided", ana.id)
    later(60)
    assert history_of(case.pk) == []
    acts = [act for act in acts_of(case) if act != "sample.drawn"]  # which follows by chance
    assert acts[-2:] == ["case.acted", "case.undone"]
    with pytest.raises(TooLateToUndo):
        services.undo(case.pk, actor=ana)


@pytest.mark.parametrize(
    ("outcome", "facts", "reason"), [("illegal", PLAIN, None), ("illegal", GRAVE, None), ("not_found", {}, 9)]
)
def test_a_look_is_undone_and_its_facts_are_marked_again(slow: Desk, outcome: str, facts: Any, reason: Any) -> None:
    case, ana = slow.case(), slow.cast["ana"].actor
    told = seen_by_reporter(case)
    slow.assess(case, outcome=outcome, facts=facts, reason=reason, comment="I think so.")
    assert seen_by_reporter(case) <= told | {"looking"}, "reporters hear nothing yet"
    services.undo(case.pk, actor=ana)
    case.refresh_from_db()
    assert (case.state, case.claimed_by_id, case.outcome, case.closed_at) == ("assessing", ana.id, "", None)
    assert not Assessment.objects.exists()
    assert Draft.objects.get(kind=FACTS).facts.get("age_band") == facts.get("age_band", "undetermined")
    assert Draft.objects.get(kind="ending").text == "I think so."
    later(60)
    slow.assess(case, outcome=outcome, facts=facts, reason=reason)
    later()
    case.refresh_from_db()
    assert case.state == {"not_found": "closed"}.get(outcome, "second_assessment" if facts is GRAVE else "decided")


def test_an_act_after_another_lets_the_first_one_stand(slow: Desk) -> None:
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case)
    services.act(case.pk, actor=ana)
    assert PendingAction.objects.get().act == "act"
    services.undo(case.pk, actor=ana)
    with pytest.raises(TooLateToUndo):
        services.undo(case.pk, actor=ana)
    assert Assessment.objects.count() == 1


def test_what_somebody_took_meanwhile_is_not_undone(slow: Desk) -> None:
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case, facts=GRAVE)
    services.claim_case(case.pk, actor=slow.cast["bela"].actor)
    with pytest.raises(TooLateToUndo):
        services.undo(case.pk, actor=ana)
    case.refresh_from_db()
    assert case.claimed_by_id == slow.cast["bela"].actor.id


def test_what_was_decided_otherwise_meanwhile_never_goes_out(slow: Desk) -> None:
    case = slow.case()
    slow.assess(case)
    slow.act(case)
    appeal = services.open_appeal(case.pk, origin="host", origin_id=1, text="This is a picture of a harbour.")
    services.decide_appeal(appeal, upheld=True, reasons="It is a harbour.", actor=slow.cast["carl"].actor)
    later(60)
    assert history_of(case.pk) == []


def test_closing_giving_back_and_a_note_are_undone(slow: Desk) -> None:
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case)
    later()
    services.close_case(case.pk, reason=9, actor=ana)
    assert services.undo(case.pk, actor=ana) == "close"
    services.give_back(case.pk, actor=ana)
    assert services.undo(case.pk, actor=ana) == "give_back"
    services.note(case.pk, text="I was here.", actor=ana)
    assert services.undo(case.pk, actor=ana) == "note"
    case.refresh_from_db()
    assert (case.state, case.claimed_by_id, case.close_reason) == ("decided", ana.id, None)
    assert not Note.objects.exists()
    assert Draft.objects.get().text == "I was here."
    services.close_case(case.pk, reason=9, actor=ana)
    later()
    assert seen_by_reporter(case) == {"closed"}


@pytest.mark.parametrize("who", ["ana", "bela"])
def test_what_was_sent_before_it_was_closed_goes_only_if_closing_it_is_undone(slow: Desk, who: str) -> None:
    """The act before could still be undone then, and nothing of it may be lost."""
    case = slow.case()
    slow.assess(case)
    later()
    slow.act(case)
    services.close_case(case.pk, reason=1, comment="By mistake.", actor=slow.cast[who].actor)
    later(0)
    assert history_of(case.pk) == []
    assert services.undo(case.pk, actor=slow.cast[who].actor) == "close"
    case.refresh_from_db()
    assert (case.state, case.acted_by_id) == ("acting", slow.cast["ana"].account_id)
    later(60)
    assert next(row.what for row in history_of(case.pk)) == "referral_sent"
    case.refresh_from_db()
    assert case.police_told_at is not None


def test_what_was_sent_before_it_was_closed_goes_to_nobody(slow: Desk) -> None:
    case, ana = slow.case(), slow.cast["ana"].actor
    slow.assess(case)
    slow.act(case)
    services.close_case(case.pk, reason=1, comment="By mistake.", actor=ana)
    later(60)
    assert history_of(case.pk) == []
    assert not PendingAction.objects.exists()


def test_the_page_offers_it_without_script_while_it_lasts(slow: Desk, acts_of: Any) -> None:
    case, ana = slow.case(), slow.signed_in("ana")
    page = f"/desk/case/{case.reference}"
    ana.post(f"{page}/take")
    shown = ana.get(page).content.decode()
    key = re.search(r'name="once" value="([^"]+)"', shown)
    assert key
    ana.post(f"{page}/back", {"once": key[1], "seen": seen_in_form(shown, "/back")})
    queue = ana.get("/desk/").content.decode()
    assert "The case goes back to the queue." in queue
    key = re.search(rf'action="{page}/undo".*?name="once" value="([^"]+)"', queue)
    assert key
    for _ in range(2):  # again, because no answer came: it says what came of it, and not that it is too late
        assert ana.post(f"{page}/undo", {"once": key[1]})["Location"] == page
        shown = ana.get(page).content.decode()
        assert "Undone: the case is as it was." in shown
        assert "/undo" not in shown
    assert acts_of(case).count("case.undone") == 1
    assert ana.post(f"{page}/undo", {"once": new_form_key()}).status_code == 409


def test_what_somebody_else_has_done_since_is_not_offered_to_be_undone(
    slow: Desk, django_assert_max_num_queries: Any
) -> None:
    case, ana = slow.case(), slow.signed_in("ana")
    page = f"/desk/case/{case.reference}"
    ana.post(f"{page}/take")
    ana.get(page)
    ana.post(f"{page}/note", {"text": "I was here.", "once": new_form_key()})
    with django_assert_max_num_queries(13):
        shown = ana.get(page).content.decode()
    assert "The note is written." in shown
    services.note(case.pk, text="Me too.", actor=slow.cast["bela"].actor)
    assert "/undo" not in ana.get(page).content.decode()


def test_after_a_merge_nothing_older_is_offered_to_be_undone(slow: Desk) -> None:
    case, other, ana = slow.case(), slow.case(slow.world.far_gallery_url), slow.signed_in("ana")
    page = f"/desk/case/{case.reference}"
    ana.post(f"{page}/take")
    ahead = ana.get(f"{page}/merge?into={other.reference}").content.decode()
    assert "You have this case yourself. Give it back first" in ahead
    shown = ana.get(page).content.decode()
    assert "Mark it as urgent" in shown
    ana.post(f"{page}/back", {"once": new_form_key(), "seen": seen_in_form(shown, "/back")})
    seen = seen_on(ana.get(f"{page}/merge?into={other.reference}").content.decode())
    merge = {
        "do": "merge", "into": other.reference, "reason": "The same page", "once": new_form_key(), "seen": seen
    }  # fmt: skip
    assert ana.post(f"{page}/merge", merge).status_code == 302
    assert "/undo" not in ana.get(f"/desk/case/{other.reference}").content.decode()
    assert "Mark it as urgent" not in ana.get(page).content.decode(), "it is closed"


def test_closing_a_case_whose_content_comes_back_meanwhile_stops_nothing(slow: Desk) -> None:
    case = slow.case(slow.world.gallery_url)
    slow.assess(case)
    slow.act(case)
    later()
    services.open_appeal(
        case.pk, origin="host", origin_id=1, text="It is a painting."
    )  # so that it doesn't end by itself
    Watch.objects.filter(location_id=case.location_id).update(state="removed", removed_at=datetime.now(UTC))
    following.was_removed(case.location_id)
    case.refresh_from_db()
    assert case.state == "removed"
    acting.close_case(case.pk, reason=1, comment="It is gone.", actor=slow.cast["ana"].actor)
    Watch.objects.filter(location_id=case.location_id).update(state="up", removed_at=None)
    following.came_back(case.location_id)
    later(30)
    case.refresh_from_db()
    assert (case.state, case.returned) == ("acting", True)
    assert Watch.objects.get(location_id=case.location_id).state == "up", "it is still looked at"
