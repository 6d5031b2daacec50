"""A file that was lost, or an older copy in its place: receipts show again what the desk has, and nothing is written into the old one."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from leeward.jobs.registry import BESIDE
from leeward.site.apart.guarded import Guarded
from leeward.spool import replaced, where
from leeward.spool.models import Card
from leeward.spool.owner import tie
from leeward.spool.services import push
from leeward.spool.tasks import CHECK_SECONDS, mend_another_file
from tests.personas import Cast
from tests.spool.conftest import Face
from tests.spool.test_reports import cards, opened, pull, sent, the_report

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # PostgreSQL has no file for the public face


@pytest.fixture
def put(apart: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Path], None]:
    """Put another file in the place of the public face's, while it is open."""
    public = connections[where.ALIAS]
    file = Path(public.settings_dict["NAME"])
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"public_database": str(file), "data": tmp_path})
    public.settings_dict["OPTIONS"] = public.settings_dict["OPTIONS"] | {"factory": Guarded}
    public.close()
    # Django's tests refuse what wasn't named when they began.
    monkeypatch.setattr(public, "ensure_connection", lambda: public.connect() if public.connection is None else None)
    with closing(sqlite3.connect(file)) as one:
        one.execute("PRAGMA journal_mode=WAL")
    monkeypatch.setattr(replaced, "_last", [])
    tie()

    def place(other: Path) -> None:
        for end in ("", "-wal", "-shm"):
            gone = file.with_name(f"gone-{other.name}{end}")
            if file.with_name(file.name + end).exists():
                file.with_name(file.name + end).rename(gone)
        other.rename(file)

    return place


def mended_later() -> bool:
    """Look a minute later."""
    replaced._last.clear()
    return replaced.mend()


def test_every_card_is_there_again_a_second_after_an_older_file_was_put_in_place(
    face: Face, cast: Cast, put: Callable[[Path], None], tmp_path: Path
) -> None:
    file, older = Path(connections[where.ALIAS].settings_dict["NAME"]), tmp_path / "older"
    shutil.copyfile(file, older)
    first = sent(face)
    pull()
    assert mended_later()
    assert not mended_later(), "once is enough in one file"
    before = [(card.receipt, card.shows) for card in cards()]
    assert len(before) == 1
    put(older)
    assert connections[where.ALIAS].connection.is_replaced()
    mend_another_file()
    assert [(card.receipt, card.shows) for card in cards()] == before
    with face():
        assert "Where it stands" in opened(first).text
    assert the_report(cast)
    assert not mended_later()
    seconds, act = BESIDE["leeward.spool.tasks.mend_another_file"]
    assert (seconds, act) == (CHECK_SECONDS, mend_another_file)


def test_what_is_pulled_and_pushed_goes_into_the_file_that_is_there(
    face: Face, cast: Cast, put: Callable[[Path], None], tmp_path: Path
) -> None:
    other = tmp_path / "other"
    shutil.copyfile(Path(connections[where.ALIAS].settings_dict["NAME"]), other)
    Card.objects.using(where.ALIAS).exists()  # it is open
    put(other)
    push()
    sent(face)
    assert pull() == 1
    with closing(sqlite3.connect(Path(connections[where.ALIAS].settings_dict["NAME"]))) as there:
        assert there.execute("SELECT count(*) FROM spool_card").fetchone() == (1,)


def test_who_changes_the_number_all_the_time_has_cards_compared_once_a_minute(put: Callable[[Path], None]) -> None:
    assert replaced.mend()
    with connections[where.ALIAS].cursor() as cursor:
        cursor.execute("PRAGMA user_version=7")
    assert not replaced.mend()
    assert mended_later()
