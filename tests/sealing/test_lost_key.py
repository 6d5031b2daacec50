"""A words.key that is given up, and one that turns up again: no key is overwritten that may still open words."""

import json
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from leeward.audit.models import AuditRow
from leeward.sealing import keys, services
from leeward.sealing.fields import seal_texts
from leeward.sealing.rules.older_keys import GRACE
from tests.sealing.test_commands import WORDS, Typed, opened, typed

__all__ = ["typed"]
pytestmark = pytest.mark.django_db
SECRET = "a long passphrase"
TEXTS = [text for text, _place in WORDS]


def _locked(typed: Typed) -> bytes:
    """Seal words.key by a passphrase that only the service is given; return what is in it."""
    keys.write(keys.identities(), keys.public(), SECRET)
    return (typed.data / keys.KEY).read_bytes()


@pytest.mark.slow
def test_one_that_is_only_locked_is_not_given_up_by_a_habit(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("status")
    texts, locked = seal_texts(WORDS), _locked(typed)
    for more in ((), ("--fingerprint", "NEW")):
        said = typed("rotate", "--lost", *more, code=2)
        assert "sealed by a passphrase that was not given. It is here, and not lost" in said
        assert "LEEWARD_WORDS_PASSPHRASE_FILE" in said
        assert (typed.data / keys.KEY).read_bytes() == locked
    shown = said.rpartition("Fingerprint: ")[2].strip()
    said = typed("rotate", "--lost", "--fingerprint", shown)
    assert "leeward words passphrase" in said, "the new file has none"
    (aside,) = keys.laid_aside()
    assert (aside.read_bytes(), aside.stat().st_mode & 0o777) == (locked, 0o600)
    assert str(aside) in typed("status", code=1)
    typed("rotate")
    assert keys.laid_aside() == [aside], "later rotations leave it"
    monkeypatch.setenv("LEEWARD_BACKUP_PASSPHRASE", "another")
    said = typed("take", str(aside), code=2)
    assert "the passphrase is wrong" in said
    assert "--key" not in said, "it has no such option"
    monkeypatch.setenv("LEEWARD_BACKUP_PASSPHRASE", SECRET)
    assert "Texts that open again: 2." in typed("take", str(aside))
    assert opened(*texts) == TEXTS
    assert keys.laid_aside() == []
    assert json.loads(typed("status", "--json"))["to_older_keys"] == 0


def test_one_that_is_damaged_is_laid_aside(typed: Typed) -> None:
    typed("status")
    (typed.data / keys.KEY).write_bytes(b"half a ke")
    assert "leeward words take" in typed("rotate", "--lost")
    assert [file.read_bytes() for file in keys.laid_aside()] == [b"half a ke"]


def test_one_that_opens_is_not_lost(typed: Typed) -> None:
    typed("status")
    texts = seal_texts(WORDS)
    assert "stays in words.key for 30 days" in typed("rotate", "--lost")
    assert (opened(*texts), keys.laid_aside()) == (TEXTS, [])


def test_where_somebody_elses_lies_in_its_place_the_loss_is_named(typed: Typed) -> None:
    typed("status")
    texts, own = seal_texts(WORDS), typed.data / "own.key"
    (typed.data / keys.KEY).rename(own)
    foreign, _public = typed.key_file("foreign.key")
    shutil.copy(foreign, typed.data / keys.KEY)
    said = typed("rotate", "--lost")
    assert "Texts that no key in words.key opens: 2." in said
    assert "leeward words take" in said
    assert opened(*texts) != TEXTS
    assert "Texts that open again: 2." in typed("take", str(own))


def test_the_recovery_key_takes_the_place_of_a_locked_one_and_keeps_it(typed: Typed) -> None:
    file, public = typed.key_file("recovery.key")
    typed("recovery", public)
    texts, locked = seal_texts(WORDS), _locked(typed)
    assert "Given to a new desk key: 2 texts." in typed("recover", "--key", file)
    assert opened(*texts) == TEXTS
    assert [aside.read_bytes() for aside in keys.laid_aside()] == [locked]


def test_one_that_turns_up_again_is_taken_in_and_stays_as_after_a_rotation(typed: Typed) -> None:
    typed("status")
    texts, found = seal_texts(WORDS), typed.data / "found.key"
    (typed.data / keys.KEY).rename(found)
    typed("rotate", "--lost")
    later = datetime.now(UTC) + timedelta(minutes=5)
    assert opened(*texts) != TEXTS
    assert "Texts that open again: 2. That no key in words.key opens: 0." in typed("take", str(found))
    row = AuditRow.objects.get(event="words.keys_taken")
    assert (row.actor, "AGE-SECRET-KEY" in row.facts) == ("command", False), "which, by their public halves"
    assert opened(*texts) == TEXTS
    assert found.exists(), "it is not ours to delete"
    assert keys.publics_held()[0] == keys.public().desk
    assert services.destroy_older(later) == 0, "something may still come in that is sealed to it"
    assert services.destroy_older(later + GRACE) == 1
    assert opened(*texts) == TEXTS


def test_neither_a_recovery_key_nor_a_foreign_one_is_taken_in(typed: Typed) -> None:
    file, public = typed.key_file("recovery.key")
    typed("recovery", public)
    seal_texts(WORDS)
    held = (typed.data / keys.KEY).read_bytes()
    assert "it is the recovery key" in typed("take", file, code=2)
    _newer, fresh = typed.key_file("newer.key")
    typed("recovery", fresh)
    assert "it is the recovery key" in typed("take", file, code=2), "also one of before"
    foreign, _public = typed.key_file("foreign.key")
    assert "it opens none of the words" in typed("take", foreign, code=2)
    assert (typed.data / keys.KEY).read_bytes() == held


def test_what_waits_sealed_to_a_key_of_before_needs_it_though_no_text_here_does(typed: Typed) -> None:
    typed("reseal")  # as a start does, it lets the database know the key
    found = typed.data / "found.key"
    (typed.data / keys.KEY).rename(found)
    typed("rotate", "--lost")
    typed("take", str(found))
    assert len(keys.identities()) == 2


def test_whoever_forgot_the_passphrase_is_led_out(typed: Typed, monkeypatch: pytest.MonkeyPatch) -> None:
    typed("status")
    _locked(typed)
    for given, says in (("", "that was not given"), ("another", "another passphrase than the one that was given")):
        monkeypatch.setattr(keys._Held, "given", given)
        said = typed("reseal", code=2)
        assert says in said
        for way in ("LEEWARD_WORDS_PASSPHRASE_FILE", "leeward words recover", "leeward words rotate --lost"):
            assert way in said
    (typed.data / keys.KEY).unlink()
    assert "leeward words rotate --lost" in typed("reseal", code=2)
