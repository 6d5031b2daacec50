"""The keys of the words: made once, checked at each start, changed without losing a word, and none in a process that may hold none."""

import stat
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyrage
import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.sealing import keys, services, store
from leeward.sealing.age import key_of, new_key
from leeward.sealing.errors import WordsKeyUnusable, WordsLocked
from leeward.sealing.fields import Sealed, seal_texts
from leeward.sealing.key_copy import DataKeyRow
from leeward.sealing.models import WordsKey
from leeward.sealing.queries import drill, problems, standing
from leeward.sealing.rules.older_keys import GRACE

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PERSON = Actor(kind="command")
WORDS = [("I found a bad page.", "intake_report.text"), ("me@mail.example", "intake_report.contact")]


def again(text: Sealed) -> str:
    """The text as a process opens it that has just started."""
    return Sealed(text.raw, text.place).open()


def destroyed() -> int:
    """How many older keys are destroyed once nothing was sealed to them for long."""
    return services.destroy_older(datetime.now(UTC) + GRACE + timedelta(hours=1))


def wrong() -> list[str]:
    return [found.text for found in problems()]


def test_a_new_installation_gets_a_key_that_only_its_user_reads(data: Path) -> None:
    services.settle(NOW)
    services.settle(NOW)
    assert stat.S_IMODE((data / keys.KEY).stat().st_mode) == 0o600
    assert [(row.kind, row.public) for row in WordsKey.objects.all()] == [("desk", keys.public().desk)]
    assert b"AGE-SECRET" not in (data / keys.PUBLIC).read_bytes()
    assert wrong() == []
    text = seal_texts(WORDS)[0]
    assert again(text) == "I found a bad page."
    assert stat.S_IMODE((data / store.FILE).stat().st_mode) == 0o600 if (data / store.FILE).exists() else True


def test_a_key_that_is_missing_damaged_or_another_stops_the_start_and_is_not_made_anew(data: Path) -> None:
    services.settle(NOW)
    right, public = (data / keys.KEY).read_bytes(), (data / keys.PUBLIC).read_bytes()
    (data / keys.KEY).unlink()
    assert wrong() == ["words.key is missing."]
    with pytest.raises(WordsKeyUnusable):
        services.settle(NOW)
    (data / keys.PUBLIC).unlink()
    with pytest.raises(WordsKeyUnusable):
        keys.public()
    (data / keys.PUBLIC).write_bytes(public)
    (data / keys.KEY).write_bytes(b"half a ke")
    assert wrong() == ["words.key is damaged."]
    (data / keys.KEY).write_bytes(new_key()[0])
    assert wrong() == [
        "words.key is not the one that words.pub names; where it is the right one, delete words.pub, and that is made anew."
    ]
    (data / keys.KEY).write_bytes(right)
    (data / keys.PUBLIC).unlink()  # it says nothing that the key doesn't
    services.settle(NOW)
    assert wrong() == []


def test_a_key_of_another_installation_is_not_taken(data: Path) -> None:
    services.settle(NOW)
    for name in (keys.KEY, keys.PUBLIC):
        (data / name).unlink()
    WordsKey.objects.all().delete()
    services.settle(NOW)
    WordsKey.objects.update(public="age1another")
    assert wrong() == ["words.key is not the one that this database was made with."]


def test_a_database_of_before_a_rotation_takes_the_key_that_opens_the_words(data: Path) -> None:
    services.settle(NOW)
    before, text = keys.public().desk, seal_texts(WORDS)[0]
    services.rotate(PERSON, NOW)
    services.reseal()
    assert destroyed() == 1
    WordsKey.objects.exclude(left_at=None).delete()
    WordsKey.objects.update(public=before)  # restored
    assert wrong() == []
    services.settle(NOW)
    assert WordsKey.objects.get(kind=WordsKey.DESK, left_at=None).public == keys.public().desk
    assert again(text) == "I found a bad page."


def test_copies_of_the_store_are_remembered(data: Path) -> None:
    services.settle(NOW)
    assert not store.has_copied()
    for digest in ("a", "b"):
        store.note_copy(digest)
    assert [store.has_copied(digest) for digest in ("", "a", "b", "c")] == [True, True, True, False]


def test_a_rotation_loses_no_word_and_the_key_before_goes_when_nothing_needs_it(data: Path) -> None:
    services.settle(NOW)
    before, text = keys.identities()[0], seal_texts(WORDS)[0]
    services.rotate(PERSON, NOW)
    assert again(text) == "I found a bad page."
    assert services.reseal(most=1) == 0
    assert services.destroy_older(datetime.now(UTC)) == 0
    assert str(before) in (data / keys.KEY).read_text()
    assert destroyed() == 1
    assert len(keys.identities()) == 1
    assert str(before) not in (data / keys.KEY).read_text()
    assert again(text) == "I found a bad page."
    assert drill(before).opened == 0
    assert AuditRow.objects.filter(event="words.keys_changed").count() == 1


def test_a_machine_with_the_words_pub_of_before_gives_no_word_back_to_the_older_key(data: Path) -> None:
    services.settle(NOW)
    older = (data / keys.PUBLIC).read_bytes()
    services.rotate(PERSON, NOW)
    newest = keys.public().desk
    seal_texts(WORDS)
    (data / keys.PUBLIC).write_bytes(older)
    assert (services.reseal(), destroyed()) == (2, 0)
    assert WordsKey.objects.get(kind=WordsKey.DESK, left_at=None).public == newest


def test_a_rotation_that_was_killed_is_brought_to_its_end(data: Path) -> None:
    services.settle(NOW)
    text = seal_texts(WORDS)[0]
    fresh = keys.new_identity()
    keys.write([fresh, *keys.identities()], keys.Public(str(fresh.to_public())), "")
    services.settle(NOW)
    assert WordsKey.objects.get(left_at=None).public == str(fresh.to_public())
    assert services.reseal() == 0
    assert again(text) == "I found a bad page."


def test_with_the_desk_key_lost_the_recovery_key_gives_every_word_to_a_new_one(data: Path) -> None:
    services.settle(NOW)
    older = seal_texts(WORDS)[0]
    raw, public = new_key()
    services.set_recovery(public, PERSON, NOW)
    assert services.reseal() == 0
    newer = seal_texts(WORDS)[1]
    assert drill(key_of(raw)).opened == drill(key_of(raw)).tried == standing().texts == 4
    (data / keys.KEY).unlink()
    assert again(older) == again(newer) == "[These words are sealed, and can’t be opened here.]"
    with pytest.raises(WordsLocked):
        services.rotate(PERSON, NOW)
    assert services.recover(key_of(raw), PERSON, NOW) == 4
    assert (again(older), again(newer)) == ("I found a bad page.", "me@mail.example")
    assert standing().recovery == public


def test_a_passphrase_closes_the_key_until_it_is_given(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services.settle(NOW)
    text = seal_texts(WORDS)[0]
    keys.write(keys.identities(), keys.public(), "a long passphrase")
    assert keys.is_locked()
    assert wrong() == ["words.key is sealed by a passphrase that was not given."]
    assert seal_texts(WORDS)[0].raw
    assert again(text) == "[These words are sealed, and can’t be opened here.]"
    credentials = data / "credentials"
    credentials.mkdir()
    (credentials / keys.CREDENTIAL).write_text("a long passphrase\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(credentials))
    assert not keys.is_locked()
    assert again(text) == "I found a bad page."


def test_a_key_that_a_busy_machine_cannot_open_now_is_tried_again(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services.settle(NOW)
    text = seal_texts(WORDS)[0]
    keys.write(keys.identities(), keys.public(), "a long passphrase")
    monkeypatch.setattr(keys._Held, "given", "a long passphrase")
    opened = pyrage.passphrase.decrypt
    refused = iter([pyrage.DecryptError("Excessive work parameter for passphrase.")] * 3)

    def decrypt(raw: bytes, secret: str) -> bytes:
        if (error := next(refused, None)) is not None:
            raise error
        return bytes(opened(raw, secret))

    monkeypatch.setattr(pyrage.passphrase, "decrypt", decrypt)
    assert keys.is_locked()
    assert again(text) == "I found a bad page."


@pytest.mark.slow
def test_what_would_take_too_long_to_open_is_not_called_wrong(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services.settle(NOW)
    keys.write(keys.identities(), keys.public(), "a long passphrase")
    monkeypatch.setattr(keys._Held, "given", "another")
    assert keys.is_locked()
    assert str(keys.why_locked()) == "the passphrase is wrong"
    assert wrong() == ["words.key is sealed by another passphrase than the one that was given."]
    assert [one.passes for one in problems()] == [False]
    file = data / keys.KEY
    head, factor, rest = file.read_bytes().split(b"\n", 2)
    file.write_bytes(b"\n".join([head, factor.rpartition(b" ")[0] + b" 30", rest]))
    assert keys.is_locked()
    assert str(keys.why_locked()) == "this machine is too busy now, or too slow, to open it with a passphrase"
    assert wrong() == ["words.key can’t be opened with its passphrase now: this machine is too busy, or too slow."]
    assert [one.passes for one in problems()] == [True], "the service is started again once the others have started"


def test_a_process_that_may_hold_no_key_seals_and_never_opens(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services.settle(NOW)
    monkeypatch.setattr(keys._Held, "allowed", True)
    keys.hold_no_key()
    text = seal_texts(WORDS)[0]
    assert not keys.may_open()
    assert again(text) == "[These words are sealed, and can’t be opened here.]"
    assert wrong() == []
    with pytest.raises(WordsLocked):
        Sealed(text.raw, text.place).open_strictly()


def test_words_whose_key_was_destroyed_say_so(data: Path) -> None:
    services.settle(NOW)
    gone, stays = seal_texts(WORDS)
    store.drop(gone.names)
    assert again(gone) == "[These words were sealed, and their key is gone.]"
    assert again(stays) == "me@mail.example"


@pytest.fixture
def killed_after_one(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Do something that is killed when one key has its new wrapping."""

    def run(act: Callable[[], object]) -> None:
        wrap, left = store.rewrap, [1]

        def mortal(rows: Sequence[DataKeyRow]) -> None:
            if not left:
                raise KeyboardInterrupt
            left.pop()
            wrap(rows)

        with monkeypatch.context() as at_once:
            at_once.setattr(services, "BATCH", 1)
            at_once.setattr(store, "rewrap", mortal)
            with pytest.raises(KeyboardInterrupt):
                act()

    return run


def test_killed_while_words_are_sealed_anew_every_word_opens_and_the_rest_follows(
    data: Path, killed_after_one: Callable[[Callable[[], object]], None]
) -> None:
    services.settle(NOW)
    texts = seal_texts(WORDS)
    before = keys.identities()[0]
    services.rotate(PERSON, NOW)
    killed_after_one(services.reseal)
    assert drill(before).opened == 1, "one has the new key, one still the old"
    assert [again(text) for text in texts] == [text for text, _place in WORDS]
    assert len(keys.identities()) == 2, "the older one is needed still"
    assert destroyed() == 0, "one text is sealed to it"
    assert services.reseal() == 0
    assert drill(before).opened == 0
    assert (destroyed(), len(keys.identities())) == (1, 1)
    assert [again(text) for text in texts] == [text for text, _place in WORDS]


def test_killed_while_words_are_recovered_it_is_done_again(
    data: Path, killed_after_one: Callable[[Callable[[], object]], None]
) -> None:
    services.settle(NOW)
    raw, public = new_key()
    services.set_recovery(public, PERSON, NOW)
    texts = seal_texts(WORDS)
    (data / keys.KEY).unlink()
    killed_after_one(lambda: services.recover(key_of(raw), PERSON, NOW))
    assert services.recover(key_of(raw), PERSON, NOW) == len(WORDS)
    assert services.reseal() == 0
    assert [again(text) for text in texts] == [text for text, _place in WORDS]
    assert (destroyed(), len(keys.identities())) == (1, 1)
