"""Two decided cases become one: whose decision stands, what follows, what stays, what is refused, and undoing it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist import services as blocklist_services
from leeward.blocklist.models import Entry
from leeward.casework import services
from leeward.casework.acting.services import blocking, following
from leeward.casework.errors import CannotMerge
from leeward.casework.merging.models import Merging
from leeward.casework.merging.rules import Kind, Mergeable, kind_of, obstacle
from leeward.casework.merging.services import merging, splitting
from leeward.casework.merging.services.merged import EverTogether, ever_together
from leeward.casework.models import Appeal, Case
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services import sampling
from leeward.casework.rules.states import STATES
from leeward.clocks.queries import clocks_of_case
from leeward.foundation.actor import SYSTEM, Actor
from leeward.hosting.models import Location
from leeward.monitoring.models import Watch
from leeward.notices.models import Referral
from leeward.notices.queries import notice_case_of
from leeward.notices.services import answer_referral, stop_for_location
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GRAVE, Desk, keys_asked
from tests.casework.merging.test_splitting import state_told
from tests.casework.test_pages import MOST_QUERIES, text
from tests.having_read import seen_on
from tests.personas import date_roles

RUNS = ("acting", "monitoring")
NOW = datetime(2026, 11, 20, tzinfo=UTC)
CASES = st.builds(
    Mergeable,
    id=st.integers(1, 2),
    state=st.sampled_from(tuple(STATES)),
    outcome=st.sampled_from(["", "illegal", "not_illegal"]),
    decided_at=st.none() | st.integers(0, 2).map(lambda days: NOW + timedelta(days=days)),
    in_adjudication=st.booleans(),
    is_merged=st.booleans(),
    is_held=st.booleans(),
    is_taken=st.booleans(),
    asked_by=st.frozensets(st.just(("outside", 1))),
)


@given(CASES, CASES)
def test_of_two_decided_alike_one_way_is_open_at_most(one: Mergeable, other: Mergeable) -> None:
    ways = [obstacle(first, second) for first, second in ((one, other), (other, one))]
    kind = kind_of(one, other)
    if kind == Kind.ALIKE:
        assert None not in ways or ways.count(None) == 1, "the earlier decision stands, whoever asks"
    if ways[0] is None:
        assert one.id != other.id
        assert not one.is_merged
        assert not other.is_merged
        assert kind == Kind.WAITS or (one.is_decided and other.is_decided and not one.is_held)
    if kind == Kind.OVER and ways == [None, None]:
        assert one.outcome != other.outcome


pytestmark = pytest.mark.django_db


def acting(desk: Desk, address: str) -> Case:
    case: Case = desk.case(address)
    desk.assess(case)
    desk.act(case)
    case.refresh_from_db()
    return case


def fresh(*cases: Case) -> None:
    for case in cases:
        case.refresh_from_db()


def post(desk: Desk, who: str, case: Case, into: Case, reason: str = "The same page under another name") -> Any:
    person, page = desk.signed_in(who), f"/desk/case/{case.reference}/merge"
    shown = text(person.get(f"{page}?into={into.reference}"))
    seen = {"seen": seen_on(shown)} if 'name="seen"' in shown else {}
    return person.post(page, {"do": "merge", "into": into.reference, "reason": reason, "once": new_form_key(), **seen})


def test_no_merge_does_something_else_than_its_page_announced(desk: Desk) -> None:
    """The page announces that two waiting cases become one; meanwhile a colleague decides about the other one."""
    case, other = desk.case(desk.world.gallery_url), desk.case(desk.world.gallery_url + "?from=elsewhere")
    ana, page = desk.signed_in("ana"), f"/desk/case/{case.reference}/merge"
    old = {"seen": seen_on(text(ana.get(f"{page}?into={other.reference}")))}
    desk.assess(other)
    for seen in (old, {}):
        values = {"do": "merge", "into": other.reference, "reason": "The same page", "once": new_form_key(), **seen}
        answer = ana.post(page, values)
        assert (answer.status_code, "since you opened this page" in text(answer)) == (409, True)
    assert not Merging.objects.exists()
    assert post(desk, "ana", case, other).status_code == 302


@pytest.mark.slow
def test_decided_alike_the_earlier_stands_and_everything_follows(
    desk: Desk, acts_of: Any, django_assert_max_num_queries: Any
) -> None:
    first = acting(desk, desk.world.gallery_url)
    second = acting(desk, desk.world.gallery_url + "?from=elsewhere")
    national = blocklist_services.open_own_lists(desk.cast.hotline_id, actor=SYSTEM)[0]
    Case.objects.filter(pk=second.pk).update(host_told_at=datetime.now(UTC))
    entry = blocking.propose_block(
        second.pk, list_id=national.id, scope="url", target="", reason="", confirmed_by=[], review_on=None,
        actor=desk.cast["ana"].actor,
    )  # fmt: skip
    services.open_appeal(second.pk, origin="host", origin_id=1, text="No.")
    ana = desk.signed_in("ana")
    ana.get("/desk/")
    other_way = text(ana.get(f"/desk/case/{first.reference}/merge?into={second.reference}"))
    assert "this case was decided first: its decision stands" in other_way
    assert f"Merge {second.reference} into {first.reference}" in other_way
    with django_assert_max_num_queries(
        MOST_QUERIES + 4 + keys_asked()
    ):  # it shows two cases whole, and asks whether the police hold them
        page = text(ana.get(f"/desk/case/{second.reference}/merge?into={first.reference}"))
    assert "The earlier decision stands" in page
    assert post(desk, "ana", second, first, reason=" ").status_code == 400
    assert post(desk, "ana", first, second).status_code == 409
    assert post(desk, "ana", second, first)["Location"] == f"/desk/case/{first.reference}"

    fresh(first, second)
    assert (second.state, second.merged_into, second.appealed, second.report_count) == ("closed", first, False, 0)
    assert first.state in RUNS
    assert (first.appealed, first.report_count) == (True, 2)
    assert state_told(desk.reports[1]) == state_told(desk.reports[0])
    assert Appeal.objects.get().case_id == first.pk
    assert Entry.objects.get(pk=entry).case_reference == first.reference
    matter = notice_case_of(second.pk)
    assert matter is not None
    assert matter.state != "stopped", "what was sent stays with its address"
    assert {row.state for row in clocks_of_case(second.pk)} <= {"met", "ended"}
    assert "appeal" in {row.kind for row in clocks_of_case(first.pk) if row.state in ("running", "paused")}
    assert (acts_of(second)[-1], acts_of(first)[-1]) == ("case.merged", "case.took_in")

    paper = {"recipient": "Inspector", "reason": "Asked for", "form": "html", "once": new_form_key()}
    said = text(ana.post(f"/desk/case/{first.reference}/summary", paper))
    assert "The same content at another address" in said
    assert "?from=elsewhere" in said
    following.something_is_new(second.pk, "mail_received")
    assert Case.objects.get(pk=second.pk).news_at is None, (
        "what comes in about its address shows up where the work goes on"
    )
    Watch.objects.update(state="up")
    Watch.objects.filter(location_id=first.location_id).update(state="removed", removed_at=datetime.now(UTC))
    following.was_removed(first.location_id)
    fresh(first)
    assert first.state in RUNS, "it is still there at the other address"
    Watch.objects.filter(location_id=second.location_id).update(state="removed", removed_at=datetime.now(UTC))
    following.was_removed(second.location_id)
    stop_for_location(second.location_id)
    fresh(first)
    assert first.state == "removed"
    Watch.objects.filter(location_id=second.location_id).update(state="up", removed_at=None)
    following.came_back(second.location_id)
    fresh(first, second)
    assert (first.state, first.returned, second.state) == ("acting", True, "closed")
    desk.act(first)
    told_again = notice_case_of(second.pk)
    assert told_again is not None
    assert told_again.state != "stopped", "the address at which it is back is told about"

    Watch.objects.filter(location_id=first.location_id).update(state="removed", removed_at=datetime.now(UTC))
    row = Merging.objects.get()
    undo = f"/desk/case/{first.reference}/merge/{row.pk}/undo"
    assert ana.post(undo, {"once": new_form_key()}).status_code == 302
    fresh(first, second)
    assert (first.state, second.state in RUNS) == ("closed", True), "each by what was seen at its own address"
    assert (second.merged_into, second.appealed, second.report_count) == (None, True, 1)
    assert (first.appealed, first.report_count, Appeal.objects.get().case_id) == (False, 1, second.pk)
    assert Entry.objects.get(pk=entry).case_id == second.pk
    with pytest.raises(CannotMerge, match="already been undone"):
        splitting.undo_merging(row.pk, actor=desk.cast["ana"].actor)


def test_decided_differently_a_supervisor_without_a_part_chooses(desk: Desk, acts_of: Any) -> None:
    sampling.set_rates(Rates(100, 100, 100), actor=desk.cast["carl"].actor)
    running = acting(desk, desk.world.gallery_url)
    harmless = desk.case(desk.world.gallery_url + "?from=elsewhere")
    desk.assess(harmless, "bela", outcome="not_illegal", facts={}, reason=14)
    desk.work()
    assert {row.case_id for row in sampling.waiting(desk.cast["carl"].actor)} == {running.pk, harmless.pk}
    page = text(desk.signed_in("ana").get(f"/desk/case/{running.reference}/merge?into={harmless.reference}"))
    assert "A supervisor who had no part" in page
    with pytest.raises(Exception, match="You had a part"):
        merging.merge(running.pk, harmless.pk, reason="x", actor=desk.cast["ana"].actor)
    date_roles(desk.cast["bela"].account_id, ["supervisor"])
    assert post(desk, "bela", running, harmless).status_code == 409, "Bela decided one of them"
    carl = desk.signed_in("carl")
    page = text(carl.get(f"/desk/case/{running.reference}/merge?into={harmless.reference}"))
    assert "All external actions for this case are stopped" in page
    assert f"Let the decision about {running.reference} stand instead" in page
    assert post(desk, "carl", running, harmless).status_code == 302
    fresh(running, harmless)
    assert (running.state, running.merged_into, harmless.state, harmless.report_count) == (
        "closed",
        harmless,
        "closed",
        2,
    )
    assert {row.case_id for row in sampling.waiting(desk.cast["pia"].actor)} == {harmless.pk}, "she has read neither"
    matter = notice_case_of(running.pk)
    assert matter is not None
    assert matter.state == "stopped"
    assert Watch.objects.get(location_id=running.location_id).state == "off"
    assert acts_of(running)[-1] == "case.merged"
    splitting.undo_merging(Merging.objects.get().pk, actor=desk.cast["carl"].actor)
    fresh(running, harmless)
    assert (running.state, running.outcome, running.police_told_at) == ("decided", "illegal", None), (
        "to be acted on anew"
    )
    assert merging.merge(harmless.pk, running.pk, reason="It is what Ana saw.", actor=desk.cast["carl"].actor)
    fresh(running, harmless)
    assert (harmless.merged_into, running.state, running.report_count) == (running, "decided", 2)
    third = desk.report(desk.world.gallery_url + "?from=elsewhere")
    desk.work()
    fresh(running)
    assert running.report_count == 3
    assert state_told(third) == "received", "what was decided before it came says nothing of this report yet"


def test_what_stands_in_the_way_is_said(desk: Desk) -> None:
    ana = desk.cast["ana"].actor
    one, other = (desk.case(desk.world.gallery_url + f"?number={number}") for number in range(2))
    desk.assess(one)
    desk.assess(other, facts=GRAVE)
    for case, into, why in ((one, other, "the other one is not"), (other, one, "still deciding"), (one, one, "itself")):
        with pytest.raises(CannotMerge, match=why):
            merging.merge(case.pk, into.pk, reason="x", actor=ana)
    desk.assess(other, "bela", facts=GRAVE)
    with pytest.raises(CannotMerge, match="Somebody holds"):
        merging.merge(other.pk, one.pk, reason="x", actor=ana)
    services.give_back(other.pk, actor=desk.cast["bela"].actor)
    Case.objects.filter(pk=one.pk).update(state="removed")
    with pytest.raises(CannotMerge, match="The work on the other case is done"):
        merging.merge(other.pk, one.pk, reason="x", actor=ana)
    Case.objects.filter(pk=one.pk).update(state="decided")
    row = merging.merge(other.pk, one.pk, reason="x", actor=ana)
    last = desk.case(desk.world.gallery_url + "?number=3")
    desk.assess(last)
    for case, into, why in ((other, last, "already"), (last, other, "itself merged")):
        with pytest.raises(CannotMerge, match=why):
            merging.merge(case.pk, into.pk, reason="x", actor=ana)
    services.close_case(one.pk, reason=13, actor=ana)
    services.reopen(one.pk, comment="Anew.", actor=desk.cast["carl"].actor)
    with pytest.raises(CannotMerge, match="decided again since"):
        splitting.undo_merging(row, actor=ana)


def test_what_the_police_hold_is_not_merged_from_the_moment_that_they_say_so(desk: Desk) -> None:
    ana = desk.cast["ana"].actor
    one, held = (desk.case(desk.world.gallery_url + f"?number={number}") for number in range(2))
    for case in (one, held):
        desk.assess(case)
        desk.act(case)
    letter, until = Referral.objects.get(case_id=held.pk), datetime.now(UTC) + timedelta(days=1)
    answer_referral(letter.pk, "hold", until=until, actor=Actor("police"))
    with pytest.raises(CannotMerge, match="police hold"):
        merging.merge(held.pk, one.pk, reason="x", actor=ana)
    answer_referral(letter.pk, "release", actor=Actor("police"))
    assert merging.merge(held.pk, one.pk, reason="x", actor=ana)


@pytest.mark.parametrize(
    ("count", "pairs"),
    [
        (5, [(0, 1), (1, 2), (2, 0)]),
        (1503, [(number, number + 1) for number in range(1500)]),
        (1503, [(number + 1, number) for number in range(1500)]),
        (1503, [(number, 1500) for number in range(1500)]),
    ],
)
def test_cases_that_were_ever_connected_are_found_by_few_queries(
    desk: Desk, django_assert_max_num_queries: Any, count: int, pairs: list[tuple[int, int]]
) -> None:
    numbers = many_cases(desk, count)
    Merging.objects.bulk_create(
        Merging(
            hotline_id=desk.cast.hotline_id, kind="merge" if at % 2 else "split", at=NOW, undone_at=NOW if at % 3 else None,
            by_id=desk.cast["ana"].account_id, case_id=numbers[one], other_id=numbers[other], items=[7, 8] if at < 2 else [8],
        )
        for at, (one, other) in enumerate([*pairs, (count - 2, count - 1)])
    )  # fmt: skip
    with django_assert_max_num_queries(8):
        found = ever_together(numbers[0], [7])
    assert found.cases == {numbers[one] for pair in pairs for one in pair}, (
        "and not two that have nothing to do with it"
    )
    assert found.had == {numbers[one] for pair in pairs[:2] for one in pair}


def test_a_case_that_was_never_merged_is_found_alone(desk: Desk, django_assert_num_queries: Any) -> None:
    (case,) = many_cases(desk, 1)
    with django_assert_num_queries(1):
        assert ever_together(case, [7]) == EverTogether(frozenset({case}), frozenset({case}))


def many_cases(desk: Desk, count: int) -> list[int]:
    """Cases of which nothing is known."""
    hotline_id, names = desk.cast.hotline_id, [str(number) for number in range(count)]
    places = Location.objects.bulk_create(Location(hotline_id=hotline_id, kind="words", key=name) for name in names)
    made = Case.objects.bulk_create(
        Case(
            hotline_id=hotline_id,
            portal_id=desk.cast.portal_id,
            location=place,
            reference=place.key,
            received_at=NOW,
            priority=0,
        )
        for place in places
    )
    return [case.pk for case in made]
