"""Many cases assessed with one statement of facts: each has its own look, and no rule is softened by the number."""

import re
from datetime import timedelta
from typing import Any

import pytest

from leeward.casework import services
from leeward.casework.bulk import services as bulk_services
from leeward.casework.bulk.models import BulkItem, BulkRun
from leeward.casework.bulk.views import assessing as views_assessing
from leeward.casework.models import Assessment, Case, SampledAssessment
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services import sampling
from leeward.intake.services import add_to_report
from leeward.oncall.models import PagedReport
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import GRAVE, PLAIN, Desk
from tests.casework.test_pages import MARKED, MOST_QUERIES, text
from tests.having_read import marks_on

pytestmark = pytest.mark.django_db


def cases_of_one_report(desk: Desk, count: int = 4) -> list[Case]:
    """Waiting cases of one report about one site, with which a test begins."""

    def make() -> Case:
        desk.report(*(f"{desk.world.gallery_url}?page={number}" for number in range(count)))
        desk.work()
        return Case.objects.latest("id")

    desk.begun(("one report", count), make)
    return list(Case.objects.order_by("id"))


def states(cases: list[Case]) -> list[str]:
    for case in cases:
        case.refresh_from_db()
    return [case.state for case in cases]


def test_a_report_is_assessed_together_with_exceptions(
    desk: Desk, acts_of: Any, django_assert_max_num_queries: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        views_assessing, "AT_ONCE", timedelta(minutes=1)
    )  # on a slow machine the worker would do the rest
    cases = cases_of_one_report(desk)
    services.claim_case(cases[3].pk, actor=desk.cast["bela"].actor)
    ana, pia = desk.signed_in("ana"), desk.signed_in("pia")
    ana.get("/desk/")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text(ana.get(f"/desk/bulk?report={desk.reports[-1]}"))
    assert page.count('name="case"') == 4
    assert "Somebody else holds it." in page
    assert text(ana.get("/desk/bulk?host=pictures.harbour-host.example")).count('name="case"') == 4
    assert pia.get("/desk/bulk").status_code == 403
    chosen = [case.pk for case in cases[:2]] + [cases[3].pk]
    values = {**MARKED, "outcome": "illegal", "case": chosen, "offered": [case.pk for case in cases]}
    with django_assert_max_num_queries(MOST_QUERIES):
        ahead = text(ana.post("/desk/bulk", values))
    assert ahead.count("Decided as illegal.") == 2
    assert ahead.count("Somebody else holds it.") == 1
    assert states(cases) == ["triaged", "triaged", "triaged", "assessing"]  # a preview changes nothing
    kept = re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', ahead)
    again: dict[str, Any] = {}
    for name, value in kept:
        again.setdefault(name, []).append(value)
    back = text(ana.post("/desk/bulk", {**again, "back": "yes"}))
    assert re.search(r'name="medium" value="photograph"[^>]* checked', back), "whoever goes back finds what they marked"
    assert back.count('name="case"') == 4
    key = new_form_key()
    for _ in range(2):  # sent twice counts once
        answer = ana.post("/desk/bulk", {**again, "case": chosen, "go": "yes", "once": key})
    run = BulkRun.objects.get()
    assert answer["Location"] == f"/desk/bulk/{run.pk}", "again, because no answer came: it leads to what it began"
    assert states(cases) == ["decided", "decided", "triaged", "assessing"]
    assert Assessment.objects.filter(case__in=cases, by=desk.cast["ana"].account_id).count() == 2
    assert Case.objects.filter(claimed_by=desk.cast["ana"].account_id).count() == 0
    assert [event for event in acts_of(cases[0]) if event.startswith("case.a")] == ["case.assessed"]
    results = dict(BulkItem.objects.values_list("case_id", "refusal"))
    assert results == {cases[0].pk: "", cases[1].pk: "", cases[3].pk: "case_is_taken"}
    with django_assert_max_num_queries(MOST_QUERIES):
        went = text(ana.get(f"/desk/bulk/{run.pk}"))
    assert "2 assessed, 1 not, 0 to go." in went
    assert desk.signed_in("bela").get(f"/desk/bulk/{run.pk}").status_code == 404
    assert desk.signed_in("carl").get(f"/desk/bulk/{run.pk}").status_code == 200
    assert desk.signed_in("dora").get(f"/desk/bulk/{run.pk}").status_code == 404


def test_grave_ones_go_to_somebody_else_and_a_second_assessment_is_never_taken_together(desk: Desk) -> None:
    cases = cases_of_one_report(desk, 3)
    ana, bela = desk.cast["ana"].actor, desk.cast["bela"].actor
    run = bulk_services.assess_in_bulk([case.pk for case in cases], GRAVE, outcome="illegal", actor=ana)
    assert bulk_services.go_on(run)
    assert states(cases) == ["second_assessment"] * 3
    assert {case.outcome for case in cases} == {""}
    run = bulk_services.assess_in_bulk([case.pk for case in cases], GRAVE, outcome="illegal", actor=bela)
    bulk_services.go_on(run)
    assert set(BulkItem.objects.filter(run_id=run).values_list("state", "refusal")) == {("refused", "not_waiting")}
    assert states(cases) == ["second_assessment"] * 3


def test_from_rows_of_the_queue_to_the_second_looks(desk: Desk, django_assert_max_num_queries: Any) -> None:
    """Marked in the queue, assessed together, one drawn for a blind look; of grave ones the run says how far they are, but not
    to whoever has one of them for a look of their own."""
    cases = cases_of_one_report(desk, 6)
    sampling.set_rates(Rates(1, 1, 0), actor=desk.cast["carl"].actor)
    services.claim_case(cases[5].pk, actor=desk.cast["bela"].actor)
    ana, carl = desk.signed_in("ana"), desk.signed_in("carl")
    ana.get("/desk/")
    with django_assert_max_num_queries(MOST_QUERIES):
        page = text(ana.get("/desk/?view=all"))
    assert page.count('name="case" form="together"') == 5, "not the one that Bela holds"
    assert 'name="case"' not in text(desk.signed_in("pia").get("/desk/?view=all"))
    assert "No case is marked." in text(ana.get("/desk/bulk?from=queue"))
    marked = "&".join(f"case={case.pk}" for case in cases[:3])
    assert len(re.findall(r'checked>\s*<label for="case-', text(ana.get(f"/desk/bulk?from=queue&{marked}")))) == 3
    plain = {**MARKED, "case": [case.pk for case in cases[:3]]}
    ahead = text(ana.post("/desk/bulk", {**plain, "outcome": "illegal"}))
    assert "one in ten of these is drawn" in ahead
    go = {"go": "yes", "outcome": "illegal"}
    ana.post("/desk/bulk", {**plain, **go, "once": new_form_key(), "seen": marks_on(ahead)})
    desk.work()
    assert SampledAssessment.objects.filter(why__in=("bulk", "rate")).exists()

    grave = {**plain, "level": "uk_a", "case": [case.pk for case in cases[3:5]], "outcome": "illegal"}
    ahead = text(ana.post("/desk/bulk", grave))
    ana.post("/desk/bulk", {**grave, **go, "once": new_form_key(), "seen": marks_on(ahead)})
    run = BulkRun.objects.latest("id")
    path = f"/desk/bulk/{run.pk}"
    assert "2 to go, 0 done, 0 where the two differ." in text(ana.get(path))
    services.claim_case(cases[3].pk, actor=desk.cast["carl"].actor)
    assert carl.get(path).status_code == 409, "Carl is to look without knowing"
    services.assess(cases[3].pk, GRAVE, outcome="illegal", actor=desk.cast["carl"].actor)
    services.claim_case(cases[4].pk, actor=desk.cast["bela"].actor)
    services.assess(cases[4].pk, {}, outcome="not_illegal", reason=16, actor=desk.cast["bela"].actor)
    with django_assert_max_num_queries(MOST_QUERIES):
        assert "0 to go, 1 done, 1 where the two differ." in text(carl.get(path))


def test_a_persons_day_counts_and_what_is_left_the_worker_does(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from leeward.audit.queries import log_of
    from leeward.casework.exposure.services import budget
    from leeward.people.models import User

    cases = cases_of_one_report(desk, 3)
    ana = desk.cast["ana"].actor
    services.claim_case(cases[2].pk, actor=ana)
    budget.say_not_today(actor=ana)
    run = bulk_services.assess_in_bulk([case.pk for case in cases], PLAIN, outcome="illegal", actor=ana)
    assert not bulk_services.go_on(run, for_at_most=timedelta(seconds=-1))
    assert states(cases) == ["triaged", "triaged", "assessing"]
    from leeward.casework import tasks

    tasks.assess_in_bulk(run)
    tasks.assess_in_bulk(run)
    assert states(cases) == ["triaged", "triaged", "decided"]
    found = dict(BulkItem.objects.filter(run_id=run).values_list("case_id", "refusal"))
    assert found == {cases[0].pk: "nothing_new_now", cases[1].pk: "nothing_new_now", cases[2].pk: ""}
    events = [line.event for line in log_of(desk.cast.hotline_id, f"bulk:{run}")]
    assert events == ["bulk.finished", "bulk.started"]
    budget.say_not_today(actor=ana, is_off=False)
    run = bulk_services.assess_in_bulk([cases[0].pk], PLAIN, outcome="illegal", actor=ana)
    User.objects.filter(pk=ana.id).update(is_active=False)
    tasks.assess_in_bulk(run)
    assert BulkItem.objects.get(run_id=run).refusal == "not_allowed"


def test_an_urgent_case_is_left_to_be_read_alone_and_goes_on_paging(desk: Desk) -> None:
    cases = cases_of_one_report(desk, 2)
    ana = desk.cast["ana"].actor
    run = bulk_services.assess_in_bulk([case.pk for case in cases], PLAIN, outcome="illegal", actor=ana)
    add_to_report(desk.reports[-1], text="He writes to me.", worse=["contact"], form_key=new_form_key())
    desk.work()  # it becomes urgent before its turn in the run comes
    bulk_services.go_on(run)
    assert states(cases) == ["triaged", "decided"]
    assert dict(BulkItem.objects.filter(run_id=run).values_list("case_id", "refusal")) == {
        cases[0].pk: "urgent_alone",
        cases[1].pk: "",
    }
    assert PagedReport.objects.filter(report_id=desk.reports[-1], taken_at=None, page__closed_at=None).exists()
    page = text(desk.signed_in("ana").get(f"/desk/bulk?case={cases[0].pk}"))
    assert "It is urgent: it has to be handled separately." in page


def test_facts_and_reasons_are_asked_for_as_for_one(desk: Desk) -> None:
    from leeward.casework.errors import WrongReason

    cases = cases_of_one_report(desk, 2)
    ana = desk.cast["ana"].actor
    with pytest.raises(WrongReason):
        bulk_services.assess_in_bulk([cases[0].pk], {}, outcome="not_found", actor=ana)
    run = bulk_services.assess_in_bulk([case.pk for case in cases], {}, outcome="illegal", actor=ana)
    bulk_services.go_on(run)
    assert set(BulkItem.objects.filter(run_id=run).values_list("refusal", flat=True)) == {"facts_missing"}
    run = bulk_services.assess_in_bulk([case.pk for case in cases], {}, outcome="not_found", reason=9, actor=ana)
    bulk_services.go_on(run)
    assert states(cases) == ["closed", "closed"]
    client = desk.signed_in("ana")
    assert client.post("/desk/bulk", {**MARKED, "outcome": "illegal"}).status_code == 400


def test_a_fault_in_one_case_stops_none_of_the_others_and_a_database_that_is_away_is_waited_for(desk: Desk) -> None:
    from django.db import OperationalError, connection

    cases = cases_of_one_report(desk, 3)
    run = bulk_services.assess_in_bulk(
        [case.pk for case in cases], PLAIN, outcome="illegal", actor=desk.cast["ana"].actor
    )
    faults: list[Exception] = [OperationalError("gone"), ValueError("a fault of ours")]

    def database(execute: Any, sql: str, *given: Any) -> Any:
        if faults and "INSERT" in sql and "casework_assessment" in sql:
            raise faults.pop()
        return execute(sql, *given)

    with connection.execute_wrapper(database), pytest.raises(OperationalError):
        bulk_services.go_on(run)
    assert states(cases) == ["triaged"] * 3
    assert bulk_services.go_on(run)
    assert states(cases) == ["triaged", "decided", "decided"]
    assert Case.objects.filter(claimed_by=desk.cast["ana"].account_id).count() == 0
    page = text(desk.signed_in("ana").get(f"/desk/bulk/{run}"))
    assert "2 assessed, 1 not, 0 to go." in page
    assert page.count("Something went wrong here.") == 1
