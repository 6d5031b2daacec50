"""How much is asked of the database until a report is a case in the queue."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from leeward.audit.models import AuditRow
from leeward.casework.models import Case
from leeward.jobs.worker import claim, run_job
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db
# Of an address where nothing answers, in a hotline that has no rule of its own: 47 where a transaction locks nothing; on PostgreSQL
# each of the four takes its hotline's turn by one more, and the keys of sealed words are a table.
MOST = {"sqlite": 48, "postgresql": 53}
BEGINNINGS = ("BEGIN", "SAVEPOINT", "RELEASE")  # of transactions: in a test each is one within another


class Asked:
    """What is asked, by the kind of the job that asks it."""

    def __init__(self) -> None:
        self.kind = "claim"
        self.statements: list[tuple[str, str]] = []

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        if not sql.lstrip().startswith(BEGINNINGS):
            self.statements.append((self.kind, sql))
        return execute(sql, *rest)


def work(asked: Asked) -> list[str]:
    """Do the worker's part of one report; return the kinds of its jobs."""
    done = []
    while True:
        asked.kind = "claim"
        job = claim(datetime.now(UTC), "here")
        if job is None:
            del asked.statements[-1]  # that there is no more work belongs to no report
            return done
        asked.kind = job.kind
        run_job(job, datetime.now(UTC))
        done.append(job.kind)


def test_a_report_becomes_a_case_in_the_queue_with_few_questions(desk: Desk) -> None:
    desk.case("http://nowhere.nowhere.example/first")
    rows = AuditRow.objects.count()
    desk.report("http://nowhere.nowhere.example/second")
    asked = Asked()
    with connection.execute_wrapper(asked):
        assert work(asked) == ["casework.take_in", "casework.prepare"]
    assert Case.objects.filter(state="triaged").count() == 2
    assert AuditRow.objects.count() - rows == 5, "received, opened, located, fetched, prepared"
    assert len(asked.statements) <= MOST[connection.vendor], "\n".join(map(str, asked.statements))
    tables = Counter(kind for kind, sql in asked.statements if 'FROM "people_portal"' in sql)
    assert tables == {"casework.take_in": 1, "casework.prepare": 2}, (
        "the portal is read once, and anew after hosts were asked"
    )
