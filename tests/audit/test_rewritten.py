"""A log that somebody rewrote from some row on, with every link and the tip made anew, against a checkpoint that was published, and
against a head of the time before there was a signer."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client

from leeward.audit.models import AuditCheckpoint, AuditHead, AuditRow, AuditTip
from leeward.audit.queries import entries, verdict
from leeward.audit.rules.chain import Entry, first_fault, link
from leeward.audit.rules.merkle import Peaks, appended, root_of
from leeward.audit.rules.notes import Checkpoint, Note
from leeward.audit.services import _tip_at, record
from leeward.audit.tree.checkpoints import publish
from leeward.audit.tree.nodes import leaf_of
from leeward.foundation.actor import Actor
from tests.audit.test_log import relinked, sealed_as_before, some_acts, tampered
from tests.audit.test_tree import as_thief
from tests.signers import signing_here

ACTOR = Actor("staff", 1, "Ana", 5)


def root_over(rows: list[Entry]) -> bytes:
    """What the tree over these rows comes to: whoever noted a checkpoint makes it from the rows that they are shown."""
    peaks: Peaks = ()
    for row in rows:
        peaks = appended(row.number - 1, peaks, leaf_of(row.number, row.hash, row.nonce, None))
    return root_of(peaks)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_rewritten_log_differs_from_its_published_checkpoint(
    at: int, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    signing_here(monkeypatch, tmp_path / "signer")
    some_acts(5)
    publish(5, datetime(2026, 11, 28, 12, tzinfo=UTC))
    some_acts(2)
    noted = Checkpoint.read(Note.read(client.get("/proof/5/checkpoint").content.decode()).body)
    rows = list(entries(5))
    assert verdict(5).fault is None
    assert (noted.size, noted.root) == (5, root_over(rows[:5]))
    rewritten = relinked(rows, at)
    for row in rewritten:
        tampered(
            "UPDATE audit_auditrow SET event = %s, previous = %s, hash = %s WHERE chain = 5 AND number = %s",
            row.event, row.previous, row.hash, row.number,
        )  # fmt: skip
    AuditTip.objects.filter(chain=5).update(hash=rewritten[-1].hash, peaks=None)
    fault = verdict(5).fault
    assert fault is not None
    assert (fault.number, "differs from the checkpoint of 2026-11-28 12:00 UTC" in fault.what) == (5, True)
    with as_thief("audit_auditcheckpoint"):
        AuditCheckpoint.objects.all().delete()
    assert verdict(5).fault is None, "within itself it is whole"
    assert root_over(rewritten[:5]) != noted.root, "whoever noted the published one sees it"


def a_log(count: int) -> list[Entry]:
    rows: list[Entry] = []
    for number in range(count):
        rows.append(
            link(
                rows[-1] if rows else None, chain=5, at=f"2026-12-01T00:00:0{number}.000000+00:00", event="case.claimed",
                actor="staff:1", subject=f"case:{number}", facts="{}",
            )
        )  # fmt: skip
    return rows


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_rewritten_log_differs_from_a_head_of_before(at: int) -> None:
    rows = a_log(6)
    published = {5: rows[4].hash}
    rewritten = relinked(rows, at)
    assert first_fault(5, rows, published)[0] is None
    assert first_fault(5, rewritten)[0] is None, "within itself it is whole"
    fault, good, _hash = first_fault(5, rewritten, published)
    assert fault is not None
    assert (fault.number, good) == (5, 4)
    assert "differs from its head" in fault.what


def test_what_comes_after_the_head_is_not_bound_by_it() -> None:
    rows = a_log(6)
    assert first_fault(5, relinked(rows, 6), {5: rows[4].hash})[0] is None


@pytest.mark.django_db(transaction=True)
def test_even_with_the_key_of_the_log_a_published_head_shows_it() -> None:
    """Whoever holds the database and the key can make the newest seal anew, not a head that stands elsewhere."""
    for number in range(5):
        with transaction.atomic():
            record("case.claimed", actor=ACTOR, hotline_id=5, subject=f"case:{number}", facts={"n": number})
    sealed_as_before()
    assert AuditHead.objects.get(chain=5).number == 5
    assert verdict(5).fault is None
    rewritten = relinked(list(entries(5)), 2)
    for row in rewritten:
        tampered(
            "UPDATE audit_auditrow SET event = %s, previous = %s, hash = %s WHERE chain = 5 AND number = %s",
            row.event, row.previous, row.hash, row.number,
        )  # fmt: skip
    AuditTip.objects.filter(chain=5).update(**_tip_at(rewritten[-1]))
    assert [row.hash for row in entries(5)] == [row.hash for row in rewritten]
    fault = verdict(5).fault
    assert fault is not None
    assert "differs from its head" in fault.what
    with transaction.atomic():
        record("case.claimed", actor=ACTOR, hotline_id=5, subject="case:9", facts={})
    later = verdict(5).fault
    assert later is not None, "nor does what is written after it hide it"
    assert AuditRow.objects.filter(chain=5).count() == len(rewritten) + 1
