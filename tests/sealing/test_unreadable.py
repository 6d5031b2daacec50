"""A key that is here and can't be read (another user's, a folder, a failing disk): as if it were away, said in a sentence, and nothing of
that is kept. Tests may run as root, who reads everything: so a folder stands in its place."""

import os
from pathlib import Path

import pytest
from pyrage.x25519 import Identity

from leeward.cli.main import run
from leeward.sealing import keys, services
from leeward.sealing.age import new_key
from leeward.sealing.errors import WordsKeyUnreadable, WordsLocked
from leeward.sealing.fields import Sealed, seal_texts
from leeward.site.health import current_alarms
from tests.sealing.test_keys import NOW, PERSON, WORDS, again, wrong

pytestmark = pytest.mark.django_db
NOBODY = 65534
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")


def a_folder_for(file: Path) -> Path:
    """Put a folder in the place of a file; return where the file is now."""
    away = file.with_name(f"{file.name}.away")
    file.rename(away)
    file.mkdir()
    return away


def back(file: Path, away: Path) -> None:
    file.rmdir()
    away.rename(file)


def test_a_key_that_cannot_be_read_is_as_one_that_is_away(data: Path) -> None:
    services.settle(NOW)
    text = seal_texts(WORDS)[0]
    away = a_folder_for(data / keys.KEY)
    sentence = f"{data / keys.KEY} can't be read: is a directory."
    assert (keys.may_open(), keys.is_locked(), wrong()) == (False, False, [sentence])
    assert again(text) == "[These words are sealed, and can’t be opened here.]"
    for needs_it in (lambda: Sealed(text.raw, text.place).open_strictly(), services.reseal):
        with pytest.raises(WordsLocked):
            needs_it()
    assert seal_texts(WORDS)[0].raw, "what comes in is sealed all the same"
    back(data / keys.KEY, away)
    assert (keys.may_open(), wrong(), again(text)) == (True, [], "I found a bad page.")


def test_a_key_that_goes_while_it_is_looked_at_is_missed_once(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services.settle(NOW)
    text, seen = seal_texts(WORDS)[0], keys._stamp

    def goes(path: Path) -> keys.Stamp | None:
        found = seen(path)
        if path.name == keys.KEY:
            path.rename(data / "away")
        return found

    keys._opened.cache_clear()
    with monkeypatch.context() as at_once:
        at_once.setattr(keys, "_stamp", goes)
        assert not keys.may_open()
    (data / "away").rename(data / keys.KEY)  # with the same time and number as before
    assert again(text) == "I found a bad page."


def test_a_key_that_is_there_again_between_two_looks_makes_no_word_one_whose_key_is_gone(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.settle(NOW)
    text, held = seal_texts(WORDS)[0], keys.identities()
    looks = [(), held, held]
    monkeypatch.setattr(keys, "identities", lambda: looks.pop(0))
    with pytest.raises(WordsLocked):
        Sealed(text.raw, text.place).open_strictly()


def test_words_pub_that_cannot_be_read_is_named_and_nothing_is_changed(data: Path) -> None:
    services.settle(NOW)
    before = (data / keys.KEY).read_bytes()
    away = a_folder_for(data / keys.PUBLIC)
    assert wrong() == [f"{data / keys.PUBLIC} can't be read: is a directory."]
    for change in (
        lambda: services.rotate(PERSON, NOW),
        lambda: services.set_recovery(new_key()[1], PERSON, NOW),
        lambda: services.set_passphrase("a long passphrase"),
        lambda: seal_texts(WORDS),
    ):
        with pytest.raises(WordsKeyUnreadable):
            change()
    assert (data / keys.KEY).read_bytes() == before
    back(data / keys.PUBLIC, away)
    assert wrong() == []


def test_a_key_that_cannot_be_read_is_not_given_up_as_lost(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services.settle(NOW)
    before, read = (data / keys.KEY).read_bytes(), Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name == keys.KEY:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    with monkeypatch.context() as another_user:
        another_user.setattr(Path, "read_bytes", refused)
        with pytest.raises(WordsKeyUnreadable, match="permission denied"):
            services.rotate(PERSON, NOW, are_lost=True)
    assert (data / keys.KEY).read_bytes() == before


@pytest.mark.parametrize("name", [keys.KEY, keys.PUBLIC])
def test_each_command_and_health_say_it_in_a_sentence(
    data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("leeward.site.start.start", lambda **_: None)  # this process has started
    services.settle(NOW)
    a_folder_for(data / name)
    sentence = f"{data / name} can't be read: is a directory."

    def says(*words: str) -> tuple[int, str]:
        return run([*words]), "".join(capsys.readouterr())

    for words in (("words", "reseal"), ("words", "rotate"), ("words", "passphrase"), ("serve",)):
        code, text = says(*words)
        assert (code, text.count(sentence), "chown" in text) == (2, 1, True), text
    code, text = says("words", "status")
    assert (code, text.count(sentence)) == (1 if name == keys.KEY else 2, 1), text
    code, text = says("doctor")
    assert (code, "leeward.sealing.E001" in text, sentence in text) == (1, True, True), text
    assert sentence in [text for alarm in current_alarms(NOW) for _name, text in alarm.values if alarm.code == "key"]


def test_a_recovery_file_that_cannot_be_read_is_named(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("drill", "recover"):
        assert run(["words", command, "--key", str(data)]) == 2
        assert "can't be read: Is a directory" in "".join(capsys.readouterr())


@pytest.mark.slow
@as_root
def test_what_root_changes_stays_the_services_own(data: Path) -> None:
    services.settle(NOW)
    for file in (data / keys.KEY, data / keys.PUBLIC, data / keys.LOCK):
        os.chown(file, NOBODY, NOBODY)
    services.rotate(PERSON, NOW)
    assert services.reseal() == 0
    services.set_passphrase("a long passphrase")
    assert owners(data) == {keys.KEY: NOBODY, keys.PUBLIC: NOBODY, keys.LOCK: 0}, "the lock is the folder's"
    os.chown(data, NOBODY, NOBODY)
    for file in (data / keys.KEY, data / keys.PUBLIC, data / keys.LOCK):
        file.unlink()
    keys.write([Identity.generate()], keys.Public("age1"), "")
    assert owners(data) == {keys.KEY: NOBODY, keys.PUBLIC: NOBODY, keys.LOCK: NOBODY}


def owners(data: Path) -> dict[str, int]:
    return {name: (data / name).stat().st_uid for name in (keys.KEY, keys.PUBLIC, keys.LOCK)}


@as_root
def test_a_lock_of_another_user_is_named(data: Path) -> None:
    services.settle(NOW)
    for place in (data, *data.parents):
        if place != Path("/"):
            place.chmod(place.stat().st_mode | 0o011)
    os.seteuid(NOBODY)
    try:
        with pytest.raises(WordsKeyUnreadable, match=keys.LOCK):
            services.set_passphrase("a long passphrase")
    finally:
        os.seteuid(0)
    assert not keys.is_locked()


@pytest.mark.parametrize("name", [".words.lock", ".words.key.{}.new"])
def test_a_link_that_was_planted_there_is_not_followed(data: Path, tmp_path: Path, name: str) -> None:
    """Root changes the files: whoever owns the folder could be given any file."""
    keys.public()
    theirs, name = tmp_path / "theirs", name.format(os.getpid())
    theirs.write_text("somebody else’s")
    (data / name).unlink(missing_ok=True)
    (data / name).symlink_to(theirs)
    with pytest.raises((WordsKeyUnreadable, OSError)):
        services.rotate(PERSON, NOW)
    assert theirs.read_text() == "somebody else’s"


def test_what_a_killed_change_of_the_keys_left_goes_with_the_next_one(data: Path) -> None:
    keys.public()
    left = data / ".words.key.7.new"
    left.write_bytes((data / "words.key").read_bytes())
    services.rotate(PERSON, NOW)
    assert not left.exists()
