"""A report that names very much keeps no other one waiting."""

from datetime import UTC, datetime

import pytest

from leeward.casework.models import Case, CaseItem
from leeward.casework.queries import TAKE_IN, TAKE_IN_MORE
from leeward.casework.queue.services.opening import A_BITE
from leeward.intake import queries as intake_queries
from leeward.jobs.models import Job
from leeward.jobs.worker import claim, run_job
from leeward.notices.models import Referral
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db


def until_taken_in(report_id: int) -> None:
    """What the threads kept for urgent work do, until the first things of a report are cases."""
    while (duty := claim(datetime.now(UTC), "urgent", "urgent_quick")) is not None:
        run_job(duty, datetime.now(UTC))
        if (duty.kind, duty.subject_id) == (TAKE_IN, report_id):
            return
    raise AssertionError("nothing takes the report in")


def test_a_danger_report_waits_for_a_bite_of_a_long_one_and_its_letter_too(desk: Desk) -> None:
    long = desk.report(*(f"http://nowhere.nowhere.example/{number}" for number in range(20)), kind="danger")
    until_taken_in(long)
    assert Case.objects.count() == 1, "what it is urgent for is one case"
    plain = desk.report(kind="danger", text="[message withheld]")
    until_taken_in(plain)
    case = Case.objects.get(items__item_id=intake_queries.items_of(plain)[0].id)
    assert Referral.objects.filter(case_id=case.pk).exists()
    assert Case.objects.count() == 2, "the rest of the long one is left to other threads"
    assert Job.objects.filter(kind=TAKE_IN_MORE, subject_id=long, urgent=False).count() == 1


def test_bite_by_bite_everything_of_a_long_report_becomes_a_case(desk: Desk) -> None:
    long = desk.report(*(f"http://nowhere.nowhere.example/{number}" for number in range(4 * A_BITE + 1)))
    sizes = []
    while (duty := Job.objects.filter(kind__in=(TAKE_IN, TAKE_IN_MORE), subject_id=long).first()) is not None:
        before = duty.due_at
        run_job(duty, datetime.now(UTC))
        sizes.append(CaseItem.objects.count())
        again = Job.objects.filter(kind=TAKE_IN_MORE, subject_id=long).first()
        assert again is None or again.due_at > before, "what others asked for meanwhile comes first"
    assert sizes == [A_BITE, 2 * A_BITE, 3 * A_BITE, 4 * A_BITE, 4 * A_BITE + 1]
