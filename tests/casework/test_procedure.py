"""The published procedure: made from what is set, in the portal's languages, without small numbers."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from leeward.casework.models import Appeal
from leeward.casework.quality.rules.drawing import Rates
from leeward.casework.quality.rules.small import FEWEST, public_counts
from leeward.casework.quality.services.sampling import set_rates
from leeward.people.models import Hotline
from tests.casework.conftest import Desk
from tests.casework.test_quality import seen


@given(st.dictionaries(st.sampled_from("abcd"), st.integers(0, 12), min_size=1))
def test_no_small_number_can_be_worked_out(parts: dict[str, int]) -> None:
    shown = public_counts(parts)
    hidden = [name for name, number in shown.parts.items() if number is None]
    assert all(number == 0 or number >= FEWEST for number in shown.parts.values() if number is not None)
    if shown.total is not None and hidden:
        left = shown.total - sum(number for number in shown.parts.values() if number is not None)
        assert len(hidden) > 1
        assert left == sum(parts[name] for name in hidden)
    if 0 < sum(parts.values()) < FEWEST:
        assert shown.total is None


def appeals(desk: Desk, **numbers: int) -> None:
    case, now, at = desk.case(), datetime.now(UTC), 0
    for state, number in numbers.items():
        for _ in range(number):
            at += 1
            Appeal.objects.create(
                hotline_id=case.hotline_id, case=case, origin="reporter", origin_id=at, state=state,
                asked_at=now - timedelta(days=20), due_at=now,
                decided_at=None if state == "open" else now - timedelta(days=17),
            )  # fmt: skip


@pytest.mark.django_db
def test_the_page_says_what_is_set(desk: Desk) -> None:
    public = Client()
    page = seen(public, "/jm/procedure")
    for words in (
        "Of 100 other cases that one person calls illegal, 5 are drawn",
        "24 hours of working days",
        "5 working days",
    ):
        assert words in page
    assert "No one has asked yet" in page
    assert 'href="/jm/procedure"' in seen(public, "/jm/")
    set_rates(Rates(33, 44, 55), actor=desk.cast["carl"].actor)
    page = seen(public, "/jm/procedure")
    assert "illegal, 33 are drawn" in page
    assert "closes, 44 are drawn" in page
    appeals(desk, upheld=3, rejected=6, open=7)
    answer = public.get("/jm/procedure")
    page = answer.content.decode()
    assert "fewer than 5" in page
    assert "not shown" in page, "the whole would give the small part away"
    assert "Half of the answers took 3 days or less" in page
    assert "<script" not in page
    assert not answer.cookies
    assert seen(public, "/jm/fr/procedure")
    assert public.get("/nowhere/procedure").status_code == 404
    Hotline.objects.filter(pk=desk.cast.hotline_id).update(mode="post_box")
    page = seen(public, "/jm/procedure")
    assert "We do not judge a report ourselves" in page
    assert "The first look" not in page
