"""Reports that wait are opened together: what is stored is what each would have stored alone, and none carries another away."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.audit.queries import verdict
from leeward.casework.models import Case, CaseItem
from leeward.casework.queue.services.opening_together import open_together
from leeward.casework.services import take_in
from leeward.clocks.models import Clock
from leeward.clocks.rules.due import Rule, Step
from leeward.clocks.services import set_rule
from leeward.hosting.models import Location
from leeward.intake.models import Item, Report
from leeward.intake.services import withdraw_report
from leeward.jobs.models import Job
from leeward.payments.models import Payee
from leeward.people.models import Portal
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db
KIND = "casework.take_in"
AT = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)  # soon after, clocks would send reminders
OWN_NUMBERS = {
    "id",
    "location",
    "case_id",
    "subject_id",
    "reference",
    "key",
    "display",
    "comparable",
    "created_at",
    "set_at",
}


def row_of(found: Any, besides: Collection[str] = ()) -> dict[str, Any]:
    """A row without what is each row's own."""
    return {
        field.name: getattr(found, field.attname)
        for field in found._meta.fields
        if field.name not in OWN_NUMBERS | set(besides)
    }


def stored_of(report: int) -> list[dict[str, Any]]:
    """What was stored of a report with one item."""
    item = Item.objects.get(report_id=report)
    case = CaseItem.objects.select_related("case__location").get(item_id=item.pk).case
    clocks = list(Clock.objects.filter(case_id=case.pk).order_by("kind"))
    steps = Job.objects.filter(kind="clocks.escalate", subject_id__in=[one.pk for one in clocks]).order_by("due_at")
    (act,) = AuditRow.objects.filter(subject=f"case:{case.pk}")
    (preparing,) = Job.objects.filter(kind="casework.prepare", subject_id=case.pk)
    return [
        row_of(case),
        row_of(case.location, ["host"]),
        row_of(item, ["report", "typed"]),
        *map(row_of, clocks),
        *map(row_of, steps),
        row_of(preparing, ["due_at"]),
        {
            "event": act.event,
            "actor": act.actor,
            "facts": act.facts.replace(str(report), "R").replace(str(item.pk), "I"),
        },
        {"closed_at": Report.objects.get(pk=report).closed_at},
    ]


def waiting(desk: Desk, *hosts: str, **told: Any) -> list[int]:
    """A report each, of a page that nobody else reports; all came at the same moment."""
    reports = [desk.report(f"http://{host}.nowhere.example/x", **told) for host in hosts]
    Report.objects.filter(pk__in=reports).update(received_at=AT)
    Item.objects.filter(report_id__in=reports).update(state_changed_at=AT)
    return reports


def cases_of(report: int) -> list[int]:
    return sorted(set(CaseItem.objects.filter(item__report_id=report).values_list("case_id", flat=True)))


@pytest.mark.parametrize("with_rule", [False, True])
def test_what_is_stored_is_what_each_would_have_stored_alone(desk: Desk, *, with_rule: bool) -> None:
    if with_rule:
        Portal.objects.filter(pk=desk.cast.portal_id).update(languages=["fr"])
        rule = Rule(3, "working_days", (), (Step("remind", 4.0),))
        set_rule(desk.cast.portal_id, "first_assessment", rule, actor=desk.cast["carl"].actor)
    desk.case("http://a.earlier.example/", "http://b.earlier.example/")  # so that a report has not its item's number
    alone, one, other = waiting(desk, "alone", "one", "other")
    take_in(alone)
    assert open_together([one, other]) == {one, other}
    expected = stored_of(alone)
    assert stored_of(one) == expected
    assert stored_of(other) == expected
    hosts = set(Location.objects.values_list("host", flat=True))
    assert hosts >= {"alone.nowhere.example", "one.nowhere.example", "other.nowhere.example"}
    assert Clock.objects.filter(rule_id__isnull=False).exists() is with_rule
    references = list(Case.objects.order_by("pk").values_list("reference", flat=True))
    assert [int(reference.partition("-")[2]) for reference in references] == [1, 2, 3, 4, 5]
    assert verdict(desk.cast.hotline_id).fault is None


def test_the_worker_opens_what_waits_with_few_questions(desk: Desk) -> None:
    """Two a report in a batch of ten, where one alone takes about twenty: nothing is asked for each of them."""
    desk.case("http://first.nowhere.example/")
    reports = waiting(desk, *(f"n{number}" for number in range(10)))
    with CaptureQueriesContext(connection) as asked:
        assert open_together(reports) == set(reports)
    assert len(asked) <= 22, "\n".join(one["sql"][:200] for one in asked)
    desk.work()
    assert Case.objects.filter(state="triaged").count() == 11
    assert not Job.objects.filter(kind=KIND).exists()


def test_only_simple_reports_are_opened_together_and_the_rest_alone(desk: Desk) -> None:
    """Urgent, of a known place, of two at once, of several pages, with a password, with a payee: each gets what it got before."""
    known = desk.case("http://known.nowhere.example/x")
    simple, of_known, again = waiting(desk, "simple", "known", "simple")
    several = desk.report("http://a.nowhere.example/", "http://b.nowhere.example/")
    locked = desk.report("http://locked.nowhere.example/", password="moonlit", needs_login=True)
    asks = desk.report("http://asks.nowhere.example/", text="It asks for bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq")
    urgent = desk.report("http://urgent.nowhere.example/x", kind="danger")
    in_words = desk.report(where="At home", kind="person", text="I found a bad page.")
    everything = [simple, of_known, again, several, locked, asks, urgent, in_words]
    done = open_together(everything)
    assert simple in done
    assert done <= {simple, in_words}
    desk.work()
    assert cases_of(of_known) == [known.pk]
    assert cases_of(again) == cases_of(simple)
    assert [len(cases_of(one)) for one in everything] == [1, 1, 1, 2, 1, 1, 1, 1]
    assert Case.objects.get(pk=cases_of(urgent)[0]).urgent
    assert Location.objects.get(host="locked.nowhere.example").access == {"password": "moonlit"}
    assert Payee.objects.count() == 1
    assert open_together(everything) == set(), "they are open by now"
    assert not Job.objects.filter(kind=KIND).exists()


def test_nobody_waits_to_write_while_long_words_are_looked_through(desk: Desk) -> None:
    """Whom a report asks money for is found before the transaction begins: at worst that takes seconds for a batch."""
    asks = waiting(desk, "one", "other", text="mpesa 0712345678 " * 1000)
    quiet = waiting(desk, "quiet")
    with CaptureQueriesContext(connection) as asked:
        assert open_together(asks) == set()
    assert asked.captured_queries
    assert not [one["sql"] for one in asked if one["sql"].startswith(("BEGIN", "SAVEPOINT"))]
    assert open_together([*asks, *quiet]) == set(quiet)
    desk.work()
    assert Payee.objects.count() == 1
    assert [len(cases_of(one)) for one in (*asks, *quiet)] == [1, 1, 1]


@pytest.mark.parametrize("others", [(), ("other",)], ids=["alone", "together"])
def test_what_was_withdrawn_before_it_was_opened_is_closed(desk: Desk, others: tuple[str, ...]) -> None:
    """While others of its batch are opened, another thread may hear first that a report was withdrawn: there is no case to close yet."""
    now = datetime.now(UTC)
    mine, *left = waiting(desk, "mine", *others)
    Job.objects.filter(kind=KIND).update(due_at=now + timedelta(hours=1))
    withdraw_report(mine)
    desk.work()
    assert not Case.objects.exists()
    Job.objects.filter(kind=KIND).update(due_at=now)
    desk.work()
    states = [Case.objects.get(pk=case).state for one in (mine, *left) for case in cases_of(one)]
    assert states == ["closed", *("triaged" for _one in left)]
    assert verdict(desk.cast.hotline_id).fault is None


@contextmanager
def refusing(host: str) -> Iterator[None]:
    """A database that takes no place of this host."""
    name, table = "tests_refuse", Location._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE INSERT ON {table} WHEN NEW.host = '{host}' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
        yield
        cursor.execute(f"DROP TRIGGER {name}")


def test_one_that_fails_carries_no_other_away(desk: Desk) -> None:
    """What the database refuses fails alone; everybody else's report becomes a case in the same round."""
    if connection.vendor != "sqlite":
        pytest.skip("a trigger of SQLite refuses it")
    reports = waiting(desk, "fine", "refused", "fine-too")
    with refusing("refused.nowhere.example"):
        desk.work()
        assert [len(cases_of(one)) for one in reports] == [1, 0, 1]
        assert list(Job.objects.filter(kind=KIND).values_list("subject_id", "attempts", "begun")) == [
            (reports[1], 1, 0)
        ]
    assert verdict(desk.cast.hotline_id).fault is None
    Job.objects.filter(kind=KIND).update(due_at=datetime.now(UTC) - timedelta(seconds=1))
    desk.work()
    assert len(cases_of(reports[1])) == 1
    assert AuditRow.objects.filter(event="case.opened").count() == 3


def test_hotlines_are_never_mixed(desk: Desk) -> None:
    """Within one hotline's scope a report of another isn't even found."""
    (mine,) = waiting(desk, "mine")
    with scope(hotline=desk.cast.other_hotline_id):
        assert open_together([mine]) == set()
    assert cases_of(mine) == []
