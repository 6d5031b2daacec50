"""A checkpoint that a failing disk or somebody's hand damaged is named, and stops nothing else."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from leeward.audit.errors import CheckpointDamaged
from leeward.audit.models import AuditCheckpoint, AuditCosignature
from leeward.audit.tree.checkpoints import begin_anew, notes_published, prove, prove_rows, publish
from leeward.audit.tree.stored import damaged, newest_whole, note_of
from leeward.notices.writing.log_head import head_of
from leeward.site.health import current_alarms
from leeward.witnessing.services import publish_all
from tests.audit.test_log import some_acts
from tests.audit.test_tree import ACTOR, as_thief, cosigned_by
from tests.signers import signing_here

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _signer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    signing_here(monkeypatch, tmp_path / "signer")


def spoilt(row: AuditCheckpoint, column: str, value: str) -> None:
    with as_thief("audit_auditcheckpoint"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_auditcheckpoint SET {column} = %s WHERE id = %s", [value, row.pk])


@pytest.mark.parametrize(
    ("column", "value"), [("line", "x"), ("body", "x"), ("vkey", "x"), ("line", "— a.example AAAAAAAA")]
)
def test_the_only_checkpoint_is_damaged(column: str, value: str) -> None:
    some_acts(3)
    some_acts(2, hotline_id=6)
    row = publish(5, NOW).row
    spoilt(row, column, value)
    assert head_of(5) == "", "a letter goes without it"
    assert notes_published() == []
    assert Client().get("/proof").status_code == 200
    assert prove_rows(5, [1]) == {}
    assert ("log_damaged", (("what", "5/3"),)) in [(each.code, each.values) for each in current_alarms(NOW)]
    some_acts(1)
    problems = publish_all(NOW + 2 * HOUR)
    assert [problem for problem in problems if problem.startswith("The checkpoint of 3 rows of log 5 is damaged")]
    assert newest_whole(6) is not None, "the other log goes on"
    with pytest.raises(CheckpointDamaged):
        note_of(AuditCheckpoint.objects.get(pk=row.pk))
    begin_anew(5, actor=ACTOR)
    assert publish(5, NOW + 3 * HOUR).checkpoint.size == 5, "the way out, by a person"


def test_what_is_whole_before_it_is_sent_shown_and_continued() -> None:
    some_acts(3)
    before = note_of(publish(5, NOW).row).text
    some_acts(1)
    spoilt(publish(5, NOW + HOUR).row, "line", "x")
    assert head_of(5) == before
    assert prove(5, 2).proof.note.text == before
    some_acts(1)
    after = publish(5, NOW + 2 * HOUR)
    assert after.checkpoint.size == 5
    assert head_of(5) == note_of(after.row).text
    assert damaged() == ["5/4"], "it is still named"


def test_a_line_of_a_witness_that_is_damaged_is_left_out_and_named() -> None:
    some_acts(3)
    row = publish(5, NOW).row
    cosigned_by(5, b"1" * 32, "w.example/1", NOW)
    assert len(note_of(row).lines) == 2
    assert damaged() == []
    with as_thief("audit_auditcosignature"):
        AuditCosignature.objects.update(line="x")
    row = AuditCheckpoint.objects.get(pk=row.pk)
    assert len(note_of(row).lines) == 1
    assert damaged() == ["5/3"]


@pytest.mark.parametrize("column", ["body", "line", "vkey"])
def test_a_column_of_another_type_silences_no_alarm(column: str) -> None:
    some_acts(3)
    row = publish(5, NOW).row
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps no other type in a column")
    with as_thief("audit_auditcheckpoint"), connection.cursor() as cursor:
        cursor.execute(f"UPDATE audit_auditcheckpoint SET {column} = x'ff00fe' WHERE id = %s", [row.pk])
    assert damaged() == ["5/3"]
    assert ("log_damaged", (("what", "5/3"),)) in [(each.code, each.values) for each in current_alarms(NOW)]
    assert notes_published() == []
