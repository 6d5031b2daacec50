"""Two cases made one, a report split out, both undone; links to other cases; where the content was; the officer's summary."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.errors import CannotMerge
from leeward.casework.merging.models import Merging
from leeward.casework.merging.services import merging, splitting
from leeward.casework.models import Case, CaseItem, Note
from leeward.clocks.models import Clock
from leeward.foundation.actor import Actor
from leeward.intake import queries as intake_queries
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.services import answer_referral
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GRAVE, PLAIN, Desk
from tests.casework.test_pages import MOST_QUERIES, text
from tests.having_read import seen_on

pytestmark = pytest.mark.django_db


def state_told(report_id: int) -> str:
    return intake_queries.items_of(report_id)[0].state


def test_two_cases_are_merged_and_receipts_follow_until_it_is_undone(desk: Desk, acts_of: Any) -> None:
    one = desk.first()
    other = desk.case(desk.world.gallery_url + "?from=elsewhere", kind="danger")
    first, second = desk.reports
    services.claim_case(one.pk, actor=desk.cast["bela"].actor)
    ana = desk.signed_in("ana")
    path = f"/desk/case/{other.reference}/merge"
    assert "Goes into" in text(ana.get(f"{path}?into={one.reference}"))
    assert "There is no such case." in text(ana.get(f"{path}?into=2026-9999"))
    values = {
        "do": "merge",
        "into": one.reference,
        "reason": "The same page under another name",
        "once": new_form_key(),
        "seen": seen_on(text(ana.get(f"{path}?into={one.reference}"))),
    }
    assert ana.post(path, values | {"reason": " ", "once": new_form_key()}).status_code == 400
    assert desk.signed_in("pia").post(path, values).status_code == 403
    assert ana.post(path, values)["Location"] == f"/desk/case/{one.reference}"
    one.refresh_from_db(), other.refresh_from_db()
    assert (other.state, other.merged_into, other.report_count, one.report_count) == ("closed", one, 0, 2)
    assert one.urgent
    assert state_told(second) == state_told(first) == "looking"
    assert acts_of(other)[-1] == "case.merged"
    assert acts_of(one)[-1] == "case.took_in"
    third = desk.report(desk.world.gallery_url + "?from=elsewhere")  # the same address joins the other case from now on
    desk.work()
    assert CaseItem.objects.get(item__report_id=third).case_id == one.pk
    with pytest.raises(Exception, match="merged into another"):
        services.reopen(other.pk, comment="again", actor=desk.cast["carl"].actor)
    row = Merging.objects.get()
    page = f"/desk/case/{one.reference}/merge/{row.pk}/undo"
    key = new_form_key()
    for _ in range(2):
        assert ana.post(page, {"once": key}).status_code == 302
    other.refresh_from_db(), one.refresh_from_db()
    assert (other.state, other.merged_into, other.report_count, one.report_count) == ("triaged", None, 1, 2)
    assert state_told(second) == "acted"
    with pytest.raises(CannotMerge, match="already been undone"):
        splitting.undo_merging(row.pk, actor=desk.cast["ana"].actor)


def test_what_was_decided_takes_nothing_in(desk: Desk) -> None:
    ana = desk.cast["ana"].actor
    closed, waiting = desk.case(), desk.case(desk.world.far_gallery_url)
    desk.assess(closed, outcome="not_found", facts={}, reason=9)
    for case, into in ((waiting, closed), (closed, waiting), (waiting, waiting)):
        with pytest.raises(Exception, match=r"closed|the other one is not|itself"):
            merging.merge(case.pk, into.pk, reason="x", actor=ana)
    services.claim_case(waiting.pk, actor=desk.cast["bela"].actor)
    more = desk.case("http://pictures.harbour-host.example/more")
    with pytest.raises(CannotMerge, match="still deciding"):
        merging.merge(waiting.pk, more.pk, reason="x", actor=ana)
    from django_scopes import scope

    with scope(hotline=desk.cast.other_hotline_id), pytest.raises(Exception, match="no case"):
        merging.merge(more.pk, waiting.pk, reason="x", actor=desk.cast["dora"].actor)


def test_a_report_is_split_out_and_comes_back(desk: Desk) -> None:
    case = desk.first()
    stranger = desk.report(desk.world.gallery_url, text="I found a bad page.")
    desk.work()
    case.refresh_from_db()
    assert case.report_count == 2
    ana = desk.signed_in("ana")
    path = f"/desk/case/{case.reference}/merge"
    assert text(ana.get(path)).count('name="report"') == 2
    values = {"do": "split", "report": stranger, "reason": "It is about something else", "once": new_form_key()}
    answer = ana.post(path, values)
    made = Case.objects.latest("id")
    assert answer["Location"] == f"/desk/case/{made.reference}"
    assert "This is now a separate case." in text(ana.get(answer["Location"]))
    desk.work()
    made.refresh_from_db(), case.refresh_from_db()
    assert (case.report_count, made.report_count, made.state) == (1, 1, "triaged")
    services.claim_case(made.pk, actor=desk.cast["bela"].actor)
    assert (state_told(stranger), state_told(desk.reports[0])) == ("looking", "received")
    with pytest.raises(CannotMerge):
        splitting.split(case.pk, desk.reports[0], reason="x", actor=desk.cast["ana"].actor)
    with pytest.raises(CannotMerge, match="Somebody holds"):
        splitting.undo_merging(Merging.objects.get().pk, actor=desk.cast["ana"].actor)
    services.give_back(made.pk, actor=desk.cast["bela"].actor)
    splitting.undo_merging(Merging.objects.get().pk, actor=desk.cast["ana"].actor)
    made.refresh_from_db(), case.refresh_from_db()
    assert (case.report_count, made.report_count, made.state, made.merged_into) == (2, 0, "closed", case)
    assert state_told(stranger) == "received"


def reported_twice(desk: Desk, kind: str, second: str = "page") -> tuple[Case, int]:
    """A case that was acted on, and a report in it that somebody else made."""
    case = desk.case(kind=kind)
    stranger = desk.report(desk.world.gallery_url, kind=second, text="I found a bad page.")
    desk.work()
    desk.assess(case)
    desk.act(case)
    return case, stranger


def letter_about(case: Case) -> int:
    return Referral.objects.filter(case_id=case.pk).latest("pk").pk


def hold(case: Case, lasts: timedelta = timedelta(days=20)) -> None:
    answer_referral(letter_about(case), "hold", until=datetime.now(UTC) + lasts, actor=Actor("police"))


@pytest.mark.parametrize(("kind", "second"), [("page", "page"), ("danger", "page"), ("danger", "danger")])
def test_nothing_is_split_out_of_what_the_police_hold(desk: Desk, kind: str, second: str) -> None:
    case, stranger = reported_twice(desk, kind, second)
    hold(case)
    carl = desk.cast["carl"].actor
    with pytest.raises(CannotMerge, match="The police come first"):
        splitting.split(case.pk, stranger, reason="It is about something else", actor=carl)
    assert Case.objects.count() == 1
    page = desk.signed_in("carl").post(
        f"/desk/case/{case.reference}/merge",
        {"do": "split", "report": stranger, "reason": "It is about something else", "once": new_form_key()},
    )
    assert page.status_code == 409
    assert "The police come first" in text(page)
    assert 'value="split"' not in page.content.decode(), "it isn't offered"
    answer_referral(letter_about(case), "release", actor=Actor("police"))
    page = desk.signed_in("carl").get(f"/desk/case/{case.reference}/merge")
    assert 'value="split"' in page.content.decode()
    assert "The police come first" not in text(page)
    assert splitting.split(case.pk, stranger, reason="It is about something else", actor=carl)


def test_nothing_is_split_out_of_what_took_in_a_case_that_the_police_hold(desk: Desk) -> None:
    ana = desk.cast["ana"].actor
    case, other = desk.case(), desk.case(desk.world.gallery_url + "?from=elsewhere")
    stranger = desk.report(desk.world.gallery_url + "?from=elsewhere")
    desk.work()
    for one in (case, other):
        desk.assess(one)
        desk.act(one)
    merging.merge(other.pk, case.pk, reason="The same", actor=ana)
    hold(other)
    with pytest.raises(CannotMerge, match="The police come first"):
        splitting.split(case.pk, stranger, reason="It is about something else", actor=ana)


@pytest.mark.parametrize(
    ("kind", "second", "may"), [("danger", "page", False), ("danger", "danger", True), ("page", "page", True)]
)
def test_what_two_people_must_let_go_is_not_split_into_what_one_may(
    desk: Desk, kind: str, second: str, may: bool
) -> None:
    case, stranger = reported_twice(desk, kind, second)
    assert NoticeCase.objects.get().state in ("untold", "police")
    carl = desk.cast["carl"].actor
    if may:
        assert splitting.split(case.pk, stranger, reason="It is about something else", actor=carl)
        return
    answer_referral(letter_about(case), "release", actor=carl)
    page = desk.signed_in("carl").get(f"/desk/case/{case.reference}/merge")
    assert re.findall(r'name="report" value="(\d+)"', page.content.decode()) == [str(desk.reports[0])]
    assert "The police come first" in text(page)
    with pytest.raises(CannotMerge, match="The police come first"):
        splitting.split(case.pk, stranger, reason="It is about something else", actor=carl)


def test_what_was_merged_while_it_waited_does_not_leave_what_the_police_hold(desk: Desk) -> None:
    carl = desk.cast["carl"].actor
    case = desk.case(kind="danger")
    stranger = desk.report(desk.world.gallery_url, text="I found a bad page.")
    desk.work()
    made = Case.objects.get(reference=splitting.split(case.pk, stranger, reason="Something else", actor=carl))
    desk.work()
    merged = merging.merge(made.pk, case.pk, reason="The same after all", actor=carl)
    desk.assess(case)
    desk.act(case)
    for kept in (False, True):
        if kept:
            hold(case)
        with pytest.raises(CannotMerge, match="The police come first"):
            splitting.undo_merging(merged, actor=carl)
    answer_referral(letter_about(case), "release", actor=Actor("police"))
    splitting.undo_merging(merged, actor=carl)
    made.refresh_from_db()
    assert (made.state, made.merged_into) == ("triaged", None)


def test_links_timeline_and_summary(desk: Desk, acts_of: Any, django_assert_max_num_queries: Any) -> None:
    from leeward.hosting.models import Finding, FoundFile

    case = desk.case(text="I found a bad page.")
    sibling = desk.case(desk.world.gallery_url.replace("gallery", "more"))
    far = desk.case(desk.world.far_gallery_url)
    digest = FoundFile.objects.filter(fetch__location_id=case.location_id).exclude(sha256="")[0].sha256
    FoundFile.objects.filter(pk=FoundFile.objects.filter(fetch__location_id=far.location_id)[0].pk).update(
        sha256=digest
    )
    for one in (case, far):
        Finding.objects.create(
            hotline_id=one.hotline_id, location_id=one.location_id, kind="owner_email", value="owner@x.example",
            source="RDAP", at=one.received_at,
        )  # fmt: skip
    services.note(case.pk, text="Seen by a colleague.", actor=desk.cast["bela"].actor)
    desk.assess(case)
    desk.act(case)
    ana = desk.signed_in("ana")
    ana.get("/desk/")
    with django_assert_max_num_queries(MOST_QUERIES):
        linked = text(ana.get(f"/desk/case/{case.reference}/links"))
    for said in ("The same site", "The same file", "The same owner’s address", sibling.reference, far.reference):
        assert said in linked
    assert "The same registrant" not in linked, "all of theirs are on this site"
    odd = desk.case("http://odd.harbour-host.example/another")
    of_owner = text(ana.get(f"/desk/case/{odd.reference}/links"))
    assert "The same registrant" in of_owner, "another site of whoever has the name"
    assert "The same site" not in of_owner
    with django_assert_max_num_queries(MOST_QUERIES):
        line = text(ana.get(f"/desk/case/{case.reference}/trail"))
    assert "The same file on another site" in line
    assert far.reference in line
    path = f"/desk/case/{case.reference}/summary"
    values = {"recipient": "Inspector of the Constabulary", "reason": "Asked for by telephone"}
    assert ana.post(path, {**values, "reason": "", "once": new_form_key()}).status_code == 400
    paper = ana.post(path, {**values, "form": "html", "once": new_form_key()})
    assert paper["Cache-Control"] == "no-store"
    for said in (case.reference, desk.world.gallery_url, digest, "Jamaica", "police@constabulary.example", "Inspector"):
        assert said in text(paper), said
    for unsaid in ("I found a bad page", "Seen by a colleague", "Ana", "Bela", "<img", "data:image"):
        assert unsaid not in text(paper), unsaid
    pdf = ana.post(path, {**values, "form": "pdf", "once": new_form_key()})
    assert pdf.content[:5] == b"%PDF-"
    assert acts_of(case).count("case.summarised") == 2
    assert sum("Inspector" in note.text for note in Note.objects.filter(case=case)) == 2
    assert desk.signed_in("dora").post(path, values).status_code == 404
    grave = desk.case(desk.world.gallery_url.replace("gallery", "pictures/0.jpg"))
    desk.assess(grave, facts=GRAVE)
    blind = text(
        desk.signed_in("bela").post(f"/desk/case/{grave.reference}/summary", {**values, "once": new_form_key()})
    )
    assert "Not decided as illegal." in blind
    assert PLAIN["medium"].capitalize() not in blind


def test_checks_that_found_the_same_are_one_line_until_something_else_happened(desk: Desk) -> None:
    from leeward.casework.timeline.queries.history import history_of
    from leeward.monitoring.models import Check, Watch

    case = desk.case()
    desk.assess(case)
    desk.act(case)
    watch = Watch.objects.get(location_id=case.location_id)
    Check.objects.filter(watch=watch).delete()
    start = datetime.now(UTC) + timedelta(hours=1)
    for hour, outcome in enumerate(["same"] * 30 + ["gone"] * 3):
        Check.objects.create(
            hotline_id=case.hotline_id, watch=watch, at=start + timedelta(hours=hour), outcome=outcome, status=200,
            counted=True,
        )  # fmt: skip
    ana = desk.cast["ana"].actor
    found = [(event.title, event.times) for event in history_of(case, actor=ana) if event.is_check]
    assert found == [("Check: gone", 3), ("Check: still there", 30)]
    services.note(case.pk, text="Asked by telephone.", actor=ana)
    Note.objects.filter(case=case).update(at=start + timedelta(hours=10, minutes=30))
    found = [(event.title, event.times) for event in history_of(case, actor=ana) if event.is_check]
    assert found == [("Check: gone", 3), ("Check: still there", 19), ("Check: still there", 11)]
    page = text(desk.signed_in("ana").get(f"/desk/case/{case.reference}/timeline"))
    assert "19 ×," in page


def test_no_host_is_told_of_what_was_split_off_while_the_police_hold_the_rest(desk: Desk) -> None:
    case = desk.first()
    stranger = desk.report(desk.world.gallery_url, text="I found a bad page.")
    desk.work()
    splitting.split(case.pk, stranger, reason="It is about something else", actor=desk.cast["carl"].actor)
    desk.work()
    made = Case.objects.latest("pk")
    assert made.location_id != case.location_id, "each has a place of its own"
    for one in (case, made):
        one.refresh_from_db()
        desk.assess(one)
        desk.act(one)
        if one is case:
            hold(case)
    answer_referral(letter_about(made), "release", actor=Actor("police"))
    desk.work()
    made.refresh_from_db()
    assert made.host_told_at is None
    why = f"The police hold the notice of {case.reference} about the same address."
    assert why in text(desk.signed_in("ana").get(f"/desk/case/{made.reference}/timeline"))
    clock = Clock.objects.get(case_id=made.pk, kind="host_told")
    assert (clock.state, clock.pause_reason) == ("paused", "police_hold")
    answer_referral(letter_about(case), "release", actor=Actor("police"))
    desk.until(made, lambda one: one.host_told_at is not None)
    assert Clock.objects.get(pk=clock.pk).state == "met"
