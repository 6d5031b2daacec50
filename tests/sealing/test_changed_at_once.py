"""Two who change the keys of words at once: what is written comes from what is in the files then, so that no key is lost."""

import fcntl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from leeward.cli.main import run
from leeward.sealing import keys, services, store
from leeward.sealing.age import needs_passphrase, new_key
from leeward.sealing.errors import WordsLocked
from leeward.sealing.fields import seal_texts
from leeward.sealing.models import WordsKey
from tests.sealing.test_keys import NOW, PERSON, WORDS, again, destroyed, wrong

pytestmark = pytest.mark.django_db
SECRET = "a long passphrase"


def meanwhile(monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], Any]) -> None:
    """Do something once, right after the store has done this for the first time."""
    real, waiting = getattr(store, name), [act]

    def then(*some: Any, **more: Any) -> Any:
        found = real(*some, **more)
        if waiting:
            waiting.pop()()
        return found

    monkeypatch.setattr(store, name, then)


def test_a_second_rotation_while_words_are_sealed_anew_keeps_its_key(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.settle(NOW)
    before = seal_texts(WORDS)[0]
    services.rotate(PERSON, NOW)
    meanwhile(monkeypatch, "count", lambda: services.rotate(PERSON, NOW))
    services.reseal()
    after = seal_texts(WORDS)[0]
    assert (destroyed(), wrong()) == (0, [])
    assert again(before) == again(after) == "I found a bad page."
    assert services.reseal() == 0
    assert (destroyed(), len(keys.identities())) == (2, 1)
    assert again(before) == again(after) == "I found a bad page."


@pytest.mark.slow
def test_a_passphrase_that_is_set_while_words_are_sealed_anew_stays(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.settle(NOW)
    text = seal_texts(WORDS)[0]
    services.rotate(PERSON, NOW)
    meanwhile(monkeypatch, "rewrap", lambda: services.set_passphrase(SECRET))
    services.reseal()
    assert needs_passphrase((data / keys.KEY).read_bytes())
    monkeypatch.setattr(keys._Held, "given", SECRET)
    assert len(keys.identities()) == 2
    assert (services.reseal(), destroyed()) == (0, 1)
    assert needs_passphrase((data / keys.KEY).read_bytes())
    assert (len(keys.identities()), again(text)) == (1, "I found a bad page.")


def test_a_passphrase_that_was_taken_away_does_not_come_back(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services.settle(NOW)
    monkeypatch.setattr(keys._Held, "given", SECRET)  # as the service was started
    services.rotate(PERSON, NOW)
    assert (services.reseal(), destroyed()) == (0, 1)
    assert not needs_passphrase((data / keys.KEY).read_bytes())


@pytest.mark.slow
def test_a_rotation_while_somebody_types_a_passphrase_keeps_its_key(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leeward.site.start.start", lambda **_: None)  # this process has started
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    services.settle(NOW)
    texts = [seal_texts(WORDS)[0]]

    def typed(*_what: Any, **_how: Any) -> str:
        services.rotate(PERSON, NOW)
        services.reseal()
        destroyed()
        texts.append(seal_texts(WORDS)[0])
        return SECRET

    monkeypatch.setattr("typer.prompt", typed)
    assert run(["words", "passphrase"]) == 0
    monkeypatch.setattr(keys._Held, "given", SECRET)
    assert wrong() == []
    assert [again(text) for text in texts] == ["I found a bad page."] * 2


@pytest.mark.slow
def test_of_two_who_set_a_passphrase_the_second_is_refused(data: Path) -> None:
    services.settle(NOW)
    services.set_passphrase(SECRET)
    with pytest.raises(WordsLocked):
        services.set_passphrase("another one")
    with pytest.raises(WordsLocked):
        services.set_recovery(new_key()[1], PERSON, NOW)


@pytest.mark.parametrize("who", ["a thread", "a process"])
def test_only_one_changes_the_files_at_a_time(data: Path, who: str) -> None:
    services.settle(NOW)
    changed = threading.Thread(target=lambda: keys.write(keys.identities(), keys.public(), SECRET))
    with keys.changing() if who == "a thread" else locked_by_a_process(data):
        changed.start()
        changed.join(0.3)
        assert changed.is_alive()
        assert not needs_passphrase((data / keys.KEY).read_bytes())
    changed.join(30)
    assert needs_passphrase((data / keys.KEY).read_bytes())


@contextmanager
def locked_by_a_process(data: Path) -> Iterator[None]:
    """Another process is changing the files."""
    with (data / keys.LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def test_a_recovery_key_that_the_database_does_not_know_yet_outlives_a_rotation(data: Path) -> None:
    services.settle(NOW)
    _raw, public = new_key()
    keys.write(keys.identities(), keys.Public(keys.public().desk, public), "")
    services.rotate(PERSON, NOW)
    assert keys.public().recovery == public
    assert WordsKey.objects.get(kind=WordsKey.RECOVERY).public == public


def test_killed_between_the_two_files_every_word_opens_and_no_key_is_destroyed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.settle(NOW)
    text, written = seal_texts(WORDS)[0], keys._write

    def mortal(path: Path, raw: bytes) -> None:
        if path.name == keys.PUBLIC:
            raise KeyboardInterrupt
        written(path, raw)

    with monkeypatch.context() as at_once:
        at_once.setattr(keys, "_write", mortal)
        with pytest.raises(KeyboardInterrupt):
            services.rotate(PERSON, NOW)
    assert wrong() == []
    services.settle(NOW)
    assert (services.reseal(), destroyed(), len(keys.identities())) == (0, 0, 2)
    assert (again(text), again(seal_texts(WORDS)[0])) == ("I found a bad page.",) * 2
    services.rotate(PERSON, NOW)
    assert (services.reseal(), destroyed()) == (0, 2)
    assert (len(keys.identities()), again(text)) == (1, "I found a bad page.")


def test_killed_before_the_database_knows_the_new_key_the_next_start_takes_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.settle(NOW)
    text = seal_texts(WORDS)[0]
    with monkeypatch.context() as at_once:
        at_once.setattr(services, "_remember", lambda *_some: None)
        services.rotate(PERSON, NOW)
    assert destroyed() == 0, "nobody knows since when there is another"
    assert services.reseal() == 0  # by a worker that runs on
    assert services.destroy_older(datetime.now(UTC)) == 0, "it counts from now"
    assert destroyed() == 1
    assert (len(keys.identities()), wrong()) == (1, [])
    services.settle(NOW)
    assert again(text) == "I found a bad page."


def test_two_rotations_of_which_the_first_is_remembered_last_leave_a_start(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.settle(NOW)
    remember, waiting = services._remember, [True]

    def late(*some: Any) -> None:
        if waiting:
            waiting.pop()
            services.rotate(PERSON, NOW)
        remember(*some)

    monkeypatch.setattr(services, "_remember", late)
    services.rotate(PERSON, NOW)
    assert services.reseal() == 0
    assert (wrong(), WordsKey.objects.get(kind=WordsKey.DESK, left_at=None).public) == ([], keys.public().desk)
