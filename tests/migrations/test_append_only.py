"""A migration is never changed once it is part of the project."""

import pytest

from tests.migrations.record import migrations, recorded


def test_no_migration_on_record_was_changed_or_removed() -> None:
    now = migrations()
    assert {name: now.get(name) for name in recorded()} == recorded()


def test_every_migration_is_on_record() -> None:
    assert not set(migrations()) - set(recorded()), "run: python tests/migrations/record.py"


@pytest.mark.parametrize("name", ["hosting_location_part", "audit_auditrow_no_delete"])
@pytest.mark.django_db
def test_what_stands_beside_the_tables_is_made_too(name: str) -> None:
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("named otherwise on PostgreSQL")
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM sqlite_master WHERE name = %s", [name])
        assert cursor.fetchone() == (1,)
