"""The tree beside the chain: it grows with every act, checkpoints are signed by a process of its own, and a proof convinces
somebody who has neither the database nor our code."""

import errno
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from leeward.audit import append_only
from leeward.audit.errors import NotProven, SignerLost, SignerRefused, SignerSilent
from leeward.audit.models import AuditCheckpoint, AuditRow, AuditTile, AuditTip
from leeward.audit.queries import chains, entries, verdict
from leeward.audit.rules import tiles
from leeward.audit.rules.chain import Fault, link
from leeward.audit.rules.merkle import Peaks, appended, is_continued, is_included, leaf_hash, root_of
from leeward.audit.rules.notes import LOG, WITNESS, Checkpoint, Key, Line, Note, NoteRefused, cosigned, holds
from leeward.audit.rules.policy import Policy
from leeward.audit.rules.proofs import proven
from leeward.audit.services import append_many
from leeward.audit.signer.__main__ import _line
from leeward.audit.signer.state import Refused, Signer, answered
from leeward.audit.tree import checkpoints, planting, proof_folder, signing
from leeward.audit.tree.agreeing import begun_since, unspoken
from leeward.audit.tree.checkpoints import (
    begin_anew,
    chains_to_show,
    chains_to_sign,
    keep_cosignature,
    notes_published,
    own_log_key,
    prove,
    publish,
    witnessed,
)
from leeward.audit.tree.nodes import nodes_of, peaks_of, root_at
from leeward.audit.tree.own_key import forget_log_key, log_key_problem, need_log_key
from leeward.audit.tree.stored import newest, note_of
from leeward.foundation.actor import Actor
from tests.audit.test_log import relinked, some_acts, tampered
from tests.audit.test_notes import SCRIPT
from tests.signers import signing_here

NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
ACTOR = Actor("staff", 1, "Ana", 5)


@pytest.fixture(autouse=True)
def signer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Signer:
    return signing_here(monkeypatch, tmp_path / "signer")


def a_log(rows: int, chain: int = 5) -> None:
    made, last = [], None
    for number in range(rows):
        last = link(
            last, chain=chain, at="2026-11-24T12:00:00.000000+00:00", event="case.opened", actor="system",
            subject=f"case:{number}", facts="{}", nonce=f"{number:032x}",
        )  # fmt: skip
        made.append(last)
    append_many(made)


@pytest.mark.django_db
def test_each_act_has_its_nonce_and_the_tree_holds_it() -> None:
    some_acts(5)
    assert len(set(AuditRow.objects.values_list("nonce", flat=True))) == 5
    published = publish(5, NOW)
    assert published.checkpoint.size == 5
    assert published.checkpoint.origin == "testserver/audit/5"
    some_acts(4)
    later = publish(5, NOW + timedelta(hours=1))
    assert is_continued(5, 9, published.checkpoint.root, later.checkpoint.root, later.proof_from(5))
    for number in (1, 5, 9):
        found = prove(5, number)
        shown = proven(found.proof, found.entry, Key.read(found.log_key), [])
        assert (shown.number, shown.checkpoint) == (number, later.checkpoint)
        assert len(found.proof.text) < 2048
    assert verdict(5).fault is None
    assert publish(5, NOW).row == later.row, "the same rows are signed once"
    with pytest.raises(NotProven, match="no such row"):
        prove(5, 10)
    some_acts(1)
    with pytest.raises(NotProven, match="newer than the newest checkpoint"):
        prove(5, 10)
    with pytest.raises(NotProven, match="no such log"):
        publish(77, NOW)


@pytest.mark.django_db
def test_a_chain_is_signed_when_it_has_new_rows_and_shown_to_witnesses_hourly() -> None:
    some_acts(1)
    some_acts(1, hotline_id=6)
    assert chains_to_sign() == chains_to_show(NOW) == [5, 6]
    publish(5, NOW)
    assert (chains_to_sign(), chains_to_show(NOW)) == ([6], [5, 6])
    cosigned_by(5, b"1" * 32, "w.example/1", NOW)
    assert chains_to_show(NOW + timedelta(minutes=59)) == [6]
    some_acts(1)
    assert (chains_to_sign(), chains_to_show(NOW + timedelta(minutes=59))) == ([5, 6], [6])
    publish(5, NOW + timedelta(minutes=59))
    assert (chains_to_sign(), chains_to_show(NOW + timedelta(minutes=61))) == ([6], [5, 6])


@pytest.mark.django_db
def test_tiles_are_kept_once_full_and_proofs_read_them() -> None:
    a_log(256 * 3 + 7)
    tip = AuditTip.objects.get(chain=5)
    leaves = [leaf_hash(bytes.fromhex(row.hash) + bytes.fromhex(row.nonce)) for row in entries(5)]
    publish(5, NOW)
    assert sorted(AuditTile.objects.values_list("level", "number")) == [(0, 0), (0, 1), (0, 2)]
    assert bytes(AuditTile.objects.get(number=1).hashes) == b"".join(leaves[256:512])
    AuditRow.objects.filter(chain=5)
    for number in (1, 256, 257, 700, 775):
        found = prove(5, number)
        assert is_included(number - 1, tip.number, leaves[number - 1], found.proof.hashes, root_at(tip))
    assert nodes_of(tip)(8, 1) == bytes(AuditTile.objects.get(number=1).root)


@pytest.mark.django_db(transaction=True)
def test_old_rows_are_planted_as_they_are_and_can_be_proven() -> None:
    """An upgrade changes no row, and leaves the triggers that refuse changes."""
    last, rows = None, []
    for number in range(600):
        last = link(
            last, chain=5, at="2026-11-24T12:00:00.000000+00:00", event="case.opened", actor="system",
            subject=f"case:{number}", facts="{}",
        )  # fmt: skip
        rows.append(last)
    AuditRow.objects.bulk_create([AuditRow(**asdict(row)) for row in rows])
    append_many([])
    from leeward.audit.services import _tip_at

    AuditTip.objects.create(chain=5, **_tip_at(rows[-1]))
    AuditTip.objects.create(chain=6, number=0, hash="0" * 64, at="", signature="")
    planting.plant(connection)
    tip = AuditTip.objects.get(chain=5)
    assert [tuple(each) for each in AuditTile.objects.values_list("level", "number")] == [(0, 0), (0, 1)]
    assert verdict(5).fault is None
    some_acts(2)
    publish(5, NOW)
    for number in (1, 300, 600, 602):
        found = prove(5, number)
        proven(found.proof, found.entry, Key.read(found.log_key), [])
        assert found.row["version"] == (1 if number <= 600 else 2)
    planting.plant(connection)
    assert AuditTip.objects.get(chain=5).salt == tip.salt, "once is enough"
    assert peaks_of(AuditTip.objects.get(chain=6)) == ()
    with pytest.raises(DatabaseError, match="only grow"), connection.cursor() as cursor:
        cursor.execute("UPDATE audit_auditrow SET event = 'x'")


@contextmanager
def as_thief(table: str) -> Iterator[None]:
    """Change what only grows, as somebody with the database's password would."""
    with connection.schema_editor() as editor:
        append_only.allow(editor)
        append_only.allow_checkpoints(editor)
    yield
    with connection.schema_editor() as editor:
        append_only.refuse(editor)
        append_only.refuse_checkpoints(editor)


@pytest.mark.django_db(transaction=True)
def test_a_cut_with_the_old_tip_put_back_is_found_by_the_signed_checkpoint() -> None:
    some_acts(4)
    before = AuditTip.objects.filter(chain=5).values().get()
    some_acts(3)
    publish(5, NOW)
    tampered("DELETE FROM audit_auditrow WHERE number > 4")
    AuditTip.objects.filter(chain=5).update(**before)
    fault = verdict(5).fault
    assert fault is not None
    assert fault.what == ("is missing: a signed checkpoint speaks of 7 rows; this happened after 2026-11-28 12:00 UTC")
    with pytest.raises(SignerRefused, match="7 rows were signed before, and now there are 4"):
        publish(5, NOW + timedelta(hours=1))
    some_acts(5)
    with pytest.raises(SignerRefused, match="not the log of which 7 rows were signed"):
        publish(5, NOW + timedelta(hours=2))
    with as_thief("audit_auditcheckpoint"):
        AuditCheckpoint.objects.all().delete()
    assert verdict(5).fault is None, "within itself it is whole again"
    with pytest.raises(SignerRefused, match="not the log of which 7 rows were signed"):
        publish(5, NOW + timedelta(hours=3))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", ["cut", "gap", "rewritten"])
def test_what_was_cut_or_rewritten_is_named_with_its_hours(act: str) -> None:
    for hour in range(4):
        some_acts(2)
        publish(5, NOW + timedelta(hours=hour))
    assert (verdict(5).signed, verdict(5).signed_at, verdict(5).unsigned_since) == (8, NOW + timedelta(hours=3), "")
    some_acts(2)
    assert verdict(5).unsigned_since == AuditRow.objects.get(chain=5, number=9).at
    rows = relinked(list(entries(5)), 5)
    if act == "rewritten":
        for row in rows[4:]:
            values = (row.event, row.previous, row.hash, row.number)
            tampered("UPDATE audit_auditrow SET event = %s, previous = %s, hash = %s WHERE number = %s", *values)
        AuditTip.objects.filter(chain=5).update(hash=rows[-1].hash, peaks=None)
    elif act == "gap":
        tampered("DELETE FROM audit_auditrow WHERE number = 5")
    else:
        tampered("DELETE FROM audit_auditrow WHERE number > 4")
        AuditTip.objects.filter(chain=5).update(number=4, hash=rows[3].hash, peaks=None)
    number, what = {
        "cut": (5, "is missing: a signed checkpoint speaks of 8 rows"),
        "gap": (5, "is missing: row 6 comes next"),
        "rewritten": (6, "or one before it differs from the checkpoint of 2026-11-28 14:00 UTC"),
    }[act]
    hours = "up to row 4 the log is as it was signed at 2026-11-28 13:00 UTC; this happened after 2026-11-28 15:00 UTC"
    assert verdict(5).fault == Fault(5, number, f"{what}; {hours}")


def written_anew(event: str, origin: str) -> None:
    """Let row 4 of log 5 say something else and put all that follows from it in order, as whoever can write into the database could."""
    rows = [asdict(row) | ({"event": event} if row.number == 4 else {}) for row in entries(5)]
    with as_thief("audit_auditcheckpoint"):
        AuditCheckpoint.objects.filter(chain=5).delete()
        AuditRow.objects.filter(chain=5).delete()
        AuditTip.objects.filter(chain=5).delete()
    made, last = [], None
    for row in rows:
        last = link(
            last, **{name: row[name] for name in ("chain", "at", "event", "actor", "subject", "facts", "nonce")}
        )
        made.append(last)
    append_many(made)
    AuditTip.objects.filter(chain=5).update(origin=origin)


@pytest.mark.django_db(transaction=True)
def test_a_log_written_anew_is_found_by_what_the_signer_signed_under_its_former_name() -> None:
    """Under a name that it never heard the signer begins anew; no act says so, and within itself all is whole."""
    some_acts(9)
    publish(5, NOW)
    assert (begun_since(NOW - timedelta(days=7)), unspoken(may_lack_logs=False)) == ([], {})
    written_anew("case.closed", "testserver/audit/5/2")
    publish(5, NOW)
    assert verdict(5).fault is None, "within itself it is whole"
    [(name, at)] = begun_since(datetime.now(UTC) - timedelta(days=7))
    assert name == "testserver/audit/5/2"
    assert begun_since(datetime.now(UTC) + timedelta(seconds=1)) == []
    what = "or a later one was written anew: the signer has signed 9 rows of testserver/audit/5, of which this log says nothing"
    assert unspoken(may_lack_logs=False)[5].what.startswith(f"{what}; it began that at {at:%Y-%m-%d %H:}")
    AuditTip.objects.filter(chain=5).update(origin="testserver/audit/77")
    publish(5, NOW)
    assert "testserver/audit/77" in [name for name, _at in begun_since(datetime.now(UTC) - timedelta(days=7))]


@pytest.mark.django_db(transaction=True)
def test_rows_or_logs_that_the_signer_signed_and_that_are_gone_are_found() -> None:
    some_acts(4)
    before = AuditTip.objects.filter(chain=5).values().get()
    some_acts(3)
    publish(5, NOW)
    before["origin"] = AuditTip.objects.get(chain=5).origin
    with as_thief("audit_auditcheckpoint"):
        AuditCheckpoint.objects.all().delete()
        AuditRow.objects.filter(chain=5, number__gt=4).delete()
    AuditTip.objects.filter(chain=5).update(**before)
    signed = "the signer has signed 7 rows of testserver/audit/5"
    assert verdict(5).fault is None
    assert unspoken(may_lack_logs=False) == {5: Fault(5, 5, f"is missing: {signed}")}
    assert unspoken(may_lack_logs=False, may_lack_rows=True) == {}
    with as_thief("audit_auditrow"):
        AuditRow.objects.filter(chain=5).delete()
        AuditTip.objects.filter(chain=5).delete()
    assert unspoken(may_lack_logs=False) == {5: Fault(5, 1, f"is missing: {signed}, and nothing of it is here")}
    assert unspoken(may_lack_logs=True) == {}


@pytest.mark.django_db
def test_a_log_that_says_that_it_began_anew_hides_nothing(tmp_path: Path) -> None:
    some_acts(4)
    publish(5, NOW)
    begin_anew(5, actor=ACTOR)
    publish(5, NOW)
    week = datetime.now(UTC) - timedelta(days=7)
    assert (begun_since(week), unspoken(may_lack_logs=False)) == ([], {})
    (tmp_path / "signer" / "begun.json").write_text("{", encoding="utf-8")
    assert (begun_since(week), unspoken(may_lack_logs=False)) == ([], {})


@pytest.mark.django_db
def test_a_checkpoint_signed_by_another_key_than_the_signers_is_found(signer: Signer) -> None:
    some_acts(3)
    publish(5, NOW)
    ours, other = signer.public(LOG), b"9" * 32
    assert verdict(5, signer=ours).fault is None
    assert own_log_key() == ours
    another = Fault(5, 3, "has a checkpoint that another key than the signer’s has signed")
    assert verdict(5, signer=other).fault == another
    AuditTip.objects.filter(chain=5).update(origin="a.new.name/audit/5")
    assert verdict(5, signer=other).fault is None, "under a name of before another signer may have signed"


@pytest.mark.django_db(transaction=True)
def test_a_log_of_which_only_a_checkpoint_is_left_is_found() -> None:
    some_acts(3)
    publish(5, NOW)
    with as_thief("audit_auditrow"):
        AuditRow.objects.filter(chain=5).delete()
        AuditTip.objects.filter(chain=5).delete()
    assert chains() == [5]
    fault = verdict(5).fault
    assert fault is not None
    assert "is missing: a signed checkpoint speaks of 3 rows" in fault.what


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_that_was_changed_or_forged_is_found() -> None:
    some_acts(3)
    row = publish(5, NOW).row
    for sql in ("UPDATE audit_auditcheckpoint SET size = 2", "DELETE FROM audit_auditcheckpoint"):
        with pytest.raises(DatabaseError, match="only grow"), connection.cursor() as cursor:
            cursor.execute(sql)
    checkpoint = Checkpoint.read(row.body)
    forged = Checkpoint(checkpoint.origin, 3, bytes(32))
    with as_thief("audit_auditcheckpoint"):
        AuditCheckpoint.objects.update(body=forged.text)
    fault = verdict(5).fault
    assert fault is not None
    assert fault.what == "has a checkpoint with a false signature"


@pytest.mark.django_db(transaction=True)
def test_rows_without_a_nonce_after_there_were_some_are_found() -> None:
    some_acts(3)
    tampered("UPDATE audit_auditrow SET nonce = NULL WHERE number = 2")
    fault = verdict(5).fault
    assert fault is not None
    assert (fault.number, fault.what) == (2, "was changed")
    tampered("UPDATE audit_auditrow SET nonce = %s WHERE number = 2", "0" * 32)
    assert verdict(5).fault == fault


@pytest.mark.django_db
def test_an_answer_of_the_signer_that_was_lost_stops_nothing(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> None:
    some_acts(3)
    publish(5, NOW)
    some_acts(3)
    tip = AuditTip.objects.get(chain=5)
    tree = nodes_of(tip)
    from leeward.audit.rules.merkle import consistency_proof

    signer.checkpoint(Checkpoint(tip.origin, 6, root_at(tip)), consistency_proof(3, 6, tree))
    some_acts(2)
    assert publish(5, NOW).checkpoint.size == 8


@pytest.mark.django_db
def test_a_lost_key_begins_the_tree_anew_by_an_act_of_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    some_acts(3)
    publish(5, NOW)
    signing_here(monkeypatch, tmp_path / "another")
    with pytest.raises(SignerRefused, match="its key is not the one that signed 3 rows"):
        publish(5, NOW)
    assert begin_anew(5, actor=ACTOR) == "testserver/audit/5/2"
    made = publish(5, NOW)
    assert made.checkpoint.size == 4
    assert AuditRow.objects.get(chain=5, number=4).event == "log.began_anew"
    assert verdict(5).fault is None
    assert newest(5) == made.row


@pytest.mark.django_db
def test_a_proof_convinces_openssl(tmp_path: Path) -> None:
    some_acts(7)
    publish(5, NOW)
    found = prove(5, 3)
    (tmp_path / "proof").write_text(found.proof.text)
    command = ["bash", SCRIPT, tmp_path / "proof", f"--entry={found.entry.hex()}", found.log_key]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "the row with this entry is line 3 of the log"
    assert note_of(newest(5)) == found.proof.note


def test_the_signer_signs_only_what_continues_what_it_signed(tmp_path: Path) -> None:
    """The same for its own log and for a log that it witnesses: a high-water mark outside any database."""
    from leeward.audit.rules.merkle import consistency_proof
    from tests.audit.test_merkle import LEAVES, defined, node_at

    def made(size: int, leaves: list[bytes] = LEAVES) -> Checkpoint:
        return Checkpoint("a.example/audit/1", size, defined(leaves[:size]))

    signer = Signer(tmp_path)
    signer.checkpoint(made(5), [])
    signer.checkpoint(made(5), [])
    signer.checkpoint(made(13), consistency_proof(5, 13, node_at))
    signer = Signer(tmp_path)
    other = [LEAVES[900], *LEAVES[1:]]
    for wrong, proof in (
        (made(5), []),
        (made(13, other), []),
        (made(20, other), consistency_proof(13, 20, node_at)),
        (made(20), []),
    ):
        with pytest.raises(Refused) as refused:
            signer.checkpoint(wrong, proof)
        assert refused.value.size == 13
    signer.cosign(made(3), [], 1)
    with pytest.raises(Refused):
        signer.cosign(made(2), [], 1)
    (tmp_path / "state.json").write_text("{}")
    with pytest.raises(Refused, match="says how far was signed"):
        Signer(tmp_path)
    (tmp_path / "state.json").unlink()
    with pytest.raises(Refused, match="says how far was signed"):
        Signer(tmp_path)
    (tmp_path / "log.key").unlink()
    with pytest.raises(Refused, match=r"log\.key is missing"):
        Signer(tmp_path)


@pytest.mark.django_db
def test_the_signer_answers_in_a_process_of_its_own(
    tmp_path: Path, settings: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    signing._keys.cache_clear()
    monkeypatch.setattr(signing, "folder", lambda: tmp_path / "apart")
    checkpoint = Checkpoint("a.example/audit/1", 1, bytes(32))
    key = signing.key("a.example/audit/1", LOG)
    signed = signing.sign_checkpoint(checkpoint, [])
    assert holds(checkpoint.text, Line(key.name, key.id, signed), key)
    with pytest.raises(SignerRefused, match="1 rows were signed before"):
        signing.sign_checkpoint(Checkpoint("a.example/audit/1", 0, bytes(32)), [])
    assert (tmp_path / "apart" / "log.key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "apart" / "log.key").unlink()
    with pytest.raises(SignerSilent, match=r"log\.key is missing"):  # nothing is wrong with the rows
        signing.sign_checkpoint(checkpoint, [])


@pytest.mark.django_db
@pytest.mark.parametrize("lost", ["state.json", "log.key"])
def test_a_signer_that_lost_a_part_of_its_folder_is_named_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lost: str
) -> None:
    """And the way out leads out."""
    monkeypatch.undo()
    signing._keys.cache_clear()
    folder = tmp_path / "apart"
    monkeypatch.setattr(signing, "folder", lambda: folder)
    some_acts(3)
    assert need_log_key(NOW) == ""
    publish(5, NOW)
    (folder / lost).unlink()
    signing._keys.cache_clear()
    with pytest.raises(SignerLost, match=f"can sign nothing any more: {folder / lost} is missing") as refused:
        publish(5, NOW)
    for problem in (refused.value, log_key_problem()):
        assert problem is not None
        assert lost in problem.text
        assert "move what is left of it aside" in str(problem.hint)
        assert "begin-anew CHAIN --signer-lost" in str(problem.hint)
    forget_log_key()  # as where a restoring was taken up and waits for a person
    problem = log_key_problem()
    assert isinstance(problem, SignerLost)
    assert lost in problem.text
    assert not (folder / lost).exists(), "looking makes nothing"
    folder.rename(tmp_path / "aside")
    assert log_key_problem() is None, "the next start makes a signer"
    assert not folder.exists()
    assert begin_anew(5, actor=ACTOR) == "testserver/audit/5/2"
    assert need_log_key(NOW) == ""
    assert publish(5, NOW).checkpoint.size == 4
    assert log_key_problem() is None


def test_a_signer_that_runs_says_what_it_lost_and_looks_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of its own user, which the service's can't look into: it used to end, and nobody heard why."""
    monkeypatch.undo()
    folder = tmp_path / "apart"
    Signer(folder)
    state = (folder / "state.json").read_bytes()
    (folder / "state.json").unlink()
    monkeypatch.setattr(signing, "folder", lambda: folder)
    command = [sys.executable, "-P", "-m", "leeward.audit.signer", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            assert "state.json is missing" in process.stderr.readline(), "for the journal"
            until = time.monotonic() + 60
            while not (folder / "socket").exists() and time.monotonic() < until:
                time.sleep(0.05)
            with pytest.raises(SignerLost, match=r"state\.json is missing"):
                signing.asked_log_key()
            (folder / "state.json").write_bytes(state)
            assert len(signing.asked_log_key()) == 32
        finally:
            process.kill()


@pytest.mark.django_db
def test_a_signer_that_is_started_for_one_signature_is_given_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    signing._keys.cache_clear()
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nenv > {tmp_path}/told\nexec {sys.executable} "$@"\n', encoding="utf-8")
    python.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(signing, "folder", lambda: tmp_path / "apart")
    monkeypatch.setenv("LEEWARD_WORDS_PASSPHRASE", "a long one")
    signing.key("a.example/audit/1", LOG)
    assert "LEEWARD_" not in (tmp_path / "told").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["log.key", "socket"])
def test_a_signer_that_listens_or_has_a_key_is_not_missing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "folder", lambda: tmp_path)
    assert signing.is_missing()
    (tmp_path / name).touch()
    assert not signing.is_missing()


@pytest.mark.parametrize(
    "request_",
    [
        {},
        {"act": "x"},
        {"act": "checkpoint"},
        {"act": "cosign", "checkpoint": "a\n1\n", "proof": 3},
        {"act": "checkpoint", "checkpoint": "a\n1\nAAAA\n", "proof": ["x"]},
    ],
)
def test_the_signer_refuses_what_it_cant_read(tmp_path: Path, request_: dict) -> None:
    assert answered(Signer(tmp_path), request_) == {"refused": "this request can't be read", "size": None}


@pytest.mark.django_db
def test_a_folder_for_a_court_is_checked_without_the_database(tmp_path: Path) -> None:
    some_acts(6)
    publish(5, NOW)
    found = prove(5, 2)
    files = proof_folder.write(tmp_path / "proof", found)
    names = {"row.txt", "row.tlog-proof", "keys.txt", "how-to-check.txt", "check-with-openssl.sh"}
    assert {path.name for path in files} == names == {path.name for path in (tmp_path / "proof").iterdir()}
    trusted = Policy.read(f"# ours\nlog {found.log_key}\n")
    good = proof_folder.check(tmp_path / "proof", trusted)
    assert (good["ok"], good["row"], good["size"]) == (True, 2, 6)
    assert "that you didn't name" in proof_folder.check(tmp_path / "proof", None)["sentence"]
    how = (tmp_path / "proof" / "how-to-check.txt").read_text()
    command = next(line for line in how.splitlines() if line.startswith("bash "))
    done = subprocess.run(command, shell=True, cwd=tmp_path / "proof", capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "this row is line 2 of the log"
    row = (tmp_path / "proof" / "row.txt").read_text()
    for wrong, sentence in (
        (row.replace("case:1", "case:2"), "not in this log, or it was changed"),
        (row.replace("version 2", "version 1"), "not in this log, or it was changed"),
        ("{}", "a row has these lines and no others"),
        ("\n", "a row has these lines and no others"),
        ("x" * 2_000_000, "larger than a proof"),
    ):
        (tmp_path / "proof" / "row.txt").write_text(wrong)
        refused = proof_folder.check(tmp_path / "proof", trusted)
        assert not refused["ok"]
        assert sentence in refused["sentence"]
    (tmp_path / "proof" / "row.txt").write_text(row)
    stranger = Policy.read(f"log {Key('other.example/audit/5', LOG, bytes(32)).text}")
    assert "no key is trusted" in proof_folder.check(tmp_path / "proof", stranger)["sentence"]
    witness = Key("w.example", WITNESS, bytes(31) + b"\1")
    asking = Policy.read(f"log {found.log_key}\nwitness {witness.text}")
    assert "0 of the 1 witnesses needed" in proof_folder.check(tmp_path / "proof", asking)["sentence"]
    assert "No such file" in proof_folder.check(tmp_path / "nowhere", trusted)["sentence"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("change", ["facts = '{}', event = 'case.closed'", "hash = previous"])
def test_no_folder_is_made_of_a_row_that_was_changed(tmp_path: Path, change: str) -> None:
    """It would say how to check it, and be found to prove nothing by the court's expert."""
    some_acts(6)
    publish(5, NOW)
    tampered(f"UPDATE audit_auditrow SET {change} WHERE number = 2")
    with pytest.raises(NoteRefused, match=r"was changed|is not that of its fields"):
        proof_folder.write(tmp_path / "proof", prove(5, 2))
    assert not (tmp_path / "proof").exists()


def as_of_old(folder: Path, found: Any) -> None:
    """The folder that version 0.2 wrote of a proof."""
    folder.mkdir()
    (folder / "row.json").write_text(
        json.dumps(found.row | {"log": found.log_key}, ensure_ascii=False, indent=1) + "\n"
    )
    (folder / "row.tlog-proof").write_text(found.proof.text)


def cosigned_by(chain: int, seed: bytes, name: str, at: datetime) -> Key:
    """A witness's line below the newest checkpoint, as it would send it."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    key = Key(name, WITNESS, private.public_key().public_bytes_raw())
    published = publish(chain, at)
    line = cosigned(published.checkpoint, key, int(at.timestamp()), private.sign)
    assert keep_cosignature(published, key, line)
    assert not keep_cosignature(published, key, line), "once"
    return key


@pytest.mark.django_db
def test_what_witnesses_vouch_for_is_named_with_what_they_dont() -> None:
    some_acts(3)
    publish(5, NOW)
    log_key = prove(5, 1).log_key
    alone = Policy.read(f"log {log_key}")
    assert witnessed(5, alone, NOW).sentence == "Whole up to row 3, seen by no witness; it is the newest row."
    one = cosigned_by(5, b"1" * 32, "w.example/1", NOW)
    two = cosigned_by(5, b"2" * 32, "w.example/2", NOW)
    policy = Policy.read(f"log {log_key}\nwitness {one.text}\nwitness {two.text}\nneed 2\n")
    some_acts(2)
    publish(5, NOW + timedelta(hours=1))
    found = witnessed(5, policy, NOW + timedelta(hours=1))
    assert found.problem == ""
    seen = "seen by w.example/1 at 2026-11-28 12:00 UTC, w.example/2 at 2026-11-28 12:00 UTC"
    assert found.sentence == f"Whole up to row 3, {seen}; for the 2 rows after it nobody vouches yet."
    assert "0 of the 2 witnesses needed" in witnessed(5, policy, NOW + timedelta(hours=27)).problem
    assert witnessed(6, policy, NOW).problem == "no checkpoint of it was ever signed"
    assert prove(5, 2).witness_keys == (one.text, two.text)
    with pytest.raises(NotProven):
        prove(5, 9)


@pytest.mark.django_db
def test_the_public_page_shows_the_first_note_of_the_day(client: Client) -> None:
    """How busy a small hotline is within a day is nobody's business."""
    some_acts(2)
    publish(5, NOW - timedelta(days=1))
    some_acts(1)
    first = publish(5, NOW)
    some_acts(4)
    publish(5, NOW + timedelta(hours=1))
    assert [(note.chain, note.text) for note in notes_published()] == [(5, note_of(first.row).text)]
    page = client.get("/proof").content.decode()
    assert first.row.body.strip() in page
    assert "No witness has seen it yet" in page
    some_acts(1)
    cosigned_by(5, b"1" * 32, "w.example/1", NOW + timedelta(days=1))
    assert "by 1 witness that saw it" in client.get("/proof").content.decode()


@pytest.mark.django_db
def test_whoever_follows_a_log_makes_its_root_from_tiles(client: Client) -> None:
    """By the paths of c2sp.org/tlog-tiles, and as far as the published checkpoint goes."""
    a_log(600)
    published = publish(5, NOW)
    some_acts(10)
    publish(5, NOW + timedelta(hours=1))
    note = client.get("/proof/5/checkpoint").content.decode()
    checkpoint = Checkpoint.read(Note.read(note).body)
    assert checkpoint == published.checkpoint
    paths = [tiles.path_of(0, 0), tiles.path_of(0, 1), tiles.path_of(0, 2, 600 - 512)]
    bodies = [client.get(f"/proof/5/{path}").content for path in paths]
    peaks: Peaks = ()
    for size, leaf in enumerate(leaf for body in bodies for leaf in tiles.hashes_in(body)):
        peaks = appended(size, peaks, leaf)
    assert root_of(peaks) == checkpoint.root
    above = tiles.hashes_in(client.get(f"/proof/5/{tiles.path_of(1, 0, 2)}").content)
    assert above == [tiles.root_in(tiles.hashes_in(body)) for body in bodies[:2]]
    beyond = [tiles.path_of(0, 2, 89), tiles.path_of(0, 2), tiles.path_of(1, 0, 3), tiles.path_of(8, 0), "tile/0/2"]
    for path in (*beyond, tiles.path_of(0, 2, 300), tiles.path_of(0, 0, 0)):
        assert client.get(f"/proof/5/{path}").status_code == 404, path
    assert client.get("/proof/6/checkpoint").status_code == client.get("/proof/6/tile/0/000").status_code == 404


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("trust me", "line 1 is none of"),
        ("need 1", "of 0 witnesses, 0 to 0 can be needed, not 1"),
        ("need x", "line 1 is none of"),
        ("witness {w}\nneed 0", "of 1 witnesses, 1 to 1 can be needed, not 0"),
        ("witness {w}\nwitness {w}", "one key stands here twice"),
        ("log {w}", "a key of a log stands where"),
        ("need 1\nneed 1\nwitness {w}", "line 2 is none of"),
    ],
)
def test_a_policy_that_would_prove_less_than_it_seems_is_refused(text: str, why: str) -> None:
    witness = Key("w.example", WITNESS, bytes(32)).text
    with pytest.raises(NoteRefused, match=why):
        Policy.read(text.replace("{w}", witness))


def test_a_policy_asks_more_than_half_of_its_witnesses() -> None:
    lines = [f"witness {Key(f'w{number}.example', WITNESS, bytes([number] * 32)).text}" for number in range(5)]
    assert [Policy.read("\n".join(lines[:count])).need for count in range(6)] == [0, 1, 2, 2, 3, 3]


@pytest.mark.django_db
def test_the_public_page_asks_as_much_for_many_hotlines_as_for_one() -> None:
    asked = []
    for chain in (5, 6, 7):
        a_log(2, chain)
        publish(chain, NOW)
        with CaptureQueriesContext(connection) as queries:
            assert len(notes_published()) == chain - 4
        asked.append(len(queries))
    assert asked[0] == asked[-1]


@pytest.mark.django_db
def test_a_signature_that_does_not_hold_is_never_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another signer was put in the place of the one whose key this process remembers."""
    some_acts(2)
    remembered = dict(signing._keys(signing.folder()))
    signing_here(monkeypatch, tmp_path / "another")
    monkeypatch.setattr(signing, "_keys", remembering := Remembering(remembered))
    with pytest.raises(SignerRefused, match="its key is another one than before") as refused:
        publish(5, NOW)
    assert "Rows were removed" not in f"{refused.value.text} {refused.value.hint}", "nothing says so"
    assert "Put the signer’s folder in its place as it was" in str(refused.value.hint)
    assert remembering.is_cleared, "or it would be refused for ever"
    assert not AuditCheckpoint.objects.exists()


class Remembering:
    def __init__(self, keys: dict[str, str]) -> None:
        self.keys, self.is_cleared = keys, False

    def __call__(self, _folder: Path) -> dict[str, str]:
        return self.keys

    def cache_clear(self) -> None:
        self.is_cleared = True


@pytest.mark.django_db
def test_who_publishes_at_the_same_time_goes_on_from_the_newer_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    """The other one read the log later and had it signed sooner."""
    some_acts(2)
    publish(5, NOW)
    some_acts(1)
    at_first = checkpoints.make_tiles

    def while_another_publishes(tip: AuditTip) -> None:
        monkeypatch.setattr(checkpoints, "make_tiles", at_first)
        some_acts(2)
        publish(5, NOW)

    monkeypatch.setattr(checkpoints, "make_tiles", while_another_publishes)
    assert publish(5, NOW).checkpoint.size == 5
    assert list(AuditCheckpoint.objects.order_by("id").values_list("size", flat=True)) == [2, 5]


def test_a_signer_that_was_ended_while_it_made_its_folder_begins_again(tmp_path: Path) -> None:
    made = Signer(tmp_path)
    (tmp_path / "witness.key").unlink()
    assert Signer(tmp_path).public(LOG) == made.public(LOG)
    Signer(tmp_path).cosign(Checkpoint("a.example/audit/1", 1, bytes(32)), [], 1)
    (tmp_path / "witness.key").unlink()
    with pytest.raises(Refused, match=r"witness\.key is missing"):
        Signer(tmp_path)


def test_a_signer_that_signed_and_has_no_key_left_overwrites_nothing(tmp_path: Path) -> None:
    Signer(tmp_path).cosign(Checkpoint("a.example/audit/1", 1, bytes(32)), [], 1)
    for name in ("log.key", "witness.key"):
        (tmp_path / name).unlink()
    for state in ((tmp_path / "state.json").read_bytes(), b"{", b""):
        (tmp_path / "state.json").write_bytes(state)
        with pytest.raises(Refused, match=r"log\.key is missing"):
            Signer(tmp_path)
        assert (tmp_path / "state.json").read_bytes() == state
        assert not list(tmp_path.glob("*.key"))


@pytest.mark.parametrize(
    "text", ["[" * 60_000, '{"act": "cosign", "checkpoint": "CHECKPOINT", "proof": [], "time": Infinity}']
)
def test_no_request_ends_the_signer(tmp_path: Path, text: str) -> None:
    good = Checkpoint("a.example/audit/1", 1, bytes(32)).text
    request = text.replace("CHECKPOINT", good.replace("\n", "\\n")).encode()
    assert "can't be read" in _line(Signer(tmp_path), request)


def test_a_full_disk_is_named_and_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = Signer(tmp_path)
    request = {"act": "checkpoint", "checkpoint": Checkpoint("a.example/1", 1, bytes(32)).text, "proof": []}
    monkeypatch.setattr("os.fsync", full := Full())
    assert answered(signer, request) == {"refused": "no space left on device", "size": None}
    full.is_full = False
    assert "signature" in answered(signer, request)


class Full:
    is_full = True

    def __call__(self, _file: int) -> None:
        if self.is_full:
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.django_db
@pytest.mark.parametrize("row", ['{"facts": 5}', "[]", "[" * 200_000])
def test_a_folder_that_somebody_made_up_proves_nothing(tmp_path: Path, row: str) -> None:
    some_acts(2)
    publish(5, NOW)
    as_of_old(tmp_path / "proof", prove(5, 1))
    fields = json.loads((tmp_path / "proof" / "row.json").read_text())
    (tmp_path / "proof" / "row.json").write_text(json.dumps(fields | json.loads(row)) if row[0] == "{" else row)
    assert not proof_folder.check(tmp_path / "proof", None)["ok"]


@pytest.mark.django_db
def test_a_signer_that_was_late_with_a_log_that_began_anew_alarms_nobody_a_week_later(tmp_path: Path) -> None:
    some_acts(4)
    publish(5, NOW)
    begin_anew(5, actor=ACTOR)
    publish(5, NOW)
    at = datetime.fromisoformat(AuditRow.objects.get(event="log.began_anew").at)
    begun = tmp_path / "signer" / "begun.json"
    known = {name: int(at.timestamp()) + 3600 for name in json.loads(begun.read_text())}
    begun.write_text(json.dumps(known | {"testserver/audit/5": 0}))
    assert begun_since(at + timedelta(minutes=30)) == []
