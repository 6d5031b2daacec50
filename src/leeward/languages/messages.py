"""Translation catalogues: collect texts, compile, report gaps. `python -m leeward.languages.messages`.

Compiling needs only Python; collecting needs gettext (Debian: `apt-get install gettext`). Each `locale/<language>` has
`LC_MESSAGES/django.po` and `review.json`, which says who made the translation and who reviewed it.
"""

import json
import os
import sys
import tempfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import polib

from leeward.languages.rules.parts import wrong_with
from leeward.languages.rules.readers import is_public

# In the source tree the catalogues are beside `src`, in an installed package inside it.
_BESIDE = Path(__file__).parents[3] / "locale"
_INSIDE = Path(__file__).parents[1] / "locale"


@dataclass(frozen=True, slots=True)
class Gap:
    """One text that a catalogue lacks or has wrong; `what` is `missing`, `fuzzy` or `format`."""

    language: str
    text: str
    what: str


@dataclass(frozen=True, slots=True)
class Review:
    """Who made a translation (`machine` or `people`), who reviewed it, or None, and whether it covers `all` texts or
    the `public` ones."""

    made_by: str
    reviewed_by: str | None
    covers: str = "all"

    @property
    def is_unread(self) -> bool:
        """Return whether it is a machine translation that nobody has reviewed completely."""
        return self.made_by == "machine" and self.reviewed_by is None


def locale_folder() -> Path:
    """Return the folder of the catalogues."""
    return _BESIDE if _BESIDE.is_dir() else _INSIDE


def catalogues(folder: Path | None = None) -> dict[str, Path]:
    """Return each language that has a catalogue, with its path."""
    found = sorted((folder or locale_folder()).glob("*/LC_MESSAGES/django.po"))
    return {path.parent.parent.name: path for path in found}


def review_of(language: str, folder: Path | None = None) -> Review:
    """Return who made and who reviewed the translation into a language; English is the source text."""
    path = (folder or locale_folder()) / language / "review.json"
    if not path.exists():
        return Review("people", None)
    stored = json.loads(path.read_text(encoding="utf-8"))
    return Review(stored["made_by"], stored["reviewed_by"], stored.get("covers", "all"))


def compile_all(folder: Path | None = None) -> list[Path]:
    """Compile each .po that is newer than its .mo; return what was made. Safe when two processes do it at once."""
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


def _gaps_of(entry: polib.POEntry, *, needs_all: bool) -> Iterator[str]:
    if entry.obsolete:
        return
    forms = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    what = wrong_with(entry.msgid, entry.msgid_plural, forms)
    if what == "missing" and not needs_all and not is_public(place for place, _ in entry.occurrences):
        return
    if what == "missing" or not entry.fuzzy:
        yield from [what] if what else []
    else:
        yield "fuzzy"


def check_complete(folder: Path | None = None) -> list[Gap]:
    """Return every text that a catalogue lacks, marks as fuzzy, or translates with placeholders or tags that differ
    from the source.

    A language that covers only the public pages need not have the others, which are shown in English.
    """
    return [
        Gap(language, entry.msgid, what)
        for language, path in catalogues(folder).items()
        for needs_all in [review_of(language, folder).covers == "all"]
        for entry in polib.pofile(str(path))
        for what in _gaps_of(entry, needs_all=needs_all)
    ]


def collect(only: Collection[str] = ()) -> None:
    """Collect the texts of all pages, modules and messages into the catalogue of each language, or of `only` some;
    needs gettext."""
    from django.conf import settings
    from django.core.management import call_command
    from django.core.management.commands.makemessages import Command
    from django.utils.translation import to_locale

    os.chdir(locale_folder().parent)
    known = {to_locale(tag) for tag, _name in settings.LANGUAGES if tag != settings.LANGUAGE_CODE}
    languages = sorted(known & {to_locale(tag) for tag in only} if only else known)
    for language in languages:
        (locale_folder() / language).mkdir(exist_ok=True)
    gathering = Command()
    gathering.msgmerge_options = [
        *gathering.msgmerge_options,
        "--no-fuzzy-matching",
    ]  # a wrong guess is worse than none
    call_command(
        gathering,
        locale=languages,
        extensions=["py", "html", "txt"],
        ignore_patterns=["tests/*", "bench/*", "tools/*", ".venv/*", "var/*", "docs/*", ".uv/*"],
        no_wrap=True,
        add_location="file",
        no_obsolete=True,
        verbosity=0,
    )
    for language, path in catalogues().items():
        if language in languages:
            _tidy(path, language)


def _tidy(path: Path, language: str) -> None:
    """Keep only the necessary headers of a catalogue and no previous texts, so that collecting twice changes nothing,
    and gettext reads what polib wrote."""
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
    for entry in catalogue:
        entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
    catalogue.save()


def main(arguments: list[str]) -> int:
    """Run `compile`, `check` or `collect` (of the named languages, or all); return 0 for success, 1 for gaps, 2 for
    wrong use."""
    match arguments:
        case ["compile"]:
            compile_all()
        case ["check"]:
            gaps = check_complete()
            for gap in gaps:
                sys.stdout.write(f"{gap.language}: {gap.what}: {gap.text!r}\n")
            return 1 if gaps else 0
        case ["collect", *only]:
            os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leeward.site.settings")
            import django

            django.setup()
            collect(only)
        case _:
            sys.stderr.write("usage: python -m leeward.languages.messages compile|check|collect [LANGUAGE ...]\n")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
