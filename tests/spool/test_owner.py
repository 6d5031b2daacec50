"""Whose the public face's file is: a copy that was restored for trial takes nothing out of that of the real installation."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from leeward.audit.models import AuditRow
from leeward.backup.errors import BackupNotMade
from leeward.backup.models import Restoration
from leeward.foundation.actor import Actor
from leeward.site.apart.mirror import Mirror, state_of
from leeward.spool import owner, replaced, where
from leeward.spool.errors import PublicFileOfAnother
from leeward.spool.models import Card, Emptied
from leeward.spool.queries import waiting_outside
from leeward.spool.services import drop_given_up, let_in_again
from leeward.spool.taking import CLOCKS_DIFFER
from leeward.spool.tasks import compare_cards, mend_another_file, take_in, try_urgent_again
from tests.spool.conftest import Face
from tests.spool.test_reports import arrivals, cards, sent

pytestmark = [pytest.mark.django_db, pytest.mark.once]  # PostgreSQL has no file for the public face
type Be = Callable[[str], Path]


@pytest.fixture
def be(apart: None, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Be:
    """Be the installation with this data directory, with the same settings else; return the public face's file."""
    file = Path(connections[where.ALIAS].settings_dict["NAME"])
    given = settings.LEEWARD
    monkeypatch.setattr(replaced, "_last", [])

    def as_one(name: str) -> Path:
        (tmp_path / name).mkdir(exist_ok=True)
        more = {"public_database": str(file), "data": tmp_path / name, "database_url": ""}
        settings.LEEWARD = given.model_copy(update=more)
        replaced._last.clear()
        return file

    return as_one


def restored() -> None:
    now = datetime.now(UTC)
    Restoration.objects.create(backup_at=now, restored_at=now, prepared_at=now)


def do_all() -> None:
    take_in()
    mend_another_file()
    try_urgent_again()
    compare_cards()


def test_a_copy_for_trial_leaves_reports_and_cards_to_the_real_one(face: Face, be: Be, tmp_path: Path) -> None:
    file = be("real")
    owner.tie()
    sent(face)
    do_all()
    sent(face, text="what comes in while both run")
    (waits,) = arrivals()
    theirs = Card.objects.using(where.ALIAS).create(
        receipt="of a report that the backup had not", hotline_number=cards()[0].hotline_number, kind="report", number=10**6, shows={}
    )  # fmt: skip
    be("trial")
    restored()
    with pytest.raises(PublicFileOfAnother, match=r"LEEWARD_PUBLIC_DATABASE names .*public\.sqlite3, which another"):
        owner.tie()
    do_all()
    for act in (let_in_again, drop_given_up):
        with pytest.raises(PublicFileOfAnother):
            act([waits.pk])
    assert not Mirror(tmp_path / "none", file).try_once(tmp_path / "state")
    assert [one.name for one in arrivals()] == [waits.name]
    assert {card.number for card in cards()} >= {theirs.number}
    be("real")
    take_in()
    assert arrivals() == []
    assert len(cards()) == 3


def test_its_alarm_names_the_setting_and_the_command(be: Be, tmp_path: Path) -> None:
    be("real")
    owner.tie()
    assert not Mirror(tmp_path / "none", be("trial")).try_once(tmp_path / "trial" / "public-mirrored")
    assert "LEEWARD_PUBLIC_DATABASE" in state_of(tmp_path / "trial")[1]
    assert "leeward spool take-over" in PublicFileOfAnother.hint


def test_who_takes_its_place_on_purpose_takes_in_what_waits_also_while_it_is_held(
    face: Face, be: Be, tmp_path: Path
) -> None:
    be("lost")
    owner.tie()
    sent(face)
    file = be("new")
    for key in (tmp_path / "lost").glob("words.*"):
        shutil.copy(key, tmp_path / "new")  # as a backup has it
    restored()
    assert owner.take_over(Actor("command")) == file
    assert AuditRow.objects.get(event="spool.taken_over").actor.startswith("command")
    owner.tie()
    take_in()
    assert arrivals() == []
    be("lost")
    assert not owner.is_ours()
    with pytest.raises(PublicFileOfAnother):
        owner.need_ours()


def test_a_file_of_nobody_is_whose_it_is_used_by_but_for_one_that_is_held(be: Be) -> None:
    """Files of older versions have no name beside them."""
    be("restored")
    restored()
    with pytest.raises(PublicFileOfAnother):
        owner.tie()
    Restoration.objects.all().delete()
    be("real")
    owner.tie()
    owner.tie()
    assert owner.is_ours()
    be("restored")
    assert not owner.is_ours()


def test_one_that_is_restored_has_the_file_that_it_makes(be: Be) -> None:
    file = be("restored")
    file.rename(file.with_name("elsewhere"))
    restored()
    owner.tie()
    assert owner.is_ours()
    assert owner.BESIDE == "-owner"
    names = sorted(path.name for path in file.parent.iterdir())
    assert "public.sqlite3-owner" in names
    assert not [name for name in names if name.startswith(".public")], "nothing half written stays"


@pytest.mark.parametrize("harm", ["empty", "no text", "a folder"])
def test_a_name_beside_it_that_says_nothing_stops_the_start_since_nothing_would_be_taken_in(
    harm: str, face: Face, be: Be
) -> None:
    file = be("real")
    beside = file.with_name(f"{file.name}{owner.BESIDE}")
    if harm == "a folder":
        beside.mkdir()
    else:
        beside.write_bytes(b"\xff" if harm == "no text" else b"")
    with pytest.raises(PublicFileOfAnother):
        owner.tie()
    sent(face)
    if harm == "a folder":
        beside.rmdir()
    owner.take_over(Actor("command"))
    owner.tie()
    take_in()
    assert arrivals() == []


@pytest.mark.parametrize("is_new", [True, False])
def test_a_name_of_its_own_that_is_empty_is_made_anew(is_new: bool, face: Face, be: Be, tmp_path: Path) -> None:
    be("real")
    if not is_new:
        owner.tie()
    (tmp_path / "real" / owner.NAME).write_bytes(b"")
    if not is_new:  # for all it knows the file is another's
        with pytest.raises(PublicFileOfAnother):
            owner.tie()
        owner.take_over(Actor("command"))
    owner.tie()
    sent(face)
    take_in()
    assert arrivals() == []


def test_a_backup_of_a_copy_for_trial_does_not_ask_the_file_of_the_real_one(face: Face, be: Be) -> None:
    be("real")
    owner.tie()
    sent(face)
    now = datetime.now(UTC)
    assert waiting_outside(now) == arrivals()[0].received_at
    be("trial")
    restored()
    with pytest.raises(BackupNotMade, match="another installation"):
        waiting_outside(now)
    Emptied.objects.create(at=now - timedelta(hours=3))
    assert waiting_outside(now) == now - timedelta(hours=3) - CLOCKS_DIFFER
