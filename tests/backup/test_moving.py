"""One hotline moved whole: every table is decided about, nothing of another goes along, and what isn't whole changes nothing."""

import io
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django_scopes import scope, scopes_disabled

from leeward.administration.services import export_hotline, import_hotline
from leeward.audit import keys
from leeward.audit.models import AuditCosignature, AuditRow
from leeward.audit.queries import log_of, verdict
from leeward.audit.rules.signatures import public_of
from leeward.audit.services import record
from leeward.audit.tree.checkpoints import publish
from leeward.backup.errors import HotlineNotMoved, StillHeld
from leeward.backup.hotline.file import MAGIC, Opening, Reader, trusted
from leeward.backup.hotline.rows import lines_of, tables
from leeward.backup.queries import is_held, require_free
from leeward.backup.rules.belonging import LEFT_OUT, PATHS
from leeward.blocklist.models import BlockList
from leeward.blocklist.publishing.models import Publication
from leeward.cli.hotline import import_one
from leeward.foundation.actor import SYSTEM, Actor
from leeward.intake.receipts import find_receipt
from leeward.jobs.models import Job
from leeward.jobs.services import schedule
from leeward.notices.models import Message
from leeward.people.models import Hotline, OutsideReview, User
from leeward.sealing.age import key_of, new_key, recipients_of, seal
from leeward.site import health
from tests.conftest import empty_postgres, empty_sqlite
from tests.intake.conftest import new_form_key, receive_report, told_of
from tests.notices.conftest import START, Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.personas import Cast
from tests.signers import signing_here

__all__ = ["_nobody_above_listens", "configure", "internet", "mail_server", "office"]
RAW, PUBLIC = new_key()
KEY = key_of(RAW)
# What importing itself changes: a cosignature names its checkpoint anew, the log grows, numbers jump, what waited is left to a person.
CHANGED = {
    "audit.AuditCosignature",
    "audit.AuditTip",
    "casework.CaseSequence",
    "jobs.Job",
    "notices.Message",
    "notices.NoticeCase",
}
GROWN = {"audit.AuditRow", "notices.StaffNote"}
RENUMBERED = {
    "audit.AuditRow",
    "audit.AuditCheckpoint",
    "audit.AuditCosignature",
    "audit.AuditHead",
    "audit.AuditTile",
    "jobs.Job",
}


@pytest.fixture(name="post")
def _post(mail_server: Any) -> Any:
    return mail_server


@pytest.fixture
def another_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Change the key that signs the log, as another installation has another."""
    return lambda: monkeypatch.setattr(keys, "key_path", lambda name=keys.DOCUMENTS: tmp_path / name)


def test_every_table_is_taken_along_or_left_out_for_a_reason() -> None:
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    taken = {model._meta.label for model, _path in tables()}  # fails for a table of which nobody decided
    assert taken | set(LEFT_OUT) == labels
    assert set(PATHS) <= labels
    assert not taken & set(LEFT_OUT)
    assert all(LEFT_OUT.values())
    out = [
        f"{model._meta.label}.{field.name}"
        for model, _path in tables()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model._meta.label not in taken
    ]
    assert out == [], "a row that goes along would refer to one that doesn't"


WORDS = ("words.key", "words.pub", "words.sqlite3", "words.sqlite3-wal")


def grouped(lines: Iterator[Any]) -> dict[str, list[Any]]:
    """The rows by their table."""
    found: dict[str, list[Any]] = {}
    table = ""
    for line in lines:
        if isinstance(line, dict):
            table = line.get("table", "file")
        found.setdefault(table, []).append(line[1:] if isinstance(line, list) and table in RENUMBERED else line)
    return found


def published(data: Path, hotline_id: int, at: datetime) -> Path:
    """A list that a hotline published; return the place of its file."""
    with scope(hotline=hotline_id):
        made = BlockList.objects.create(hotline_id=hotline_id, name="a", title="A", kind="national", made_at=at)
        name = f"{hotline_id:064x}"
        Publication.objects.create(
            hotline_id=hotline_id,
            list=made,
            state="published",
            at=at,
            why="person",
            entries=1,
            added=1,
            removed=0,
            sha256=name,
        )
    place = Path(data, "lists", "states", f"{name}.gz")
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(name.encode())
    return place


def emptied() -> None:
    """Another installation's database."""
    empty_postgres() if connection.vendor == "postgresql" else empty_sqlite()


@pytest.mark.django_db(transaction=True)
def test_a_hotline_is_moved_whole(
    office: Office, cast: Cast, tmp_path: Path, another_key: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    signing_here(monkeypatch, tmp_path / "signer")  # the one of this process remembers what other tests had signed
    office.act(office.case())
    User.objects.filter(pk=cast["ana"].account_id).update(made_by=cast["dora"].account_id)
    OutsideReview.objects.create(
        hotline_id=cast.hotline_id,
        account_id=cast["dora"].account_id,
        subject_kind="case",
        subject_id=1,
        invited_by_id=cast["ana"].account_id,
        invited_at=START,
        expires_at=START,
    )
    received = receive_report(
        told_of(), hotline_id=cast.hotline_id, portal_id=cast.portal_id, language="en", form_key=new_form_key()
    )
    schedule("monitoring.check", subject_id=7, hotline_id=cast.hotline_id, due_at=START)
    schedule("monitoring.check", subject_id=8, hotline_id=cast.other_hotline_id, due_at=START)
    checkpoint = publish(cast.hotline_id, START).row
    AuditCosignature.objects.create(checkpoint=checkpoint, vkey="witness+1", seen_at=1, line="— witness 1")
    here = settings.LEEWARD.data_dir
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path / "old"})
    (tmp_path / "old").mkdir()
    for name in WORDS:
        if (here / name).exists():
            shutil.copy(here / name, tmp_path / "old" / name)
    ours, others = (published(tmp_path / "old", one, START) for one in (cast.hotline_id, cast.other_hotline_id))
    file, actor = tmp_path / "jm.hotline", Actor("command", hotline_id=cast.hotline_id)
    with pytest.raises(HotlineNotMoved, match="secret that its receipts need"):
        export_hotline(file, [PUBLIC], shares_secret=False, actor=actor, now=START)
    assert not file.exists()
    export_hotline(file, [PUBLIC], shares_secret=True, actor=actor, now=START)
    signed_by = keys.public_key()
    with file.open("rb") as stream, pytest.raises(HotlineNotMoved, match="has a hotline already"):
        import_hotline(Reader(stream, KEY), signed_by=signed_by, actor=SYSTEM, now=START)
    before = grouped(lines_of(cast.hotline_id))

    content, names = ours.read_bytes(), (ours.relative_to(tmp_path / "old"), others.relative_to(tmp_path / "old"))
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"data": tmp_path / "new"})
    emptied()
    another_key()
    whole = file.read_bytes()
    with pytest.raises(HotlineNotMoved, match="another key than the one you trust"):
        import_hotline(Reader(io.BytesIO(whole), KEY), signed_by="x", actor=SYSTEM, now=START)
    with pytest.raises(HotlineNotMoved, match="cut off"):
        import_hotline(Reader(io.BytesIO(whole[:-9]), KEY), signed_by=signed_by, actor=SYSTEM, now=START)
    assert not Hotline.objects.exists(), "all or nothing"

    reader = trusted(io.BytesIO(whole), KEY, signed_by)
    found = import_hotline(reader, signed_by=signed_by, actor=SYSTEM, now=START + timedelta(hours=1))
    assert found.slug == "jm"
    assert verdict(cast.hotline_id, is_begun=True).fault is None
    after = grouped(lines_of(cast.hotline_id))
    for table in set(before) - CHANGED:
        assert after[table][: len(before[table]) if table in GROWN else None] == before[table]
    assert list(Hotline.objects.values_list("slug", flat=True)) == ["jm"], "nothing of the other hotline went along"
    assert not User.objects.filter(email__startswith="dora").exists()
    assert not OutsideReview.objects.exists(), "an invitation to a person of the other hotline stays there"
    assert AuditCosignature.objects.get().checkpoint.body == checkpoint.body
    moves = ("hotline.exported", "hotline.imported")
    events = [line.event for line in log_of(cast.hotline_id, f"hotline:{cast.hotline_id}", events=moves)]
    assert events == ["hotline.imported", "hotline.exported"]
    with scope(hotline=cast.hotline_id):
        opened = find_receipt(received.receipt)
    assert opened is not None
    assert list(Job.objects.filter(kind="monitoring.check").values_list("subject_id", flat=True)) == [7]
    assert (tmp_path / "new" / names[0]).read_bytes() == content
    assert (tmp_path / "new" / names[0]).stat().st_mode & 0o777 == 0o600
    assert not (tmp_path / "new" / names[1]).exists(), "the other hotline's list stays there"
    assert is_held()
    said = " ".join(alarm.text for alarm in health.current_alarms(START))
    assert "This hotline was moved here from another installation, as it was on 2026-" in said
    assert "backup" not in said
    page = " ".join(Client().get("/jm/receipt").content.decode().split())
    assert "This page is now kept on another computer." in page
    assert "failed and was restored" not in page
    with pytest.raises(StillHeld, match="that it is the one in use"):
        require_free()
    with scopes_disabled():
        assert set(Message.objects.filter(state="unsure").values_list("problem", flat=True)) == {"moved"}
        assert list(Message.objects.filter(kind="referral").values_list("state", flat=True)) == ["unsure"]
    assert AuditRow.objects.filter(event="installation.restored").exists()


@pytest.mark.django_db
def test_a_row_that_was_changed_in_the_file_is_noticed(cast: Cast, tmp_path: Path) -> None:
    record("hotline.changed", actor=SYSTEM, hotline_id=cast.hotline_id, subject=f"hotline:{cast.hotline_id}")
    file, actor = tmp_path / "jm.hotline", Actor("command", hotline_id=cast.hotline_id)
    export_hotline(file, [PUBLIC], shares_secret=True, actor=actor, now=START)
    for place in (tmp_path / "none" / "a.hotline", file):
        with pytest.raises(HotlineNotMoved, match=r"no such file|exists already"):
            export_hotline(place, [PUBLIC], shares_secret=True, actor=actor, now=START)
    assert not [path for path in tmp_path.iterdir() if path.name.endswith(".part")]
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    with pytest.raises(HotlineNotMoved, match="cut off or changed"):
        list(Reader(io.BytesIO(raw), KEY).lines())
    other, _ = new_key()
    with pytest.raises(HotlineNotMoved, match="sealed to another key"):
        Reader(io.BytesIO(file.read_bytes()), key_of(other))
    with pytest.raises(HotlineNotMoved, match="not the file of a hotline"):
        Reader(io.BytesIO(b"something else"), KEY)


@pytest.mark.django_db
def test_not_even_the_secret_is_taken_from_a_file_that_somebody_else_signed(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever knows the public key can seal a file to it, with a secret that they know."""
    file, key_file, data = tmp_path / "jm.hotline", tmp_path / "move.key", tmp_path / "new"
    actor = Actor("command", hotline_id=cast.hotline_id)
    export_hotline(file, [PUBLIC], shares_secret=True, actor=actor, now=START)
    key_file.write_bytes(RAW)
    monkeypatch.setenv("LEEWARD_DATA", str(data))
    for trusts in ("", "x", public_of(b"k" * 32)):
        with pytest.raises(HotlineNotMoved, match="another key than the one you trust"):
            import_one(file, key_file, trusts)
    file.write_bytes(file.read_bytes()[:-9])
    with pytest.raises(HotlineNotMoved, match="cut off or changed"):
        import_one(file, key_file, keys.public_key())
    assert not data.exists()


@pytest.mark.parametrize("last", [b"{", b'{"signature": 1}', b'{"signature": "AAAA", "lines": 1}'])
def test_what_others_wrote_into_a_file_is_refused_in_a_sentence(last: bytes) -> None:
    known = public_of(b"k" * 32)
    opening = Opening(hotline_id=1, slug="x", made_at="", steps=[], log_key=known, secret="s" * 24)
    sealed = seal(opening.model_dump_json().encode() + b"\n" + last + b"\n", recipients_of([PUBLIC]))
    with pytest.raises(HotlineNotMoved, match=r"cut off or changed|signature doesn’t hold"):
        trusted(io.BytesIO(MAGIC + len(sealed).to_bytes(4) + sealed), KEY, known)
