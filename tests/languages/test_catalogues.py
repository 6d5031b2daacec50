"""A reviewed catalogue that can't be read stops nothing: the shipped texts are shown, and the doctor and the log name the file."""

import os
import subprocess
import sys
from pathlib import Path

import polib
import pytest
from django.utils.translation import gettext, override

from leeward.languages import catalogues, overlay
from leeward.languages.texts import key_of, sources
from leeward.site.doctor_files import of_files
from tests.languages.test_translating import own_overlay

__all__ = ["own_overlay"]

SHOW = """
from leeward.site.start import start_watching
start_watching()
from django.utils.translation import gettext, override
for language in ("fr", "pt"):
    with override(language):
        print(gettext("Your receipt"))
"""
BROKEN = {"empty": b"", "cut off": b"\xde\x12\x04\x95\0\0", "something else": b"x" * 400}


def reviewed(data: Path, language: str, text: str) -> Path:
    place = data / catalogues.FOLDER / language / catalogues.CATALOGUE
    place.parent.mkdir(parents=True)
    catalogue = polib.POFile()
    catalogue.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    catalogue.append(polib.POEntry(msgid="Your receipt", msgstr=text))
    place.write_bytes(catalogue.to_binary())
    return place


def shown(data: Path) -> tuple[list[str], str]:
    environment = os.environ | {"LEEWARD_DATA": str(data), "LEEWARD_DATABASE_URL": ""}
    done = subprocess.run([sys.executable, "-c", SHOW], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines(), done.stderr


@pytest.mark.parametrize("way", [*BROKEN, "folder"])
def test_a_catalogue_that_cannot_be_read_stops_no_start(tmp_path: Path, way: str) -> None:
    reviewed(tmp_path, "pt", "Recibo revisto")
    bad = reviewed(tmp_path, "fr", "Reçu relu")
    assert shown(tmp_path) == (["Reçu relu", "Recibo revisto"], "")
    if way == "folder":
        bad.unlink()
        bad.mkdir()
    else:
        bad.write_bytes(BROKEN[way])
    (french, portuguese), log = shown(tmp_path)
    assert french not in ("Reçu relu", "Your receipt"), "the shipped text"
    assert portuguese == "Recibo revisto"
    assert "locale/fr/LC_MESSAGES/django.mo" in log
    ((_number, sentence, hint),) = [one for one in of_files(tmp_path) if one[0] == "W034"]
    assert f"{bad} can't be read: " in sentence
    assert "delete it" in hint


def test_one_in_the_place_of_the_language_of_the_code_stops_no_start(tmp_path: Path) -> None:
    """English is loaded before all else is."""
    reviewed(tmp_path, "en", "x").write_bytes(b"")
    assert shown(tmp_path)[0][0] != "Your receipt"


def test_a_catalogue_that_is_damaged_meanwhile_leaves_the_others_in_use(caplog: pytest.LogCaptureFixture) -> None:
    overlay.refresh()
    text = sources("fr")[key_of("", "Your receipt", "")]
    for language in ("fr", "pt"):
        overlay.write(language, [(text, (f"reviewed {language}",))], plural_rule="nplurals=2; plural=(n > 1);")
    (overlay.folder() / "fr" / catalogues.CATALOGUE).write_bytes(b"")
    overlay.refresh()
    with override("pt"):
        assert gettext("Your receipt") == "reviewed pt"
    with override("fr"):
        assert gettext("Your receipt") not in ("Your receipt", "reviewed fr")
    assert "language.catalogue_unreadable" in caplog.text


def test_what_is_written_is_on_the_disk_before_it_has_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[int] = []
    monkeypatch.setattr(os, "fsync", kept.append)
    overlay.write("fr", [], plural_rule="nplurals=2; plural=(n > 1);")
    assert len(kept) == 4, "the catalogue, the stamp, and the names of both"
    assert not list(overlay.folder().rglob("*.new"))
