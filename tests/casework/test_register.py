"""The register of requests for review: filters, lateness, and what is taken out of it."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from leeward.audit.queries import log_of
from leeward.casework.models import Appeal
from tests.casework.conftest import Desk
from tests.casework.test_quality import seen

pytestmark = pytest.mark.django_db


def test_the_register_with_its_filters_and_as_csv(desk: Desk, django_assert_max_num_queries: Any) -> None:
    case, now, carl = desk.case(), datetime.now(UTC), desk.signed_in("carl")
    assert "Nobody has asked" in seen(carl, "/desk/appeals/register")
    for number, (state, days_ago, took, due_in) in enumerate(
        [
            ("open", 9, None, 5),
            ("open", 1, None, 5),
            ("upheld", 40, 3, 5),
            ("rejected", 40, 8, 5),
            ("withdrawn", 50, 9, 5),
        ]
    ):
        asked = now - timedelta(days=days_ago)
        Appeal.objects.create(
            hotline_id=case.hotline_id, case=case, origin="outside" if number % 2 else "reporter", origin_id=number,
            state=state, words="=1+1", asked_at=asked, due_at=asked + timedelta(days=due_in),
            decided_at=asked + timedelta(days=took) if took else None,
        )  # fmt: skip
    with django_assert_max_num_queries(12):
        assert seen(carl, "/desk/appeals/register").count("<tr data-row") == 5

    def rows(query: str) -> int:
        return seen(carl, f"/desk/appeals/register?{query}").count("<tr data-row")

    assert rows("state=open") == 2
    assert rows("origin=reporter") == 3
    assert rows("late=yes") == 2, "one open, one answered late; what was taken back is late for nobody"
    assert rows(f"start={(now - timedelta(days=20)).date()}") == 2
    assert rows(f"end={(now - timedelta(days=20)).date()}&state=upheld") == 1
    assert rows("start=nonsense&state=nothing") == 5
    assert "Nothing fits" in seen(carl, "/desk/appeals/register?state=open&end=2001-01-01")

    answer = carl.post("/desk/appeals/register/csv", {"late": "yes"})
    table = list(csv.reader(StringIO(answer.content.decode())))
    assert [line[7] for line in table[1:]] == ["rejected", "open"]
    assert table[1][5:7] == ["8", "no"]
    assert "=1+1" not in answer.content.decode()
    (line,) = [
        line for line in log_of(case.hotline_id, f"hotline:{case.hotline_id}", 20) if line.event == "register.taken"
    ]
    assert (line.facts["rows"], line.facts["filters"]) == (2, ["late"])
