"""The public face as a process and user of its own on PostgreSQL, with the role that has its rights and no others."""

import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from leeward.demo.ports import free_port
from tests.intake.walk import Walk, report
from tests.setting_up import SET_UP
from tests.site import test_another_user as another
from tests.site.test_serve import until

ROLE, BASE = "leeward-face-of-tests", "leeward_face_of_tests"
ADDRESS = os.environ.get("LEEWARD_DATABASE_URL", "")
# As `leeward setup` and a start of the worker: the tables, the keys, the rights of the role.
BEGIN = f"""
from leeward.cli.main import run
assert run({list(SET_UP)!r}) == 0
{another.PREPARE}
"""
BY_COLUMN, BY_TABLE = ("SELECT", "INSERT", "UPDATE", "REFERENCES"), ("DELETE", "TRUNCATE", "TRIGGER")
pytestmark = [
    pytest.mark.django_db,  # so that it is among the tests that run on PostgreSQL
    pytest.mark.xdist_group("serve"),
    pytest.mark.skipif(
        not ADDRESS.startswith("postgresql://leeward@") or not another._may_be_nobody(),
        reason="needs a PostgreSQL server of ours, and root",
    ),
]


class House(NamedTuple):
    """The folders of the two users, and the port at which the face answers."""

    place: Path
    port: int

    def address(self, user: str) -> str:
        return ADDRESS.replace("leeward@", f"{user}@").rsplit("/", 1)[0] + f"/{BASE}"

    def environment(self, side: str) -> dict[str, str]:
        own = {name: value for name, value in os.environ.items() if not name.startswith("LEEWARD_")}
        return own | {
            "LEEWARD_DATA": str(self.place / side),
            "LEEWARD_DNS_RESOLVERS": "127.0.0.1:1",
            "LEEWARD_WEB_PROCESSES": "1",
            "LEEWARD_DATABASE_URL": self.address("leeward" if side == "desk" else ROLE),
            "LEEWARD_PUBLIC_ROLE": ROLE,
        }


class Answer(NamedTuple):
    """What `Walk` asks of an answer."""

    content: bytes
    request: Mapping[str, str]


class Outside:
    """A visitor at the port of a real process, for `Walk`."""

    def __init__(self, port: int) -> None:
        self._base = f"http://127.0.0.1:{port}"

    def get(self, path: str, *, follow: bool) -> Answer:
        return self._ask(path, None)

    def post(self, path: str, fields: Mapping[str, Sequence[str]], *, follow: bool) -> Answer:
        return self._ask(path, urllib.parse.urlencode(fields, doseq=True).encode())

    def _ask(self, path: str, body: bytes | None) -> Answer:
        asked = urllib.request.Request(self._base + path, body, {"Origin": self._base} if body else {})
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return Answer(answer.read(), {"PATH_INFO": urllib.parse.urlsplit(answer.url).path})


@pytest.fixture(scope="module")
def house() -> Iterator[House]:
    """The desk's folder and database, the face's folder, and its process, which is another user and logs in as the role."""
    with psycopg.connect(ADDRESS, autocommit=True) as server:
        server.execute(f'CREATE ROLE "{ROLE}" LOGIN')
        server.execute(f"CREATE DATABASE {BASE} STRATEGY FILE_COPY")
    process = None
    with tempfile.TemporaryDirectory() as folder:
        made = House(Path(folder), free_port())
        made.place.chmod(0o755)
        try:
            for name, owner in (("desk", 0), ("face", another.NOBODY)):
                (made.place / name).mkdir(mode=0o700)
                os.chown(made.place / name, owner, owner)
            begun = [sys.executable, "-c", BEGIN]
            subprocess.run(begun, env=made.environment("desk"), check=True, capture_output=True, timeout=120)
            for name in ("public.key", "words.pub", "audit.pub"):
                copy = made.place / "face" / name
                copy.write_bytes((made.place / "desk" / name).read_bytes())
                os.chown(copy, another.NOBODY, another.NOBODY)
            command = ["-m", "leeward", "serve", "--face", "public", "--bind", f"127.0.0.1:{made.port}"]
            process = subprocess.Popen(
                [sys.executable, *command],
                env=made.environment("face"),
                stdout=subprocess.DEVNULL,
                **another.AS_NOBODY,
            )  # type: ignore[call-overload]
            assert until(
                lambda: process.poll() is not None or "/report" in another._page(made.port, "/jm/"), seconds=120
            )
            assert process.poll() is None, "it ended instead of answering"
            yield made
        finally:
            if process is not None:
                process.terminate()
                process.wait(15)
            with psycopg.connect(ADDRESS, autocommit=True) as server:
                server.execute(f"DROP DATABASE {BASE} WITH (FORCE)")
                server.execute(f'DROP ROLE "{ROLE}"')


def visitor(house: House) -> Walk:
    return Walk(Outside(house.port))  # type: ignore[arg-type]


def opened(house: House, receipt: str) -> str:
    return visitor(house).open("/jm/receipt").send("open", receipt=receipt).text


def test_it_answers_takes_in_and_opens_a_receipt(house: House) -> None:
    for path in ("/", "/jm/report", "/jm/receipt", "/jm/appeal", "/jm/operators", "/jm/figures", "/law", "/proof"):
        assert another._page(house.port, path), path
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"http://127.0.0.1:{house.port}/desk/", timeout=10)
    receipt = report(visitor(house), where="http://a.example/x", text=another.WORDS, mail="someone@mail.example")
    before = opened(house, receipt)
    assert "Where it stands" in before
    with psycopg.connect(house.address(ROLE)) as face:
        [(sealed,)] = face.execute("SELECT sealed FROM spool_arrival").fetchall()
    assert another.WORDS not in sealed
    fetched = subprocess.run(
        [sys.executable, "-c", another.FETCHES],
        env=house.environment("desk"),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert fetched.stdout.splitlines() == ["1", another.WORDS], fetched.stderr
    with psycopg.connect(house.address(ROLE)) as face:
        assert face.execute("SELECT count(*) FROM spool_arrival").fetchone() == (0,)
    assert opened(house, receipt) == before, "from the card: nobody sees whether it was fetched"


def test_it_may_do_what_the_reference_lists_and_nothing_else(house: House) -> None:
    listed = re.findall(
        r"(?m)^\| `(\w+)` \| ([^|]+) \|", (another.ROOT / "docs/reference/rights.md").read_text(encoding="utf-8")
    )
    with psycopg.connect(house.address(ROLE), autocommit=True) as face:
        columns = face.execute(
            "SELECT attrelid::regclass::text, attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid"
            " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped"
        ).fetchall()
        tables = {table for table, _column in columns}
        assert len(tables) > 150
        wanted = {
            (table, column, verb)
            for table, rights in listed
            for verb, named in re.findall(r"(\w+)(?: \(([^)]*)\))?", rights)
            for column in (named.split(", ") if named else [name for where, name in columns if where == table])
        }
        may = {
            (table, column, verb)
            for table, column in columns
            for verb in BY_COLUMN
            if _is(face, "has_column_privilege(%s, %s, %s)", table, column, verb)
        }
        assert may == wanted
        for table in sorted(tables):
            for verb in BY_TABLE:
                assert not _is(face, "has_table_privilege(%s, %s)", table, verb), (table, verb)
        for (name,) in face.execute("SELECT oid::regclass::text FROM pg_class WHERE relkind IN ('S', 'v', 'm', 'f')"
                                    " AND relnamespace = 'public'::regnamespace").fetchall():  # fmt: skip
            assert not _is(face, "has_sequence_privilege(%s, 'USAGE, SELECT, UPDATE')", name), name
        for statement in (
            "SELECT * FROM intake_report", "SELECT * FROM people_user", "SELECT salt FROM audit_audittip",
            "DELETE FROM spool_arrival", "UPDATE spool_card SET number = 1", "CREATE TABLE mine (id int)",
            "CREATE SCHEMA mine", "SELECT * FROM pg_authid", "COPY spool_card TO PROGRAM 'true'", "SET ROLE leeward",
        ):  # fmt: skip
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                face.execute(statement)


def _is(face: psycopg.Connection[Any], what: str, *values: str) -> bool:
    return face.execute(f"SELECT {what}", values).fetchone() == (True,)  # type: ignore[arg-type]
