"""Every public page is made of what the public face’s file has."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward import laws
from leeward.audit.models import AuditCheckpoint, AuditCosignature, AuditHead
from leeward.awareness.models import Resource
from leeward.backup.models import LostTime, Restoration
from leeward.blocklist.models import BlockList
from leeward.blocklist.publishing.models import COMMITMENTS, Evidence, StopCount, Subscriber
from leeward.casework.quality.models import SamplingRates
from leeward.clocks.models import RuleVersion
from leeward.indicators.models import OwnWords, Publication
from leeward.laws.models import LawFile, LawRegister, LawRevision
from leeward.laws.register import version_of
from leeward.people.models import Helpline, Portal, Recording
from leeward.providers.models import DesignatedEntity
from leeward.site.apart import mirror as apart_mirror
from leeward.site.apart.file import APART, MIRRORED
from leeward.site.apart.mirror import Mirror
from leeward.site.faces import FACES, PUBLIC
from leeward.site.public_key import NAME, write
from leeward.site.rights import PUBLIC_RIGHTS
from tests.contracts.test_routes import address, expected
from tests.intake.walk import Walk, report
from tests.personas import Cast
from tests.site.test_apart import Cursors
from tests.site.test_faces import routes

NEW = re.compile(r' nonce="[^"]*"|name="once"[^>]*|name="csrfmiddlewaretoken"[^>]*')
DOCUMENT = re.compile(r"\.pdf$|school-pack|/card/|draft\.")  # what they ask for, the pages beside them ask, too
COLUMN = re.compile(r'"(\w+)"\."(\w+)"')
NAMED = re.compile(r'(?:FROM|JOIN|INTO|UPDATE) "(\w+)"')


def show_something(cast: Cast) -> None:
    """Give public pages rows to show: some tables are read only then."""
    home = {"hotline_id": cast.hotline_id}
    with scope(hotline=cast.hotline_id):
        operator = Subscriber.objects.create(slug="tel", name="Tel", kind="mobile", contact="noc@tel.example", **home)
        Evidence.objects.create(subscriber=operator, commitment=COMMITMENTS[0], on=date(2026, 1, 1), **home)
        Publication.objects.create(
            portal_id=cast.portal_id, year=2025, edition=1, shown={"reports": None}, counted={"reports": 1}, medians={}, typed=[],
            at=datetime.now(UTC), **home,
        )  # fmt: skip


def show_everything(cast: Cast) -> None:
    """Give each table that public pages read a row that they show."""
    show_something(cast)
    home, now = {"hotline_id": cast.hotline_id}, datetime.now(UTC)
    LostTime.objects.create(hotline_number=cast.hotline_id, since=now - timedelta(hours=2), until=now, matters=1)
    text = (Path(laws.__file__).parent / "data" / "JM.yaml").read_text(encoding="utf-8")
    LawRegister.objects.create(id=1, version=version_of({"JM.yaml": text}), changed_at=now)
    LawFile.objects.create(code="JM", text=text, shipped=text, changed_at=now)
    LawRevision.objects.create(
        code="JM", number=1, before=text, text=text, way="page", reason="A date", state="accepted", by_label="staff:1",
        at=now, decided_at=now,
    )  # fmt: skip
    with scope(hotline=cast.hotline_id):
        Publication.objects.filter(year=2025).update(rounded={"reports": 5}, shown={"reports": None}, note="A note")
        OwnWords.objects.create(
            portal_id=cast.portal_id,
            year=2025,
            language="en",
            text="A year.",
            at=now,
            is_confirmed=True,
            confirmed_at=now,
            **home,
        )
        Resource.objects.create(
            title="How to begin", address="https://help.example/", sha256="a" * 64, audiences=" parents ", topics=" pictures ",
            languages=" en ", verdict="ok", reviewed_at=now, **home,
        )  # fmt: skip
        RuleVersion.objects.create(
            portal_id=cast.portal_id, kind="first_assessment", number=99, amount=2.0, unit="hours", since=now, **home
        )
        BlockList.objects.create(name="ours", title="Ours", kind="national", country="JM", made_at=now, **home)
        DesignatedEntity.objects.create(
            country="JM", name="Constabulary", for_whom="every platform", instrument="Regulations, r 3", since=now.date(),
            source="https://laws.example/2026", added_at=now, **home,
        )  # fmt: skip
        SamplingRates.objects.create(illegal_percent=7, closed_percent=3, untrained_percent=50, at=now, **home)
    Helpline.objects.create(
        portal_id=cast.portal_id,
        whom="children",
        name="People who listen",
        number="0800 0",
        is_shown=True,
        confirmed_at=now,
    )
    Recording.objects.create(
        portal_id=cast.portal_id, page="report", language="en", media_type="mp3", sha256="a" * 64, seconds=3, body=b"ID3",
        is_shown=True, kept_at=now,
    )  # fmt: skip
    Restoration.objects.create(backup_at=now, restored_at=now, confirmed_at=now)
    StopCount.objects.get_or_create(day=now.date(), defaults={"shown": 7})
    AuditHead.objects.create(chain=cast.hotline_id, number=1, hash="a" * 64, at=now.isoformat(), signature="b" * 88)
    signed = AuditCheckpoint.objects.create(
        chain=cast.hotline_id,
        size=1,
        at=now,
        body=f"log.example/{cast.hotline_id}\n1\nAAAA\n",
        line="— log.example AAAA",
        vkey="k",
    )
    AuditCosignature.objects.create(checkpoint=signed, vkey="w", seen_at=int(now.timestamp()), line="— w.example AAAA")
    report(Walk(), where="http://a.example/x", text="I found a bad page.")  # in the log, and sealed to a key


def answers(cast: Cast) -> dict[str, tuple[int, str, str]]:
    """What each public address answers, but for what is new in each answer."""
    found = {}
    for method, route in sorted(expected()):
        if method != "GET" or route not in routes(PUBLIC) or route == "/healthz" or DOCUMENT.search(route):
            continue
        path = route.replace("<int:year>", "2025").replace("<slug:name>", "reports").replace("<str:sha256>", "a" * 64)
        answer = Client().get(address(path, cast))
        kind = answer.get("Content-Type", "")
        body = b"".join(answer) if "text" in kind or "json" in kind or "xml" in kind else b""
        found[route] = (answer.status_code, kind, NEW.sub("", body.decode()))
    return found


@contextmanager
def as_face(settings: Any, **more: str) -> Iterator[None]:
    """The settings of the face’s process."""
    config = settings.LEEWARD
    write(config.data_dir / NAME, config.public_key)
    given = settings.ROOT_URLCONF, settings.MIDDLEWARE, settings.LEEWARD
    face = FACES[PUBLIC]
    settings.ROOT_URLCONF, settings.MIDDLEWARE = face.urls, list(face.middleware)
    settings.LEEWARD = config.model_copy(update={"face": PUBLIC} | more)
    try:
        yield
    finally:
        settings.ROOT_URLCONF, settings.MIDDLEWARE, settings.LEEWARD = given


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="for PostgreSQL it is in its place")
def test_from_its_own_file_every_page_answers_as_from_one_database(
    cast: Cast, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with time_machine.travel(datetime.now(UTC), tick=False):
        show_everything(cast)
        by = cast["adam"].account_id
        Portal.objects.update(police_email="police@jm.example", police_words_by=by, emergency_confirmed_by=by)
        Helpline.objects.update(confirmed_by=by)
        Recording.objects.update(kept_by=by)
        filled = {model._meta.db_table for model in apps.get_models() if model._base_manager.exists()}
        assert set(MIRRORED) - filled - {"audit_keyprint", "django_migrations", "sealing_wordskey"} == set(), (
            "show something of it"
        )
        together = answers(cast)
        main, public = tmp_path / "leeward.sqlite3", tmp_path / "public.sqlite3"
        with closing(sqlite3.connect(main)) as file:
            connection.ensure_connection()
            connection.connection.backup(file)
        apart_mirror_of(main, public, monkeypatch)
        ours = connections["default"]
        theirs = ours.copy()
        theirs.settings_dict = {**ours.settings_dict, "NAME": str(public)}
        connections["default"] = theirs
        try:
            with as_face(settings, public_database=str(public)):
                with connection.cursor() as cursor:
                    cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'intake%%'")
                    assert cursor.fetchall() == [], "the desk’s tables are not there"
                    cursor.execute(
                        "SELECT DISTINCT police_email, police_words_by_id, emergency_confirmed_by_id FROM people_portal"
                    )
                    assert cursor.fetchall() == [("", None, None)]
                    cursor.execute("SELECT DISTINCT confirmed_by_id FROM people_helpline")
                    assert cursor.fetchall() == [(None,)]
                    cursor.execute("SELECT DISTINCT kept_by_id FROM people_recording")
                    assert cursor.fetchall() == [(None,)]
                apart = answers(cast)
        finally:
            theirs.close()
            connections["default"] = ours
    assert {route: (together[route], apart[route]) for route in together if together[route] != apart[route]} == {}
    assert len([route for route, answer in apart.items() if answer[0] == 200]) > 35


def apart_mirror_of(main: Path, public: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mirror = Mirror(main, public)
    with closing(sqlite3.connect(main, isolation_level=None)) as database:
        monkeypatch.setattr(apart_mirror, "connection", Cursors(database))
        apart_mirror.count_changes()
        monkeypatch.undo()
    mirror.run()
    mirror.close()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the rights of a role are tested in its place")
def test_every_public_page_reads_only_what_the_file_has(cast: Cast, settings: Any, tmp_path: Path) -> None:
    show_something(cast)
    face, config = FACES[PUBLIC], settings.LEEWARD
    write(config.data_dir / NAME, config.public_key)
    settings.ROOT_URLCONF, settings.MIDDLEWARE = face.urls, list(face.middleware)
    settings.LEEWARD = config.model_copy(update={"face": PUBLIC, "public_database": "public.sqlite3"})
    found: dict[str, str] = {}
    asked_for: set[tuple[str, str]] = set()
    for (method, route), numbers in expected().items():
        if method == "GET" and route in routes(PUBLIC):
            with CaptureQueriesContext(connection) as asked:
                assert Client().get(address(route, cast)).status_code == numbers[0], route
            found |= {name: route for query in asked for name in NAMED.findall(query["sql"])}
            asked_for |= {column for query in asked for column in COLUMN.findall(query["sql"])}
    assert {name: route for name, route in found.items() if name not in {*APART, *MIRRORED}} == {}
    limited = {right.table: right.columns for right in PUBLIC_RIGHTS if right.columns}
    assert {(table, name) for table, name in asked_for if name not in limited.get(table, (name,))} == set()
