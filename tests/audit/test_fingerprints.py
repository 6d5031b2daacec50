"""What the database keeps of a key finds out another one, and nothing else."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leeward.audit import keys
from leeward.audit.errors import KeyUnusable, WrongFingerprint
from leeward.audit.fingerprints import NAMES, PUBLIC, SECRET, accept, fingerprint_now, problems, settle
from leeward.audit.models import AuditRow, AuditTip, KeyPrint
from leeward.audit.queries import key_published
from leeward.audit.rules.chain import signed_text
from leeward.audit.rules.fingerprints import fingerprint_of
from leeward.audit.services import hotline_transaction, record
from leeward.cli.keys import accept as accept_command
from leeward.foundation.actor import SYSTEM
from leeward.foundation.errors import NotFound
from leeward.site.config import Config

NOW = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _own_keys(settings: Any, tmp_path: Path) -> None:
    settings.LEEWARD = Config(data=tmp_path, secret="a secret of this test alone")


def _signed_as_before() -> None:
    for tip in AuditTip.objects.all():
        text = signed_text(chain=tip.chain, number=tip.number, row=tip.hash, at=tip.at)
        AuditTip.objects.filter(chain=tip.chain).update(signature=keys.sign(text))


def _act() -> None:
    with hotline_transaction(0):
        record("test.done", actor=SYSTEM, hotline_id=None, subject="test:1")


@pytest.mark.django_db
def test_keys_are_made_once_and_known_by_their_fingerprints(tmp_path: Path) -> None:
    settle(NOW)
    assert {path.name for path in tmp_path.iterdir()} == {*keys.KEYS, "audit.pub"}
    assert (tmp_path / "audit.pub").read_text().strip() == keys.public_key()
    kept = dict(KeyPrint.objects.values_list("name", "print"))
    assert set(kept) == {*NAMES, PUBLIC}
    assert len(set(kept.values())) == len(NAMES) + 1
    settle(NOW)
    assert dict(KeyPrint.objects.values_list("name", "print")) == kept


@pytest.mark.django_db
def test_what_was_left_where_making_a_key_was_cut_off_stops_nothing_and_goes(settings: Any, tmp_path: Path) -> None:
    """In a container the process that starts again has the number of the one that was killed, 1."""
    settings.LEEWARD = Config(data=tmp_path, secret="")
    for made in NAMES:
        for left in (f"{made}.{os.getpid()}.new", f"{made}.7.new", f".{made}.k1ll3d.new"):
            (tmp_path / left).write_bytes(b"half of one")
    others = ["audit.key.damaged", "secret.damaged", "words.key.before.new", "new.new"]
    for name in others:
        (tmp_path / name).write_bytes(b"stays")
    settle(NOW)
    assert {path.name for path in tmp_path.iterdir()} == {*NAMES, "audit.pub", *others}


@pytest.mark.django_db
def test_another_secret_is_found(settings: Any, tmp_path: Path) -> None:
    settle(NOW)
    settings.LEEWARD = Config(data=tmp_path, secret="another secret of this test")
    with pytest.raises(KeyUnusable, match="secret is not the one that this database was made with"):
        settle(NOW)
    settings.LEEWARD = Config(data=tmp_path, secret="too short")
    with pytest.raises(KeyUnusable, match="secret is shorter than 24 characters"):
        settle(NOW)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "what"), [(None, "missing"), (b"", "shorter"), (b"another secret of this test", "not the one")]
)
def test_a_secret_that_was_lost_or_exchanged_since_the_process_read_it_is_found(
    content: bytes | None, what: str, settings: Any, tmp_path: Path
) -> None:
    settings.LEEWARD = Config(data=tmp_path, secret="")
    settle(NOW)
    assert list(problems()) == []
    path = tmp_path / "secret"
    path.unlink() if content is None else path.write_bytes(content)
    (wrong,) = problems()
    assert f"secret is {what}" in wrong.text


def test_a_secret_that_is_lost_or_short_is_not_made_anew_beside_a_database(tmp_path: Path) -> None:
    assert len(Config(data=tmp_path, secret="").secret_bytes) > 60
    (tmp_path / "leeward.sqlite3").touch()
    for content, what in ((b"", "shorter"), (b"short", "shorter"), (None, "missing")):
        path = tmp_path / "secret"
        path.unlink() if content is None else path.write_bytes(content)
        with pytest.raises(KeyUnusable, match=what):
            _ = Config(data=tmp_path, secret="").secret_bytes
    assert not (tmp_path / "secret").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", keys.KEYS)
def test_a_lost_key_is_found_and_only_a_command_makes_it_anew(name: str, tmp_path: Path) -> None:
    settle(NOW)
    (tmp_path / name).unlink()
    keys._load.cache_clear()
    with pytest.raises(KeyUnusable, match="is missing"):
        settle(NOW)
    (tmp_path / name).write_bytes(b"short")
    with pytest.raises(KeyUnusable, match="is damaged"):
        settle(NOW)
    with pytest.raises(WrongFingerprint):
        accept(name, shown="", actor=SYSTEM, now=NOW)
    accept(name, shown="NEW", actor=SYSTEM, now=NOW)
    beside = (tmp_path / "audit.pub").read_text().strip()
    assert beside == keys.public_key(), "who verifies a backup by it at once isn’t misled"
    settle(NOW)
    assert (tmp_path / f"{name}.damaged").read_bytes() == b"short"
    assert AuditRow.objects.filter(event="key.accepted").count() == 1
    with pytest.raises(NotFound):
        accept("another", shown="NEW", actor=SYSTEM, now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_accepted_only_by_who_read_its_fingerprint(name: str, tmp_path: Path) -> None:
    settle(NOW)
    before = fingerprint_now(name)
    if name == SECRET:
        KeyPrint.objects.filter(name=name).update(print="0" * 64)
    else:
        (tmp_path / name).write_bytes(bytes(reversed((tmp_path / name).read_bytes())))
    keys._load.cache_clear()
    now = fingerprint_now(name)
    assert len(now.replace(" ", "")) == 32
    assert (now == before) == (name == SECRET), "another key has another"
    for wrong in ("", "NEW", "0" * 32, now[:-1]):
        with pytest.raises(WrongFingerprint):
            accept(name, shown=wrong, actor=SYSTEM, now=NOW)
    with pytest.raises(KeyUnusable, match="not the one"):
        settle(NOW)
    assert accept(name, shown=now.replace(" ", "").upper(), actor=SYSTEM, now=NOW) == now
    settle(NOW)
    facts = AuditRow.objects.get(event="key.accepted").facts
    assert now in str(facts)


@pytest.mark.django_db
def test_the_command_shows_the_fingerprint_and_changes_nothing_without_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(NOW)
    monkeypatch.setattr("leeward.site.start.start", lambda: None)
    monkeypatch.setattr("leeward.site.start.prepare_database", lambda: None)
    (tmp_path / keys.LISTS).unlink()
    keys._load.cache_clear()
    assert accept_command(keys.LISTS) == 2
    assert "it will be made anew" in capsys.readouterr().out
    assert not (tmp_path / keys.LISTS).exists()
    assert accept_command(keys.LISTS, fingerprint="new") == 0
    shown = fingerprint_now(keys.LISTS)
    assert shown in capsys.readouterr().out
    assert accept_command(keys.LISTS) == 2
    assert f"lists.key as it is now: {shown}" in capsys.readouterr().out
    with pytest.raises(WrongFingerprint):
        accept_command(keys.LISTS, fingerprint="1234")


@pytest.mark.django_db
def test_a_log_from_before_fingerprints_is_held_against_the_key_that_signed_it(tmp_path: Path) -> None:
    _act()
    assert list(problems()) == [], "since the signer signs the log, a row needs no key"
    assert not (tmp_path / keys.DOCUMENTS).exists()
    _signed_as_before()
    assert list(problems()) == []
    kept = (tmp_path / keys.DOCUMENTS).read_bytes()
    (tmp_path / keys.DOCUMENTS).write_bytes(bytes(reversed(kept)))
    keys._load.cache_clear()
    assert [str(problem.values["what"]) for problem in problems()] == [
        "is not the one that this database was made with"
    ]
    (tmp_path / keys.DOCUMENTS).unlink()
    with pytest.raises(KeyUnusable, match=r"audit\.key is missing"):
        settle(NOW)


@pytest.mark.django_db
def test_a_process_that_has_read_its_keys_needs_the_files_no_more(tmp_path: Path) -> None:
    settle(NOW)
    keys.load_all()
    (tmp_path / keys.DOCUMENTS).write_bytes(b"short")
    keys.sign(b"a receipt")
    keys._load.cache_clear()
    with pytest.raises(KeyUnusable, match=r"audit\.key is damaged"):
        keys.sign(b"a receipt")
    (tmp_path / keys.DOCUMENTS).unlink()
    with pytest.raises(KeyUnusable, match=r"audit\.key is missing"):
        keys.sign(b"a receipt")
    assert keys.public_key() == (tmp_path / "audit.pub").read_text().strip(), "that is known without it"
    assert key_published() == keys.public_key()
    assert not (tmp_path / keys.DOCUMENTS).exists()
    (tmp_path / "audit.pub").unlink()
    assert key_published() == "", "a process without both says so, and the page of the log goes on"


def test_a_fingerprint_is_what_any_program_makes_of_the_key() -> None:
    """By `printf 'leeward fingerprint of secret' | openssl dgst -sha256 -hmac 'a key'`."""
    assert fingerprint_of("secret", b"a key") == "593d773bff451d79fe8bbe8cea3f6304945f9f7c3390665b98d7c5dcf198e5f6"


@pytest.mark.django_db
def test_the_variable_that_takes_the_place_of_the_right_file_is_named(settings: Any, tmp_path: Path) -> None:
    settle(NOW)
    (tmp_path / SECRET).write_text("a secret of this test alone\n")
    settings.LEEWARD = Config(data=tmp_path, secret="another secret of this test")
    with pytest.raises(KeyUnusable, match="secret is the right one in LEEWARD_DATA, but LEEWARD_SECRET is set"):
        settle(NOW)
