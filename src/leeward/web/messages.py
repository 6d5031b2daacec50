"""The catalogues of translations: collect texts, compile, say what is missing. `python -m leeward.web.messages`.

Compiling needs no tool beside Python; collecting needs gettext (Debian: `apt-get install gettext`).
Each `locale/<language>` has `LC_MESSAGES/django.po` and `review.json`, which says who made and who read it.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

# In the source tree the catalogues stand beside `src`, in an installed package inside it.
_BESIDE = Path(__file__).parents[3] / "locale"
_INSIDE = Path(__file__).parents[1] / "locale"
_PLACEHOLDER = re.compile(r"%\([A-Za-z_]\w*\)[a-z]|%[sd%]|\{[A-Za-z_]\w*\}")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")


@dataclass(frozen=True, slots=True)
class Gap:
    """One text that a catalogue does not say rightly; `what` is `missing`, `fuzzy` or `format`."""

    language: str
    text: str
    what: str


@dataclass(frozen=True, slots=True)
class Review:
    """Who made a translation (`machine` or `people`) and who read it through, or None."""

    made_by: str
    reviewed_by: str | None


def locale_folder() -> Path:
    """Where the catalogues are."""
    return _BESIDE if _BESIDE.is_dir() else _INSIDE


def catalogues(folder: Path | None = None) -> dict[str, Path]:
    """Each language that has a catalogue, with its path."""
    found = sorted((folder or locale_folder()).glob("*/LC_MESSAGES/django.po"))
    return {path.parent.parent.name: path for path in found}


def review_of(language: str, folder: Path | None = None) -> Review:
    """Who made and who read the translation into a language; English is the text itself."""
    path = (folder or locale_folder()) / language / "review.json"
    if not path.exists():
        return Review("people", None)
    said = json.loads(path.read_text(encoding="utf-8"))
    return Review(said["made_by"], said["reviewed_by"])


def compile_all(folder: Path | None = None) -> list[Path]:
    """Make a .mo beside each .po that is newer; returns what was made. Safe when two processes do it at once."""
    made = []
    for source in catalogues(folder).values():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with tempfile.NamedTemporaryFile(dir=source.parent, suffix=".new", delete=False) as file:
            file.write(polib.pofile(str(source)).to_binary())
        os.chmod(file.name, 0o644)
        os.replace(file.name, target)
        made.append(target)
    return made


def _parts(text: str) -> list[str]:
    """The placeholders and tags of a text, which a translation must keep."""
    tags = [re.sub(r"\s.*", ">", tag) if tag.startswith("</") else tag for tag in _TAG.findall(text)]
    return sorted(_PLACEHOLDER.findall(text)) + sorted(tags)


def _is_kept(source: str, translation: str) -> bool:
    return _parts(source) == _parts(translation)


def _gaps_of(entry: polib.POEntry) -> Iterator[str]:
    plural = list(entry.msgstr_plural.values())
    if entry.obsolete:
        return
    if not (all(plural) if entry.msgid_plural else entry.msgstr):
        yield "missing"
    elif entry.fuzzy:
        yield "fuzzy"
    elif entry.msgid_plural:
        # A form for one may leave the number out, but none may bring in something that the source does not have.
        is_foreign = any(not set(_parts(form)) <= set(_parts(entry.msgid_plural)) for form in plural)
        if is_foreign or not any(_is_kept(entry.msgid_plural, form) for form in plural):
            yield "format"
    elif not _is_kept(entry.msgid, entry.msgstr):
        yield "format"


def check_complete(folder: Path | None = None) -> list[Gap]:
    """Every text that a catalogue lacks, marks as fuzzy, or gives with other placeholders or tags than the source."""
    return [
        Gap(language, entry.msgid, what)
        for language, path in catalogues(folder).items()
        for entry in polib.pofile(str(path))
        for what in _gaps_of(entry)
    ]


def collect() -> None:
    """Write the texts of all pages, modules and messages into the catalogue of each language, new ones too; needs gettext."""
    from django.conf import settings
    from django.core.management import call_command
    from django.utils.translation import to_locale

    os.chdir(locale_folder().parent)
    languages = sorted(to_locale(tag) for tag, _name in settings.LANGUAGES if tag != settings.LANGUAGE_CODE)
    call_command(
        "makemessages",
        locale=languages,
        extensions=["py", "html", "txt"],
        ignore_patterns=["tests/*", "bench/*", "tools/*", ".venv/*", "var/*", "docs/*", ".uv/*"],
        no_wrap=True,
        add_location="file",
        no_obsolete=True,
        verbosity=0,
    )
    for language, path in catalogues().items():
        _tidy_header(path, language)


def _tidy_header(path: Path, language: str) -> None:
    """Keep only what the header of a catalogue needs, so that collecting twice changes nothing."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    catalogue.header = ""
    catalogue.metadata = {
        "Project-Id-Version": "Leeward",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": catalogue.metadata.get("Plural-Forms", "nplurals=2; plural=(n != 1);"),
    }
    catalogue.metadata_is_fuzzy = False
    catalogue.save()


def main(arguments: list[str]) -> int:
    """`compile`, `check` or `collect`; returns 0 good, 1 found gaps, 2 wrong use."""
    match arguments:
        case ["compile"]:
            compile_all()
        case ["check"]:
            gaps = check_complete()
            for gap in gaps:
                sys.stdout.write(f"{gap.language}: {gap.what}: {gap.text!r}\n")
            return 1 if gaps else 0
        case ["collect"]:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
            import django

            django.setup()
            collect()
        case _:
            sys.stderr.write("usage: python -m leeward.web.messages compile|check|collect\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
