"""The nightly job makes and proves a backup; the doctor says how old the newest are."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from leeward.backup.models import Restoration
from leeward.backup.rules.manifest import name_at
from leeward.backup.services import listed
from leeward.sealing.age import new_key
from leeward.site.doctor_backups import of_backups
from leeward.site.tasks import back_up
from tests.backup.conftest import AT, House


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


def test_no_folder_no_backup(house: House) -> None:
    back_up()
    assert not house.folder.exists()
    assert list(of_backups("", AT)) == []


def test_the_doctor_says_what_is_old_or_unproved(tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    assert _numbers(folder, AT) == ["E051"]
    folder.mkdir()
    (folder / name_at(AT)).touch()
    assert _numbers(folder, AT + timedelta(hours=49)) == ["W051"]
    assert _numbers(folder, AT + timedelta(hours=51)) == ["E052", "W051"]
    (folder / "verified").mkdir()
    shutil.copy(folder / name_at(AT), folder / "verified")
    assert _numbers(folder, AT + timedelta(days=1)) == []
    assert _numbers(folder, AT + timedelta(days=32)) == ["E052", "W052"]
