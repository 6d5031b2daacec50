"""Every public page is made of what the public face’s file has."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.blocklist.publishing.models import COMMITMENTS, Evidence, Subscriber
from leeward.indicators.models import Publication
from leeward.site.apart.file import APART, MIRRORED
from leeward.site.faces import FACES, PUBLIC
from leeward.site.public_key import NAME, write
from leeward.site.rights import PUBLIC_RIGHTS
from tests.contracts.test_routes import address, expected
from tests.personas import Cast
from tests.site.test_faces import routes

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
