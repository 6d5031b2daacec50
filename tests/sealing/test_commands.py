"""`leeward words`, each command as somebody types it: a lost key stops only what needs the words opened."""

import json
import resource
import shlex
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from leeward.backup.errors import NothingToConfirm
from leeward.cli import words
from leeward.cli.main import run
from leeward.sealing import keys
from leeward.sealing.age import new_key
from leeward.sealing.fields import Sealed, seal_texts
from leeward.sealing.rules.older_keys import GRACE
from leeward.site.doctor_words import CLOSED
from leeward.site.tasks import destroy_older_words_keys

pytestmark = pytest.mark.django_db
ASKED = "sh -c 'env | grep -c ^LEEWARD_ > \"$0\"; echo a long passphrase; echo a note' {}"
WORDS = [("I found a bad page.", "intake_report.text"), ("me@mail.example", "intake_report.contact")]


class Typed:
    """What somebody types, its exit code and what it said."""

    def __init__(self, data: Path, said: pytest.CaptureFixture[str]) -> None:
        self.data, self._said = data, said

    def __call__(self, *words: str, code: int = 0) -> str:
        found = run(["words", *words])
        said = "".join(self._said.readouterr())
        assert found == code, said
        return said

    def key_file(self, name: str) -> tuple[str, str]:
        """A new key as `leeward backup key` makes it: its file and its public half."""
        raw, public = new_key()
        file = self.data / name
        file.write_bytes(raw)
        return str(file), public


@pytest.fixture
def typed(data: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Typed:
    monkeypatch.setattr("leeward.site.start.start", lambda **_: None)  # this process has started
    monkeypatch.delenv("LEEWARD_BACKUP_PASSPHRASE", raising=False)
    return Typed(data, capsys)


def opened(*texts: Sealed) -> list[str]:
    """The texts as a process opens them that has just started."""
    return [Sealed(text.raw, text.place).open() for text in texts]


def test_a_recovery_key_is_tried_and_a_rotation_leaves_no_word_behind(typed: Typed) -> None:
    before = json.loads(typed("status", "--json"))
    assert (before["recovery"], before["plain_in"], before["opens"]) == ("", [], True)
    texts = seal_texts(WORDS)
    file, public = typed.key_file("recovery.key")
    assert "to this recovery key" in typed("recovery", public)
    assert f"Recovery key: {public}" in typed("status")
    assert "Tried: 2 texts. Opened: 2." in typed("drill", "--key", file)
    foreign, _public = typed.key_file("foreign.key")
    said = typed("drill", "--key", foreign, code=1)
    assert "Opened: 0." in said
    assert "what remains is all but the words" in said
    held = keys.identities()[0]
    fresh, stays = typed("rotate").strip().split("\n", 1)
    assert "stays in words.key for 30 days" in stays
    assert "Make a backup now" in stays
    assert fresh == keys.public().desk != str(held.to_public())
    assert typed("reseal") == "Left with older keys: 0.\n"
    assert str(held) in (typed.data / keys.KEY).read_text()
    status = typed("status")
    assert "Older desk keys that stay in words.key: 1\n  Until " in status
    (why,) = json.loads(typed("status", "--json"))["older_stay"]
    assert why in status
    with time_machine.travel(datetime.now(UTC) + GRACE + timedelta(hours=1)):
        assert json.loads(typed("status", "--json"))["older_stay"] == []
        destroy_older_words_keys()
    assert str(held) not in (typed.data / keys.KEY).read_text()
    assert "Older desk keys that stay in words.key: 0\n" in typed("status")
    assert opened(*texts) == ["I found a bad page.", "me@mail.example"]
    assert "can’t be used" in typed("recovery", "age1nothing", code=2)


def test_with_the_desk_key_lost_what_there_is_is_seen_tried_and_recovered(typed: Typed) -> None:
    file, public = typed.key_file("recovery.key")
    typed("recovery", public)
    texts = seal_texts(WORDS)
    (typed.data / keys.KEY).unlink()
    for command in ("reseal", "rotate", "passphrase"):
        assert "words.key is missing." in typed(command, code=2)
    assert "its private half is not open here" in typed("status", code=1)
    assert "Opened: 2." in typed("drill", "--key", file)
    foreign, _public = typed.key_file("foreign.key")
    assert "can’t be used" in typed("recover", "--key", foreign, code=2)
    assert not (typed.data / keys.KEY).exists(), "a key that opens nothing changes nothing"
    assert "Given to a new desk key: 2 texts." in typed("recover", "--key", file)
    assert opened(*texts) == ["I found a bad page.", "me@mail.example"]
    assert keys.public().recovery == public


def test_with_every_key_lost_the_rest_goes_on_with_a_new_one(typed: Typed) -> None:
    typed("status")
    (text, _contact) = seal_texts(WORDS)
    (typed.data / keys.KEY).unlink()
    assert "leeward words recover" in typed("rotate", "--lost")
    assert opened(text) == ["[These words were sealed, and their key is gone.]"]
    assert opened(*seal_texts(WORDS)) == ["I found a bad page.", "me@mail.example"]
    seen = json.loads(typed("status", "--json", code=1))
    assert (seen["to_older_keys"], seen["closed"]) == (2, 2)
    assert "Texts that no key in words.key opens: 2." in typed("status", code=1)


def test_nobody_is_asked_for_a_passphrase_where_nobody_sits(typed: Typed) -> None:
    typed("status")
    held, known = keys.identities(), keys.public()
    assert "nobody can be asked for it here" in typed("passphrase", code=2)
    keys.write(held, known, "a long passphrase")
    said = typed("reseal", code=2)
    assert "words.key is sealed by a passphrase that was not given." in said
    assert "LEEWARD_WORDS_PASSPHRASE_FILE" in said, "the way out"
    assert "its private half is not open here" in typed("status", code=1)


@pytest.mark.slow
def test_a_command_of_the_settings_gives_the_passphrase(
    typed: Typed, settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    typed("status")
    keys.write(keys.identities(), keys.public(), "a long passphrase")
    monkeypatch.setattr(keys._Held, "given", "")
    monkeypatch.setenv("LEEWARD_SECRET", "not for it")
    counted = tmp_path / "it's here"
    asked = ASKED.format(shlex.quote(str(counted)))
    for command, says in (
        (asked.replace("a long", "another"), "the passphrase is wrong"),
        ("'", "it can’t be run"),
        (" ", "it can’t be run"),
        (str(tmp_path / "none"), "it can’t be run"),
        ("sh -c 'echo a long passphrase; exit 3'", "it ended with 3"),
        ("true", "its first line is no text"),
    ):
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"words_passphrase_command": command})
        said = typed("reseal", code=2)
        assert says in said
        assert "a long passphrase" not in said.replace(command, "")
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"words_passphrase_command": asked})
    assert typed("reseal") == "Left with older keys: 0.\n"
    assert counted.read_text() == "0\n", "it is told none of our settings"
    monkeypatch.setattr(keys._Held, "given", "")
    monkeypatch.setattr(words, "COMMAND_SECONDS", 1.0)
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"words_passphrase_command": "sh -c 'sleep 60 & wait'"})
    assert "it didn’t end within 1 seconds" in typed("reseal", code=2)


@pytest.mark.parametrize("command", ["yes", "cat /dev/zero", "sh -c 'trap : PIPE; while :; do echo more; done'"])
def test_a_command_that_prints_without_end_is_ended_at_once(
    typed: Typed, settings: Any, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    typed("status")
    keys.write(keys.identities(), keys.public(), "a long passphrase")
    monkeypatch.setattr(keys._Held, "given", "")
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"words_passphrase_command": command})
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    assert "it printed more than 8192 bytes" in typed("reseal", code=2)
    assert time.monotonic() - began < words.COMMAND_SECONDS / 4
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000, "kilobytes"


@pytest.mark.slow
def test_doctor_takes_the_passphrase_from_that_command_and_says_where_it_gives_none(
    typed: Typed, settings: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed("status")
    keys.write(keys.identities(), keys.public(), "a long passphrase")

    def says(command: str, *words: str) -> str:
        monkeypatch.setattr(keys._Held, "given", "")
        settings.LEEWARD = settings.LEEWARD.model_copy(update={"words_passphrase_command": command})
        run([*(words or ("doctor",))])
        return "".join(capsys.readouterr())

    assert "leeward.sealing" not in says("echo a long passphrase")
    said = says("echo another")
    assert "leeward.sealing.E001" in said
    assert "LEEWARD_WORDS_PASSPHRASE_COMMAND can't be read: the passphrase is wrong" in said
    assert "leeward.sealing" not in (said := says("")), "it is given to the service alone, or typed at its start"
    assert CLOSED[0] in said
    deployed = [json.loads(line) for line in says("", "doctor", "--deploy", "--json").splitlines()]
    seen = {row["words"]: (row["state"], row["sentence"]) for row in deployed if row["check"] == "words_key"}
    assert seen["a stolen disk"] == ("unseen", CLOSED[0])
    for command in ("echo another", "false"):
        deployed = [json.loads(line) for line in says(command, "doctor", "--deploy", "--json").splitlines()]
        assert {row["state"] for row in deployed if row["check"] == "words_key"} == {"doesn't"}, command
    (settings.LEEWARD.data_dir / keys.KEY).write_bytes(b"half a ke")
    assert "words.key is damaged." in says("")
    said = says("", "backup", "confirm")
    assert "passphrase" not in said
    assert NothingToConfirm().text in said, "what opens no words needs no passphrase"
