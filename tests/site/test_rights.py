"""The role of the public face can do what its pages need, and read no case, no account and nothing else of the house."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.conf import settings as django_settings
from django.db import ProgrammingError, connection, transaction
from django.test import Client, override_settings
from django_scopes import scope

from leeward.foundation.errors import BadInput
from leeward.jobs.registry import load
from leeward.people.models import Helpline, Hotline, Portal, Recording
from leeward.people.queries import helplines, portals, recordings
from leeward.sealing import keys
from leeward.site.config import Config
from leeward.site.faces import FACES, PUBLIC
from leeward.site.public_key import NAME, write
from leeward.site.rights import PUBLIC_RIGHTS, RoleNotReady, give_rights, statements
from leeward.spool.services import pull
from tests.contracts.test_routes import address, expected
from tests.intake.walk import Walk, report
from tests.personas import Cast
from tests.site.test_apart_pages import answers, as_face, show_everything, show_something
from tests.site.test_faces import routes

ROLE = "leeward-public-of-tests"
ON_POSTGRES = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has no roles")
# What no visitor's page may ever need: whose tables they are, by the beginning of their names.
OF_THE_HOUSE = (
    "account", "django_session", "casework", "capacity", "care", "certificates", "exchange", "facilities", "hashbank", "hosting",
    "installation", "intake", "jobs", "mfa", "monitoring", "national", "notices", "oncall", "outputs", "payments", "people_user", "police",
    "site", "tips", "witnessing",
)  # fmt: skip


def tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)} | {"django_migrations"}


def test_what_is_granted_exists_and_nothing_of_the_house_is() -> None:
    granted = [right.table for right in PUBLIC_RIGHTS]
    assert len(granted) == len(set(granted))
    assert set(granted) <= tables()
    assert [table for table in granted if table.startswith(OF_THE_HOUSE)] == []
    assert len([table for table in tables() if table.startswith(OF_THE_HOUSE)]) > 80
    assert [right.table for right in PUBLIC_RIGHTS if "DELETE" in right.verbs] == []
    columns = {right.table: right.columns for right in PUBLIC_RIGHTS}
    for model, not_public in (
        (Portal, portals.NOT_PUBLIC),
        (Hotline, portals.NOT_PUBLIC_OF_HOTLINES),
        (Helpline, helplines.NOT_PUBLIC),
        (Recording, recordings.NOT_PUBLIC),
    ):
        withheld = {
            field.name for field in model._meta.concrete_fields if field.column not in columns[model._meta.db_table]
        }
        assert withheld == set(not_public)


@pytest.mark.parametrize("role", ["", "a b", "Public", 'x"; DROP TABLE people_user', "public; --", "x" * 64])
def test_a_role_is_a_name_and_no_statement(role: str) -> None:
    with pytest.raises(BadInput):
        statements(role)


@pytest.fixture
def role(db: None) -> str:
    """The role with its rights, as a start of the worker gives them; it goes with the test's transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{ROLE}" NOLOGIN')
        cursor.execute(f'GRANT SELECT ON casework_case TO "{ROLE}"')  # given by hand once: it is taken away
    with override_settings(LEEWARD=_with(public_role=ROLE)):
        give_rights()
    return ROLE


def _with(**settings: str) -> Config:
    config: Config = django_settings.LEEWARD
    write(config.data_dir / NAME, config.public_key)
    return config.model_copy(update=settings)


@contextmanager
def as_role(name: str) -> Iterator[None]:
    """As the public face: with its rights, and without the key that opens words."""
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{name}"')
    keys.hold_no_key()
    try:
        yield
    finally:
        keys._Held.allowed = True
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


@ON_POSTGRES
@pytest.mark.django_db
def test_a_visitor_does_everything_and_the_role_reads_nothing_of_the_house(cast: Cast, role: str) -> None:
    from leeward.intake.models import Report, ReporterMessage
    from leeward.intake.services import ask_reporter
    from leeward.sealing.models import DataKey

    face = FACES[PUBLIC]
    split = _with(face=PUBLIC, public_role=role)
    show_something(cast)
    load()
    with override_settings(ROOT_URLCONF=face.urls, MIDDLEWARE=list(face.middleware), LEEWARD=split):
        with as_role(role):
            for (method, route), numbers in expected().items():
                if method == "GET" and route in routes(PUBLIC):
                    assert Client().get(address(route, cast)).status_code == numbers[0], route
            receipt = report(
                Walk(), where="http://a.example/x", text="I found a bad page.", mail="someone@mail.example"
            )
            assert receipt
        assert _pulled() == 1
        with scope(hotline=cast.hotline_id):
            number = Report.objects.get().pk
            ask_reporter(number, text="Which game was it?", actor=cast["ana"].actor)
        assert _pulled() == 0
        with as_role(role):
            walk = Walk().open("/jm/receipt").send("open", receipt=receipt)
            assert "Which game was it?" in walk.text
            walk.send(act="answer", text="I don’t know.")
            walk.send(act="add", text="It is also on http://b.example/y")
        assert _pulled() == 2
        with scope(hotline=cast.hotline_id):
            assert Report.objects.get(pk=number).contact == "someone@mail.example"
            words = [message.text for message in ReporterMessage.objects.order_by("pk")]
        assert words == ["", "I don’t know.", "It is also on http://b.example/y"], "the first is a question"
        with as_role(role):
            walk.send(act="withdraw")
            assert "Where it stands" not in Walk().open("/jm/receipt").send("open", receipt=receipt).text
        assert _pulled() == 1
        with scope(hotline=cast.hotline_id):
            gone = Report.objects.get(pk=number)
        assert (gone.text, gone.contact, gone.withdrawn_at is not None) == ("", "", True)
        assert not DataKey.objects.exists()
        _sent_twice(cast, role)
    granted = {right.table: "" if right.columns else right.verbs for right in PUBLIC_RIGHTS}
    with as_role(role):
        for table in sorted(tables()):
            assert _may(f"SELECT * FROM {table} LIMIT 1") == ("SELECT" in granted.get(table, "")), table
            assert not _may(f"DELETE FROM {table} WHERE FALSE"), table
        assert not _may("SELECT counted FROM indicators_publication")
        assert not _may("SELECT contact FROM publishing_subscriber")
        assert not _may("SELECT police_email FROM people_portal")
        assert not _may("SELECT commercial_first FROM people_hotline")
        assert not _may("SELECT confirmed_by_id FROM people_helpline")
        assert not _may("SELECT kept_by_id FROM people_recording")
        assert not _may("SELECT salt FROM audit_audittip")
        assert not _may("SELECT number FROM audit_audittip")
        assert not _may("UPDATE people_portal SET emergency_number = ''")
        assert not _may("UPDATE audit_auditrow SET event = ''")
        assert not _may("CREATE TABLE taken (id int)")


@ON_POSTGRES
@pytest.mark.django_db
def test_every_page_answers_the_role_as_it_answers_the_owner(cast: Cast, role: str, settings: Any) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False):
        show_everything(cast)
        together = answers(cast)
        with as_face(settings, public_role=role), as_role(role):
            apart = answers(cast)
    assert {route: (together[route], apart[route]) for route in together if together[route] != apart[route]} == {}


def _pulled() -> int:
    """As the worker: the desk’s rights and key."""
    return pull(datetime.now(UTC))


def _sent_twice(cast: Cast, role: str) -> None:
    """What is sent again, with the rights and without the key."""
    from leeward.intake.models import OutsideAppeal

    with as_role(role):
        form = Walk().open("/jm/appeal")
        filled_in, filled = form.response, {"address": "http://d.example/x", "relation": "owner"}
        for text in ("It is mine.", "It is mine.", "It is a shop."):
            form.response = filled_in
            form.send("appeal", text=text, **filled)
        status = Walk().open("/jm/receipt").send("open", receipt=form.receipt)
        for _twice in range(2):
            page = Walk(status.client, status.response).send(act="state", text="I have papers.")
            assert "There is a problem" not in page.text
    assert _pulled() == 3
    with scope(hotline=cast.hotline_id):
        appeal = OutsideAppeal.objects.get()
        assert (appeal.text, appeal.statement) == ("It is mine.\n\nIt is a shop.", "I have papers.")


def _may(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as refused:
        assert "permission denied" in str(refused), refused  # noqa: PT017 - what else went wrong is no answer
        return False
    return True


@ON_POSTGRES
@pytest.mark.django_db
def test_a_role_that_is_not_there_stops_the_start_with_one_sentence() -> None:
    with override_settings(LEEWARD=_with(public_role="nobody_made_this")), pytest.raises(RoleNotReady) as refused:
        give_rights()
    assert "nobody_made_this" in str(refused.value.text)


@ON_POSTGRES
@pytest.mark.django_db
def test_who_owns_the_tables_or_may_become_their_owner_is_no_role_for_the_public_face() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        [owner] = cursor.fetchone()
        cursor.execute(f'CREATE ROLE "{ROLE}" NOLOGIN')
        cursor.execute(f'GRANT "{owner}" TO "{ROLE}"')
    for name in (owner, ROLE):
        with override_settings(LEEWARD=_with(public_role=name)), pytest.raises(RoleNotReady, match=name):
            give_rights()
    assert _may("DELETE FROM casework_case WHERE FALSE"), "the desk keeps its own rights"
