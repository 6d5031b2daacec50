"""The gate in front of everybody but the police, row by row: how it stands, what opens and closes it, and what is written down."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.audit.queries import log_page
from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.jobs.models import Job
from leeward.jobs.registry import SUBSCRIBERS
from leeward.notices.going_on import newest_of
from leeward.notices.models import TO_POLICE, Contact, Notice, NoticeCase, NoticeItem, Referral, StaffNote
from leeward.notices.rules.briefs import CaseBrief, written
from leeward.notices.services import ladder
from leeward.notices.services.police_first import (
    follow_police,
    newest_referral,
    note_police_informed,
    note_police_not_informed,
    standing_of,
    tell_abroad,
    tell_of,
)
from leeward.notices.timing import police_wait
from tests.personas import Cast

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PIA = Actor("staff", 7, "Pia", 1)


@pytest.fixture(autouse=True)
def _at_noon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for event in ("referral.sent", "referral.failed"):
        monkeypatch.setitem(SUBSCRIBERS, event, [f"heard.{event}"])
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        yield


def matter(cast: Cast, number: int = 1, **changes: Any) -> NoticeCase:
    brief = CaseBrief(
        case_id=number, reference=f"2026-{number:04d}", hotline_id=cast.hotline_id, portal_id=cast.portal_id, location_id=number,
        address="http://a.example/", judged="person", received_at=NOW - DAY, country="CA",
    )  # fmt: skip
    values: dict[str, Any] = {
        "hotline_id": cast.hotline_id, "portal_id": cast.portal_id, "case_id": number, "location_id": number,
        "brief": written(brief), "tells_police": True, "tells_host": True, "started_at": NOW,
    }  # fmt: skip
    return NoticeCase.objects.create(**values | changes)


def refer(of: NoticeCase, **changes: Any) -> Referral:
    values: dict[str, Any] = {
        "hotline_id": of.hotline_id, "notice_case": of, "case_id": of.case_id, "reference": "2026-0001",
        "portal_id": of.portal_id, "created_at": NOW,
    }  # fmt: skip
    return Referral.objects.create(**values | changes)


def contact(cast: Cast, **changes: Any) -> Contact:
    values = {"kind": "hotline", "country": "CA", "email": "there@hotline.example", "name": "There", "checked_at": NOW}
    return Contact.objects.create(hotline_id=cast.hotline_id, **values | changes)


def item(of: NoticeCase, to: Contact, kind: str = "host", **changes: Any) -> NoticeItem:
    """An address in a message that went, or that still waits where `sent_at` is None."""
    sent_at = changes.pop("sent_at", NOW)
    if sent_at is None:
        return ladder.place(of, to, kind, step=changes.pop("step", 1), now=NOW)
    notice = Notice.objects.create(
        hotline_id=of.hotline_id, contact=to, kind=kind, state="sent", created_at=NOW, sent_at=sent_at
    )
    return NoticeItem.objects.create(
        hotline_id=of.hotline_id,
        notice=notice,
        notice_case=of,
        case_id=of.case_id,
        location_id=1,
        address="x",
        **changes,
    )


def wanted(kind: str) -> list[tuple[int, datetime, bool]]:
    return list(Job.objects.filter(kind=kind, dead=False).values_list("subject_id", "due_at", "urgent"))


def said(event: str) -> list[tuple[str, str, dict[str, Any]]]:
    (chain,) = {row.hotline_id for row in NoticeCase.objects.all()}
    return [(line.actor, line.subject, dict(line.facts)) for line in log_page(chain, event=event)]


# Which referral counts


def test_the_newest_referral_to_the_police_since_the_matter_began_counts(cast: Cast) -> None:
    mine, other = matter(cast), matter(cast, 2)
    assert newest_referral(mine) is newest_of(mine, []) is None
    refer(mine, round=mine.round - 1)
    refer(other)
    assert newest_referral(mine) is None
    first = refer(mine)
    assert newest_referral(mine) == first
    second = refer(mine, kind="forward")
    refer(mine, kind="protection")
    assert newest_referral(mine) == second
    refer(other, round=mine.round)
    letters = list(Referral.objects.filter(kind__in=TO_POLICE).order_by("pk"))
    assert newest_of(mine, letters) == newest_referral(mine) == second
    assert newest_of(mine, letters[:1]) is None


def test_how_a_referral_stands_is_what_its_row_says(cast: Cast) -> None:
    times = {
        name: NOW + HOUR * number for number, name in enumerate(("sent_at", "wait_until", "hold_until", "held_since"))
    }
    standing = standing_of(refer(matter(cast), state="held", **times))
    assert standing.state == "held"
    assert {name: getattr(standing, name) for name in times} == times


# The gate

UNSENT: dict[str, Any] = {}
SENT = {"sent_at": NOW - HOUR, "told_how": "mail"}
WAITED = SENT | {"wait_until": NOW + HOUR}
FREED = SENT | {"state": "released"}
TIMED_OUT = SENT | {"state": "timed_out"}


@pytest.mark.parametrize(
    ("referral", "changes", "state", "next_at", "problem"),
    [
        (None, {}, "untold", None, ""),
        (UNSENT, {"problem": "police_not_told"}, "untold", None, "police_not_told"),
        (SENT, {"problem": "police_unsure"}, "police", None, ""),
        (SENT, {"problem": "no_contact"}, "police", None, "no_contact"),
        (FREED, {"problem": "no_police_contact"}, "open", NOW, ""),
        (TIMED_OUT, {}, "open", NOW, ""),
        (None, {"tells_police": False}, "open", NOW, ""),
        (FREED, {"tells_host": False}, "open", None, ""),
        # Open already: what is under way goes on as it was, what never began begins.
        (FREED, {"state": "open", "step": 1, "next_at": NOW + DAY}, "open", NOW + DAY, ""),
        (FREED, {"state": "open", "step": 0, "next_at": NOW + DAY}, "open", NOW + DAY, ""),
        (FREED, {"state": "open", "step": 1}, "open", None, ""),
        (FREED, {"state": "open"}, "open", NOW, ""),
        (FREED, {"state": "police", "step": 1}, "open", NOW, ""),
        # Open no longer: what was planned is off.
        (SENT, {"state": "open", "next_at": NOW + DAY}, "police", None, ""),
        (UNSENT, {"state": "open", "next_at": NOW + DAY}, "untold", None, ""),
        # Stopped stays stopped.
        (FREED, {"state": "stopped"}, "stopped", None, ""),
    ],
)
def test_the_gate_follows_the_newest_referral(
    cast: Cast,
    referral: dict[str, Any] | None,
    changes: dict[str, Any],
    state: str,
    next_at: datetime | None,
    problem: str,
) -> None:
    of = matter(cast, **changes)
    if referral is not None:
        refer(of, **referral)
    if of.next_at:
        ladder.go_on(of, of.next_at)
    follow_police(of, NOW)
    of.refresh_from_db()
    assert (of.state, of.next_at, of.problem) == (state, next_at, problem)
    assert wanted("notices.advance") == ([(of.pk, next_at, False)] if next_at else [])


@pytest.mark.parametrize(
    ("referral", "changes", "wait_until", "due_at"),
    [
        (SENT, {}, NOW + DAY, NOW + DAY),
        (WAITED, {}, NOW + HOUR, NOW + HOUR),
        (SENT | {"state": "acknowledged"}, {}, NOW + DAY, NOW + DAY),
        (SENT | {"state": "held", "hold_until": NOW + 2 * DAY}, {}, None, None),
        (SENT, {"tells_host": False}, None, None),
        (UNSENT, {}, None, None),
        (FREED, {}, None, None),
    ],
)
def test_the_time_of_the_police_runs_from_when_they_have_it(
    cast: Cast, referral: dict[str, Any], changes: dict[str, Any], wait_until: datetime | None, due_at: datetime | None
) -> None:
    of = matter(cast, **changes)
    row = refer(of, **referral)
    follow_police(of, NOW)
    row.refresh_from_db()
    assert row.wait_until == wait_until
    assert wanted("notices.referral_time") == ([(row.pk, due_at, False)] if due_at else [])


def test_a_gate_that_closes_takes_back_what_has_not_gone(cast: Cast) -> None:
    """To the host whenever it is not open; abroad only where the police don't know it."""
    host, there = contact(cast, kind="host", email="abuse@host.example"), contact(cast)
    for referral, left in [(SENT, ["foreign_police"]), (UNSENT, []), (FREED, ["foreign_police", "host"])]:
        of = matter(cast, len(left) + 1, state="open", step=1, abroad_asked=True, tells_abroad=True)
        item(of, host, sent_at=None)
        item(of, there, "foreign_police", sent_at=None)
        refer(of, **referral)
        follow_police(of, NOW)
        kinds = NoticeItem.objects.filter(notice_case=of).values_list("notice__kind", flat=True)
        assert sorted(kinds) == left, referral
        of.refresh_from_db()
        assert of.abroad_asked is ("foreign_police" in left)
        assert of.step == ("host" in left)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, "person"),
        ({"kind": "foreign_host"}, "person"),
        ({"kind": "foreign_police"}, "open"),
        ({"answer": "removed"}, "open"),
        ({"redirected": "other"}, "open"),
        ({"round": 0}, "open"),
    ],
)
def test_a_person_chooses_where_a_contact_of_this_round_says_that_it_is_the_wrong_one(
    cast: Cast, changes: dict[str, Any], state: str
) -> None:
    of, other = matter(cast), matter(cast, 2)
    host = contact(cast, kind="host")
    item(other, host, answer="wrong_contact")
    item(of, host, **{"answer": "wrong_contact"} | changes)
    refer(of, **FREED)
    follow_police(of, NOW)
    assert of.state == state
    refer(other)
    follow_police(other, NOW)
    assert other.state == "untold", "the police come before that too"


# Those in charge abroad


@pytest.mark.parametrize(("referral", "is_told"), [(None, False), (UNSENT, False), (SENT, True), (FREED, True)])
def test_those_abroad_are_told_as_soon_as_the_police_know(
    cast: Cast, referral: dict[str, Any] | None, is_told: bool
) -> None:
    there = contact(cast)
    of = matter(cast, tells_abroad=True, problem="no_contact_abroad")
    if referral is not None:
        refer(of, **referral)
    for _ in range(2):  # once a round
        follow_police(of, NOW)
    of.refresh_from_db()
    rows = NoticeItem.objects.values_list("notice__contact_id", "notice__kind", "step")
    assert list(rows) == ([(there.pk, "foreign_police", 1)] if is_told else [])
    assert (of.abroad_asked, of.problem) == (is_told, "" if is_told else "no_contact_abroad")


def test_where_nobody_abroad_is_known_it_is_noted_and_tried_again(cast: Cast) -> None:
    for number, changes in enumerate(({"tells_abroad": False}, {"tells_abroad": True, "abroad_asked": True}), start=1):
        of = matter(cast, number, **changes)
        tell_abroad(of, NOW)
        assert (of.abroad_asked, of.problem) == (bool(changes.get("abroad_asked")), "")
    of = matter(cast, 3, tells_abroad=True)
    tell_abroad(of, NOW)
    of.refresh_from_db()
    assert (of.abroad_asked, of.problem) == (False, "no_contact_abroad")
    assert said("notice.not_possible") == [
        ("system", f"notice_case:{of.pk}", {"case": 3, "problem": "no_contact_abroad"})
    ]
    contact(cast)
    of.problem = "no_contact_abroad"
    tell_abroad(of, NOW)
    of.refresh_from_db()
    assert (of.abroad_asked, of.problem) == (True, "")
    kept = matter(cast, 4, tells_abroad=True, problem="no_contact")
    tell_abroad(kept, NOW)
    kept.refresh_from_db()
    assert (kept.abroad_asked, kept.problem) == (True, "no_contact"), "what else is missing stays"


# What becomes of the message to the police


@pytest.mark.parametrize(("fate", "problem"), [("dead", "police_not_told"), ("unsure", "police_unsure")])
@pytest.mark.parametrize("urgent", [False, True])
def test_a_message_that_did_not_go_closes_the_gate_and_people_hear_of_it(
    cast: Cast, fate: str, problem: str, urgent: bool
) -> None:
    of = matter(cast, state="police")
    row = refer(of, **WAITED, urgent=urgent)
    note_police_not_informed(row, fate, NOW, key="k1")
    row.refresh_from_db()
    of.refresh_from_db()
    assert (row.state, row.sent_at, row.wait_until, row.told_how) == ("waiting", None, None, "")
    assert (of.state, of.problem) == ("untold", problem)
    facts = {"case": 1, "kind": "referral", "why": fate}
    assert said("referral.failed") == [("system", f"referral:{row.pk}", facts)]
    assert [job[0::2] for job in wanted("heard.referral.failed")] == [(row.pk, urgent)]
    notes = StaffNote.objects.values_list("person_id", "what", "key", "path")
    assert sorted(notes) == sorted(
        (cast[who].account_id, "police_not_told", "untold:k1", f"/desk/referrals/untold/{of.pk}")
        for who in ("carl", "pia")
    )
    tell_of(of, key="k1")
    assert StaffNote.objects.count() == 2, "once for each key"


@pytest.mark.parametrize("how", ["answer", "person", "stopped", "other round"])
def test_a_message_that_did_not_go_changes_nothing_where_the_police_have_it_or_it_matters_no_more(
    cast: Cast, how: str
) -> None:
    of = matter(cast, state="stopped" if how == "stopped" else "police", round=2)
    row = refer(
        of, sent_at=NOW, told_how=how if how in ("answer", "person") else "mail", round=1 if "round" in how else 2
    )
    if "round" in how:
        refer(of, round=2)
    note_police_not_informed(row, "dead", NOW, key="k1")
    row.refresh_from_db()
    of.refresh_from_db()
    assert (row.sent_at, of.problem) == (NOW, "")
    assert said("referral.failed") == []
    assert not StaffNote.objects.exists()


@pytest.mark.parametrize(
    ("newest", "heard", "waits"),
    [
        ({}, True, None),
        (SENT | {"wait_until": NOW - HOUR + police_wait()}, False, NOW - HOUR + police_wait()),
        (SENT | {"wait_until": NOW + HOUR}, False, NOW + police_wait()),
        (SENT | {"wait_until": NOW, "state": "timed_out"}, False, NOW + police_wait()),
        (SENT | {"wait_until": NOW, "state": "released"}, False, NOW),
        (SENT | {"wait_until": NOW, "state": "held"}, False, NOW),
    ],
)
def test_one_that_did_not_go_counts_for_nothing_where_another_followed(
    cast: Cast, newest: dict[str, Any], *, heard: bool, waits: datetime | None
) -> None:
    of = matter(cast, state="police")
    row = refer(of, **SENT | {"state": "timed_out", "wait_until": NOW})
    other = refer(of, **newest)
    for _time in range(2):
        note_police_not_informed(row, "dead", NOW, key="k1")
        row.refresh_from_db()
        other.refresh_from_db()
        assert (row.state, row.sent_at, row.wait_until, row.told_how) == ("waiting", None, None, "")
        assert (other.sent_at, other.wait_until) == (newest.get("sent_at"), waits)
        assert [fact["why"] for _actor, _subject, fact in said("referral.failed")] == ["dead"]
        assert len(wanted("heard.referral.failed")) == heard
        assert not StaffNote.objects.exists(), "the newest one goes, or fails itself"


def test_an_unsent_message_that_dies_closes_the_gate_too(cast: Cast) -> None:
    of = matter(cast, state="open", next_at=NOW + DAY)
    note_police_not_informed(refer(of), "dead", NOW, key="k1")
    of.refresh_from_db()
    assert (of.state, of.next_at, of.problem) == ("untold", None, "police_not_told")


@pytest.mark.parametrize(("before", "after"), [("held", "held"), ("acknowledged", "waiting")])
def test_of_a_message_that_did_not_go_only_the_hold_of_its_case_stays(cast: Cast, before: str, after: str) -> None:
    row = refer(matter(cast, state="police"), **WAITED | {"state": before, "hold_until": NOW + DAY})
    note_police_not_informed(row, "dead", NOW, key="k1")
    row.refresh_from_db()
    assert (row.state, row.hold_until, row.sent_at) == (after, NOW + DAY, None)


SENT_EVENT, OTHERWISE = "referral.sent", "referral.told_otherwise"


@pytest.mark.parametrize(
    ("before", "how", "after", "event", "is_heard"),
    [
        ("", "mail", "mail", SENT_EVENT, True),
        ("", "person", "person", OTHERWISE, True),
        ("", "answer", "answer", "", True),
        ("mail", "answer", "answer", "", False),
        ("mail", "person", "person", "", False),
        ("mail", "mail", "mail", "", False),
        ("answer", "mail", "answer", "", False),
        ("person", "mail", "person", "", False),
        ("answer", "person", "answer", "", False),
    ],
)
def test_the_police_have_it_from_the_first_sign_on_and_an_answer_counts_most(
    cast: Cast, before: str, how: str, after: str, event: str, is_heard: bool
) -> None:
    of = matter(cast)
    row = refer(of, told_how=before, sent_at=NOW - DAY if before else None)
    note_police_informed(row, NOW, how=how, actor=cast["pia"].actor)
    row.refresh_from_db()
    assert (row.told_how, row.sent_at) == (after, NOW - DAY if before else NOW)
    logged = [(one, *line) for one in (SENT_EVENT, OTHERWISE) for line in said(one)]
    facts = {"case": 1, "kind": "referral"}
    pia = cast["pia"].account_id
    assert row.told_by_id == (pia if how == "person" and before in ("", "mail") else None)
    who = f"staff:{pia}"
    assert logged == ([(event, who, f"referral:{row.pk}", facts)] if event else [])
    assert [job[0::2] for job in wanted("heard.referral.sent")] == ([(row.pk, False)] if is_heard else [])
