"""The exposure budget: the rules by themselves, then what the desk does with them."""

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django_scopes import scope
from hypothesis import given
from hypothesis import strategies as st

from leeward.casework.errors import LimitOutOfRange, NothingNewNow, WideningNeedsReason
from leeward.casework.exposure.rules.budget import (
    RECOMMENDED,
    Day,
    Limits,
    Stop,
    after_work,
    beyond_recommended,
    clash_of,
    nearing,
    rest_until,
    share_used,
    stop_before_new,
    stop_of,
    weight_of,
)
from leeward.casework.exposure.services.budget import (
    forget_old_days,
    limits_of,
    note_work,
    say_not_today,
    set_limits,
    standing_of,
    weight_in,
)
from leeward.casework.models import Case, DeskDay, DeskLimits
from leeward.casework.services import claim_case, claim_next
from leeward.foundation.errors import NotAllowed
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.having_read import post_as_shown, seen_on

MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def test_fifty_minutes_then_ten() -> None:
    day = Day()
    for number in range(0, 51, 5):
        assert stop_of(day, MORNING + minutes(number), RECOMMENDED) is None
        day = after_work(day, MORNING + minutes(number), RECOMMENDED)
    stop = stop_of(day, MORNING + minutes(51), RECOMMENDED)
    assert stop
    assert (stop.why, stop.until) == ("rest", MORNING + minutes(60))
    assert after_work(day, MORNING + minutes(55), RECOMMENDED) == day, "finishing what is in hand puts no rest off"
    assert stop_of(day, MORNING + minutes(60), RECOMMENDED) is None
    fresh = after_work(day, MORNING + minutes(60), RECOMMENDED)
    assert fresh.stretch == timedelta()
    assert fresh.at_desk == minutes(50)


def test_no_case_is_begun_when_the_stretch_is_over_though_its_last_act_was_before() -> None:
    day = Day()
    for number in range(0, 49, 8):
        day = after_work(day, MORNING + minutes(number), RECOMMENDED)
    assert stop_before_new(day, MORNING + minutes(49), RECOMMENDED) is None
    assert stop_of(day, MORNING + minutes(52), RECOMMENDED) is None, "what is in hand goes on"
    assert stop_before_new(day, MORNING + minutes(52), RECOMMENDED) == Stop("rest", MORNING + minutes(58))
    assert stop_before_new(day, MORNING + minutes(58), RECOMMENDED) is None
    assert stop_before_new(Day(), MORNING, RECOMMENDED) is None
    assert stop_before_new(Day(is_off=True), MORNING, RECOMMENDED) == Stop("off")


def test_a_pause_counts_as_a_break_and_not_as_work() -> None:
    day = after_work(after_work(Day(), MORNING, RECOMMENDED), MORNING + minutes(8), RECOMMENDED)
    later = after_work(day, MORNING + minutes(40), RECOMMENDED)
    assert later.at_desk == minutes(8)


def test_what_stops_and_in_which_order() -> None:
    full = Day(spent=200, worked=timedelta(hours=5))
    assert stop_of(Day(is_off=True), MORNING, RECOMMENDED).why == "off"
    assert stop_of(full, MORNING.replace(hour=16), RECOMMENDED).why == "evening"
    assert stop_of(full, MORNING, RECOMMENDED).why == "hours"
    assert stop_of(Day(spent=200), MORNING, RECOMMENDED).why == "previews"
    assert stop_of(Day(spent=199), MORNING.replace(hour=15, minute=59), RECOMMENDED) is None
    assert stop_of(Day(), MORNING.replace(hour=23), Limits(last_hour=24)) is None


def test_a_warning_comes_before_the_stop() -> None:
    late = MORNING.replace(hour=15, minute=30)
    near = Day(spent=160, worked=timedelta(hours=4), stretch_from=late - minutes(40), last_at=late)
    assert set(nearing(near, late, RECOMMENDED)) == {
        "hours",
        "previews",
        "rest",
        "evening",
    }
    assert nearing(Day(), MORNING, RECOMMENDED) == ()
    rested = Day(stretch_from=MORNING - minutes(55), last_at=MORNING - minutes(11))
    assert nearing(rested, MORNING, RECOMMENDED) == (), "whoever has rested needs no warning of it"


def test_heavier_material_counts_more() -> None:
    assert weight_of(RECOMMENDED, blurred=True) == 1
    assert [weight_of(RECOMMENDED, blurred=False, part=part) for part in (25, 50, 100)] == [1, 2, 3]
    assert weight_of(RECOMMENDED, blurred=False, category="B") == 6
    assert weight_of(RECOMMENDED, blurred=True, category="A") == weight_of(RECOMMENDED, blurred=True, infant=True) == 3
    heavier = Limits(clear_weight=5, heavy_weight=3, heaviest_weight=8)
    assert [weight_of(heavier, blurred=False, part=part) for part in (25, 50, 100)] == [1, 3, 5]
    assert [weight_of(heavier, blurred=False, category=name) for name in "ABC"] == [40, 15, 5]


@given(st.lists(st.integers(0, 120), max_size=60))
def test_no_order_of_work_gets_around_the_rest(gaps: list[int]) -> None:
    """However somebody spreads their acts, no stretch gets longer than the limit by more than one gap between two acts."""
    day, now = Day(), MORNING
    for gap in gaps:
        now += minutes(gap)
        before = day
        day = after_work(day, now, RECOMMENDED)
        assert day.at_desk >= before.at_desk
        assert day.stretch < minutes(RECOMMENDED.stretch_minutes + RECOMMENDED.break_minutes)
        rest = rest_until(day, now, RECOMMENDED)
        assert rest is None or rest <= now + minutes(RECOMMENDED.break_minutes)
        assert share_used(day, RECOMMENDED) >= 0


def test_what_asks_more_than_recommended() -> None:
    assert beyond_recommended(RECOMMENDED) == ()
    assert beyond_recommended(Limits(desk_minutes=120, previews=50, break_minutes=20, last_hour=15)) == ()
    assert beyond_recommended(Limits(break_minutes=5, last_hour=17)) == ("last_hour", "break_minutes")
    assert beyond_recommended(Limits(clear_weight=2, heavy_weight=4, heaviest_weight=4)) == ("clear_weight",)
    assert clash_of(RECOMMENDED) == ""
    assert clash_of(Limits(heavy_weight=3, heaviest_weight=2)) == "heaviest_weight"
    assert clash_of(Limits(previews=29, clear_weight=3, heaviest_weight=10)) == "previews"


@pytest.fixture
def usual(desk: Desk) -> Desk:
    """The desk with the recommended limits."""
    DeskLimits.objects.update(last_hour=16)
    return desk


def at(hour: int, minute: int = 0) -> time_machine.travel:
    """That time in Jamaica, five hours behind."""
    return time_machine.travel(datetime(2026, 11, 24, hour + 5, minute, tzinfo=UTC), tick=True)


@pytest.mark.django_db
def test_after_four_nothing_new_but_the_text_of_an_urgent_case(usual: Desk) -> None:
    case, ana = usual.case(), usual.cast["ana"].actor
    with at(16, 1):
        with pytest.raises(NothingNewNow):
            claim_case(case.pk, actor=ana)
        with pytest.raises(NothingNewNow):
            claim_next("waiting", actor=ana)
        Case.objects.filter(pk=case.pk).update(urgent=True)
        assert claim_next("waiting", actor=ana) == case.reference
        assert "It is late" in standing_of(ana).sentence


@pytest.mark.django_db
def test_in_the_morning_it_goes_on(usual: Desk) -> None:
    case = usual.case()
    with at(9):
        claim_case(case.pk, actor=usual.cast["ana"].actor)
        assert DeskDay.objects.get().last_at is not None


@pytest.mark.django_db
def test_the_end_of_a_break_is_said_as_the_clock_on_the_wall_has_it(usual: Desk) -> None:
    case, ana = usual.case(), usual.cast["ana"].actor
    for minute in range(0, 49, 8):
        with at(9, minute):
            note_work(ana)
    with at(9, 52):
        with pytest.raises(NothingNewNow) as refused:
            claim_case(case.pk, actor=ana)
        assert "go on at 09:58" in refused.value.text
        assert "go on at 09:58" in standing_of(ana, for_new=True).sentence
        page = usual.signed_in("ana").get("/desk/").content.decode()
        assert "go on at 09:58" in page
        assert "Next urgent case" in page
    with at(9, 59):
        claim_case(case.pk, actor=ana)


@pytest.mark.django_db
def test_no_preview_beyond_the_budget(desk: Desk) -> None:
    case, cast = desk.first(), desk.cast
    ana = desk.signed_in("ana")
    ana.post(f"/desk/case/{case.reference}/take")
    page = ana.get(f"/desk/case/{case.reference}/files").content.decode()
    file = re.search(r'name="file" value="(\d+)"', page)
    assert file
    path, wish = f"/desk/case/{case.reference}/preview", {"file": file[1], "reason": "age"}
    assert ana.post(path, wish | {"once": new_form_key(), "wish": "25"}).status_code == 200
    assert ana.post(path, wish | {"once": new_form_key(), "wish": "100"}).status_code == 200
    assert DeskDay.objects.get().spent == 2
    note_work(cast["ana"].actor, weight=196)
    heavy = ana.post(path, wish | {"once": new_form_key(), "wish": "100c"})
    assert heavy.status_code == 403, "three more would be 201"
    assert "would take you over today’s limit" in heavy.content.decode()
    note_work(cast["ana"].actor, weight=2)
    refused = ana.post(path, wish | {"once": new_form_key()})
    assert refused.status_code == 403
    assert "reached today’s limit" in refused.content.decode()
    assert 'name="file"' not in ana.get(f"/desk/case/{case.reference}/files").content.decode()


@pytest.mark.django_db
def test_a_heavy_case_counts_more_from_its_draft_on(desk: Desk) -> None:
    from leeward.casework.services import save_draft

    case, ana = desk.case(), desk.cast["ana"].actor
    claim_case(case.pk, actor=ana)
    assert weight_in(Case.objects.get(pk=case.pk), blurred=False) == 3
    save_draft(case.pk, {"age_band": "0-2", "real_person": "yes", "medium": "photograph"}, actor=ana)
    assert weight_in(Case.objects.get(pk=case.pk), blurred=False) == 9
    set_limits(Limits(clear_weight=4, heaviest_weight=5), reason="", actor=desk.cast["carl"].actor)
    assert weight_in(Case.objects.get(pk=case.pk), blurred=False) == 20
    assert "times 5 for category A" in desk.signed_in("ana").get("/desk/my-day").content.decode()


@pytest.mark.django_db
def test_not_today_needs_no_reason_and_can_be_taken_back(desk: Desk) -> None:
    case, ana = desk.first(), desk.signed_in("ana")
    assert ana.post("/desk/my-day/not-today", {"off": "yes"}).status_code == 302
    assert ana.post(f"/desk/case/{case.reference}/take").status_code == 403
    assert "not today" in ana.get("/desk/my-day").content.decode()
    queue = ana.post("/desk/take", {"lane": "waiting"}, follow=True).content.decode()
    assert queue.count("You said “not today”") == 1, "the queue says it, and no message says it again"
    assert "not today" in desk.signed_in("carl").get("/desk/exposure").content.decode()
    ana.post("/desk/my-day/not-today", {"off": "no"})
    assert ana.post(f"/desk/case/{case.reference}/take").status_code == 302


@pytest.mark.django_db
def test_only_a_supervisor_sees_who_is_near_and_nobody_sees_the_rest(desk: Desk) -> None:
    note_work(desk.cast["ana"].actor, weight=170)
    note_work(desk.cast["bela"].actor, weight=20)
    seen = desk.signed_in("carl").get("/desk/exposure").content.decode()
    assert "Ana" in seen
    assert "Bela" not in seen
    for name in ("ana", "adam", "pia", "otto"):
        assert desk.signed_in(name).get("/desk/exposure").status_code == 403
    assert "Ana" not in desk.signed_in("dora").get("/desk/exposure").content.decode()


@pytest.mark.django_db
def test_who_may_set_limits_and_who_may_widen_them(desk: Desk) -> None:
    cast = desk.cast
    set_limits(Limits(previews=100, last_hour=15), reason="", actor=cast["carl"].actor)
    assert limits_of(cast.hotline_id).previews == 100
    with pytest.raises(NotAllowed):
        set_limits(Limits(previews=300), reason="many reports", actor=cast["carl"].actor)
    with pytest.raises(WideningNeedsReason):
        set_limits(Limits(previews=300), reason=" ", actor=cast["adam"].actor)
    with pytest.raises(LimitOutOfRange):
        set_limits(Limits(previews=501), reason="many reports", actor=cast["adam"].actor)
    with pytest.raises(NotAllowed):
        set_limits(Limits(), reason="", actor=cast["ana"].actor)
    set_limits(Limits(previews=300), reason="many reports", actor=cast["adam"].actor)
    with scope(hotline=cast.other_hotline_id):
        assert limits_of(cast.other_hotline_id).previews == 200


@pytest.mark.django_db
def test_what_was_widened_stays_while_a_supervisor_makes_the_rest_stricter(desk: Desk) -> None:
    cast, carl = desk.cast, desk.signed_in("carl")
    set_limits(Limits(previews=300, last_hour=24), reason="two people are ill", actor=cast["adam"].actor)
    page = carl.get("/desk/limits").content.decode()
    assert 'max="300"' in page
    assert "“<bdi>two people are ill</bdi>”" in page
    values = asdict(Limits(200, 300, 50, 15, 24))
    assert post_as_shown(carl, "/desk/limits", **{**values, "reason": ""}).status_code == 302
    assert limits_of(cast.hotline_id) == Limits(200, 300, 50, 15, 24)
    assert DeskLimits.objects.get().reason == "two people are ill"
    wider = post_as_shown(carl, "/desk/limits", **{**values, "previews": "310", "reason": "more"})
    assert wider.status_code == 422, "it is said beside the field, and nothing that was typed is lost"
    with pytest.raises(NotAllowed):
        set_limits(Limits(200, 310, 50, 15, 24), reason="more", actor=cast["carl"].actor)
    with pytest.raises(WideningNeedsReason):
        set_limits(Limits(200, 310, 50, 15, 24), reason="", actor=cast["adam"].actor)
    assert (
        post_as_shown(
            carl, "/desk/limits", **{**values, "previews": "200", "last_hour": "16", "reason": ""}
        ).status_code
        == 302
    )
    assert DeskLimits.objects.get().reason == "", "nothing is wider any more"


@pytest.mark.django_db
def test_an_older_page_of_limits_widens_nothing_again(desk: Desk) -> None:
    adam = desk.signed_in("adam")
    old = seen_on(adam.get("/desk/limits").content.decode())
    set_limits(Limits(previews=100), reason="", actor=desk.cast["carl"].actor)
    for seen in (old, ""):
        values = asdict(Limits()) | {"reason": "", "seen": seen}
        page = adam.post("/desk/limits", values, follow=True).content.decode()
        assert "Something else was entered since you opened this page." in page
        assert limits_of(desk.cast.hotline_id).previews == 100


@pytest.mark.django_db
def test_the_page_of_limits_keeps_what_was_typed(desk: Desk) -> None:
    adam: Client = desk.signed_in("adam")
    values = asdict(Limits(previews=400))
    refused = post_as_shown(adam, "/desk/limits", **{**values, "reason": ""})
    assert refused.status_code == 422
    assert 'value="400"' in refused.content.decode()
    assert post_as_shown(adam, "/desk/limits", **{**values, "reason": "two people are ill"}).status_code == 302
    assert post_as_shown(adam, "/desk/limits", **{**values, "previews": "9999", "reason": "x"}).status_code == 422
    clash = post_as_shown(adam, "/desk/limits", **{**values, "heavy_weight": "4", "reason": "x"})
    assert "Category A is the most severe" in clash.content.decode()
    with pytest.raises(LimitOutOfRange, match="Previews in a day"):
        set_limits(Limits(previews=5), reason="", actor=desk.cast["adam"].actor)


@pytest.mark.django_db
def test_old_days_are_forgotten(desk: Desk) -> None:
    note_work(desk.cast["ana"].actor)
    assert forget_old_days(datetime.now(UTC)) == 0
    assert forget_old_days(datetime.now(UTC) + timedelta(days=91)) == 1


@pytest.mark.django_db
def test_saying_not_today_leaves_no_trace_in_the_log(desk: Desk) -> None:
    from leeward.audit.models import AuditRow

    before = AuditRow.objects.count()
    say_not_today(actor=desk.cast["ana"].actor)
    assert AuditRow.objects.count() == before
