"""Two databases: on SQLite the public face’s own file beside the desk’s, on PostgreSQL one with the role that only takes in."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from django.db import connection, connections

from leeward.jobs.registry import load
from leeward.people.queries import portals
from leeward.sealing import keys
from leeward.site.rights import PUBLIC_RIGHTS
from leeward.spool import where

OF_THE_FACE = ("spool_arrival", "spool_card")
OF_THE_DESK = ("intake_", "jobs_", "audit_auditrow", "audit_audittip", "sealing_datakey")
type Face = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def apart(cast: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An installation whose public face has a database of its own. What runs outside `face` is the desk."""
    load()
    monkeypatch.setattr(where, "is_apart", lambda: True)
    monkeypatch.setattr(where, "is_face", lambda: False)
    if connection.vendor == "postgresql":
        yield
        return
    file = tmp_path / "public.sqlite3"
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE tbl_name IN (%s, %s) AND sql <> ''", OF_THE_FACE)
        made_by = [sql for (sql,) in cursor.fetchall()]
    with sqlite3.connect(file) as public:
        for sql in sorted(made_by, key=lambda one: not one.startswith("CREATE TABLE")):
            public.execute(sql)
    public.close()
    connections.databases[where.ALIAS] = {**connection.settings_dict, "NAME": str(file)}
    connections[where.ALIAS].connect()  # Django's tests refuse it later
    yield
    connections[where.ALIAS].close()
    del connections.databases[where.ALIAS]
    del connections[where.ALIAS]


@pytest.fixture
def role(apart: None) -> str:
    """On PostgreSQL a role with the rights of the public face, but to no report, job, row of the log or key; else ""."""
    if connection.vendor != "postgresql":
        return ""
    name = "leeward-spool-of-tests"
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE ROLE "{name}" NOLOGIN')
        cursor.execute(f'GRANT USAGE ON SCHEMA public TO "{name}"')
        for right in PUBLIC_RIGHTS:
            if not right.table.startswith(OF_THE_DESK):
                cursor.execute(f'GRANT {right.granted} ON {right.table} TO "{name}"')
    return name


@pytest.fixture
def face(role: str, monkeypatch: pytest.MonkeyPatch) -> Face:
    """What is done within it is done by the public face, which holds no key, and asks for no table of the desk’s."""

    @contextmanager
    def within() -> Iterator[None]:
        with monkeypatch.context() as patch:
            patch.setattr(where, "is_face", lambda: True)
            patch.setattr(portals, "is_public_face", lambda: True)
            patch.setattr(keys._Held, "allowed", False)
            with _as(role), connection.execute_wrapper(_refusing):
                yield

    return within


@contextmanager
def _as(role: str) -> Iterator[None]:
    if not role:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{role}"')
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET ROLE")


def _refusing(execute: Callable[..., object], sql: str, params: object, many: bool, context: object) -> object:
    """Refuse what the face may neither read nor write."""
    for table in (*OF_THE_DESK, "casework_", "spool_mark", "spool_taken", "spool_emptied"):
        assert f'"{table}' not in sql, sql
    return execute(sql, params, many, context)
