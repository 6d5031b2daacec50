"""A start that finds the tables as they should be."""

import pytest
from django.db import connection

from leeward.site.start import prepare_database
from leeward.site.upgrading import Upgrade


@pytest.mark.django_db
def test_it_asks_what_was_migrated_and_builds_nothing(django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(4):
        prepare_database()


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL waits without end")
def test_a_start_waits_for_another_that_upgrades_and_is_hurried_again_after(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = []

    def migrate(*_names: str, **_options: object) -> None:
        waits.append(_patience())

    monkeypatch.setattr("leeward.site.upgrading.plan", lambda _now: Upgrade(("casework 0999",), 0, ""))
    monkeypatch.setattr("django.core.management.call_command", migrate)
    before = _patience()
    prepare_database()
    assert (waits, _patience()) == ([3_600_000], before)


def _patience() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])
