"""The published procedure: made from what is set, in the portal's languages, without numbers of people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from leeward.casework.models import Appeal
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.services.sampling import set_rates
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
    assert 'href="/jm/procedure"' in seen(public, "/jm/")
    set_rates(Rates(33, 44, 55), actor=desk.cast["carl"].actor)
    page = seen(public, "/jm/procedure")
    assert "illegal, 33 are checked" in page
    assert "closes, 44 are checked" in page
    answer = public.get("/jm/procedure")
    assert "<script" not in answer.content.decode()
    assert not answer.cookies
    assert seen(public, "/jm/fr/procedure")
    assert public.get("/nowhere/procedure").status_code == 404
    Portal.objects.filter(pk=desk.cast.portal_id).update(mode="post_box")
    page = seen(public, "/jm/procedure")
    assert "We do not judge a report ourselves" in page
    assert "The first look" not in page


@pytest.mark.django_db
def test_the_page_counts_nobody(desk: Desk) -> None:
    """A page of today beside one of yesterday would show each single request; the figures of a year don’t."""
    before = seen(Client(), "/jm/procedure")
    appeals(desk, upheld=3, rejected=6, open=7)
    page = seen(Client(), "/jm/procedure")
    assert page.partition("As of")[0] == before.partition("As of")[0]
    assert 'href="/jm/figures"' in page
