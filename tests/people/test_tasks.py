"""Sessions that are over leave nothing behind."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session

from leeward.people.tasks import forget_sessions


@pytest.mark.django_db
def test_only_sessions_that_are_over_are_forgotten() -> None:
    now = datetime.now(UTC)
    Session.objects.create(session_key="over", session_data="", expire_date=now - timedelta(minutes=1))
    Session.objects.create(session_key="open", session_data="", expire_date=now + timedelta(minutes=1))
    forget_sessions()
    assert "over" not in Session.objects.values_list("session_key", flat=True)
    assert "open" in Session.objects.values_list("session_key", flat=True)
