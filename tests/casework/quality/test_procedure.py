"""The published procedure: made from what is set, in the portal's languages, without small numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from leeward.casework.models import Appeal
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services.sampling import set_rates
from leeward.casework.quality.tasks import tell_of_hidden_figures
from leeward.notices.models import StaffNote
from leeward.people.models import Portal
from tests.casework.conftest import Desk
from tests.casework.quality.test_quality import seen


def appeals(desk: Desk, **numbers: int) -> None:
    case, now, at = desk.case(), datetime.now(UTC), Appeal.objects.count()
    for state, number in numbers.items():
        for _ in range(number):
            at += 1
            Appeal.objects.create(
                hotline_id=case.hotline_id, portal_id=case.portal_id, case=case, origin="reporter", origin_id=at, state=state,
                asked_at=now - timedelta(days=20), due_at=now,
                decided_at=None if state == "open" else now - timedelta(days=17),
            )  # fmt: skip


@pytest.mark.django_db
def test_the_page_says_what_is_set(desk: Desk) -> None:
    public = Client()
    page = seen(public, "/jm/procedure")
    for text in (
        "Out of 100 other cases that one person calls illegal, 5 are checked",
        "24 hours of working days",
        "5 working days",
        "Your receipt works for 365 days after the last case is closed.",
    ):
        assert text in page
    assert "No one has asked yet" in page
    assert 'href="/jm/procedure"' in seen(public, "/jm/")
    set_rates(Rates(33, 44, 55), actor=desk.cast["carl"].actor)
    page = seen(public, "/jm/procedure")
    assert "illegal, 33 are checked" in page
    assert "closes, 44 are checked" in page
    appeals(desk, upheld=3, rejected=6, open=7)
    answer = public.get("/jm/procedure")
    page = answer.content.decode()
    assert "fewer than 5" in page
    assert "not shown" in page, "the whole would give the small part away"
    assert "Half of the answers" not in page, (
        "nine answers, of which six were turned down: at least five says something of three"
    )
    assert "<script" not in page
    assert not answer.cookies
    appeals(desk, upheld=2)
    page = seen(public, "/jm/procedure")
    assert "Half of the answers took 3 days or less" in page
    assert "fewer than 5" not in page
    assert ">18<" in page
    assert seen(public, "/jm/fr/procedure")
    assert public.get("/nowhere/procedure").status_code == 404
    Portal.objects.filter(pk=desk.cast.portal_id).update(mode="post_box")
    page = seen(public, "/jm/procedure")
    assert "We do not judge a report ourselves" in page
    assert "The first look" not in page


@pytest.mark.django_db
def test_figures_that_could_not_be_checked_in_time_are_not_shown_and_the_page_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    appeals(desk, upheld=3, rejected=6, open=7)
    monkeypatch.setattr("leeward.casework.quality.rules.small._MOST_WORK", 3)
    page = seen(Client(), "/jm/procedure")
    assert "The figures can’t be shown today" in page
    assert "fewer than 5" not in page, "nothing is said of any of them"
    assert "Half of the answers" not in page


@pytest.mark.django_db
def test_supervisors_hear_once_a_month_that_figures_are_all_hidden(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    appeals(desk, upheld=3, rejected=6, open=7)
    tell_of_hidden_figures()
    assert not StaffNote.objects.filter(what="figures_hidden").exists()
    monkeypatch.setattr("leeward.casework.quality.rules.small._MOST_WORK", 3)
    tell_of_hidden_figures()
    tell_of_hidden_figures()
    told = StaffNote.objects.filter(what="figures_hidden")
    assert [(note.person_id, note.path) for note in told] == [(desk.cast["carl"].account_id, "/jm/procedure")]
