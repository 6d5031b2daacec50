"""The nightly job makes and proves a backup; the doctor says how old the newest are."""

import base64
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.backup.models import Restoration
from leeward.backup.queries import newest_in
from leeward.backup.rules.manifest import name_at, read_cover
from leeward.backup.services import listed
from leeward.cli.serve import _say_where, plan_of
from leeward.jobs.models import Job
from leeward.jobs.registry import load
from leeward.jobs.worker import plan_repeating, run_job
from leeward.sealing.age import new_key
from leeward.site.config import Config
from leeward.site.deployment.inside import FROM_DOCTOR
from leeward.site.doctor import _backups, findings
from leeward.site.doctor_backups import of_backups
from leeward.site.tasks import back_up
from tests.backup.conftest import AT, House
from tests.backup.covers import put_cover, put_mark


def _numbers(folder: Path, now: datetime) -> list[str]:
    return [number for number, _sentence, _hint in of_backups(str(folder), now)]


@pytest.mark.django_db
def test_the_nightly_job_makes_one_and_proves_it_where_the_key_is(house: House, settings: Any) -> None:
    raw, public = new_key()
    update: dict[str, Any] = {
        "backup_to": str(house.folder),
        "backup_recipients": (public,),
        "backup_key": raw.decode(),
    }
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    restored = Restoration.objects.create(backup_at=AT, restored_at=AT)
    back_up()
    assert not house.folder.exists(), "a copy that was restored for trial leaves the real one's backups alone"
    restored.delete()
    back_up()
    (row,) = listed(house.folder)
    assert row.is_verified
    assert _numbers(house.folder, datetime.now(UTC)) == []
    back_up()
    assert len(listed(house.folder)) == 1, "the job comes by each hour, and makes one a day"


@pytest.mark.django_db
def test_the_first_is_made_once_a_worker_starts_with_a_place_and_not_an_hour_later(house: House, settings: Any) -> None:
    """As after `leeward backup schedule` and a restart: the job came by a moment ago, when no place was set."""
    load()
    plan_repeating(AT)
    Job.objects.update(due_at=AT + timedelta(hours=1))
    settings.LEEWARD = settings.LEEWARD.model_copy(
        update={"backup_to": str(house.folder), "backup_recipients": (house.public,)}
    )
    plan_repeating(AT)
    due = Job.objects.filter(due_at__lte=AT)
    assert [job.kind for job in due] == ["every:site.back_up"]
    run_job(due.get(), AT)
    assert len(listed(house.folder)) == 1


def test_no_folder_no_backup(house: House) -> None:
    back_up()
    assert not house.folder.exists()
    assert list(of_backups("", AT)) == []


def test_that_no_backup_is_made_at_all_is_said_with_the_way_out(house: House, settings: Any) -> None:
    """As after an installation was set up, or where a script of one's own ended unseen."""

    def named() -> list[str]:
        return [one.id.rpartition(".")[2] for one in findings() if ".site.W05" in one.id or ".site.E05" in one.id]

    settings.LEEWARD = settings.LEEWARD.model_copy(update={"backup_to": ""})
    mark = house.data / "backup-done"
    assert not mark.exists()
    assert named() == ["W055"]
    assert not any("was ever made" in one.sentence for one in findings()), (
        "a restored directory has no mark of earlier ones"
    )
    assert any("leeward backup schedule /backup" in one.hint for one in findings())
    mark.touch()
    assert named() == []
    at = (datetime.now(UTC) - timedelta(days=9)).timestamp()
    os.utime(mark, (at, at))
    assert named() == ["W056"]
    assert {"site.W055", "site.W056"} <= {*FROM_DOCTOR["backups"][1]}, "leeward doctor --deploy says it too"
    update = {"backup_to": str(house.folder), "backup_recipients": (house.public,)}
    settings.LEEWARD = settings.LEEWARD.model_copy(update=update)
    assert named() == ["E051"], "there is a place, and nothing in it"


@pytest.mark.django_db
def test_the_doctor_says_what_is_old_or_unproved(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    assert _numbers(folder, AT) == ["E051"]
    folder.mkdir()
    put_cover(folder, AT)
    assert _numbers(folder, AT + timedelta(hours=49)) == ["W051"]
    assert _numbers(folder, AT + timedelta(hours=51)) == ["E052", "W051"]
    put_mark(folder / name_at(AT))
    assert _numbers(folder, AT + timedelta(days=1)) == []
    assert _numbers(folder, AT + timedelta(days=32)) == ["E052", "W052"]


@pytest.mark.django_db
def test_heads_that_nothing_is_compared_with_are_named_by_the_doctor_and_at_the_start(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def said(**given: Any) -> list[str]:
        config = Config(bind="127.0.0.1:1", log_heads="heads", backup_to="backups", **given)
        _say_where(config, plan_of(config, None, bind=None, stop_bind=None, web=True, worker=True))
        return [one.id for one in _backups(config) if "LEEWARD_LOG_HEADS" in one.sentence]

    sentence = "LEEWARD_LOG_HEADS is set, but the nightly job proves no backup"
    assert said() == ["leeward.site.W054"]
    assert sentence in capsys.readouterr().out
    assert said(backup_key="AGE-SECRET-KEY-1") == []
    assert sentence not in capsys.readouterr().out


@pytest.mark.django_db
def test_a_file_that_only_has_the_name_of_a_backup_is_none(tmp_path: Path, settings: Any) -> None:
    now = AT + timedelta(hours=51)
    older = put_cover(tmp_path, AT)
    (tmp_path / name_at(now)).touch()
    shutil.copy(older, tmp_path / name_at(now - timedelta(minutes=1)))
    forged = read_cover(put_cover(tmp_path, now - timedelta(minutes=2)).read_bytes())
    assert forged is not None
    stranger = Ed25519PrivateKey.generate()
    public = base64.b64encode(stranger.public_key().public_bytes_raw()).decode()
    forged = forged.model_copy(update={"signed_by": public})
    signature = base64.b64encode(stranger.sign(forged.signed_text())).decode()
    (tmp_path / name_at(now - timedelta(minutes=2))).write_text(
        forged.model_copy(update={"signature": signature}).model_dump_json()
    )
    (tmp_path / "verified").mkdir()
    for path in tmp_path.glob("*.backup"):
        (tmp_path / "verified" / path.name).touch()
    assert newest_in(tmp_path, now) == (AT, None)
    put_mark(older)
    assert newest_in(tmp_path, now) == (AT, AT)
    assert _numbers(tmp_path, now) == ["E052"]
    damaged = tmp_path / "data"
    damaged.mkdir()
    (damaged / "audit.key").write_text("damaged")
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": damaged})
    assert newest_in(tmp_path, now) == (None, None)
