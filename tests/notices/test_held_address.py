"""Whose hold at an address counts where, what the pages say of it, and what follows by itself where no answer changed it."""

from contextlib import nullcontext
from dataclasses import replace
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.hosting.services import open_location
from leeward.notices import services
from leeward.notices.going_on import holder_of
from leeward.notices.models import Message, Notice, NoticeCase, Referral
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_held_beside import HOUR, PATH, _first, _second, beside, gate, letter, opened, release, told
from tests.notices.test_holds import DAY, hold
from tests.notices.test_said_of_the_host import (
    ASKED_NOW,
    HELD,
    LATER,
    NOT_YET,
    NOW,
    ON_TIME,
    due,
    page_of,
    said,
)

__all__ = ["_first", "_second"]
pytestmark = pytest.mark.django_db


def test_two_holds_end_one_after_the_other(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    hold(office, letter(first), days=9)
    until = hold(office, letter(second), days=4)
    assert [said(letter(brief)) for brief in (first, second)] == [NOT_YET] * 2
    assert due(first) == due(second) == []
    office.work(5 * DAY)
    assert (letter(second).state, gate(second), gate(first)) == ("timed_out", "address", "police")
    assert until < office.reached
    assert said(letter(first)).startswith(HELD)
    assert office.mails(ABUSE) == []
    office.work(5 * DAY)
    assert (told(first), told(second)) == (1, 1)


def test_the_police_of_another_country_hold_nothing_here(office: Office, first: CaseBrief) -> None:
    away = Portal.objects.get(pk=office.cast.portal_id)
    away.pk, away.slug, away.country, away.police_email = None, "bahamas", "BS", "police@bahamas.example"
    away.save()
    second = opened(office, portal_id=away.pk, country="BS")
    hold(office, letter(first))
    assert holder_of(NoticeCase.objects.get(case_id=second.case_id)) is None
    release(second)
    office.work()
    assert (told(first), told(second), beside(second)) == (0, 1, [])
    hold(office, letter(second))
    release(first)
    office.work()
    assert told(first) == 1


def test_another_portal_of_the_country_waits_too(office: Office, first: CaseBrief) -> None:
    other = Portal.objects.get(pk=office.cast.portal_id)
    other.pk, other.slug, other.police_email = None, "jamaica-west", "police@west.example"
    other.save()
    hold(office, letter(first))
    second = opened(office, portal_id=other.pk)
    release(second)
    office.work(5 * DAY)
    assert office.mails(ABUSE) == []


def test_another_hotline_knows_nothing_of_it(office: Office, first: CaseBrief) -> None:
    hold(office, letter(first))
    cast = office.cast
    with scope(hotline=cast.other_hotline_id):
        location = office.internet.location("pictures.harbour-host.example", PATH, hotline_id=cast.other_hotline_id)
        theirs = replace(
            first,
            case_id=90,
            reference="2026-9001",
            hotline_id=cast.other_hotline_id,
            portal_id=cast.other_portal_id,
            location_id=location,
        )
        services.act_on(theirs, plan=Plan(), actor=cast["dora"].actor)
    office.work()
    with scope(hotline=cast.other_hotline_id):
        assert gate(theirs) == "police"
        assert beside(theirs) == []
        release(theirs)
    office.work()
    with scope(hotline=cast.other_hotline_id):
        assert told(theirs) == 1


def test_pages_say_why_and_promise_nothing(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    assert said(letter(second)).startswith(LATER)
    hold(office, letter(first), days=9)
    assert said(letter(first)).startswith(HELD)
    assert said(letter(second)) == NOT_YET
    page = page_of(letter(second))
    assert ASKED_NOW not in page
    assert ON_TIME not in page
    assert first.reference not in page
    assert due(second) == []
    [why] = beside(second)
    assert first.reference in why
    release(second)
    assert said(letter(second)) == NOT_YET
    assert len(beside(second)) == 1
    release(first)
    assert (said(letter(second)), beside(second)) == (NOW, [])


def test_what_does_not_reach_the_police_says_nothing_of_a_host_told_now(office: Office, first: CaseBrief) -> None:
    hold(office, letter(first), days=9)
    office.post.refuse(POLICE)
    second = opened(office)
    assert gate(second) == "untold"
    assert ASKED_NOW not in page_of(letter(second))
    assert said(letter(second)) == NOT_YET
    release(second)
    assert gate(second) == "address"


def test_a_gate_from_before_follows_by_itself_and_nothing_leaves_until_it_does(
    office: Office, first: CaseBrief, second: CaseBrief
) -> None:
    hold(office, letter(first), days=9)
    release(second)
    NoticeCase.objects.filter(case_id=second.case_id).update(state="open", next_at=office.reached)
    number = NoticeCase.objects.get(case_id=second.case_id).pk
    assert services.advance(number) is not None, "it waits"
    assert not Notice.objects.exists()
    services.follow_holds(office.reached)
    assert gate(second) == "address"
    release(first)
    NoticeCase.objects.filter(case_id=second.case_id).update(state="address", next_at=None)
    services.follow_holds(office.reached)
    office.work()
    assert (gate(second), told(second)) == ("open", 1)


def test_what_is_queued_from_before_waits(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    release(second)
    number = NoticeCase.objects.get(case_id=second.case_id).pk
    services.advance(number)
    Referral.objects.filter(case_id=first.case_id).update(
        state="held", hold_until=office.reached + 9 * DAY, held_since=office.reached
    )
    message = Message.objects.get(kind="notice")
    office.clock.move_to(office.reached + HOUR)
    assert services.deliver(message.pk) is not None
    message.refresh_from_db()
    assert (message.state, office.mails(ABUSE)) == ("waiting", [])


def test_where_an_address_was_corrected_the_hold_is_of_the_new_one(office: Office, first: CaseBrief) -> None:
    hold(office, letter(first), days=9)
    second = opened(office)
    release(second)
    assert gate(second) == "address"
    office.act(replace(first, location_id=office.case().location_id))
    services.follow_holds(office.reached)
    office.work()
    assert (gate(second), told(second)) == ("open", 1)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL looks through a small table")
def test_it_is_looked_up_by_address(office: Office, second: CaseBrief) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert holder_of(NoticeCase.objects.get(case_id=second.case_id)) is None
        services.follow_holds(office.reached)
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = " ".join(str(row[-1]) for row in cursor.fetchall())
            assert "SCAN notices" not in plan, "with a million cases it has to be found by an index"
            assert "SCAN U0" not in plan or "backup_restoration" in query["sql"], "nor may every letter be read"
            assert "SEARCH U0 USING INDEX referral_state" in plan or " IN (SELECT" not in query["sql"]


def test_what_was_there_gets_the_keys_of_its_addresses(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    fill = import_module("leeward.notices.migrations.0029_keys_of_addresses").fill_keys
    words = office.case(location_id=opened_words(office))
    office.act(words)
    given = dict(NoticeCase.objects.values_list("case_id", "address_key"))
    assert given[first.case_id] == given[second.case_id] != given[words.case_id] != ""
    NoticeCase.objects.update(address_key="")
    with connection.schema_editor() if connection.vendor == "postgresql" else nullcontext() as schema:
        fill(None, schema or SimpleNamespace(connection=connection, execute=_execute))
    assert dict(NoticeCase.objects.values_list("case_id", "address_key")) == given


def opened_words(office: Office) -> int:
    return open_location(
        hotline_id=office.cast.hotline_id, kind="words", display="at home", comparable="at home", alone="report:1:1"
    )


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
