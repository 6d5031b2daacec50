"""Whatever the role of the public face can do beyond its pages is found, or taken away: grants to all, of others, and memberships."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction
from django.test import override_settings

from leeward.site import health
from leeward.site.deployment import files
from leeward.site.rights import RoleHasMore, beyond, give_rights, need_no_more
from tests.site.test_deployment import here, states

NOW = datetime.now(UTC)
ROLE, OTHER = "leeward-reach-of-tests", "leeward-other-of-tests"
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no roles"),
]


def run(*lines: str) -> None:
    with connection.cursor() as cursor:
        for line in lines:
            cursor.execute(line)


@pytest.fixture(autouse=True)
def _role(db: None) -> Any:
    run(f'CREATE ROLE "{ROLE}" NOLOGIN', f'CREATE ROLE "{OTHER}" NOLOGIN')
    with override_settings(LEEWARD=django_settings.LEEWARD.model_copy(update={"public_role": ROLE})):
        yield


def deployed(tmp_path: Path) -> list[str]:
    return states(files.public_face, here(tmp_path, public_role=ROLE, bind=""))


def test_a_role_with_its_rights_and_no_others_is_what_the_doctor_says_holds(tmp_path: Path) -> None:
    give_rights()
    need_no_more(ROLE)
    assert beyond(ROLE) == []
    assert deployed(tmp_path) == ["holds"]
    assert states(files.public_face, here(tmp_path, public_role=ROLE)) == ["holds", "unseen"], (
        "this runs public pages, too"
    )
    assert states(files.public_face, here(tmp_path, public_role="nobody_made_this", bind="")) == ["doesn't"]


OF_THE_OWNER = [
    "GRANT SELECT ON intake_report TO PUBLIC",
    "GRANT SELECT (contact) ON intake_report TO PUBLIC",
    f'GRANT SELECT (contact) ON intake_report TO "{ROLE}"',
    "GRANT ALL ON ALL TABLES IN SCHEMA public TO PUBLIC",
    "GRANT SELECT ON SEQUENCE intake_report_id_seq TO PUBLIC",
    "GRANT CREATE ON SCHEMA public TO PUBLIC",
    f'GRANT SELECT ON people_portal TO "{ROLE}" WITH GRANT OPTION',
]
OF_OTHERS: list[tuple[list[str], str, str]] = [
    ([f'GRANT pg_read_all_data TO "{ROLE}"'], "is a member of pg_read_all_data", f'REVOKE "pg_read_all_data" FROM "{ROLE}"'),
    (
        [f'GRANT pg_read_all_data TO "{OTHER}"', f'GRANT "{OTHER}" TO "{ROLE}"'],
        "is a member of pg_read_all_data",
        f'REVOKE "pg_read_all_data" FROM "{OTHER}"',
    ),
    ([f'GRANT pg_execute_server_program TO "{ROLE}"'], "pg_execute_server_program", "REVOKE"),
    ([f'ALTER ROLE "{ROLE}" SUPERUSER'], "SUPERUSER", f'ALTER ROLE "{ROLE}" NOSUPERUSER'),
    ([f'ALTER ROLE "{ROLE}" CREATEROLE'], "CREATEROLE", "NOCREATEROLE"),
    ([f'ALTER ROLE "{ROLE}" BYPASSRLS'], "BYPASSRLS", "NOBYPASSRLS"),
    ([f'ALTER ROLE "{ROLE}" REPLICATION'], "REPLICATION", "NOREPLICATION"),
    ([f'ALTER ROLE "{OTHER}" CREATEROLE', f'GRANT "{OTHER}" TO "{ROLE}"'], OTHER, f'REVOKE "{OTHER}" FROM "{ROLE}"'),
    (
        [f'GRANT SELECT ON intake_report TO "{OTHER}"', f'ALTER ROLE "{ROLE}" NOINHERIT', f'GRANT "{OTHER}" TO "{ROLE}"'],
        "has SELECT on intake_report, granted to",
        f'REVOKE SELECT ON intake_report FROM "{OTHER}" CASCADE',
    ),
    (
        [f'GRANT SELECT (contact) ON intake_report TO "{OTHER}"', f'GRANT "{OTHER}" TO "{ROLE}"'],
        "has SELECT (contact) on intake_report",
        f'REVOKE SELECT (contact) ON intake_report FROM "{OTHER}" CASCADE',
    ),
    (
        [
            f'GRANT SELECT ON intake_report TO "{OTHER}" WITH GRANT OPTION',
            f'SET ROLE "{OTHER}"', f'GRANT SELECT ON intake_report TO "{ROLE}"', "RESET ROLE",
        ],
        f'has SELECT on intake_report, granted to "{ROLE}"',
        f'SET ROLE "{OTHER}"; REVOKE SELECT ON intake_report FROM "{ROLE}" CASCADE; RESET ROLE',
    ),
    (
        [
            "CREATE SCHEMA seen", "CREATE VIEW seen.reports AS SELECT * FROM intake_report",
            "GRANT USAGE ON SCHEMA seen TO PUBLIC", "GRANT SELECT ON seen.reports TO PUBLIC",
        ],
        "has SELECT on seen.reports, granted to PUBLIC",
        "REVOKE SELECT ON seen.reports FROM PUBLIC CASCADE",
    ),
    (
        ["CREATE FUNCTION reads() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM intake_report'"],
        "may call reads(), which runs with its owner’s rights",
        f'REVOKE ALL ON FUNCTION reads() FROM PUBLIC, "{ROLE}"',
    ),
]  # fmt: skip


def test_what_the_owner_gave_everybody_is_seen_and_taken_away_at_the_next_start(tmp_path: Path) -> None:
    give_rights()
    for given in OF_THE_OWNER:
        run(given)
        assert "doesn't" in deployed(tmp_path), given
        with pytest.raises(RoleHasMore):
            need_no_more(ROLE)
        give_rights()
        assert deployed(tmp_path) == ["holds"], given


def test_what_is_given_while_the_face_runs_is_an_alarm(tmp_path: Path) -> None:
    give_rights()
    health.forget()
    assert list(health._public_role(NOW)) == []
    run("GRANT SELECT ON intake_report TO PUBLIC")
    assert list(health._public_role(NOW)) == [], "the database is asked every ten minutes"
    health.forget()
    (seen,) = (alarm for alarm in health.current_alarms(NOW) if alarm.code == "public_reach")
    assert ROLE in seen.text
    assert "has SELECT on intake_report, granted to PUBLIC" in seen.text
    assert "leeward doctor --deploy" in seen.hint
    with override_settings(LEEWARD=django_settings.LEEWARD.model_copy(update={"public_role": "nobody_made_this"})):
        health.forget()
        assert list(health._public_role(NOW)) == [], "the start says that there is none"
    health.forget()


def test_what_no_revoke_of_ours_takes_away_stops_the_start_and_is_named(tmp_path: Path) -> None:
    give_rights()
    for given, what, statement in OF_OTHERS:
        with transaction.atomic():
            run(*given)
            with pytest.raises(RoleHasMore) as refused:
                give_rights()
            assert what in refused.value.text
            assert statement in refused.value.text
            assert "\n" not in refused.value.text
            with pytest.raises(RoleHasMore):
                need_no_more(ROLE)
            assert set(deployed(tmp_path)) == {"doesn't"}, given
            run(str(refused.value.values["statement"]))
            assert beyond(ROLE) == [], f"{refused.value.values['statement']} takes it away"
            transaction.set_rollback(True)


def test_who_owns_the_database_or_the_tables_is_told_so() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_database()")
        [(owner, database)] = cursor.fetchall()
    run(f'ALTER DATABASE "{database}" OWNER TO "{ROLE}"')
    with pytest.raises(RoleHasMore, match=r"is a member of pg_database_owner.*ALTER DATABASE"):
        give_rights()
    run(f'ALTER DATABASE "{database}" OWNER TO "{owner}"', f'ALTER TABLE casework_case OWNER TO "{ROLE}"')
    with pytest.raises(RoleHasMore, match=f'owns casework_case.*ALTER TABLE casework_case OWNER TO "{owner}"'):
        give_rights()


def test_the_face_looks_at_the_role_that_it_signed_in_as(monkeypatch: pytest.MonkeyPatch) -> None:
    give_rights()
    with pytest.raises(RoleHasMore):  # the tests sign in as who owns the tables
        need_no_more()
    run(f'SET ROLE "{ROLE}"')
    with pytest.raises(RoleHasMore):
        need_no_more()
    run("RESET ROLE")
    with override_settings(LEEWARD=django_settings.LEEWARD.model_copy(update={"public_role": ""})):
        need_no_more()
