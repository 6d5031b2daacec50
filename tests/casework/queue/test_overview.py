"""The supervisor's page, giving a case to somebody, and whose language a case is in."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from leeward.audit.services import hotline_transaction
from leeward.blocklist import services as blocklist_services
from leeward.blocklist.models import BlockAppeal
from leeward.casework.errors import NothingToTake, SecondAssessmentNeedsOther
from leeward.casework.exposure.services.budget import local_now
from leeward.casework.models import Case
from leeward.casework.queue.queries.overview import overview_of
from leeward.casework.services import claim_case, claim_next, reassign
from leeward.casework.steps import reprioritise
from leeward.foundation.actor import SYSTEM
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.jobs.services import schedule
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.rules.police_first import REFERRAL_TIME
from leeward.people.errors import FieldIsWrong
from leeward.people.models import User
from leeward.people.queries import staff_of
from leeward.people.services import change_account, set_leave
from tests.blocklist.conftest import listed
from tests.casework.conftest import GRAVE, Desk
from tests.having_read import seen_on
from tests.people.test_pages import mark_on

pytestmark = pytest.mark.django_db


def seen(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_number_links_to_what_it_counts(desk: Desk) -> None:
    late, urgent, fresh = desk.first(), desk.case("http://a.example/2"), desk.case("http://a.example/3")
    Case.objects.filter(pk=late.pk).update(priority=2 * 10**11 + 5)
    Case.objects.filter(pk=urgent.pk).update(urgent=True)
    row = Case.objects.get(pk=urgent.pk)
    reprioritise(row)
    row.save()
    carl = desk.signed_in("carl")
    page = seen(carl, "/desk/overview")
    assert '?view=late">1<' in page
    assert '?view=urgent">1<' in page
    assert '?view=waiting">3<' in page
    assert late.reference in seen(carl, "/desk/?view=late")
    assert fresh.reference not in seen(carl, "/desk/?view=late")
    assert urgent.reference in seen(carl, "/desk/?view=urgent")
    assert urgent.reference in seen(carl, "/desk/?view=soon"), "an urgent case is due within the hour"


HELD = re.compile(r'<span class="tag[^>]*>Held</span>')
HELD_UNTIL = re.compile(r'>Held</span>\s*<span class="muted">until')
NUMBER = re.compile(r'<a href="([^"]+)">(\d+)</a>')


def held_by_police(case: Case, until: datetime) -> None:
    """A case that the police hold until a time that ends it."""
    home = {"hotline_id": case.hotline_id, "portal_id": case.portal_id, "case_id": case.pk}
    at = datetime.now(UTC)
    notice_case = NoticeCase.objects.create(**home, location_id=case.location_id, brief={}, started_at=at)
    letter = Referral.objects.create(
        **home, notice_case=notice_case, reference=case.reference, created_at=at, state="held", hold_until=until
    )
    with hotline_transaction():
        schedule(REFERRAL_TIME, subject_id=letter.pk, hotline_id=case.hotline_id, due_at=until)
    Case.objects.filter(pk=case.pk).update(held_until=until)


def test_behind_every_number_are_as_many_rows(desk: Desk) -> None:
    """Whatever the page counts: the list that the number leads to has so many rows, and each of them leads to its case."""
    from leeward.casework.services import open_appeal
    from leeward.clocks.models import Clock
    from leeward.notices.models import Contact, Message

    cast, now = desk.cast, datetime.now(UTC)
    held, looked, decided, urgent, gone, plain = (desk.case(f"http://a.example/{number}") for number in range(6))
    claim_case(held.pk, actor=cast["ana"].actor)
    desk.assess(looked, facts=GRAVE)
    desk.assess(decided, "bela")
    open_appeal(gone.pk, origin="outside", origin_id=1, text="It is a holiday picture.")
    Case.objects.filter(pk=urgent.pk).update(urgent=True)
    row = Case.objects.get(pk=urgent.pk)
    reprioritise(row)
    row.save()
    held_by_police(gone, now + timedelta(hours=2))
    Case.objects.filter(pk=gone.pk).update(removed_at=now - timedelta(seconds=1))
    Case.objects.filter(pk=plain.pk).update(priority=2 * 10**11 + 5)
    clock = Clock.objects.filter(case_id=plain.pk)
    clock.update(due_at=now - timedelta(hours=1))
    Clock.objects.filter(case_id=gone.pk, kind="first_assessment").update(state="paused", paused_at=now)
    Message.objects.create(
        hotline_id=cast.hotline_id, kind="notice", subject_id=1, to="a@b.example", message_id="<1@x>", state="dead",
        next_at=now, created_at=now,
    )  # fmt: skip
    Contact.objects.create(hotline_id=cast.hotline_id, kind="host", email="a@b.example", bounced_at=now)
    national = blocklist_services.open_own_lists(cast.hotline_id, actor=SYSTEM)[0]
    entry_id = listed(cast, national.id, address="https://bad.example/pictures/1.html")
    asked = {"outside_id": 1, "relation": "owner", "asked_at": now}
    BlockAppeal.objects.create(hotline_id=cast.hotline_id, entry_id=entry_id, **asked)
    carl = desk.signed_in("carl")
    numbers = NUMBER.findall(seen(carl, "/desk/overview"))
    assert len(numbers) >= 20
    assert sum(number != "0" for _, number in numbers) >= 15, "most of them count something here"
    for path, number in numbers:
        page = seen(carl, path.replace("&amp;", "&"))
        assert page.count("data-row") == int(number), path


def test_a_hold_that_no_day_ends_is_not_among_those_that_end(desk: Desk) -> None:
    from leeward.notices.services import wait_for_police
    from tests.casework.merging.test_splitting import hold

    case = desk.first()
    desk.assess(case)
    desk.act(case)
    hold(case, timedelta(hours=2))
    desk.work()
    ends = seen(desk.signed_in("carl"), "/desk/overview/cases?list=ending_holds")
    page = seen(desk.signed_in("ana"), f"/desk/case/{case.reference}")
    assert case.reference in ends
    assert HELD_UNTIL.search(page), page
    with hotline_transaction():
        wait_for_police(datetime.now(UTC))
    carl = desk.signed_in("carl")
    assert case.reference not in seen(carl, "/desk/overview/cases?list=ending_holds")
    assert '?list=ending_holds">0<' in seen(carl, "/desk/overview")
    page = seen(desk.signed_in("ana"), f"/desk/case/{case.reference}")
    assert HELD.search(page)
    assert not HELD_UNTIL.search(page), "no day ends it"


def test_a_count_that_was_stopped_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from leeward.casework import queries
    from leeward.casework.templatetags import casework

    desk.case(), desk.case("http://a.example/2")
    for module in (queries, casework):
        monkeypatch.setattr(module, "MOST_COUNTED", 1)
    monkeypatch.setattr(queries._counted, "__kwdefaults__", {"most": 1})  # a default is taken when it is written
    assert '?view=waiting">1+<' in seen(desk.signed_in("carl"), "/desk/overview")


def test_who_holds_what_and_today_beside_the_usual(desk: Desk) -> None:
    case = desk.first()
    claim_case(case.pk, actor=desk.cast["ana"].actor)
    found = overview_of(desk.cast.hotline_id, desk.cast["carl"].account_id, datetime.now(UTC))
    assert {load.name: load.held for load in found.loads} == {"Ana": 1, "Bela": 0, "Carl": 0}
    assert [(pace.name, pace.today) for pace in found.paces] == [("received", 1), ("assessed", 0), ("removed", 0)]
    later = overview_of(desk.cast.hotline_id, desk.cast["carl"].account_id, datetime.now(UTC) + timedelta(days=2))
    assert later.paces[0].today == 0
    assert later.paces[0].usual == pytest.approx(1 / 28)


def test_the_overview_asks_few_questions_however_many_cases(desk: Desk, django_assert_max_num_queries: Any) -> None:
    carl = desk.signed_in("carl")
    seen(carl, "/desk/overview")
    for number in range(3):
        desk.case(f"http://a.example/{number}")
    with django_assert_max_num_queries(12):
        page = seen(carl, "/desk/overview")
    assert "/desk/people/resets" in page, "supervisors have no other way to a lost second factor"


def test_only_a_supervisor_reassigns_and_only_to_somebody_who_may_take(desk: Desk) -> None:
    case, cast = desk.first(), desk.cast
    claim_case(case.pk, actor=cast["ana"].actor)
    with pytest.raises(NotAllowed):
        reassign(case.pk, cast["bela"].account_id, actor=cast["ana"].actor)
    for nobody in ("adam", "dora"):
        with pytest.raises(NotFound):
            reassign(case.pk, cast[nobody].account_id, actor=cast["carl"].actor)
    carl = desk.signed_in("carl")
    page = seen(carl, f"/desk/case/{case.reference}/reassign")
    assert "Bela" in page
    once = page.partition('name="once" value="')[2].partition('"')[0]
    answer = carl.post(
        f"/desk/case/{case.reference}/reassign", {"once": once, "to": cast["bela"].account_id, "seen": seen_on(page)}
    )
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.claimed_by_id, case.state) == (cast["bela"].account_id, "assessing")
    assert carl.post(f"/desk/case/{case.reference}/reassign", {"once": "x", "to": ""}).status_code == 400


def test_a_second_assessment_is_not_given_to_who_looked_first(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case, facts=GRAVE)
    assert case.state == "second_assessment"
    with pytest.raises(SecondAssessmentNeedsOther):
        reassign(case.pk, desk.cast["ana"].account_id, actor=desk.cast["carl"].actor)
    reassign(case.pk, desk.cast["bela"].account_id, actor=desk.cast["carl"].actor)


def test_a_report_goes_to_who_reads_its_language(desk: Desk) -> None:
    case = desk.first()
    Case.objects.filter(pk=case.pk).update(language="ur")
    cast = desk.cast
    User.objects.filter(pk=cast["bela"].account_id).update(languages=["en", "ur"])
    with pytest.raises(NothingToTake):
        claim_next("waiting", actor=cast["ana"].actor)
    set_leave(cast["bela"].account_id, date(2100, 1, 1), actor=cast["adam"].actor)
    assert claim_next("waiting", actor=cast["ana"].actor) == case.reference, "while Bela is away it waits for nobody"


def test_an_urgent_case_waits_for_no_language(desk: Desk) -> None:
    case = desk.first()
    Case.objects.filter(pk=case.pk).update(language="ur", urgent=True)
    User.objects.filter(pk=desk.cast["bela"].account_id).update(languages=["ur"])
    assert claim_next("waiting", actor=desk.cast["ana"].actor) == case.reference


def test_leave_is_set_on_the_account_page(desk: Desk) -> None:
    adam, bela = desk.signed_in("adam"), desk.cast["bela"].account_id
    mark = mark_on(adam, f"/desk/people/{bela}")
    values = {
        "name": "Bela",
        "roles": ["analyst"],
        "languages": ["en"],
        "away_until": "2100-01-01",
        "seen_account": mark,
    }
    assert adam.post(f"/desk/people/{bela}", values).status_code == 302
    assert 'value="2100-01-01"' in seen(adam, f"/desk/people/{bela}")
    assert "away" in seen(desk.signed_in("carl"), "/desk/overview")


def test_a_supervisor_sets_what_comes_to_a_colleague_and_leave_that_is_to_come(desk: Desk) -> None:
    carl, cast = desk.signed_in("carl"), desk.cast
    bela = cast["bela"].account_id
    page = f"/desk/people/{bela}/work"
    assert f'href="{page}"' in seen(carl, "/desk/overview")
    today = local_now(cast.hotline_id).date()
    leave = {"away_from": str(today + timedelta(days=3)), "away_until": str(today + timedelta(days=9))}
    mark = {"seen_account": mark_on(carl, page)}
    assert carl.post(page, {"languages": ["en"], **mark, **leave}).status_code == 302
    assert f'value="{leave["away_from"]}"' in seen(carl, page)
    row = next(row for row in staff_of(cast.hotline_id) if row.id == bela)
    assert [row.is_away(today + timedelta(days=at)) for at in (0, 2, 3, 8, 9)] == [False, False, True, True, False]
    assert "away" not in seen(carl, "/desk/overview"), "it is to come"
    for wrong in ({**leave, "away_until": leave["away_from"]}, {**leave, "away_until": ""}):
        refused = carl.post(page, {"languages": ["en"], **wrong})
        assert refused.status_code == 422
        assert "that is after the first day away" in refused.content.decode()
    with pytest.raises(FieldIsWrong):
        set_leave(bela, today, start=today, actor=cast["carl"].actor)
    with pytest.raises(NotAllowed):
        change_account(bela, name="Somebody", actor=cast["carl"].actor)
    with pytest.raises(NotAllowed):
        set_leave(bela, None, actor=cast["ana"].actor)
    assert desk.signed_in("ana").get(page).status_code == 403
    assert desk.signed_in("dora").get(page).status_code == 404, "another hotline's"
