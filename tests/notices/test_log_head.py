"""The head of the log, which leaves with letters that others keep."""

from datetime import timedelta
from pathlib import Path

import pytest

from leeward.audit.rules.notes import Key, Note, holds
from leeward.audit.tree import stored
from leeward.audit.tree.checkpoints import own_keys, publish
from leeward.demo.world.smtp import Received
from leeward.notices.services import send_log_heads
from tests.notices.conftest import POLICE, START, Office
from tests.signers import signing_here


def head_in(mail: Received) -> Note | None:
    found = [part for part in mail.message.walk() if part.get_filename() == "log-head.txt"]
    return Note.read(found[0].get_payload(decode=True).decode()) if found else None


def words_of(mail: Received) -> str:
    [text] = [
        part for part in mail.message.walk() if part.get_content_type() == "text/plain" and not part.get_filename()
    ]
    return " ".join(text.get_payload(decode=True).decode().split())


def test_a_referral_carries_the_signed_head_of_the_log(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing_here(monkeypatch, tmp_path / "signer")
    office.act(office.case())
    office.work()
    [before] = office.mails(POLICE)
    assert head_in(before) is None, "nothing is signed yet"
    assert "If the file log-head.txt is attached" in words_of(before)
    publish(office.cast.hotline_id, START)
    office.act(office.case())
    office.work()
    _, after = office.mails(POLICE)
    note = head_in(after)
    assert note is not None
    keys = [Key.read(line.removeprefix("log ")) for line in own_keys() if line.startswith("log ")]
    assert any(holds(note.body, note.lines[0], key) for key in keys)
    assert "shows later whether the log was changed" in words_of(after)


def test_auditors_get_the_head_each_week_once(office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signing_here(monkeypatch, tmp_path / "signer")
    otto = office.cast["otto"].email
    assert send_log_heads(START) == 0, "nothing is signed yet"
    office.act(office.case())
    publish(office.cast.hotline_id, START)
    assert [send_log_heads(START + timedelta(days=days)) for days in (0, 1, 7)] == [1, 0, 1]
    office.work()
    mails = office.mails(otto)
    assert len(mails) == 2
    assert all(head_in(mail) is not None for mail in mails)
    assert "/proof" in words_of(mails[0])
    assert "settled" not in words_of(mails[0])


def test_the_police_are_told_although_the_checkpoint_is_damaged(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing_here(monkeypatch, tmp_path / "signer")
    office.act(office.case())
    publish(office.cast.hotline_id, START)
    with monkeypatch.context() as damage:  # the triggers stay: what is read is damaged
        damage.setattr(stored, "_damage", lambda *_row: "its signature is false")
        office.work()
    [mail] = office.mails(POLICE)
    assert head_in(mail) is None
    assert "If the file log-head.txt is attached" in words_of(mail)
