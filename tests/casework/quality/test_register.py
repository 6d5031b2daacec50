"""The register of requests for review: filters, lateness, and what is taken out of it."""

import csv
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from leeward.audit.queries import log_of
from leeward.blocklist import services as blocklist_services
from leeward.blocklist.models import BlockAppeal
from leeward.casework import services
from leeward.casework.models import Appeal
from leeward.casework.queue.services.following_rules import move_appeals
from leeward.foundation.actor import SYSTEM, Actor
from leeward.intake import services as intake_services
from leeward.intake.rules.where import item_drafts
from leeward.web_security.keys import new_form_key
from tests.blocklist.conftest import listed
from tests.casework.conftest import Desk
from tests.casework.quality.test_quality import seen
from tests.personas import date_roles

pytestmark = pytest.mark.django_db


def test_the_register_with_its_filters_and_as_csv(desk: Desk, django_assert_max_num_queries: Any) -> None:
    case, now, carl = desk.first(), datetime.now(UTC), desk.signed_in("carl")
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
            hotline_id=case.hotline_id, portal_id=case.portal_id, case=case, origin="outside" if number % 2 else "reporter", origin_id=number,
            state=state, text="=1+1", asked_at=asked, due_at=asked + timedelta(days=due_in),
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
    assert "Nothing found" in seen(carl, "/desk/appeals/register?state=open&end=2001-01-01")

    answer = carl.post("/desk/appeals/register/csv", {"late": "yes", "about": "case"})
    table = list(csv.reader(StringIO(answer.content.decode())))
    assert [line[7] for line in table[1:]] == ["rejected", "open"]
    assert table[1][5:7] == ["8", "no"]
    assert "=1+1" not in answer.content.decode()
    (line,) = [
        line for line in log_of(case.hotline_id, f"hotline:{case.hotline_id}", 20) if line.event == "register.taken"
    ]
    assert (line.facts["rows"], line.facts["filters"]) == (2, ["about", "late"])


def test_requests_about_blocks_stand_there_with_time_and_outcome(
    desk: Desk, django_assert_max_num_queries: Any
) -> None:
    national = blocklist_services.open_own_lists(desk.cast.hotline_id, actor=SYSTEM)[0]
    for number in range(2):
        address = f"https://bad.example/pictures/{number}.html"
        listed(desk.cast, national.id, address=address)
        intake_services.ask_from_outside(
            item_drafts(address, {})[0], relation="owner", text="It is mine.", contact="", form_key=new_form_key(),
            hotline_id=desk.cast.hotline_id, portal_id=desk.cast.portal_id, language="en",
        )  # fmt: skip
    case = desk.case()
    services.open_appeal(case.pk, origin="host", origin_id=1, text="No.")
    desk.work()
    first, second = BlockAppeal.objects.order_by("id")
    late = datetime.now(UTC) - timedelta(days=1)
    BlockAppeal.objects.filter(pk=first.pk).update(due_at=late)
    date_roles(desk.cast["bela"].account_id, ["supervisor"])
    blocklist_services.decide_block_appeal(second.pk, lifted=True, reasons="Too wide.", actor=supervisor(desk, "bela"))
    carl = desk.signed_in("carl")
    seen(carl, "/desk/appeals/register")
    with django_assert_max_num_queries(12):
        page = seen(carl, "/desk/appeals/register")
    assert re.findall(r"(Block \d+|\d{4}-\d{4})\s*</(?:a|span)>", page) == [
        case.reference, f"Block {second.entry_id}", "2026-0017", f"Block {first.entry_id}", "2026-0017",
    ]  # fmt: skip
    assert "We changed the decision" in page
    assert seen(carl, "/desk/appeals/register?about=block").count("<tr data-row") == 2
    assert seen(carl, "/desk/appeals/register?about=case").count("<tr data-row") == 1
    assert seen(carl, "/desk/appeals/register?origin=host").count("<tr data-row") == 1
    assert seen(carl, "/desk/appeals/register?state=upheld").count("<tr data-row") == 1
    assert f"Block {first.entry_id}" in seen(carl, "/desk/appeals/register?late=yes&state=open")
    answer = carl.post("/desk/appeals/register/csv", {"about": "block"})
    table = list(csv.reader(StringIO(answer.content.decode())))
    assert [(line[6], line[7], line[9], line[10]) for line in table[1:]] == [
        ("yes", "upheld", "block", str(second.entry_id)), ("no", "open", "block", str(first.entry_id)),
    ]  # fmt: skip
    assert "bad.example" not in answer.content.decode() + page
    move_appeals(desk.cast.portal_id)
    first.refresh_from_db()
    assert first.due_at > late, "it follows the portal's rule of time"


def supervisor(desk: Desk, who: str) -> Actor:
    date_roles(desk.cast[who].account_id, ["supervisor"])
    return replace(desk.cast[who].actor, roles=frozenset({"supervisor"}))
