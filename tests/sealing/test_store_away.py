"""The store of the keys of single texts, or the database that it belongs to, is away, older, another, or can't be used: that is said in a
sentence, no key is destroyed that may be needed, and the copy beside the backups keeps its own."""

import sqlite3
from pathlib import Path

import pytest
from django.db import connection

from leeward.cli.main import run
from leeward.sealing import belonging, services, store
from leeward.sealing.errors import WordsLocked, WordsStoreLost, WordsStoreUnusable
from leeward.sealing.fields import Sealed, seal_texts
from leeward.sealing.key_copy import FILE, DataKeyRow
from leeward.sealing.models import WordsStore
from leeward.site.health import current_alarms
from leeward.site.refusing import DatabaseAway, need_database_of_keys
from tests.sealing.test_keys import NOW, WORDS, again, wrong
from tests.sealing.test_unreadable import a_folder_for, back

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_sqlite() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("there the keys are in the database itself")


def some_keys(number: int, *, days: int = 9) -> None:
    """Put keys of no text into the store, as old as that."""
    store.put([DataKeyRow(bytes([one]) * 16, b"wrapped", "0" * 16, store.today() - days) for one in range(number)])


def as_of(data: Path, mark: store.Mark) -> None:
    """Let the store remember as much as its copy of then."""
    file = sqlite3.connect(data / FILE)
    with file:
        file.execute("UPDATE belongs SET number = ?", (mark.number,))
    file.close()


def codes() -> dict[str, str]:
    return {alarm.code: alarm.text for alarm in current_alarms(NOW)}


def without(data: Path) -> None:
    """Take the store away, with what belongs to it."""
    for end in ("", "-wal", "-shm"):
        (data / f"{FILE}{end}").unlink(missing_ok=True)


def test_keys_of_no_text_go_while_they_are_few(data: Path) -> None:
    services.settle(NOW)
    some_keys(services.FEW)
    assert services.sweep() == services.FEW
    assert "words_unused_stay" not in codes()


def test_many_at_once_stay_until_a_person_has_looked(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    services.settle(NOW)
    some_keys(services.FEW + 1)
    assert (services.sweep(), store.count()) == (0, services.FEW + 1)
    assert f"many of them at once ({services.FEW + 1})" in codes()["words_unused_stay"]
    assert run(["words", "keys"]) == 1
    assert run(["words", "keys", "--are-right"]) == 0, "".join(capsys.readouterr())
    assert store.is_empty()
    assert "words_unused_stay" not in codes()


@pytest.mark.parametrize("what", ["another", "older", "new"])
def test_of_a_store_that_has_seen_another_or_a_later_database_no_key_goes(data: Path, what: str) -> None:
    services.settle(NOW)
    early = WordsStore.objects.get().number
    services.note_store()
    some_keys(3)
    rows = WordsStore.objects.all()
    rows.update(name="b" * 32) if what == "another" else rows.update(number=early) if what == "older" else rows.delete()
    for _start in range(3):
        services.settle(NOW)
    assert (services.sweep(), store.count()) == (0, 3)
    assert "another one than the keys of words beside it belong to, or an older one" in codes()["words_unused_stay"]
    assert services.go_on_as_it_is() == 3
    assert "words_unused_stay" not in codes()
    assert belonging.is_of_this_database()


def test_an_older_store_is_named_and_nothing_is_noted_in_it_until_a_person_has_looked(
    data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services.settle(NOW)
    seal_texts(WORDS)
    early = store.mark()
    assert early is not None
    for _hour in range(2):
        services.note_store()
    as_of(data, early)
    some_keys(3)
    for _start in range(3):
        services.settle(NOW)
        services.note_store()
    assert (services.sweep(), store.count(), store.mark()) == (0, 5, early)
    assert f"{data / FILE} is older than leeward.sqlite3 beside it" in codes()["words_unused_stay"]
    assert run(["words", "keys"]) == 1
    assert "or an older one" not in capsys.readouterr().out, "the database is the newer one"
    assert services.go_on_as_it_is() == 3
    assert "words_unused_stay" not in codes()
    services.note_store()
    assert store.mark() == (WordsStore.objects.get().name, WordsStore.objects.get().number)


def test_what_is_killed_or_cannot_write_to_the_store_however_often_is_no_older_store(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.settle(NOW)
    services.note_store()
    with monkeypatch.context() as patched:
        patched.setattr("leeward.sealing.store.set_mark", lambda _mark: 1 // 0)
        for _killed in range(3):
            with pytest.raises(ZeroDivisionError):
                services.note_store()
    assert (belonging.is_of_this_database(), belonging.is_older()) == (True, False)
    services.note_store()
    assert store.mark() == (WordsStore.objects.get().name, WordsStore.objects.get().number)


def test_a_person_goes_on_with_a_database_that_is_many_hours_older(data: Path) -> None:
    services.settle(NOW)
    early = WordsStore.objects.get().number
    for _hour in range(5):
        services.note_store()
    WordsStore.objects.update(number=early)
    assert not belonging.is_of_this_database()
    services.go_on_as_it_is()
    assert belonging.is_of_this_database()


def test_a_store_that_was_restored_takes_the_name_of_the_database(data: Path) -> None:
    services.settle(NOW)
    file = sqlite3.connect(data / FILE)
    with file:
        file.execute("DELETE FROM belongs")
    file.close()
    services.settle(NOW)
    assert store.mark() == (WordsStore.objects.get().name, WordsStore.objects.get().number)


@pytest.mark.parametrize("how", ["away", "of no bytes"])
def test_one_that_is_lost_stops_the_start_and_is_not_made_anew(
    data: Path, capsys: pytest.CaptureFixture[str], how: str
) -> None:
    services.settle(NOW)
    text = seal_texts(WORDS)[0]
    without(data)
    if how == "of no bytes":
        (data / FILE).touch()
    sentence = f"{data / FILE} is missing or empty, and without it no words open that were sealed before."
    assert (wrong(), codes().get("key")) == ([sentence], sentence)
    for needs_it in (lambda: services.settle(NOW), lambda: seal_texts(WORDS)):
        with pytest.raises(WordsStoreLost):
            needs_it()
    with pytest.raises(WordsLocked):
        Sealed(text.raw, text.place).open_strictly()
    assert run(["doctor"]) == 1
    assert "leeward.sealing.E003" in capsys.readouterr().out
    services.go_on_as_it_is()
    assert wrong() == []
    services.settle(NOW)
    assert again(seal_texts(WORDS)[0]) == "I found a bad page."


def test_one_that_cannot_be_used_is_named_with_whose_it_is_and_work_waits(data: Path) -> None:
    services.settle(NOW)
    text = seal_texts(WORDS)[0]
    away = a_folder_for(data / FILE)
    assert [line.partition(". ")[0] for line in wrong()] == [
        f"{data / FILE} can’t be opened and written: is a directory"
    ]
    assert codes()["key"].endswith(f"It belongs to {(data / FILE).owner()}.")
    assert again(text) == "[These words are sealed, and can’t be opened here.]"
    for needs_it in (lambda: services.settle(NOW), lambda: seal_texts(WORDS), store.count):
        with pytest.raises(WordsStoreUnusable):
            needs_it()
    back(data / FILE, away)
    assert (wrong(), again(text)) == ([], "I found a bad page.")


def test_one_of_another_user_is_named(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    services.settle(NOW)
    monkeypatch.setattr("leeward.sealing.store.os.access", lambda *_: False)
    assert "permission denied. It belongs to" in wrong()[0]


def test_no_database_is_made_beside_keys_in_use(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = data / "leeward.sqlite3"
    monkeypatch.setattr("leeward.site.refusing.database_file", lambda: gone)
    services.settle(NOW)
    need_database_of_keys()  # what a setup makes is no sign of use
    seal_texts(WORDS)
    with pytest.raises(DatabaseAway, match="There is no database at"):
        need_database_of_keys()
    without(data)
    need_database_of_keys()
    (data / "signer").mkdir()
    (data / "signer" / "state.json").write_text('{"log": {"house": [1, ""]}, "witness": {}}')
    with pytest.raises(DatabaseAway):
        need_database_of_keys()
    gone.write_bytes(b"SQLite")
    need_database_of_keys()


def test_a_store_without_a_key_takes_the_name_of_a_database_that_was_begun_anew(data: Path) -> None:
    services.settle(NOW)
    WordsStore.objects.all().delete()
    services.settle(NOW)
    assert belonging.is_of_this_database()
    assert store.mark() == (WordsStore.objects.get().name, WordsStore.objects.get().number)
