"""Cases that wait are prepared together: what is stored is what each would have stored alone, and whatever is unlike them is left."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from leeward.audit.models import AuditRow
from leeward.audit.queries import verdict
from leeward.casework.models import Case, CaseItem
from leeward.casework.queue.services import preparing
from leeward.casework.queue.services.opening import PREPARE
from leeward.casework.queue.services.preparing import prepare, prepare_together
from leeward.casework.services import take_in
from leeward.clocks.models import Clock
from leeward.hosting.models import Fetch, Finding, FoundFile
from leeward.intake.models import Item, Report
from leeward.jobs.models import Job
from leeward.people.models import Portal
from tests.casework.conftest import Desk
from tests.casework.queue.test_opening_together import AT, row_of

pytestmark = pytest.mark.django_db
OWN = ["at", "duration_ms", "fetch", "priority", "due_at"]


def opened(desk: Desk, *addresses: str, **told: Any) -> list[int]:
    """A case of each address, which waits to be prepared; all came at the same moment."""
    reports = [desk.report(address, **told) for address in addresses]
    Report.objects.filter(pk__in=reports).update(received_at=AT)
    Item.objects.filter(report_id__in=reports).update(state_changed_at=AT)
    for report in reports:
        take_in(report)
    return [CaseItem.objects.get(item__report_id=report).case_id for report in reports]


def nowhere(*names: str) -> list[str]:
    return [f"http://{name}.nowhere.example/x" for name in names]


def stored_of(case_id: int) -> list[Any]:
    """What was stored of a case and its place, without what is its own."""
    case = Case.objects.get(pk=case_id)
    (visit,) = Fetch.objects.filter(location_id=case.location_id)
    own = (f'"fetch":{visit.pk}', visit.on_behalf, case.location.display, case.location.host)
    findings = Finding.objects.filter(location_id=case.location_id).order_by("pk")
    acts = AuditRow.objects.filter(subject__in=[f"case:{case_id}", f"location:{case.location_id}"]).order_by("number")
    said = [(act.event, act.actor, act.facts.replace(own[0], "F")) for act in acts if act.event != "case.opened"]
    assert visit.on_behalf == f"report:{CaseItem.objects.get(case_id=case_id).item.report_id}"
    return [
        row_of(case),
        *(row_of(row, OWN) for row in findings),
        row_of(visit, [*OWN, "on_behalf", "final_url"]),
        *(row_of(row, [*OWN, "url"]) for row in FoundFile.objects.filter(fetch=visit).order_by("position")),
        *(row_of(row) for row in Clock.objects.filter(case_id=case_id).order_by("kind")),
        said,
    ]


def test_what_is_stored_is_what_each_would_have_stored_alone(desk: Desk) -> None:
    alone, one, other = opened(desk, *nowhere("alone", "one", "other"))
    prepare(alone)
    assert prepare_together([one, other]) == {one, other}
    expected = stored_of(alone)
    assert stored_of(one) == expected
    assert stored_of(other) == expected
    assert Case.objects.get(pk=one).state == "triaged"
    assert [event for event, _actor, _facts in expected[-1]] == [
        "location.located",
        "location.fetched",
        "case.prepared",
    ]
    assert verdict(desk.cast.hotline_id).fault is None


def test_pictures_are_stored_and_looked_up_as_if_each_were_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "MOST_SECONDS", 60.0)
    urls = [f"{desk.world.gallery_url}?{name}" for name in ("alone", "one")]
    alone, one, quiet = opened(desk, *urls, *nowhere("quiet"))
    prepare(alone)
    assert prepare_together([one, quiet]) == {one, quiet}
    assert stored_of(one) == stored_of(alone)
    assert FoundFile.objects.filter(fetch__location_id=Case.objects.get(pk=one).location_id).count() > 1
    assert Case.objects.get(pk=one).place != "unknown"
    assert set(Case.objects.values_list("state", flat=True)) == {"triaged"}


def test_few_questions_are_asked_for_all_of_them(desk: Desk) -> None:
    """Three each in a batch of ten, where one alone takes about thirty: nothing is asked for each of them."""
    cases = opened(desk, *nowhere(*(f"n{number}" for number in range(10))))
    with CaptureQueriesContext(connection) as asked:
        assert prepare_together(cases) == set(cases)
    assert len(asked) <= 34, "\n".join(one["sql"][:200] for one in asked)


def test_what_is_urgent_known_or_no_web_address_is_left_to_be_prepared_alone(desk: Desk) -> None:
    seen, urgent, known, simple = opened(desk, *nowhere("seen", "urgent", "known", "simple"))
    (named,) = opened(desk, "d41d8cd98f00b204e9800998ecf8427e")
    prepare(seen)
    Case.objects.filter(pk=seen).update(state="received", lane="preparing")
    Case.objects.filter(pk=urgent).update(urgent=True)
    Case.objects.filter(pk=known).update(known=True)
    assert prepare_together([seen, urgent, known, simple, named]) == {simple}
    assert Fetch.objects.count() == 2, "no other host was asked"
    assert prepare_together([simple]) == set(), "it was prepared by now"
    Portal.objects.filter(pk=desk.cast.portal_id).update(mode="post_box")
    assert prepare_together(opened(desk, *nowhere("forwarded"))) == set()


def test_one_that_fails_carries_no_other_away(desk: Desk) -> None:
    """What the database refuses fails alone; the other is prepared in the same round."""
    if connection.vendor != "sqlite":
        pytest.skip("a trigger of SQLite refuses it")
    fine, refused = opened(desk, *nowhere("fine", "refused"))
    trigger, number = "tests_refuse", Case.objects.get(pk=refused).location_id
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER {trigger} BEFORE INSERT ON {Fetch._meta.db_table} WHEN NEW.location_id = {number} "
            "BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        with pytest.raises(IntegrityError), transaction.atomic():
            prepare_together([fine, refused])
        assert not Finding.objects.exists(), "all or nothing"
        desk.work()
        cursor.execute(f"DROP TRIGGER {trigger}")
    assert {case.pk: case.state for case in Case.objects.all()} == {fine: "triaged", refused: "received"}
    assert list(Job.objects.filter(kind=PREPARE).values_list("subject_id", "attempts")) == [(refused, 1)]


def test_after_some_seconds_the_rest_is_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preparing, "MOST_SECONDS", 0.0)
    cases = opened(desk, *nowhere("one", "other"))
    assert prepare_together(cases) == set()
    desk.work()
    assert set(Case.objects.values_list("state", flat=True)) == {"triaged"}
    assert not Job.objects.filter(kind=PREPARE).exists()


def test_the_worker_prepares_what_waits_together(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leeward.jobs.worker.is_pressed", lambda: False)  # the reports came some time ago
    opened(desk, *nowhere(*(f"n{number}" for number in range(5))))
    with CaptureQueriesContext(connection) as asked:
        desk.work()
    reads = [one["sql"] for one in asked if one["sql"].startswith("SELECT") and 'FROM "hosting_location"' in one["sql"]]
    assert len(reads) == 1
    assert set(Case.objects.values_list("state", flat=True)) == {"triaged"}
    assert not Job.objects.filter(kind=PREPARE).exists()
