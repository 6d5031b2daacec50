"""`leeward language`: files out and in, and who has read a language through."""

import json
from pathlib import Path

import polib
import pytest

from leeward.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_this_noun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "NOUNS", {"language": main.NOUNS["language"]})
    monkeypatch.setattr(main, "VERBS", ())
    monkeypatch.setattr(main, "app", __import__("typer").Typer())


def test_a_file_goes_out_and_what_was_changed_in_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "fr.po"
    assert main.run(["language", "export", "fr", "--out", str(file)]) == 0
    catalogue = polib.pofile(str(file))
    entry = catalogue.find("Your receipt")
    entry.msgstr, entry.flags = "Votre quittance", []
    catalogue.save()
    assert main.run(["language", "import", "fr", str(file), "--dry-run"]) == 0
    assert capsys.readouterr().out == "1 text would change, 0 stay, 0 left out\n"


def test_a_place_that_can_not_be_written_is_one_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nowhere = tmp_path / "nowhere" / "fr.po"
    assert main.run(["language", "export", "fr", "--out", str(nowhere)]) == 2
    assert "no such file or directory" in capsys.readouterr().err


def test_who_has_read_a_language_through(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run(["language", "review", "fr", "--by", "Marie Example"]) == 0
    assert main.run(["language", "review", "xx", "--by", "Marie Example"]) == 2
    assert main.run(["language", "list", "--json"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {row["language"]: row for row in map(json.loads, lines[1:])}
    assert (rows["fr"]["reviewed_by"], rows["ur"]["reviewed_by"]) == ("Marie Example", None)
