"""What the address of the database asks for reaches PostgreSQL, from Django and from its own programs; what it can't mean ends at once."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from leeward.backup.databases.postgres import Postgres
from leeward.site.settings import _database

ASKED = "sslmode=prefer&connect_timeout=5&application_name=of%20tests&options=-c%20lock_timeout%3D77s"


def test_tls_that_is_asked_for_is_asked_of_the_driver() -> None:
    made = _database("postgresql://a:b%2Fc@d/e?sslmode=verify-full&sslrootcert=/ca.pem")
    options = made["OPTIONS"]
    assert isinstance(options, dict)
    assert (options["sslmode"], options["sslrootcert"], options["keepalives_count"]) == ("verify-full", "/ca.pem", 3)
    assert (made["NAME"], made["USER"], made["PASSWORD"], made["HOST"], made["PORT"]) == ("e", "a", "b/c", "d", "")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("mysql://leeward:pw-9f3k@127.0.0.1/leeward", "postgresql://"),
        ("postgresql://leeward:pw-9f3k/w@127.0.0.1:5432/leeward", "%2F"),
        ("postgresql://leeward:pw-9f3k@127.0.0.1:5432", "names no database"),
        ("postgresql://leeward:pw-9f3k@127.0.0.1/leeward?sslmod=verify-full", "after the ?"),
    ],
)
def test_an_address_that_cannot_be_meant_ends_a_command_in_one_sentence(url: str, why: str, tmp_path: Path) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
    done = subprocess.run(
        [sys.executable, "-m", "leeward", "upgrade", "--plan", "--data", str(tmp_path)],
        env=own | {"LEEWARD_DATABASE_URL": url},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert why in done.stderr
    assert "Traceback" not in done.stderr
    assert "9f3k" not in done.stdout + done.stderr


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="of PostgreSQL")
def test_the_server_hears_it_from_django_and_from_its_own_programs() -> None:
    url = f"{os.environ['LEEWARD_DATABASE_URL']}?{ASKED}"
    asked = "SELECT current_setting('application_name') || ' ' || current_setting('lock_timeout')"
    assert Postgres(url)._psql(asked).strip() == "of tests 77s"
    other = connection.copy()
    other.settings_dict.update(_database(url))
    try:
        with other.cursor() as cursor:
            cursor.execute(asked)
            assert cursor.fetchone() == ("of tests 77s",)
    finally:
        other.close()
